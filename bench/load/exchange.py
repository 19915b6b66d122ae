"""One HTTP/1.1 connection that stays open: a request at a time, its answer's body to a callback."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.load.tally import Tally

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
AGAIN_SECONDS = 1.0  # after a refusal
_END = b"\r\n\r\n"


def request(method: str, path: str, port: int, token: str = "", body: bytes = b"", more: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []
    return ("\r\n".join([*lines, *filter(None, [more])]) + "\r\n\r\n").encode() + body


class Exchange(asyncio.Protocol):
    """``ask`` whenever nothing is unanswered. A connection that the server closes is opened anew, and what was
    unanswered asked again; what is refused, after a while."""

    def __init__(self, tally: Tally, port: int, answered: Callable[[bytes], None]) -> None:
        self._tally = tally
        self._port = port
        self._answered = answered
        self._transport: asyncio.Transport | None = None
        self._waiting = b""
        self._got = b""
        self._opening: asyncio.Task[object] | None = None

    async def open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)

    def ask(self, asked: bytes) -> None:
        self._waiting = asked
        self._tally.requests += 1
        if self._transport is not None:
            self._write()

    def _write(self) -> None:
        assert self._transport is not None
        self._tally.bytes += len(self._waiting)
        self._transport.write(self._waiting)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._got = b""
        if self._waiting:
            self._write()

    def data_received(self, data: bytes) -> None:
        self._tally.bytes += len(data)
        self._got = self._got + data if self._got else data
        if (start := self._got.find(_END)) < 0:
            return
        body = self._got[start + 4 :]
        length = _LENGTH.search(self._got, 0, start + 2)
        if len(body) < int(length[1]) if length else not body.endswith(b"0" + _END):
            return
        self._tally.answers += 1
        asked, answer = self._waiting, self._got
        self._waiting = self._got = b""
        if answer[9:10] == b"2":
            self._answered(body)
        else:
            self._tally.refused(answer)
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._ask_again, asked)

    def _ask_again(self, asked: bytes) -> None:
        if not self._tally.over:
            self.ask(asked)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self._tally.over:
            self._tally.lost += 1
            self._opening = asyncio.ensure_future(self.open())


class OnDemand(Exchange):
    """Open while there is something to ask: a thread of gunicorn's waits for each connection that says nothing."""

    def ask(self, asked: bytes) -> None:
        super().ask(asked)
        if self._transport is None:
            self._opening = asyncio.ensure_future(self.open())

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting:
            super().connection_lost(error)
        self._transport = None
