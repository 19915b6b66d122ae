"""HTTP and the live protocol with as little as possible between the test and the wire, on asyncio."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple

from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]


class Door(NamedTuple):
    """Where the server is, and through which port one gets there (a proxy's, or its own)."""

    server: int
    port: int

    def through(self, port: int) -> Door:
        return Door(self.server, port)


class Answer(NamedTuple):
    status: int
    body: Any


class NoAnswer(Exception):
    """Cut, refused, or too late: nobody knows whether it happened."""


async def ask(
    door: Door, method: str, path: str, body: Any = None, *, token: str | None = None, timeout: float = 5.0
) -> Answer:
    """One request on a connection of its own; ``path`` is below /api/v1. Raises NoAnswer."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} /api/v1{path} HTTP/1.1", f"Host: localhost:{door.server}", "Connection: close"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    try:
        async with asyncio.timeout(timeout):
            return await _exchange(door.port, "\r\n".join([*lines, "", ""]).encode() + content)
    except (OSError, TimeoutError, EOFError, ValueError) as error:
        raise NoAnswer(repr(error)) from None


async def _exchange(port: int, request: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        status, length = int(head.split(b" ", 2)[1]), 0
        for line in head.split(b"\r\n")[1:]:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        content = await reader.readexactly(length)
        return Answer(status, json.loads(content) if content else None)
    finally:
        writer.transport.abort()


def live(door: Door, token: str, timeout: float = 5.0) -> connect:
    """The socket of a program: ``async with live(…) as socket``. The hello is the first frame to come."""
    return connect(
        f"ws://localhost:{door.server}/live",
        host="127.0.0.1",
        port=door.port,
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        open_timeout=timeout,
        close_timeout=0.2,
        ping_interval=None,
        max_size=None,
        max_queue=None,
    )


async def take(socket: ClientConnection, timeout: float = 5.0) -> Frame:
    """The next frame; heartbeats are answered here, and handed out too."""
    async with asyncio.timeout(timeout):
        frame: Frame = json.loads(await socket.recv())
        if frame["type"] == "heartbeat":
            await socket.send('{"type":"pong"}')
    return frame


async def take_type(socket: ClientConnection, kind: str, timeout: float = 5.0) -> Frame:
    """The next frame of that type; others are passed over."""
    async with asyncio.timeout(timeout):
        while (frame := await take(socket, timeout))["type"] != kind:
            pass
    return frame
