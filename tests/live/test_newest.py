"""State topics against a model, in any order of joining, changing, leaving and being slow.

P3: per reader and key versions never go back; who has room ends with the newest of every key, and a slow reader costs
nothing but a number.
"""

from __future__ import annotations

import itertools

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.harness.counts import SOAK
from tests.live.model import FLEETING_BYTES, HOLD_MOST, Me, Tape
from twidder.config import Limits
from twidder.live.connection import Connection
from twidder.live.hub import Hub

TOPIC = "board:3"
PACE = 0.125  # in binary: sums of it are exact
KEYS = ("a", "b", "c")

keys = st.sets(st.sampled_from(KEYS), min_size=1, max_size=2)


class Viewer:
    """Believes what the protocol promises: a frame that is newer replaces what it names, and is never older."""

    def __init__(self, number: int) -> None:
        self.tape = Tape()
        self.connection = Connection(self.tape, Limits(), 0.0)
        self.connection.known(Me(number, str(number)))
        self.seq = 0
        self.shown: dict[str, int] = {}  # key → version
        self.live = False
        self.began: int | None = None  # joining: how long the log of changes was when it began
        self.frames = 0

    def listen(self) -> None:
        for frame in self.tape.take():
            assert self.live
            assert (frame["type"], frame["topic"]) == ("state", TOPIC)
            assert frame["seq"] > self.seq, f"{frame['seq']} after {self.seq}"
            self.seq = frame["seq"]
            self.take(frame["data"])
            self.frames += 1

    def take(self, data: dict[str, int]) -> None:
        for key, version in data.items():
            assert version > self.shown.get(key, 0), f"{key}: {version} after {self.shown}"
            self.shown[key] = version

    @property
    def has_room(self) -> bool:
        return not self.tape.congested and self.tape.waiting <= FLEETING_BYTES


