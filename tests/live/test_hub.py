"""The hub and its connections against the model, in any order of joining, publishing, leaving and being slow.

L1, L3, A1, S4: members when it was published and nobody else, each event once and without a hole, a gap instead for
who is too slow, nothing after the bye.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.harness.counts import SOAK
from tests.live.model import FLEETING_BYTES, HOLD_MOST, Client
from twidder.live import closing, wire
from twidder.live.hub import Hub
from twidder.live.topics import to_wire

TOPICS = ("wall:1", "me:7")

topics = st.sampled_from(TOPICS)


class HubMachine(RuleBasedStateMachine):
    """Events are committed to a log and told to the hub in order, but later: as with a writer and its news."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(fleeting_bytes=FLEETING_BYTES, hold_most=HOLD_MOST)
        self.clients: list[Client] = []
        self.log: Counter[str] = Counter()
        self.published: Counter[str] = Counter()
        self.news: list[str] = []
        self.fleeting: dict[int, set[Client]] = {}  # published since the last flush, and who must hear it
        self.typed = 0

    def some(self, data: st.DataObject, *, holding: str | None = None) -> Client:
        fits = [client for client in self.clients if holding is None or holding in client.holding]
        return data.draw(st.sampled_from(fits))

    # Coming and going

    @initialize(paces=st.lists(st.booleans(), min_size=2, max_size=4))
    def some_are_here(self, paces: list[bool]) -> None:
        """On one wall, and some of them slow already."""
        for place, congested in enumerate(paces):
            self.connect(7 + place % 2, "ab"[place // 2])
            self._begin(self.clients[-1], "wall:1")
            if place:  # the first is still joining
                self._finish(self.clients[-1], "wall:1", 0)
            self.clients[-1].tape.congested = congested

    @rule(user=st.sampled_from([7, 8]), sid=st.sampled_from("ab"))
    def connect(self, user: int, sid: str) -> None:
        client = Client(user, f"{user}{sid}")
        self.hub.add(client.connection)
        self.clients.append(client)

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        """The wire is cut, or the close was answered."""
        client = self.some(data)
        self.hub.remove(client.connection)
        self._listen()
        self.clients.remove(client)
        self._forget(client)

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def end_session(self, data: st.DataObject) -> None:
        """As the node does it: out of the hub, then bye, all sockets of that session."""
        sid = self.some(data).me.sid
        for connection in self.hub.of_session(sid):
            self.hub.remove(connection)
            connection.close(closing.Closing(closing.REPLACED, "replaced"))
        self._listen()
        for client in [client for client in self.clients if client.me.sid == sid]:
            assert client.said_bye
            self.clients.remove(client)
            self._forget(client)

    @precondition(lambda self: self.clients)
    @rule(data=st.data())
    def misbehave(self, data: st.DataObject) -> None:
        """Bye, while the hub still counts it among its members until the wire is cut."""
        client = self.some(data)
        client.connection.close(closing.TOO_MANY_FRAMES)
        client.connection.close(closing.BAD_FRAMES)
        self._listen()
        assert client.said_bye
        self._forget(client)

    # Joining and leaving

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), topic=topics)
    def begin_join(self, data: st.DataObject, topic: str) -> None:
        client = self.some(data)
        if topic in client.holding:  # two joins in one breath: what waits for the first goes on waiting
            self.hub.hold(client.connection, topic)
            self._listen()
        elif topic != "me:7" or client.me.user_id == 7:
            self._begin(client, topic)

    @precondition(lambda self: any(client.holding for client in self.clients))
    @rule(data=st.data())
    def finish_join(self, data: st.DataObject) -> None:
        """The log was read at some moment since the join began."""
        topic = data.draw(st.sampled_from(sorted({name for client in self.clients for name in client.holding})))
        client = self.some(data, holding=topic)
        self._finish(client, topic, data.draw(st.integers(client.holding[topic][0], self.log[topic]), label="head"))

    def _begin(self, client: Client, topic: str) -> None:
        self.hub.hold(client.connection, topic)
        self._listen()
        client.applied.pop(topic, None)
        client.holding[topic] = self.log[topic], self.published[topic]
        self._forget(client)

    def _finish(self, client: Client, topic: str, head: int) -> None:
        """What was missed up to `head` is in `joined`, whole; what is newer has waited, or was too much to wait."""
        _, published = client.holding.pop(topic)
        released = self.hub.settle(client.connection, topic, head)
        self._listen()
        assert (released is None) == (self.published[topic] - published > HOLD_MOST)
        if released is not None:
            client.applied[topic] = head
            for frame in released:
                client.connection.send(frame)
            self._listen()

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), topic=topics)
    def finish_a_join_that_is_over(self, data: st.DataObject, topic: str) -> None:
        """It left while the log was read, or an earlier join has made it a member: nothing comes of it."""
        client = self.some(data)
        if topic not in client.holding:
            assert self.hub.settle(client.connection, topic, self.log[topic]) is None
            self._listen()

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), topic=topics)
    def leave(self, data: st.DataObject, topic: str) -> None:
        client = self.some(data)
        self.hub.leave(client.connection, topic)
        self._listen()
        client.applied.pop(topic, None)
        client.holding.pop(topic, None)
        self._forget(client)

    # Publishing

    @rule(topic=topics)
    def commit(self, topic: str) -> None:
        self.log[topic] += 1
        self.news.append(topic)

    @rule(topic=topics)
    def commit_and_publish(self, topic: str) -> None:
        self.commit(topic)
        while self.news:
            self.publish()

    @precondition(lambda self: self.news)
    @rule()
    def publish(self) -> None:
        topic = self.news.pop(0)
        self.published[topic] += 1
        seq = self.published[topic]
        self.hub.publish(topic, seq, wire.event_frame(topic, seq, 0, "something.happened", b"{}"))
        self._listen()

    @rule(topic=topics)
    def type_something(self, topic: str) -> None:
        self.typed += 1
        self.hub.publish_fleeting(topic, wire.frame("typing", topic=to_wire(topic), number=self.typed))
        self.fleeting[self.typed] = {
            client
            for client in self.clients
            if topic in client.applied and client.open and not client.tape.congested and not client.tape.waiting
        }

    @rule()
    def flush(self) -> None:
        """The end of a turn: all that was published is with all that were there, or they know of the gap."""
        self.hub.flush()
        self._listen()
        for client in filter(lambda client: client.open, self.clients):
            for topic, seq in client.applied.items():
                assert seq >= self.published[topic], f"{topic}: has {seq} of {self.published[topic]}"
        for number, must in self.fleeting.items():
            assert all(number in client.typing for client in must)
        self.fleeting.clear()

    # Being slow

    @precondition(lambda self: self.clients)
    @rule(data=st.data(), congested=st.booleans(), waiting=st.sampled_from([0, FLEETING_BYTES + 1]))
    def change_pace(self, data: st.DataObject, congested: bool, waiting: int) -> None:
        client = self.some(data)
        client.tape.congested, client.tape.waiting = congested, waiting
        self._forget(client)

    # Always

    @invariant()
    def the_hub_knows_who_is_where(self) -> None:
        present = [client for client in self.clients if client.open]
        for topic in TOPICS:
            here = {client.connection for client in present if topic in client.topics}
            leaving = {client.connection for client in self.clients if not client.open}
            assert set(self.hub.followers(topic)) - leaving == here
            kept = any(topic in client.connection.topics for client in self.clients)
            assert (topic in self.hub._topics) == kept, "nobody there, nothing kept"
        for client in present:
            assert set(client.connection.topics) == client.topics
            assert all(self.hub.is_live(client.connection, topic) for topic in client.applied)
            heads = self.hub.heads(client.connection)
            assert set(heads) == {to_wire(topic) for topic in client.applied}
            assert all(seq <= heads[to_wire(topic)] <= self.log[topic] for topic, seq in client.applied.items())
        assert self.hub.people() == len({client.me.user_id for client in self.clients})
        assert {me.sid for me in self.hub.principals()} == {client.me.sid for client in self.clients}

    def _listen(self) -> None:
        for client in self.clients:
            client.listen()

    def _forget(self, client: Client) -> None:
        """What is fleeting need not reach it any more."""
        for must in self.fleeting.values():
            must.discard(client)


HubMachine.TestCase.settings = settings(max_examples=5_000 if SOAK else 400, stateful_step_count=30, deadline=None)
TestHub = HubMachine.TestCase
