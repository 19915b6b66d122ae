"""One message after the other, each awaited: whoever does not read keeps all others waiting (R1, R13)."""

import asyncio

from tests.mutants import drains
from twidder.cli import main
from twidder.live.websocket import WebSocket

_letters: asyncio.Queue[tuple[WebSocket, bytes]] = asyncio.Queue()
_tasks: list[asyncio.Task[None]] = []


def _put(self: WebSocket, data: bytes) -> None:
    if not _tasks:
        _tasks.append(asyncio.get_running_loop().create_task(_deliver()))
    _letters.put_nowait((self, data))


async def _deliver() -> None:
    while True:
        await drains.write(*await _letters.get())


if __name__ == "__main__":
    drains.install()
    WebSocket.send = WebSocket.send_last = _put  # type: ignore[method-assign]
    main()