class NewestMachine(RuleBasedStateMachine):
    """Changes are committed, and told to the hub later: batch by batch, in any order within one."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(fleeting_bytes=FLEETING_BYTES, hold_most=HOLD_MOST, state_seconds=PACE)
        self.viewers: list[Viewer] = []
        self.log: list[set[str]] = []  # the keys of each change; its place + 1 is its seq and their version
        self.told = 0  # so many of them the hub has heard of
        self.now = 0.0
        self.numbers = itertools.count(1)

    def newest(self, upto: int) -> dict[str, int]:
        """Key → version, as the store had it then."""
        return {key: seq for seq, keys in enumerate(self.log[:upto], 1) for key in keys}

    def some(self, data: st.DataObject, *, joining: bool) -> Viewer:
        return data.draw(st.sampled_from([one for one in self.viewers if (one.began is not None) is joining]))

    # Coming and going

    @initialize(data=st.data(), commits=st.lists(keys, max_size=2), number=st.integers(1, 3))
    def some_look_on(self, data: st.DataObject, commits: list[set[str]], number: int) -> None:
        """They have read what the hub has not heard of yet, or a part of it; the last is still joining."""
        for _ in range(number):
            self._come()
        self.log += commits
        for viewer in self.viewers[:2]:
            self._finish(viewer, data.draw(st.integers(0, len(commits)), label="head"))

    @rule(number=st.integers(1, 2))
    def come(self, number: int) -> None:
        for _ in range(number):
            self._come()

    @precondition(lambda self: any(viewer.began is None for viewer in self.viewers))
    @rule(data=st.data(), leaves=st.booleans())
    def join_again(self, data: st.DataObject, leaves: bool) -> None:
        """From where it is."""
        viewer = self.some(data, joining=False)
        viewer.listen()
        if leaves:
            self.hub.leave(viewer.connection, TOPIC)
        self._begin(viewer)

    @precondition(lambda self: any(viewer.began is not None for viewer in self.viewers))
    @rule(data=st.data())
    def finish_join(self, data: st.DataObject) -> None:
        """The store was read at some moment since the join began."""
        viewer = self.some(data, joining=True)
        self._finish(viewer, data.draw(st.integers(viewer.began or 0, len(self.log)), label="head"))

    @precondition(lambda self: len(self.viewers) > 1)
    @rule(data=st.data(), joining=st.booleans())
    def go(self, data: st.DataObject, joining: bool) -> None:
        if any((one.began is not None) is joining for one in self.viewers):
            viewer = self.some(data, joining=joining)
            self.hub.remove(viewer.connection)
            self.viewers.remove(viewer)

    def _come(self) -> None:
        viewer = Viewer(next(self.numbers))
        self.viewers.append(viewer)
        self.hub.add(viewer.connection)
        self._begin(viewer)

    def _begin(self, viewer: Viewer) -> None:
        self.hub.hold(viewer.connection, TOPIC)
        viewer.live, viewer.began = False, len(self.log)

    def _finish(self, viewer: Viewer, head: int) -> None:
        assert self.hub.settle(viewer.connection, TOPIC, head) == []
        viewer.live, viewer.began = True, None
        missed = {key: seq for key, seq in self.newest(head).items() if seq > viewer.seq}
        viewer.seq = max(viewer.seq, head)
        viewer.take(missed)

    # Changes

    @rule(changed=keys)
    def commit(self, changed: set[str]) -> None:
        """The news of it come later."""
        self.log.append(changed)

    @rule(data=st.data(), commits=st.lists(keys, min_size=1, max_size=3), again=st.booleans())
    def tell(self, data: st.DataObject, commits: list[set[str]], again: bool) -> None:
        """A batch, in one turn of the loop, and perhaps something that was told before."""
        self.log += commits
        upto = data.draw(st.integers(self.told + 1, len(self.log)), label="up to")
        batch = data.draw(st.permutations(range(self.told + 1, upto + 1)), label="order")
        old = [data.draw(st.integers(1, self.told), label="again")] if again and self.told else []
        for seq in [*old, *batch]:
            self.hub.publish_state(TOPIC, seq, seq, dict.fromkeys(self.log[seq - 1], str(seq).encode()))
        self.told = upto

    # Time

    @rule(seconds=st.sampled_from([0.0, PACE / 4, PACE]))
    def flush(self, seconds: float) -> None:
        before = {viewer: viewer.frames for viewer in self.viewers}
        self.now += seconds
        wait = self.hub.flush_states(self.now)
        for viewer in self.viewers:
            viewer.listen()
            assert viewer.frames - before[viewer] <= 1, "one frame at a time"
        assert wait is None or 0 < wait <= PACE

    @rule()
    def wait_until_all_is_told(self) -> None:
        """Who has room ends with the newest of every key, as far as the news has come, and nothing is kept for them."""
        for _ in range(2):
            self.flush(PACE)
        newest = self.newest(self.told)
        for viewer in self.viewers:
            if viewer.live and viewer.has_room:
                assert all(viewer.shown.get(key, 0) >= version for key, version in newest.items())
        state = self.hub._topics.get(TOPIC)
        waiting = [one for one in self.viewers if one.began is not None or (one.live and not one.has_room)]
        if state is not None and state.newest is not None and not waiting:
            assert not state.newest.values, "kept for nobody"

    @precondition(lambda self: self.viewers)
    @rule(data=st.data(), congested=st.booleans(), waiting=st.sampled_from([0, FLEETING_BYTES + 1]))
    def change_pace(self, data: st.DataObject, congested: bool, waiting: int) -> None:
        viewer = data.draw(st.sampled_from(self.viewers))
        viewer.tape.congested, viewer.tape.waiting = congested, waiting

    # Always

    @invariant()
    def nothing_is_kept_for_those_who_are_gone(self) -> None:
        state = self.hub._topics.get(TOPIC)
        assert (state is not None) == any(one.live or one.began is not None for one in self.viewers)
        if state is not None and state.newest is not None:
            assert state.newest.behind.keys() <= state.live
            assert len(state.newest.values) <= len(KEYS), "the newest of each key, and no more"

    @invariant()
    def a_heartbeat_calls_nobody_back_while_no_news_are_lost(self) -> None:
        """A slow reader's head is where it stands: it will be told the rest."""
        for viewer in self.viewers:
            for head in self.hub.heads(viewer.connection).values():
                assert head <= (viewer.seq if self.told == len(self.log) else len(self.log))


NewestMachine.TestCase.settings = settings(max_examples=1_500 if SOAK else 100, stateful_step_count=40, deadline=None)
TestNewest = NewestMachine.TestCase


class Frames(Tape):
    """As they were handed over, and not put together."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    send_last = send


def test_who_was_behind_alike_is_told_the_same_bytes() -> None:
    """A crowd that was slow together costs one frame: once, each had its own, and all others waited for the second that
    it took."""
    hub = Hub(fleeting_bytes=FLEETING_BYTES, hold_most=HOLD_MOST, state_seconds=PACE)
    tapes = [Frames() for _ in range(3)]
    for number, tape in enumerate(tapes, 1):
        connection = Connection(tape, Limits(), 0.0)
        connection.known(Me(number, str(number)))
        hub.hold(connection, TOPIC)
        assert hub.settle(connection, TOPIC, 0) == []
        tape.waiting = FLEETING_BYTES + 1
    for seq in (1, 2):
        hub.publish_state(TOPIC, seq, seq, {str(seq): b"1"})
        hub.flush_states(seq)
    for tape in tapes:
        assert tape.sent == []
        tape.waiting = 0
    hub.flush_states(3)
    assert [len(tape.sent) for tape in tapes] == [1, 1, 1]
    assert b'"1":1' in tapes[0].sent[0]
    assert b'"2":1' in tapes[0].sent[0]
    assert {id(tape.sent[0]) for tape in tapes} == {id(tapes[0].sent[0])}
