"""A queue without a bound for each reader, and a task that empties it: nobody is ever too slow (R1)."""

import asyncio

from tests.mutants import drains
from twidder.cli import main
from twidder.live.websocket import WebSocket

_queues: dict[WebSocket, asyncio.Queue[bytes]] = {}
_tasks: list[asyncio.Task[None]] = []


def _put(self: WebSocket, data: bytes) -> None:
    if self not in _queues:
        _queues[self] = asyncio.Queue()
        _tasks.append(asyncio.get_running_loop().create_task(_empty(self)))
    _queues[self].put_nowait(data)


async def _empty(link: WebSocket) -> None:
    while True:
        await drains.write(link, await _queues[link].get())


if __name__ == "__main__":
    drains.install()
    WebSocket.send = WebSocket.send_last = _put  # type: ignore[method-assign]
    main()
