"""A socket that does not hear when the kernel takes no more: everything piles up in its transport (R1)."""

from twidder.cli import main
from twidder.live.websocket import WebSocket


def _go_on(self: WebSocket) -> None:
    pass


if __name__ == "__main__":
    WebSocket.pause_writing = _go_on  # type: ignore[method-assign]
    main()
