"""Engine.IO, the layer below Socket.IO, on our own connections (docs/decisions/0013-socket-io-on-our-sockets.md).

Its WebSockets are endpoints of the switchboard as all others, so every bound on size, pace and slow readers holds for
them too; its requests by polling are checked here and handed on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from twidder.config import Limits
from twidder.live import closing
from twidder.live.connection import Link
from twidder.live.frames import text_frame
from twidder.live.switchboard import Handshake, Refused
from twidder.rates import Bucket

logger = logging.getLogger(__name__)

PATH = "/socket.io/"
_INBOX = 16  # messages that wait to be understood; then the peer is not read from

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Wire:
    """One WebSocket, as python-engineio sees it: an ASGI connection."""

    def __init__(self, link: Link, scope: dict[str, Any], limits: Limits, now: float) -> None:
        self.link = link
        self.scope = scope
        self.bucket = Bucket(limits.frames_burst, now)
        self.task: asyncio.Task[None] | None = None
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()  # bounded by pausing, and the pace of frames
        self._inbox.put_nowait({"type": "websocket.connect"})

    def put(self, text: bytes) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": text.decode()})
        if self._inbox.qsize() >= _INBOX:
            self.link.pause_reading()

    def hang_up(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def receive(self) -> dict[str, Any]:
        message = await self._inbox.get()
        if self._inbox.empty():
            self.link.resume_reading()
        return message

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.link.close(1000, "")
        elif message["type"] == "websocket.send" and self.link.congested:
            self.link.close(closing.TOO_SLOW.code, closing.TOO_SLOW.reason)
        elif message["type"] == "websocket.send":
            self.link.send(text_frame((message["text"] or "").encode()))


class EngineIo:
    """The endpoint of the WebSockets, and ``http`` for the rest. ``engine``: an engineio.AsyncServer.
    ``origins(port)``: the pages that may come in by this port of ours."""

    pings = False  # it has its own, as frequent

    def __init__(self, engine: Any, origins: Callable[[int], frozenset[str]], limits: Limits) -> None:
        self._engine = engine
        engine.disconnect = self._disconnect  # its own waits until everything has been fetched, so perhaps for ever
        self._origins = origins
        self._limits = limits

    # WebSockets

    def check(self, handshake: Handshake) -> None:
        """What python-engineio would refuse, as the connection is accepted before it is asked."""
        query = parse_qs(handshake.path.partition("?")[2])
        refusal = self._refusal(handshake.port, handshake.headers.get_all("Origin"), query)
        if refusal is not None:
            raise Refused(*refusal)
        if query.get("transport") != ["websocket"]:
            raise Refused(400, "A WebSocket is transport=websocket.")

    def open(self, link: Link, handshake: Handshake, now: float) -> Wire:
        wire = Wire(link, _scope(handshake), self._limits, now)
        wire.task = asyncio.get_running_loop().create_task(self._serve(wire))
        return wire

    def received(self, wire: Wire, text: bytes, now: float) -> None:
        if self._count(wire, now):
            wire.put(text)

    def pinged(self, wire: Wire, now: float) -> None:
        self._count(wire, now)

    def tick(self, wire: Wire, now: float) -> None:
        """python-engineio has a clock of its own."""

    def lost(self, wire: Wire) -> None:
        wire.hang_up()

    def shutdown(self, wire: Wire) -> None:
        wire.link.close(closing.RESTART, "restart")

    async def _serve(self, wire: Wire) -> None:
        try:
            await self._engine.handle_request(wire.scope, wire.receive, wire.send)
        except Exception as error:  # it raises what it cannot read
            logger.debug("a packet could not be read: %r", error)
        wire.link.close(closing.BAD_FRAMES.code, closing.BAD_FRAMES.reason)

    def _count(self, wire: Wire, now: float) -> bool:
        if wire.bucket.take(self._limits.frames_burst, self._limits.frames_per_second, now):
            wire.link.close(closing.TOO_MANY_FRAMES.code, closing.TOO_MANY_FRAMES.reason)
            return False
        return True

    # Polling

    async def http(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        refusal = self._refusal(scope["server"][1], origins, query)
        if refusal is not None:
            await answer(send, *refusal)
            return
        client = self._engine.sockets.get(query.get("sid", [""])[0])
        try:
            # A poll is answered at the next news or ping, however late; a body has the time that every body has.
            async with asyncio.timeout(self._limits.body_seconds if scope["method"] == "POST" else None):
                await self._engine.handle_request(scope, receive, _with_headers(send))
        except TimeoutError:
            await answer(send, 408, "The request took too long to arrive.")
        if client is not None and client.closed:  # it said goodbye: its own poll would wait for the next ping
            client.queue.put_nowait(None)

    def stop(self) -> None:
        """Who waits for an answer gets one."""
        for client in list(self._engine.sockets.values()):
            client.queue.put_nowait(None)

    async def _disconnect(self, sid: str) -> None:
        client = self._engine.sockets.pop(sid, None)
        if client is not None:
            await client.close(wait=False, abort=True)
            client.queue.put_nowait(None)

    def _refusal(self, port: int, origins: Iterable[str], query: dict[str, list[str]]) -> tuple[int, str] | None:
        """Status and reason, if the request goes no further."""
        if any(origin not in self._origins(port) for origin in origins):
            return 403, "This page may not connect here."
        if "j" in query:
            return 400, "There is no JSONP here: any page could read it."
        if "sid" in query:
            known = query["sid"][0] in self._engine.sockets
            return None if known else (400, "There is no such session.")
        if query.get("EIO") != ["4"]:
            return 400, "Socket.IO clients from version 3 on are understood."
        if len(self._engine.sockets) >= self._limits.socketio_clients:
            return 503, "There is no room for more."
        return None


def _scope(handshake: Handshake) -> dict[str, Any]:
    path, _, query = handshake.path.partition("?")
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in handshake.headers.raw_items()
    ]
    return {
        "type": "websocket",
        "path": path,
        "query_string": query.encode("latin-1"),
        "headers": headers,
        "server": ("", handshake.port),
        "client": (handshake.address, 0),
    }


def _with_headers(send: Send) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message["headers"],
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
            ]
        await send(message)

    return sending


async def answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})
