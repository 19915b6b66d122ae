"""All WebSockets of this process: which endpoint answers at which path, who has something to write, the clock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from websockets.datastructures import Headers

from twidder.config import Limits
from twidder.live import closing

logger = logging.getLogger(__name__)


class Line(Protocol):
    """A connection, as the switchboard sees it."""

    def flush(self) -> None: ...
    def tick(self, now: float) -> None: ...
    def close(self, code: int, reason: str) -> None: ...


class Handshake(NamedTuple):
    """A request to upgrade, before it is accepted."""

    path: str
    headers: Headers
    port: int  # ours
    address: str  # the peer's, as the nearest proxy that we believe saw it


class Refused(Exception):
    """The handshake ends with this HTTP status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Endpoint(Protocol):
    """What lives at a path. ``peer`` is whatever ``open`` returned for this connection."""

    pings: bool  # protocol pings, for clients that know no heartbeat of ours

    def check(self, handshake: Handshake) -> None:
        """Raises Refused."""

    def open(self, link: Any, handshake: Handshake, now: float) -> Any: ...
    def received(self, peer: Any, text: bytes, now: float) -> None: ...
    def pinged(self, peer: Any, now: float) -> None: ...
    def tick(self, peer: Any, now: float) -> None:
        """Once a second."""

    def lost(self, peer: Any) -> None: ...
    def shutdown(self, peer: Any) -> None:
        """The server stops: say so and close."""


class Switchboard:
    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        limits: Limits,
        elsewhere: Mapping[int, Mapping[str, Endpoint]] | None = None,
        proxies: int = 0,
    ) -> None:
        """``elsewhere``: by local port, where not all of them answer. ``proxies``: how many are believed."""
        self._endpoints = endpoints
        self._elsewhere = elsewhere or {}
        self.limits = limits
        self.proxies = proxies
        self.links: set[Line] = set()
        self._writing: list[Line] = []
        self._loop: Any = None
        self._flush_armed = False
        self.before_flush: list[Callable[[], None]] = []
        self.every_second: list[Callable[[float], None]] = []
        self.after_open: list[Callable[[Any, Handshake], None]] = []  # with what ``open`` returned

    def find_endpoint(self, port: int, path: str) -> Endpoint | None:
        """The one at that path, or at the nearest above it whose name ends with a slash."""
        here = self._elsewhere.get(port, self._endpoints)
        found, end = here.get(path), len(path)
        while found is None and (end := path.rfind("/", 0, end)) >= 0:
            found = here.get(path[: end + 1])
        return found

    def start(self, loop: Any) -> None:
        """``loop``: the running event loop."""
        self._loop = loop
        self._loop.call_later(1.0, self._tick)

    @property
    def now(self) -> float:
        return float(self._loop.time())

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self._loop.call_later(seconds, call)

    def will_write(self, link: Line) -> None:
        self._writing.append(link)
        self.arm_flush()

    def arm_flush(self) -> None:
        """Flush at the end of this turn: two hops on, so that it takes along what the turn's own callbacks still
        bring."""
        if not self._flush_armed:
            self._flush_armed = True
            self._loop.call_soon(self._hop, 2)

    def _hop(self, left: int) -> None:
        if left:
            self._loop.call_soon(self._hop, left - 1)
        else:
            self._flush()

    def _flush(self) -> None:
        self._flush_armed = False
        for fill in self.before_flush:
            fill()
        writing, self._writing = self._writing, []
        for link in writing:
            try:
                link.flush()
            except Exception:  # the links behind it are other people's
                logger.exception("a connection failed")
                link.close(closing.INTERNAL, "error")

    def _tick(self) -> None:
        self._loop.call_later(1.0, self._tick)
        now = self._loop.time()
        for call in self.every_second:
            try:
                call(now)
            except Exception:
                logger.exception("what is done every second failed")
        for link in list(self.links):
            try:
                link.tick(now)
            except Exception:
                logger.exception("a connection failed")
                link.close(closing.INTERNAL, "error")
