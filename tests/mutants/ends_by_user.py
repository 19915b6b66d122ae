"""Names a session after its user: the notice of an old session's end reaches the new one (S5)."""

from typing import Any

from twidder.accounts import sessions
from twidder.cli import main
from twidder.store import Tx

if __name__ == "__main__":
    start = sessions.start

    def start_by_user(tx: Tx, user_id: int, *rest: Any) -> None:
        start(tx, user_id, *rest)
        tx.driver.execute("UPDATE sessions SET sid = ? WHERE user_id = ?", (str(user_id), user_id))

    sessions.start = start_by_user  # type: ignore[assignment]
    main()
