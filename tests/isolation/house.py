"""A node without threads, clock or wires: each question is looked up, and each letter delivered, when the test says
so. What the store would say is in `Store`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.live.model import Tape
from twidder.config import Limits
from twidder.errors import NotFound, Unauthorized
from twidder.live.batches import Batches
from twidder.live.channel import Missed, Position, Said
from twidder.live.connection import Connection, State
from twidder.live.mailbox import Mailbox
from twidder.live.node import Node, Outside
from twidder.live.topics import Topic
from twidder.rates import Rates
from twidder.store.log import Event

LIMITS = Limits(
    missed_events=3,
    fleeting_bytes=1_000,
    pending_requests=1_000,
    heartbeat_seconds=1e9,
    typing_seconds=1e-6,
    recheck_seconds=1e9,
)


class Author(NamedTuple):
    id: int


class Seat(NamedTuple):
    """Who sits at a connection."""

    user_id: int
    sid: str
    guest_of: int | None = None

    @property
    def author(self) -> Author:
        return Author(self.user_id)

    @property
    def public(self) -> dict[str, Any]:
        return {"user": self.author}

    @property
    def seated(self) -> Seat:
        return self


class Store:
    """The committed truth: who may follow what, who is signed in, what has happened."""

    def __init__(self) -> None:
        self.may: set[tuple[int, str]] = set()
        self.seats: dict[str, Seat] = {}  # by token
        self.log: dict[str, list[Event]] = {}
        self.read: Counter[tuple[int, str]] = Counter()

    def head(self, topic: str) -> int:
        return len(self.log.get(topic, ()))

    def append(self, topic: str) -> Event:
        event = Event(topic, self.head(topic) + 1, 0, "something.happened", b"{}")
        self.log.setdefault(topic, []).append(event)
        return event

    def identify(self, token: str) -> Seat:
        if token not in self.seats:
            raise Unauthorized
        return self.seats[token]

    def belongs(self, me: Seat) -> dict[str, int]:
        mine = (topic for user, topic in sorted(self.may) if user == me.user_id)
        return {topic: self.head(topic) for topic in mine if not is_state(topic)}


def is_state(topic: str) -> bool:
    return topic.startswith("board:")


class StoreChannel:
    guests = True
    presence = True

    def __init__(self, kind: str, store: Store) -> None:
        self.kind, self.store = kind, store
        self.guests = kind == "room"
        self.presence = kind != "board"

    def join(self, tx: Any, me: Seat, topic: Topic, position: Position) -> Missed:
        if (me.user_id, topic.name) not in self.store.may:
            raise NotFound
        events = self.store.log.get(topic.name, [])
        if is_state(topic.name):
            return Missed(len(events), None, {"newest": b"%d" % len(events)} if len(events) != position.seq else {})
        missed = events[position.seq :] if position.seq is not None else []
        whole = len(missed) <= LIMITS.missed_events and (position.seq or 0) <= len(events)
        return Missed(len(events), missed if whole else None)

    def send(self, me: Seat, topic: Topic, said: Said) -> Callable[[Any], dict[str, Any]]:
        raise NotFound

    def read(self, me: Seat, topic: Topic, seq: int) -> Callable[[Any], Any]:
        raise NotFound


class Board:
    """The node's clock and bell."""

    def __init__(self) -> None:
        self.now = 0.0
        self.before_flush: list[Callable[[], None]] = []
        self.every_second: list[Callable[[float], None]] = []
        self.after_open: list[Any] = []

    def arm_flush(self) -> None: ...


class House:
    def __init__(self) -> None:
        self.store = Store()
        self.mailbox = Mailbox(lambda _: None)
        self.answers: list[Any] = []  # read, and on the way to the mailbox
        outside = Outside(
            read=lambda fn: fn(None),
            identify=lambda _, token: self.store.identify(token),
            over=lambda holders: [],
            ahead_of=lambda heads: {},
            submit=lambda me, change, done: done(change(None), None),
            belongs=lambda _, me: self.store.belongs(me),
            epoch="epoch",
            origins=frozenset(),
            cookie="sid",
        )
        channels = [StoreChannel(kind, self.store) for kind in ("room", "dm", "board")]
        self.node = Node(outside, channels, LIMITS, Rates(100, clock=lambda: self.board.now), self.mailbox)
        self.node.stop()  # its threads; what they would do is done by `look_up`
        self.board = Board()
        self.node.start(self.board)  # type: ignore[arg-type]

    def connect(self, token: str) -> Connection:
        connection = Connection(Tape(), LIMITS, self.board.now)
        self.node.identify(connection, token, self.node.greet)
        return connection

    def say(self, connection: Connection, frame: dict[str, Any]) -> None:
        if connection.state is not State.CLOSING:
            self.node.received(connection, json.dumps(frame).encode(), self.board.now)

    def tell(self, *news: Any) -> None:
        """From the writer's thread, after the commit."""
        self.node.hear(list(news))

    def look_up(self) -> bool:
        """Somewhere a thread reads what is asked, as the store is now. Its answer is not in the mailbox yet."""
        node = self.node
        for batches in (node._askers, node._joining._threads, node._belonging):
            if batches._gathered:
                waiting = len(self.mailbox._letters)
                _do_one(batches)
                while len(self.mailbox._letters) > waiting:
                    self.answers.append(self.mailbox._letters.pop())
                return True
        return False

    def answer(self, place: int = 0) -> bool:
        """A thread puts what it has read into the mailbox."""
        if not self.answers:
            return False
        self.mailbox._letters.append(self.answers.pop(place % len(self.answers)))
        return True

    def deliver(self) -> Any:
        """The oldest letter in the mailbox; False: there is none."""
        if not self.mailbox._letters:
            return False
        call, args = self.mailbox._letters.popleft()
        call(*args)
        return args

    def flush(self) -> None:
        self.node.hub.flush_states(self.board.now)
        self.node.hub.flush()

    def second(self) -> None:
        self.board.now += 1.0
        self.node._attendance.tell()  # without handing questions to threads that have stopped
        self.node._heads.tell()

    def settle(self) -> None:
        """Until nothing waits any more."""
        while self.look_up() or self.deliver() is not False or self.answer():
            pass
        self.flush()


def _do_one(batches: Batches[Any]) -> None:
    batches._do([batches._gathered.pop(0)])
