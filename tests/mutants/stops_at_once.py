"""Takes the first signal for the second: no goodbye, nothing finished (R14)."""

import os
from typing import Any

from twidder.asgi import Server
from twidder.cli import main


def leave(self: Server, sig: int, frame: Any) -> None:
    os._exit(0)


if __name__ == "__main__":
    Server.handle_exit = leave  # type: ignore[method-assign]
    main()
