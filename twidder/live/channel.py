"""What the live core asks of a feature, and what travels between the store and the hub.

A feature implements ``Channel`` for its kind of topic and hands it to the composition root. The core knows no feature:
who somebody is (``Principal``) and what a topic means stay opaque to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

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


class Missed(NamedTuple):
    """The answer to a join: the head, and every event after the client's position; None = reset."""

    seq: int
    events: list[Any] | None


class Position(NamedTuple):
    """Where a client says it is. ``seq`` None = a newcomer; ``epoch`` None = not told."""

    seq: int | None
    epoch: str | None


class Channel(Protocol):
    """Answers for all topics of one kind. ``join`` runs in a thread, with a snapshot of the store; ``send`` runs on the
    loop."""

    kind: str

    def join(self, tx: Any, me: Any, topic: Topic, position: Position) -> Missed:
        """Raises NotFound when ``me`` may not see the topic: not there and not for you are one answer."""

    def send(self, me: Any, topic: Topic, text: str, cid: str | None) -> Callable[[Any], dict[str, Any]]:
        """The change to be written, checked as far as it can be without the store; its result goes into the ``ack``.
        Raises TwidderError, NotFound when one cannot write there."""


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
