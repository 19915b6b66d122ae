"""The live protocol without WebSockets: server-sent events at ``/live/events``, long polls at ``/live/poll``.

To the node a stream is a connection like any other, with another kind of link, so rights, limits, positions and the end
of a session are one thing for all. A stream cannot speak: its joins are made of its address. A coroutine waits for the
reader; the hub never does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from twidder import credentials
from twidder.clock import now_ms
from twidder.config import Settings
from twidder.errors import BadRequest, Busy, Forbidden, TwidderError, Unauthorized
from twidder.extensions import CUT, WAITS
from twidder.live import closing, stream_parts, wire
from twidder.live.closing import Closing
from twidder.live.node import Node
from twidder.live.stream_link import StreamLink
from twidder.live.stream_parts import Asked, Positions, Spoken
from twidder.live.switchboard import Switchboard

EVENTS, POLL = "/live/events", "/live/poll"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Problem = Callable[[TwidderError], tuple[int, list[tuple[bytes, bytes]], bytes]]

_RETRY = b"retry: 2000\n\n"  # ms; a browser's own 3 to 5 s are long where one watches
_EVENT_STREAM = (b"content-type", b"text/event-stream")
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep messages back until there are 4 KiB
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
)
_CODES = {(code, reason): name for name, (code, reason) in closing.BY_CODE.items()}


class Streams:
    """``problem``: an error as an answer."""

    def __init__(self, node: Node, board: Switchboard, settings: Settings, problem: Problem) -> None:
        self._node = node
        self._board = board
        self._settings = settings
        self._problem = problem
        self._links: set[StreamLink] = set()
        self._stopping = False

    def answers(self, scope: Scope) -> bool:
        """At the main port alone, as all that knows our cookie."""
        return scope["path"] in (EVENTS, POLL) and scope["server"][1] == self._settings.port

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._open(scope, receive, send)
        except TwidderError as error:
            status, headers, body = self._problem(error)
            more = {405: [(b"allow", b"GET")], 400: [(b"connection", b"close")]}  # as the bridge does
            await send({"type": "http.response.start", "status": status, "headers": headers + more.get(status, [])})
            await send({"type": "http.response.body", "body": body})

    def end(self) -> None:
        """The server is about to wait for the answers that it still owes."""
        self._stopping = True
        for link in list(self._links):
            self._node.shutdown(link.connection)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises TwidderError as long as nothing has been answered."""
        waits = scope["path"] == POLL
        asked, token = self._read(scope, waits=waits)
        scope["extensions"][WAITS]()
        link = StreamLink(self._node, self._board, scope["extensions"][CUT])
        link.connection.waiting += asked.joins  # taken up once it is known whose they are
        self._links.add(link)
        self._board.links.add(link)
        gone = asyncio.create_task(_listen(receive, link))
        try:
            self._node.identify(link.connection, token, self._node.greet)
            if waits:
                await _answer_poll(send, await self._collect(link, asked))
            elif scope["http_version"] < "1.1":
                await _answer_events(send, await self._collect(link, asked))
            else:
                await self._stream(link, send)
        finally:
            gone.cancel()
            self._forget(link)

    def _forget(self, link: StreamLink) -> None:
        self._links.discard(link)
        self._board.links.discard(link)
        self._node.lost(link.connection)

    # Reading the request

    def _read(self, scope: Scope, *, waits: bool) -> tuple[Asked, str]:
        """What is asked for, and by whom. Raises TwidderError."""
        if scope["method"] != "GET":
            raise TwidderError(code="method_not_allowed")
        if self._stopping:
            raise Busy
        if _values(scope, b"transfer-encoding") or set(_values(scope, b"content-length")) - {"0"}:
            raise BadRequest("This request has no body.")
        ids = _values(scope, b"last-event-id")
        query = scope["query_string"].decode("latin-1")
        asked = stream_parts.read_query(query, ids[0] if ids else None, self._settings.limits, waits=waits)
        self._check_page(scope)
        cookies, authorization = _values(scope, b"cookie"), _values(scope, b"authorization")
        token = credentials.find(authorization, cookies, self._settings.cookie).token
        if token is None:
            raise Unauthorized
        return asked, token

    def _check_page(self, scope: Scope) -> None:
        """A page elsewhere could not read what comes, but would hold a connection of this browser's. Over plain http
        browsers say nothing of where a page came from."""
        origins, sites = _values(scope, b"origin"), _values(scope, b"sec-fetch-site")
        if set(origins) - self._settings.origins or set(sites) - {"same-origin", "none"}:
            raise Forbidden(code="cross_site")

    # Answering

    async def _stream(self, link: StreamLink, send: Send) -> None:
        """Ends with a gap, too: who reads a stream cannot join again, but comes back to where the last id was."""
        spoken = await self._first(link)
        await send({"type": "http.response.start", "status": 200, "headers": [_EVENT_STREAM, *_HEADERS]})
        positions, told = Positions(), _RETRY
        while spoken:
            told += b"".join([positions.message(one) for one in spoken])
            await send({"type": "http.response.body", "body": told, "more_body": True})
            told = b""
            if any(one.kind == "gap" for one in spoken):
                break
            spoken = await link.take()
        self._forget(link)
        await send({"type": "http.response.body", "body": b""})

    async def _collect(self, link: StreamLink, asked: Asked) -> list[Spoken]:
        """All until the first news, or until it is time, and then a heartbeat. Raises Busy."""
        spoken = await self._first(link)
        begun, patience = self._board.now, self._settings.limits.work_wait_seconds
        collected: list[Spoken] = []
        unanswered = len(asked.joins)
        while spoken:
            collected += spoken
            unanswered -= sum(one.kind in ("joined", "error") for one in spoken)
            if unanswered <= 0 and (asked.is_new or _have_news(collected)):
                break
            end = begun + (max(asked.wait, patience) if unanswered > 0 else asked.wait)
            try:
                async with asyncio.timeout_at(end):
                    spoken = await link.take()
            except TimeoutError:
                if unanswered > 0:
                    raise Busy from None
                collected += self._heartbeat(link)
                break
        self._forget(link)
        return collected

    async def _first(self, link: StreamLink) -> list[Spoken]:
        """What is said to who may come in. Raises Unauthorized, Busy."""
        spoken = await link.take()
        if link.connection.refusal is not None:
            raise _as_error(link.connection.refusal)
        if not spoken:  # gone again
            raise Busy
        return spoken

    def _heartbeat(self, link: StreamLink) -> tuple[Spoken, ...]:
        heads = self._node.hub.heads(link.connection)
        return stream_parts.take_apart(wire.frame("heartbeat", now=now_ms(), heads=heads))


def _have_news(spoken: list[Spoken]) -> bool:
    """The first word of how things stand elsewhere comes to everybody, and is none."""
    heads = [one for one in spoken if one.kind == "heads"]
    return len(heads) > 1 or any(one.is_news for one in spoken if one.kind != "heads")


def _as_error(refusal: Closing) -> TwidderError:
    name = _CODES.get((refusal.code, refusal.reason))
    return Unauthorized(code=name, **cast(dict[str, Any], refusal.extra)) if name else Busy()


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


async def _listen(receive: Receive, link: StreamLink) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    link.hang_up()


async def _answer_poll(send: Send, spoken: list[Spoken]) -> None:
    body = b'{"frames":[%b]}' % b",".join(one.payload for one in spoken)
    await _respond(send, 200, [(b"content-type", b"application/json"), *_HEADERS], body)


async def _answer_events(send: Send, spoken: list[Spoken]) -> None:
    """HTTP/1.0 knows no answer of unknown length: this one ends with its news, and the browser comes again by
    itself."""
    positions = Positions()
    body = _RETRY + b"".join([positions.message(one) for one in spoken])
    await _respond(send, 200, [_EVENT_STREAM, *_HEADERS], body)


async def _respond(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
