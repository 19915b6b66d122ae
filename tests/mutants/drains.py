"""What mutants of the slow reader share: no backlog of their own, and waiting until the kernel takes more."""

from __future__ import annotations

import asyncio

from twidder.live.websocket import WebSocket

_waiting: dict[WebSocket, list[asyncio.Future[None]]] = {}


async def write(link: WebSocket, data: bytes) -> None:
    """As soon as the kernel has taken what was written before."""
    while link._blocked:
        taken = asyncio.get_running_loop().create_future()
        _waiting.setdefault(link, []).append(taken)
        await taken
    if link._transport is not None:
        link._transport.write(data)


def _resume_writing(link: WebSocket) -> None:
    link._blocked = False
    for taken in _waiting.pop(link, []):
        taken.set_result(None)


def install() -> None:
    WebSocket.resume_writing = _resume_writing  # type: ignore[method-assign]
