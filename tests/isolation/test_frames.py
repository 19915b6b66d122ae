"""A1: no socket is told anything of a topic that it does not follow, or may not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.faults.crowd import LIMITS
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, EVE, Person
from tests.harness.server import Server

Told = Counter[tuple[str, str]]


class Tab:
    """A socket, and the topics that it follows as far as the model knows."""

    def __init__(self, member: Member, live: Live) -> None:
        self.member, self.live = member, live
        self.topics: set[str] = set()

    def told(self) -> Told:
        """All frames since the last time, whatever they are."""
        self.live.join({})  # answered: whatever was before has been said by now
        return Counter((frame["type"], frame.get("topic", "")) for frame in self.live.drain())


class Member:
    def __init__(self, server: Server, person: Person, stack: ExitStack) -> None:
        self.server, self.person, self._stack = server, person, stack
        self.api = stack.enter_context(Api(server))
        self.api.sign_up(person)
        self.api.sign_in(person)
        self.tabs = [self.open() for _ in range(2)]

    def open(self) -> Tab:
        return Tab(self, self._stack.enter_context(Live(self.server, self.api)))


class Model:
    """Who must be told what; each action says it in advance."""

    def __init__(self, members: list[Member], rng: random.Random) -> None:
        self.members, self.rng = members, rng
        self.posts: list[tuple[int, str]] = []

    @property
    def tabs(self) -> list[Tab]:
        return [tab for member in self.members for tab in member.tabs]

    def step(self) -> str:
        """Something happens; what it was, and a fault if somebody was told too much or too little."""
        actions = (self.join, self.leave, self.post, self.delete, self.typing, self.rename, self.sign_in_anew)
        action = self.rng.choices(actions, weights=(4, 2, 4, 2, 4, 1, 1))[0]
        actor = self.rng.choice(self.tabs)
        expected = action(actor)
        for tab in [actor, *self.tabs]:  # the actor first: it has sent what the others are told
            if tab not in self.tabs:
                continue
            told = tab.told()
            wanted = expected.pop(tab, Counter())
            assert told == wanted, f"{action.__name__}: {tab.member.person.firstname} was told {told}, not {wanted}"
        return action.__name__

    def wall(self) -> str:
        return self.rng.choice(self.members).api.wall

    def followers(self, topic: str, kind: str) -> dict[Tab, Told]:
        return {tab: Counter({(kind, topic): 1}) for tab in self.tabs if topic in tab.topics}

    def join(self, tab: Tab) -> dict[Tab, Told]:
        topic = self.rng.choice([self.wall(), "me"])
        assert "error" not in tab.live.join({topic: None})[topic]
        tab.topics.add(topic)
        return {}

    def leave(self, tab: Tab) -> dict[Tab, Told]:
        topic = self.wall()
        tab.live.send({"type": "leave", "topics": [topic]})
        tab.topics.discard(topic)
        return {}

    def post(self, tab: Tab) -> dict[Tab, Told]:
        topic = self.wall()
        post = tab.member.api.post_on(int(topic.split(":")[1]), "hello")
        self.posts.append((post["id"], topic))
        return self.followers(topic, "event")

    def delete(self, tab: Tab) -> dict[Tab, Told]:
        if not self.posts:
            return {}
        post, topic = self.posts[self.rng.randrange(len(self.posts))]
        gone = tab.member.api.delete(f"/posts/{post}").status_code == 200
        return self.followers(topic, "event") if gone else {}

    def typing(self, tab: Tab) -> dict[Tab, Told]:
        topic = self.wall()
        tab.live.send({"type": "typing", "topic": topic})
        return self.followers(topic, "typing") if topic in tab.topics else {tab: Counter({("error", ""): 1})}

    def rename(self, tab: Tab) -> dict[Tab, Told]:
        tab.member.api.patch("/me", {"city": str(self.rng.random())}, expect=200)
        return {own: Counter({("event", "me"): 1}) for own in tab.member.tabs if "me" in own.topics}

    def sign_in_anew(self, tab: Tab) -> dict[Tab, Told]:
        member = tab.member
        member.api.sign_in(member.person)
        for old in member.tabs:
            assert old.live.closed_with() == (4500, "replaced")
            assert [frame["type"] for frame in old.live.drain()] == ["bye"]
        member.tabs = [member.open() for _ in range(2)]
        return {}


@pytest.fixture
def server(fresh_server: Callable[..., Server]) -> Server:
    quiet = {"heartbeat_seconds": 10_000, "typing_seconds": 0.000_001, "authenticate_seconds": 10_000}
    return fresh_server(limits={**LIMITS, **quiet})


def test_A1_every_frame_goes_to_those_it_is_for(server: Server, rng: random.Random) -> None:
    """Joins, leaves, posts, deletions, typing, new names and sign-ins in any order: each tab of each member is told
    exactly what it follows at that moment; one that has not said who it is, nothing at all."""
    with ExitStack() as stack:
        nobody = stack.enter_context(Live(server, origin=None, hello=False))
        model = Model([Member(server, person, stack) for person in (ADA, BERT, EVE)], rng)
        done = Counter(model.step() for _ in range(count(2_000)))
        assert len(done) == 7, f"not everything was tried: {done}"
        assert nobody.seen == []
        assert nobody.open
