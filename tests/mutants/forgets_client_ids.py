"""A table without the unique client id, and nobody who looks for an earlier one: a retry is a second post (D6)."""

from typing import Any

import sqlalchemy as sa

from twidder.cli import main
from twidder.walls import service

if __name__ == "__main__":
    unique = sa.UniqueConstraint

    def unique_but_for_client_ids(*columns: str, **options: Any) -> Any:
        return sa.CheckConstraint("1") if "cid" in columns else unique(*columns, **options)

    sa.UniqueConstraint = unique_but_for_client_ids  # type: ignore[assignment,misc]
    service._EARLIER = service._EARLIER.replace("WHERE", "WHERE 0 AND")
    main()
