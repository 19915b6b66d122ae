"""Joining topics: hold what is live, read what was missed, then let go of what is newer. No hole, no double.

The reading blocks, so it happens in a thread; the hub keeps the topics' live events back meanwhile.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from twidder.config import Limits
from twidder.errors import NotFound, TwidderError
from twidder.live import topics, wire
from twidder.live.batches import Batches
from twidder.live.channel import Channel, Missed, Position
from twidder.live.connection import Connection
from twidder.live.hub import Hub
from twidder.live.mailbox import Mailbox
from twidder.live.topics import Topic

logger = logging.getLogger(__name__)

_NEWCOMER = Position(None, None)


class Wish(NamedTuple):
    """A topic that a client asked for, and where it says it is."""

    topic: Topic
    position: Position


class Found(NamedTuple):
    """What a wish came to: either ``missed`` or why not."""

    wish: Wish
    missed: Missed | None
    error: TwidderError | None = None

    @property
    def weight(self) -> int:
        if self.missed is None:
            return 0
        events = sum(len(event.data) for event in self.missed.events or ())
        return events + sum(len(key) + len(value) for key, value in (self.missed.state or {}).items())

    def as_reset(self) -> Found:
        """The same, with the events left to the pages of the API."""
        carries = self.missed is not None and (self.missed.events or self.missed.state)
        return self._replace(missed=Missed(self.missed.seq, None)) if self.missed and carries else self

    def as_if_at(self, wish: Wish) -> Found:
        """What was found for a newcomer, told to ``wish``: nothing was missed, or nobody has read what."""
        at_head = self.missed is not None and not self.missed.state and wish.position.seq in (None, self.missed.seq)
        missed = self.missed if self.missed is None or at_head else Missed(self.missed.seq, None)
        return self._replace(wish=wish, missed=missed)


@dataclasses.dataclass(eq=False, slots=True)
class Question:
    """A join that waits for what its topics have had meanwhile. ``void``: topics that were taken away since it was
    asked, by their names on the wire; whatever is read of them may be older than that."""

    connection: Connection
    me: Any
    frame_id: int
    wishes: dict[str, Wish]
    refused: dict[str, Any]
    done: Callable[[Connection], None]
    void: set[str] = dataclasses.field(default_factory=set)


class Joining:
    """``read(fn)``: a function of a snapshot of the store; blocks. ``joined(connection, topic)``: it is a live member
    from now on; what the answer shall say besides."""

    def __init__(
        self,
        hub: Hub,
        channels: Mapping[str, Channel],
        limits: Limits,
        mailbox: Mailbox,
        read: Callable[[Callable[[Any], Any]], Any],
        joined: Callable[[Connection, str], dict[str, Any]],
    ) -> None:
        self._hub = hub
        self._channels = channels
        self._limits = limits
        self._mailbox = mailbox
        self._read_store = read
        self._joined = joined
        self._open: set[Question] = set()
        self._threads = Batches("join", limits.join_threads, limits.questions_batch, self._look_up)
        self.hand_over = self._threads.hand_over

    def stop(self) -> None:
        self._threads.stop()

    def join(self, connection: Connection, frame: wire.Join, done: Callable[[Connection], None]) -> None:
        """Answer the frame with ``joined``, some time; then call ``done``."""
        wishes, refused = self._sort(connection, frame)
        for wish in wishes.values():
            self._hub.hold(connection, wish.topic.name)
        question = Question(connection, connection.me, frame.id, wishes, refused, done)
        self._open.add(question)
        self._threads.put(question)

    def void(self, topic: str, whose: Callable[[int], bool]) -> None:
        """These users may not follow the topic any more, whatever was read before."""
        name = topics.to_wire(topic)
        for question in self._open:
            if name in question.wishes and whose(question.me.user_id):
                question.void.add(name)

    def _sort(self, connection: Connection, frame: wire.Join) -> tuple[dict[str, Wish], dict[str, Any]]:
        wishes: dict[str, Wish] = {}
        refused: dict[str, Any] = {}
        room = self._limits.topics_per_connection - len(connection.topics)
        for name, seq in frame.topics.items():
            topic = topics.from_wire(name, connection.me.user_id)
            if topic is None or topic.kind not in self._channels:
                refused[name[: self._limits.topic_length]] = {"error": "not_found" if topic else "bad_topic"}
            elif topic.name not in connection.topics and room <= 0:
                refused[name] = {"error": "too_many_topics"}
            else:
                room -= topic.name not in connection.topics
                wishes[name] = Wish(topic, Position(seq, frame.epoch))
        return wishes, refused

    def _look_up(self, batch: list[Question]) -> None:
        """In a thread."""
        room = dict.fromkeys((asked.connection for asked in batch), self._limits.missed_bytes)
        try:
            answers = self._read_store(lambda tx: [self._read(tx, asked, room) for asked in batch])
        except Exception:
            logger.exception("%d joins failed", len(batch))
            failed = TwidderError()
            answers = [{name: Found(wish, None, failed) for name, wish in asked.wishes.items()} for asked in batch]
        for asked, found in zip(batch, answers, strict=True):
            self._mailbox.put(self._answer, asked, found)

    def _read(self, tx: Any, asked: Question, room: dict[Connection, int]) -> dict[str, Found]:
        """What is queued for one reader stays within bounds: beyond them, pages bring the rest."""
        everything: dict[str, Found] = {}
        for name, wish in asked.wishes.items():
            if room[asked.connection] < 0:
                everything[name] = self._read_one(tx, asked.me, wish._replace(position=_NEWCOMER)).as_if_at(wish)
                continue
            found = self._read_one(tx, asked.me, wish)
            room[asked.connection] -= found.weight
            everything[name] = found if room[asked.connection] >= 0 else found.as_reset()
        return everything

    def _read_one(self, tx: Any, me: Any, wish: Wish) -> Found:
        channel = self._channels[wish.topic.kind]
        if me.guest_of is not None and not channel.guests:
            return Found(wish, None, NotFound())
        try:
            return Found(wish, channel.join(tx, me, wish.topic, wish.position))
        except TwidderError as error:
            return Found(wish, None, error)
        except Exception:
            logger.exception("a join of %s failed", wish.topic.name)
            return Found(wish, None, TwidderError())

    def _answer(self, asked: Question, everything: dict[str, Found]) -> None:
        self._open.discard(asked)
        connection, told, released = asked.connection, dict(asked.refused), list[bytes]()
        asks_without_reading = connection.link.unsent() > self._limits.fleeting_bytes
        for name, found in everything.items():
            if name in asked.void:
                told[name] = {"error": NotFound().code}
                continue
            told[name], newer = self._settle(connection, name, found.as_reset() if asks_without_reading else found)
            released += newer
        connection.answer(asked.frame_id, wire.frame("joined", id=asked.frame_id, topics=told))
        for frame in released:
            connection.send(frame)
        asked.done(connection)

    def _settle(self, connection: Connection, name: str, found: Found) -> tuple[dict[str, Any], list[bytes]]:
        """What ``joined`` says of the topic, and the frames that follow it."""
        topic, missed = found.wish.topic.name, found.missed
        if missed is None:
            self._hub.leave(connection, topic)
            return {"error": (found.error or TwidderError()).code}, []
        held = self._hub.settle(connection, topic, missed.seq)
        if held is None and not self._hub.is_live(connection, topic):
            # It left meanwhile, or more came than may wait: it will join again.
            return {"reset": True, "seq": missed.seq}, [wire.frame("gap", topic=name, to=missed.seq)]
        # Held None: an earlier join of this topic has made it a member already.
        return _as_answer(missed, found.wish.position) | self._joined(connection, topic), held or []


def _as_answer(missed: Missed, position: Position) -> dict[str, Any]:
    if missed.state is not None:
        return {"seq": missed.seq, "state": msgspec.Raw(wire.state_body(missed.state))}
    if missed.events is None:
        return {"reset": True, "seq": missed.seq}
    if position.seq is None:
        return {"seq": missed.seq, "events": [], "snapshot": True}
    return {"seq": missed.seq, "events": [wire.event_body(*event[1:]) for event in missed.events]}
