"""Topic ↔ connection: join, leave, fan out. Pure data; it waits for nobody.

What is published is kept per topic until the end of the loop turn, then joined once and handed to every member: a
send to the kernel costs 4 µs whoever calls it, so frames per send is the lever (docs/architecture.md). Members are
those who were there when it was published: a topic is emptied before anybody joins or leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from twidder.live import wire
from twidder.live.connection import Connection
from twidder.live.newest import Newest
from twidder.live.topics import to_wire


class TopicState:
    __slots__ = ("fleeting", "head", "holding", "live", "name", "newest", "pending", "read_up_to")

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = 0
        self.live: set[Connection] = set()
        self.holding: dict[Connection, list[tuple[int, bytes]]] = {}  # joining: live events wait for the past
        self.read_up_to = 0  # the furthest that a member has read the log on joining
        self.pending: list[bytes] | None = None  # lists only while there is something: most topics are quiet
        self.fleeting: list[bytes] | None = None
        self.newest: Newest | None = None  # of a state topic that has had news


class Hub:
    """Bounds: ``fleeting_bytes`` unsent and a reader gets no fleeting frames; ``hold_most`` events wait for one join;
    so many seconds lie between two frames of a state topic."""

    def __init__(self, *, fleeting_bytes: int, hold_most: int, state_seconds: float = 0.1) -> None:
        self._topics: dict[str, TopicState] = {}
        self._sessions: dict[str, set[Connection]] = {}
        self._users: dict[int, tuple[str, ...]] = {}  # to their sessions: one, and for a moment the one before
        self._dirty: list[TopicState] = []
        self._fleeting_bytes = fleeting_bytes
        self._hold_most = hold_most
        self._state_seconds = state_seconds
        self._changing: set[str] = set()  # state topics with something to tell, to all or to some
        self.after_leave: list[Callable[[Connection, str], None]] = []  # a live member has left a topic

    # Who is here

    def add(self, connection: Connection) -> None:
        user_id, sid = connection.me.user_id, connection.me.sid
        if sid not in self._sessions:
            self._sessions[sid] = set()
            self._users[user_id] = (*self._users.get(user_id, ()), sid)
        self._sessions[sid].add(connection)

    def remove(self, connection: Connection) -> None:
        for topic in list(connection.topics):
            self.leave(connection, topic)
        if connection.me is None:
            return
        user_id, sid = connection.me.user_id, connection.me.sid
        sockets = self._sessions.get(sid, set())
        sockets.discard(connection)
        if sockets or sid not in self._sessions:
            return
        del self._sessions[sid]
        self._users[user_id] = tuple(other for other in self._users[user_id] if other != sid)
        if not self._users[user_id]:
            del self._users[user_id]

    def of_session(self, sid: str) -> list[Connection]:
        return list(self._sessions.get(sid, ()))

    def of_user(self, user_id: int) -> list[Connection]:
        return [connection for sid in self._users.get(user_id, ()) for connection in self._sessions[sid]]

    def everybody(self) -> list[Connection]:
        return [connection for sockets in self._sessions.values() for connection in sockets]

    def principals(self) -> list[Any]:
        """One for each session that has a connection."""
        return [next(iter(sockets)).me for sockets in self._sessions.values()]

    def people(self) -> int:
        """How many different users have a connection. Who looks on by a link is none, and has no positive id."""
        return sum(user_id > 0 for user_id in list(self._users))  # a copy: other threads ask, too

    # Joining and leaving

    def hold(self, connection: Connection, topic: str) -> None:
        """From now on the topic's events wait for this connection, until ``settle`` knows what it missed. Where it is
        joining already they go on waiting: the answer to the first join needs them."""
        state = self._topics.get(topic)
        if state is not None and connection in state.holding:
            return
        self.leave(connection, topic)
        state = self._topics[topic] = self._topics.get(topic) or TopicState(topic)
        state.holding[connection] = []
        connection.topics[topic] = 0

    def settle(self, connection: Connection, topic: str, head: int) -> list[bytes] | None:
        """The past is known up to ``head``: a live member from now on. Returns what waited and is newer; None when the
        connection left meanwhile, or when more came than may wait."""
        state = self._topics.get(topic)
        if state is None or (held := state.holding.get(connection)) is None:
            return None
        if len(held) > self._hold_most:
            self.leave(connection, topic)
            return None
        self._flush_topic(state)  # while it is held: were all members dropped as slow, the topic would be forgotten
        self._release(state, connection)
        state.head = max(state.head, head)
        state.live.add(connection)
        connection.topics[topic] = head
        state.read_up_to = max(state.read_up_to, head)
        if state.newest is not None:
            self._changing.add(topic)
            if head != state.newest.told:
                state.newest.behind[connection] = head  # what came since its past was read waits for it there
        return [frame for seq, frame in held if seq > head]

    def leave(self, connection: Connection, topic: str) -> None:
        state = self._topics.get(topic)
        if state is None or topic not in connection.topics:
            return
        self._flush_topic(state)
        connection.topics.pop(topic, None)
        was_live = connection in state.live
        state.live.discard(connection)
        self._release(state, connection)
        if state.newest is not None:
            state.newest.behind.pop(connection, None)
            self._changing.add(topic)  # the last who needed what was kept may have gone
        self._forget_empty(state)
        if was_live:
            self._tell_left(connection, topic)

    def is_live(self, connection: Connection, topic: str) -> bool:
        state = self._topics.get(topic)
        return state is not None and connection in state.live

    def has(self, topic: str) -> bool:
        """Whether anybody follows it. From any thread."""
        return topic in self._topics

    def followers(self, topic: str) -> list[Connection]:
        state = self._topics.get(topic)
        return [*state.live, *state.holding] if state else []

    def heads(self, connection: Connection) -> dict[str, int]:
        """The newest event of every topic this connection is live on, by its name on the wire."""
        states = (self._topics[name] for name in connection.topics)
        return {to_wire(state.name): _head_for(state, connection) for state in states if connection in state.live}

    def all_heads(self) -> dict[str, int]:
        """Of every topic that has members here, by its name in the store."""
        return {name: state.head for name, state in self._topics.items() if state.live}

    def advance(self, heads: Mapping[str, int]) -> None:
        """So far have these got, whether or not the news of it came: the next heartbeats tell, and who missed it joins
        again. News that are still on their way change nothing."""
        for name, head in heads.items():
            if (state := self._topics.get(name)) is not None:
                state.head = max(state.head, head)

    # Publishing

    def publish(self, topic: str, seq: int, frame: bytes) -> None:
        state = self._topics.get(topic)
        if state is None:
            return
        state.head = max(state.head, seq)
        if state.live:
            ahead = self._still_ahead(state, seq)
            if ahead:
                self._flush_topic(state)
            self._mark_dirty(state)
            state.pending = _and(state.pending, frame)
            if ahead:
                self._flush_topic(state, but=ahead)
        for held in state.holding.values():
            if len(held) <= self._hold_most:
                held.append((seq, frame))

    def publish_fleeting(self, topic: str, frame: bytes) -> None:
        """Typing and the like: not stored, and the first to go when a reader is slow."""
        state = self._topics.get(topic)
        if state is not None and state.live:
            self._mark_dirty(state)
            state.fleeting = _and(state.fleeting, frame)

    def publish_state(self, topic: str, seq: int, at: int, data: Mapping[str, bytes]) -> None:
        """Values that replace earlier ones, in their order save within a turn; ``flush_states`` hands them out."""
        state = self._topics.get(topic)
        if state is None:
            return
        if state.newest is None:
            state.newest = Newest()
        if seq <= state.newest.told:
            return  # the value that it would replace may be newer, and is forgotten here
        state.head = max(state.head, seq)
        for connection in self._still_ahead(state, seq):
            state.newest.behind.setdefault(connection, connection.topics[topic])
        state.newest.change(seq, at, data)
        self._changing.add(topic)

    def flush_states(self, now: float) -> float | None:
        """Hand out what has changed, where it is time. Seconds until it is time for the next; None: nothing waits."""
        next_at: float | None = None
        for topic in list(self._changing):
            state = self._topics.get(topic)
            if state is None or (newest := state.newest) is None:
                self._changing.discard(topic)
                continue
            if newest.waits and now >= newest.next_at:
                newest.hand_out(topic, state.live, self._fleeting_bytes)
                newest.next_at = now + self._state_seconds
            if newest.waits:
                next_at = min(next_at or newest.next_at, newest.next_at)
            else:
                self._changing.discard(topic)
            if not state.holding:
                newest.forget()
        return None if next_at is None else next_at - now

    def flush(self) -> None:
        """Hand out what this turn has published. A congested reader is dropped to a gap: it joins again when it can."""
        dirty, self._dirty = self._dirty, []
        alone = len(dirty) == 1
        for state in dirty:
            self._flush_topic(state, alone=alone)

    def _still_ahead(self, state: TopicState, seq: int) -> set[Connection]:
        """Members who have read the event already: between its commit and this news they joined."""
        if seq > state.read_up_to:
            return set()
        return {connection for connection in state.live if connection.topics[state.name] >= seq}

    def _mark_dirty(self, state: TopicState) -> None:
        if not state.pending and not state.fleeting:
            self._dirty.append(state)

    def _flush_topic(self, state: TopicState, but: Set[Connection] = frozenset(), *, alone: bool = False) -> None:
        """``alone``: no other topic has anything for these members in this turn."""
        if not state.pending and not state.fleeting:
            return
        stored = b"".join(state.pending or ())
        everything = b"".join((stored, *state.fleeting)) if state.fleeting else stored
        choosy = bool(state.fleeting)
        state.pending = state.fleeting = None
        slow = []
        for connection in state.live - but if but else state.live:
            link = connection.link
            if link.congested:
                slow.append(connection)
            elif choosy and link.unsent() > self._fleeting_bytes:
                if stored:
                    link.send(stored)
            elif alone:
                link.send_last(everything)
            else:
                link.send(everything)
        if stored:
            self._drop_slow(state, slow)

    def _drop_slow(self, state: TopicState, slow: Iterable[Connection]) -> None:
        for connection in slow:
            state.live.discard(connection)
            connection.topics.pop(state.name, None)
            connection.send(wire.frame("gap", topic=to_wire(state.name), to=state.head))
            self._tell_left(connection, state.name)
        self._forget_empty(state)

    def _tell_left(self, connection: Connection, topic: str) -> None:
        for call in self.after_leave:
            call(connection, topic)

    def _release(self, state: TopicState, connection: Connection) -> None:
        state.holding.pop(connection, None)
        if not state.holding:
            state.holding = {}  # an emptied dict keeps its table: 170 bytes for each topic that nobody joins just now

    def _forget_empty(self, state: TopicState) -> None:
        if not state.live and not state.holding:
            self._topics.pop(state.name, None)


def _head_for(state: TopicState, connection: Connection) -> int:
    """So that a reader joins again for what was lost, and not for what is about to come."""
    newest = state.newest
    return state.head if newest is None or state.head > newest.seq else newest.told_to(connection)


def _and(frames: list[bytes] | None, frame: bytes) -> list[bytes]:
    if frames is None:
        return [frame]
    frames.append(frame)
    return frames
