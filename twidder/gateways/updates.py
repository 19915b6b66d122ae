"""The updates of flask-ws-example and of its ancestor lpoll: that there is something new, said to whoever waits.

A page is told ``ready`` by a WebSocket, or ``changed!`` by the answer to a request that waited; then it asks ``/data``.
What is new is news of one board; when none has come for a while, a clock of ours makes some. No cookie is read and
nothing is told but that: a page of any origin may listen.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from flask import Blueprint, Response, request

from twidder.boards.updates import find_default, is_default
from twidder.config import Limits
from twidder.core import Core
from twidder.errors import BadField
from twidder.extensions import WAITS
from twidder.live import closing
from twidder.live.channel import StateChanged
from twidder.live.connection import Link
from twidder.live.frames import text_frame
from twidder.live.node import Node
from twidder.live.switchboard import Endpoint, Handshake, Refused
from twidder.rates import Bucket

PATHS = ("/update", "/updated")
_PACE = 0.25  # seconds between two of them: as often as anybody fetches
_READY = text_frame(b"ready")
_FORMATS = {"one": "%H:%M:%S", "best": "%a, %d %b %Y %H:%M:%S +0000", "other": "%a, %H:%M"}
_LET_READ = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Client:
    """A WebSocket; nothing that it says is read."""

    def __init__(self, link: Link, limits: Limits, now: float) -> None:
        self.link = link
        self.bucket = Bucket(limits.frames_burst, now)


class Updates:
    """The endpoint at both paths, and the requests that wait there."""

    pings = True

    def __init__(self, core: Core, node: Node, ports: set[int]) -> None:
        self._core = core
        self._limits = core.settings.limits
        self._ports = ports
        self._clients: set[Client] = set()
        self._polls: set[asyncio.Future[bool]] = set()
        self._default: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next_at = 0.0
        self._stopping = False
        self.endpoints: dict[str, Endpoint] = dict.fromkeys(PATHS, self)
        node.when_changed.append(self._changed)

    def start(self) -> None:
        self._default = self._core.store.read(find_default)

    def end(self) -> None:
        """The server is about to wait for the answers that it still owes."""
        self._stopping = True
        for poll in self._polls:
            if not poll.done():
                poll.set_result(False)
        if self._timer is not None:
            self._timer.cancel()

    # News

    def _changed(self, news: StateChanged) -> None:
        told = is_default(news.data)
        if told:
            self._default = news.topic
        elif told is False and news.topic == self._default:
            self._default = None
        if news.topic == self._default:
            self._tell_soon()

    def _tell_soon(self) -> None:
        """At once, or together with what comes within the pace."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_at:
            self._tell()
        else:
            self._tell_at(self._next_at)

    def _tell_at(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(when, self._tell)

    def _tell(self) -> None:
        for client in self._clients:
            link = client.link
            if not link.congested and link.unsent() <= self._limits.fleeting_bytes:  # they need the newest alone
                link.send(_READY)
        for poll in self._polls:
            if not poll.done():
                poll.set_result(True)
        self._next_at = asyncio.get_running_loop().time() + _PACE
        self._wait_for_quiet()

    def _wait_for_quiet(self) -> None:
        """Nobody listens: then the clock stands still."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if (self._clients or self._polls) and not self._stopping:
            quiet = random.uniform(self._limits.updates_quiet_least, self._limits.updates_quiet_most)
            self._tell_at(asyncio.get_running_loop().time() + quiet)

    def _count_in(self) -> None:
        if self._timer is None:
            self._wait_for_quiet()

    @property
    def _is_full(self) -> bool:
        return len(self._clients) + len(self._polls) >= self._limits.updates_clients

    # WebSockets

    def check(self, handshake: Handshake) -> None:
        if self._is_full:
            raise Refused(503, "There is no room for more.")

    def open(self, link: Link, handshake: Handshake, now: float) -> Client:
        client = Client(link, self._limits, now)
        self._clients.add(client)
        self._count_in()
        return client

    def received(self, client: Client, text: bytes, now: float) -> None:
        if client.bucket.take(self._limits.frames_burst, self._limits.frames_per_second, now):
            client.link.close(closing.TOO_MANY_FRAMES.code, closing.TOO_MANY_FRAMES.reason)

    def pinged(self, client: Client, now: float) -> None:
        self.received(client, b"", now)

    def tick(self, client: Client, now: float) -> None:
        """There is nothing to be late with."""

    def lost(self, client: Client) -> None:
        self._clients.discard(client)

    def shutdown(self, client: Client) -> None:
        client.link.close(closing.RESTART, "restart")

    # Requests that wait

    def answers(self, scope: MutableMapping[str, Any]) -> bool:
        return scope["path"] in PATHS and scope["server"][1] in self._ports

    async def http(self, scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await _answer(send, 204, b"")
        elif scope["method"] != "GET":
            await _answer(send, 405, b"Ask with GET.\n", allow="GET, OPTIONS")
        elif self._stopping or self._is_full or not await self._wait(scope, receive):
            await _answer(send, 503, b"Ask again in a moment.\n", retry_after="2", connection="close")
        else:
            await _answer(send, 200, b"changed!")

    async def _wait(self, scope: MutableMapping[str, Any], receive: Any) -> bool:
        """For the next news; the clock makes some in time. False: the server stops, or nobody waits any more."""
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        scope["extensions"][WAITS]()
        self._polls.add(poll)
        self._count_in()
        gone = asyncio.create_task(_until_gone(receive, poll))
        try:
            return await poll
        finally:
            gone.cancel()
            self._polls.discard(poll)


async def _until_gone(receive: Any, poll: asyncio.Future[bool]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    if not poll.done():
        poll.set_result(False)


async def _answer(send: Send, status: int, body: bytes, **more: str) -> None:
    headers = {
        "content-type": "text/plain",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        **_LET_READ,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def blueprint() -> Blueprint:
    """``/data``: the time, in one of the formats that their pages offer."""
    updates = Blueprint("updates", __name__)

    @updates.get("/data")
    def data() -> dict[str, Any]:
        chosen = request.args.get("format", "best")
        if chosen not in _FORMATS:
            raise BadField("format", "The formats are: one, best, other.", "bad_request")
        now = time.time()
        text = time.strftime(_FORMATS[chosen], time.gmtime(now))
        return {
            "value": now,
            "contents": f"The time is now <b>{text}</b> (format = '{chosen}')",
            "format": chosen,
        }

    @updates.after_app_request
    def let_pages_read(response: Response) -> Response:
        """Its errors, too."""
        if request.path == "/data":
            response.headers.update(_LET_READ)
        return response

    return updates
