"""Presence against a model small enough to be believed: sets of tabs, and who rests until when.

P1, P2: somebody is here as long as a tab of theirs is, and ten seconds longer; they come once and go once however many
tabs they have; who was put out or signed out is gone that moment.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.harness.counts import SOAK
from twidder.live.presence import Change, Presence

GRACE, CROWD, SHOWN = 10.0, 3, 2
TOPICS = ("room:1", "dm:2", "pairup:3")
COUNTED = "pairup"

topics = st.sampled_from(TOPICS)
users = st.integers(1, 6)


class Author(NamedTuple):
    id: int


class Tab(NamedTuple):
    topic: str
    user: int
    sid: str
    number: int


class Reader:
    """What a client knows, that does as docs/wire.md says."""

    def __init__(self, tab: Tab, snapshot: dict[str, Any]) -> None:
        self.tab = tab
        self.version, self.count = snapshot["version"], snapshot["count"]
        self.here = {author.id for author in snapshot["here"]}
        self.counted = tab.topic.startswith(COUNTED)
        self.whole = len(self.here) == self.count
        if self.counted:
            assert not snapshot["here"], "where people are only counted, nobody is named"
            self.whole = False
            return
        assert self.whole or (len(self.here) == SHOWN and self.count > CROWD * 0.9)

    def hear(self, frame: dict[str, Any]) -> None:
        assert frame["version"] == self.version + 1, "no change is missing"
        self.version, self.count = frame["version"], frame["count"]
        assert not self.counted or not frame.keys() & {"here", "joined", "left"}
        if "here" in frame:
            self.here, self.whole = {author.id for author in frame["here"]}, True
        elif "joined" in frame:
            assert self.whole, "the names that a crowd left out are never told one by one"
            self.here = (self.here - set(frame["left"])) | {author.id for author in frame["joined"]}
        else:
            self.whole = False


class PresenceMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.presence = Presence(grace=GRACE, crowd=CROWD, shown=SHOWN, counted={COUNTED})
        self.now = 0.0
        self.numbers = 0
        self.sessions: dict[int, str] = {}
        self.tabs: list[Tab] = []
        self.resting: dict[tuple[str, int], tuple[float, str]] = {}
        self.arrived: dict[str, list[int]] = {topic: [] for topic in TOPICS}
        self.readers: list[Reader] = []
        self.watched: dict[str, set[int]] = {topic: set() for topic in TOPICS}

    @initialize(number=st.integers(0, 5))
    def some_are_here(self, number: int) -> None:
        for user in range(1, number + 1):
            self.open_tab(TOPICS[0], user)

    def here(self, topic: str) -> set[int]:
        return {tab.user for tab in self.tabs if tab.topic == topic} | {
            user for where, user in self.resting if where == topic
        }

    @rule(topic=topics, user=users)
    def open_tab(self, topic: str, user: int) -> None:
        self.numbers += 1
        sid = self.sessions.setdefault(user, f"session {self.numbers}")
        tab = Tab(topic, user, sid, self.numbers)
        self.presence.enter(topic, tab, Author(user), sid)
        self.resting.pop((topic, user), None)
        self.tabs.append(tab)
        self.readers.append(Reader(tab, self.presence.snapshot(topic)))
        if self.readers[-1].whole:
            assert self.readers[-1].here == self.here(topic), "a snapshot is the truth"

    @precondition(lambda self: self.tabs)
    @rule(data=st.data(), at_once=st.booleans())
    def close_tab(self, data: st.DataObject, at_once: bool) -> None:
        tab = data.draw(st.sampled_from(self.tabs))
        self.presence.exit(tab.topic, tab, self.now, at_once=at_once)
        self._forget([tab])
        if not at_once and not any((one.topic, one.user) == (tab.topic, tab.user) for one in self.tabs):
            self.resting[tab.topic, tab.user] = self.now + GRACE, tab.sid

    @rule(topic=topics)
    def close_what_is_closed(self, topic: str) -> None:
        self.presence.exit(topic, "nobody's", self.now)

    @rule(topic=topics, user=users)
    def put_out(self, topic: str, user: int) -> None:
        self.presence.dismiss(topic, user)
        self._forget([tab for tab in self.tabs if (tab.topic, tab.user) == (topic, user)])
        self.resting.pop((topic, user), None)

    @rule(user=users)
    def end_session(self, user: int) -> None:
        """As the hub does it: all its tabs, then whoever could have come back by it."""
        sid = self.sessions.pop(user, "none")
        for tab in [tab for tab in self.tabs if tab.sid == sid]:
            self.presence.exit(tab.topic, tab, self.now, at_once=True)
            self._forget([tab])
        self.presence.end_session(sid)
        self.resting = {who: rest for who, rest in self.resting.items() if rest[1] != sid}
        assert not any(user in {author.id for author in self.presence.here(topic)} for topic in TOPICS)

    def _forget(self, gone: list[Tab]) -> None:
        self.tabs = [tab for tab in self.tabs if tab not in gone]
        self.readers = [reader for reader in self.readers if reader.tab not in gone]

    @rule(seconds=st.sampled_from([1.0, 9.0, 11.0]))
    def tell(self, seconds: float) -> None:
        """Time passes; then everybody knows the truth again, after one frame for each topic."""
        self.now += seconds
        self.resting = {who: rest for who, rest in self.resting.items() if rest[0] > self.now}
        changes = self.presence.take(self.now)
        assert len({change.topic for change in changes}) == len(changes)
        for change in changes:
            self._hear(change)
        for topic in TOPICS:
            assert self.watched[topic] == self.here(topic)
        for reader in self.readers:
            assert reader.count == len(self.here(reader.tab.topic))
            assert not reader.whole or reader.here == self.here(reader.tab.topic)
            assert reader.whole or reader.counted or reader.count > CROWD * 0.9

    def _hear(self, change: Change) -> None:
        for reader in self.readers:
            if reader.tab.topic == change.topic:
                reader.hear(change.fields)
        watched = self.watched[change.topic]
        came, went = [author.id for author in change.joined], [author.id for author in change.left]
        assert not watched.intersection(came), "came twice"
        assert watched.issuperset(went), "left twice"
        assert len({*came, *went}) == len(came) + len(went)
        watched.difference_update(went)
        watched.update(came)

    @invariant()
    def the_truth_is_known(self) -> None:
        for topic in TOPICS:
            here = [author.id for author in self.presence.here(topic)]
            assert len(here) == len(set(here)), "one entry for a person"
            assert set(here) == self.here(topic)
            stayed = [user for user in self.arrived[topic] if user in here]
            assert here[: len(stayed)] == stayed, "in order of arrival"
            self.arrived[topic] = here

    def teardown(self) -> None:
        """Nobody there, nothing kept."""
        for tab in list(self.tabs):
            self.presence.exit(tab.topic, tab, self.now)
        self._forget(self.tabs)
        self.now += GRACE
        self.presence.take(self.now)
        assert not self.presence._places
        assert not self.presence._resting
        assert not self.presence._resting_of


PresenceMachine.TestCase.settings = settings(max_examples=5_000 if SOAK else 120, stateful_step_count=30, deadline=None)
TestPresence = PresenceMachine.TestCase


def test_P1_a_crowd_costs_each_a_line_a_second() -> None:
    """B10: three thousand come one after the other, a hundred a second. Names are told up to 200 people, then numbers:
    everybody is sent O(n) in all, not the O(n²) of a list each time."""
    presence = Presence(grace=GRACE, crowd=200, shown=50)
    told = named = 0
    for number in range(3_000):
        presence.enter("room:1", number, Author(number))
        assert len(presence.snapshot("room:1")["here"]) <= 200
        if number % 100 == 99:
            for change in presence.take(float(number)):
                told += 1
                named += len(change.fields.get("joined", ()))
    assert told == 30
    assert named == 200
    assert presence.snapshot("room:1")["count"] == 3_000
