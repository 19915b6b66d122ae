"""Those who watch a board, each by another transport. Frames are searched as bytes: what a page does with them is the
page's work, and parsing here would be the limit that is measured."""

from __future__ import annotations

import asyncio
import random
from typing import Any, NamedTuple

import msgspec

from bench.load.exchange import Exchange, request
from bench.load.tally import Tally

_WEBSOCKET = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
)


class Place(NamedTuple):
    """Where the viewers look. ``path``: of the snapshot; ``topic``: the board's, as the live protocol names it."""

    port: int
    path: str
    topic: str = ""


class Poller:
    """Asks for the whole picture every second, whether there is news or not."""

    SECONDS = 1.0

    def __init__(self, which: int, tally: Tally, place: Place, token: str) -> None:
        self._which, self._tally = which, tally
        self._request = request("GET", place.path, place.port, token)
        self._exchange = Exchange(tally, place.port, self._answered)
        self._next = 0.0

    async def open(self) -> None:
        await self._exchange.open()
        self._next = asyncio.get_running_loop().time() + random.random() * self.SECONDS
        self._exchange.ask(self._request)

    def _answered(self, body: bytes) -> None:
        self._tally.news(self._which, body)
        loop = asyncio.get_running_loop()
        while self._next < loop.time():  # who was answered late waits for the next second, as a page's timer does
            self._next += self.SECONDS
        loop.call_at(self._next, self._ask)

    def _ask(self) -> None:
        if not self._tally.over:
            self._exchange.ask(self._request)


class LongPoller:
    """Asks again as soon as it is answered, from where it stands."""

    def __init__(self, which: int, tally: Tally, place: Place, token: str) -> None:
        self._which, self._tally, self._place, self._token = which, tally, place, token
        self._exchange = Exchange(tally, place.port, self._answered)
        self._epoch, self._since = "", -1

    async def open(self) -> None:
        await self._exchange.open()
        self._ask()

    def _ask(self) -> None:
        stand = f"&since={self._since}&epoch={self._epoch}" if self._since >= 0 else ""
        path = f"/live/poll?topic={self._place.topic}{stand}&wait=25"
        self._exchange.ask(request("GET", path, self._place.port, self._token))

    def _answered(self, body: bytes) -> None:
        if self._tally.over:
            return
        self._tally.news(self._which, body)
        for frame in msgspec.json.decode(body[body.index(b"{") : body.rindex(b"}") + 1]).get("frames", ()):
            self._follow(frame)
        self._ask()

    def _follow(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "hello":
            self._epoch = frame["epoch"]
        elif frame["type"] == "joined":
            self._since = frame["topics"][self._place.topic].get("seq", self._since)
        elif frame["type"] == "state":
            self._since = frame["seq"]


class Stream(asyncio.Protocol):
    """Server-sent events: one answer that never ends."""

    def __init__(self, which: int, tally: Tally, place: Place, token: str) -> None:
        self._which, self._tally, self._place = which, tally, place
        path = f"/live/events?topic={place.topic}"
        self._request = request("GET", path, place.port, token, more="Accept: text/event-stream")
        self._rest = b""

    async def open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._place.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._tally.requests += 1
        self._tally.bytes += len(self._request)
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._tally.bytes += len(data)
        if data.startswith(b"HTTP/1.1 ") and data[9:10] != b"2":
            self._tally.refused(data)
        whole = self._rest + data
        end = whole.rfind(b"\n\n") + 2 if b"\n\n" in whole else 0
        self._tally.news(self._which, whole[:end])
        self._rest = whole[end:]

    def connection_lost(self, error: Exception | None) -> None:
        self._tally.lost += not self._tally.over


class Socket(asyncio.Protocol):
    """A WebSocket that brings the values themselves."""

    PATH = "/live"

    def __init__(self, which: int, tally: Tally, place: Place, token: str) -> None:
        self._which, self._tally, self._place = which, tally, place
        self._request = request("GET", self.PATH, place.port, token, more=_WEBSOCKET)
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self._is_open = False

    async def open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._place.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._tally.requests += 1
        self._write(self._request)

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._tally.bytes += len(data)
        self._transport.write(data)

    def say(self, text: str) -> None:
        """A frame under a mask of zeros: as good as any to the server, and nothing to do for us."""
        data = text.encode()
        assert len(data) < 126
        self._write(bytes((0x81, 0x80 | len(data), 0, 0, 0, 0)) + data)

    def data_received(self, data: bytes) -> None:
        self._tally.bytes += len(data)
        data = self._rest + data
        if not self._is_open:
            data = self._handshake(data)
        while self._is_open and (frame := _first_frame(data)) is not None:
            text, data = frame
            self.heard(text)
        self._rest = data

    def _handshake(self, data: bytes) -> bytes:
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            return data
        if head[9:12] != b"101":
            self._tally.refused(data)
            return b""
        self._is_open = True
        self.begin()
        return rest

    def begin(self) -> None:
        self.say(f'{{"type":"join","id":0,"topics":{{"{self._place.topic}":null}}}}')

    def heard(self, text: bytes) -> None:
        if not self._tally.news(self._which, text) and text.startswith(b'{"type":"heartbeat"'):
            self.say('{"type":"pong"}')

    def connection_lost(self, error: Exception | None) -> None:
        self._tally.lost += not self._tally.over


def _first_frame(data: bytes) -> tuple[bytes, bytes] | None:
    """The first frame's text, and what follows it; None: it is not whole yet."""
    if len(data) < 4:
        return None
    size, start = data[1] & 127, 2
    if size == 126:
        size, start = int.from_bytes(data[2:4]), 4
    elif size == 127:
        size, start = int.from_bytes(data[2:10]), 10
    return (data[start : start + size], data[start + size :]) if len(data) >= start + size else None


class Fetcher(Socket):
    """A WebSocket that says that there is news; they are asked for by a request."""

    PATH = "/updated"

    def __init__(self, which: int, tally: Tally, place: Place, token: str) -> None:
        super().__init__(which, tally, place, "")
        self._fetch = request("GET", place.path, place.port, token)
        self._exchange = Exchange(tally, place.port, self._answered)
        self._is_asking = self._is_outdated = False

    async def open(self) -> None:
        await self._exchange.open()
        await super().open()

    def begin(self) -> None:
        self._ask()

    def heard(self, text: bytes) -> None:
        if self._is_asking:
            self._is_outdated = True
        else:
            self._ask()

    def _ask(self) -> None:
        self._is_asking, self._is_outdated = True, False
        self._exchange.ask(self._fetch)

    def _answered(self, body: bytes) -> None:
        self._is_asking = False
        self._tally.news(self._which, body)
        if self._is_outdated and not self._tally.over:
            self._ask()


TRANSPORTS = {"polling": Poller, "long": LongPoller, "sse": Stream, "ready": Fetcher, "socket": Socket}
