"""What the live core asks of a feature, and what travels between the store and the hub.

A feature implements ``Channel`` for its kind of topic and hands it to the composition root. The core knows no feature:
who somebody is (``Principal``) and what a topic means stay opaque to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from twidder.live.topics import Topic


class Seated(Protocol):
    """Who sits at the other end of a connection, as long as it lasts."""

    @property
    def user_id(self) -> int: ...
    @property
    def sid(self) -> str:
        """The session; every socket of it, and only those, ends with it."""

    @property
    def author(self) -> Any:
        """Name and id, as other members see them."""


class Principal(Seated, Protocol):
    """Who comes in."""

    @property
    def public(self) -> dict[str, Any]:
        """What ``hello`` tells the client about itself."""

    @property
    def seated(self) -> Seated: ...


class LogEvent(Protocol):
    """A row of the log; ``data`` is encoded JSON."""

    topic: str
    seq: int
    at: int
    event: str
    data: bytes


class StateChanged(NamedTuple):
    """News of a state topic: the newest values of some keys, each encoded JSON. ``seq`` only grows, and no row of the
    log stands behind it."""

    topic: str
    seq: int
    at: int
    data: Mapping[str, bytes]


class Missed(NamedTuple):
    """The answer to a join: the head, and every event after the client's position; None = reset. Of a state topic
    ``state``: key → encoded JSON of all that has changed since, everything for a newcomer; None = reset."""

    seq: int
    events: list[Any] | None
    state: Mapping[str, bytes] | None = None


class Position(NamedTuple):
    """Where a client says it is. ``seq`` None = a newcomer; ``epoch`` None = not told."""

    seq: int | None
    epoch: str | None


class Said(NamedTuple):
    """What a ``send`` frame holds. ``cid``: the client's own id for it. ``files``: names of attachments."""

    text: str
    cid: str | None = None
    reply_to: int | None = None
    files: tuple[str, ...] = ()


class Channel(Protocol):
    """Answers for all topics of one kind. ``join`` runs in a thread, with a snapshot of the store; ``send`` runs on the
    loop."""

    kind: str
    guests: bool
    """Whether the holders of a pass to one room may ask at all."""

    @property
    def presence(self) -> bool | Literal["count"]:
        """Whether those who have joined such a topic are told who else has, or how many."""

    def join(self, tx: Any, me: Any, topic: Topic, position: Position) -> Missed:
        """Raises NotFound when ``me`` may not see the topic: not there and not for you are one answer."""

    def send(self, me: Any, topic: Topic, said: Said) -> Callable[[Any], dict[str, Any]]:
        """The change to be written, checked as far as it can be without the store; its result goes into the ``ack``.
        Raises TwidderError, NotFound when one cannot write there."""

    def read(self, me: Any, topic: Topic, seq: int) -> Callable[[Any], Any]:
        """The change that stores how far ``me`` has read; it tells ``ReadUpTo``. Raises TwidderError, NotFound where
        nobody keeps that."""


@runtime_checkable
class Acting(Protocol):
    """A channel whose topics know verbs of their own, by ``act`` frames."""

    def act(self, me: Any, topic: Topic, act: str, data: Mapping[str, Any]) -> Callable[[Any], dict[str, Any]]:
        """As ``send``."""


class Watcher(Protocol):
    """Hears a topic on behalf of people who speak another protocol. Called on the loop, and must return at once."""

    def event(self, news: LogEvent) -> None: ...
    def presence(self, joined: list[Any], left: list[Any]) -> None:
        """Authors; at most once a second, and whoever came and went in between is in neither."""


class SessionEnded(NamedTuple):
    """A notice, not an event: the sockets of session ``sid`` end now. ``why`` is a code of ``twidder.errors``; ``by``
    names the browser that took over."""

    sid: str
    why: str
    at: int
    by: str | None


class AccessRevoked(NamedTuple):
    """A notice: ``user_id`` may no longer follow ``topic``."""

    topic: str
    user_id: int
    reason: str


class AccessNarrowed(NamedTuple):
    """A notice: of those who follow ``topic`` only ``may_stay`` (ids of users) still may."""

    topic: str
    may_stay: frozenset[int]
    reason: str


class ReadUpTo(NamedTuple):
    """A notice to all sockets of ``user_id``, and to nobody else: so far has ``topic`` been read."""

    topic: str
    user_id: int
    seq: int


class Belongs(NamedTuple):
    """A notice: ``user_id`` has become one of those who are told of news in ``topic`` without having joined it, or is
    one no longer."""

    user_id: int
    topic: str
    belongs: bool


class RightsChanged(NamedTuple):
    """A notice: what ``user_id`` may has changed as a whole (their role). Their sockets end, and come back as who they
    are now."""

    user_id: int
