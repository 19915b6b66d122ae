"""A task for each message to each reader: they pile up, and nobody is ever too slow (R1)."""

import asyncio

from tests.mutants import drains
from twidder.cli import main
from twidder.live.websocket import WebSocket

_tasks: set[asyncio.Task[None]] = set()


def _begin(self: WebSocket, data: bytes) -> None:
    task = asyncio.get_running_loop().create_task(drains.write(self, data))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


if __name__ == "__main__":
    drains.install()
    WebSocket.send = WebSocket.send_last = _begin  # type: ignore[method-assign]
    main()
