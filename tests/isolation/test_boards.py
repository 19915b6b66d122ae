"""A1, A2 for boards: whatever happens to who may see one, its news reach those who may, and nobody else."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack

from tests.boards.making import change, make_board, open_link, sees, told
from tests.faults.crowd import LIMITS
from tests.guests.conftest import open_hall
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, EVE, Person
from tests.harness.server import Server
from tests.rooms.talk import join, make_room

LINK = "by link"


class Model:
    """Ada's board, her two rooms, and everybody who may or may not see it. ``inside``: who is in which room."""

    def __init__(self, server: Server, rng: random.Random, stack: ExitStack) -> None:
        self.server, self.rng, self._stack = server, rng, stack
        self.people = {name: self._member(person) for name, person in (("ada", ADA), ("bert", BERT), ("eve", EVE))}
        self.ada = self.people["ada"]
        hall = open_hall(self.ada, lambda: stack.enter_context(Api(server)))
        self.people["zoë"] = hall.come_in("Zoë")
        self.rooms = {"hall": hall.room, "closed": make_room(self.ada, "members")["id"]}
        self.kinds = {"hall": "walkin", "closed": "members"}
        self.inside = {"hall": {"ada", "zoë"}, "closed": {"ada"}}
        self.banned: set[str] = set()  # from the hall
        self.audience, self.room = "members", ""
        self.board = make_board(self.ada)["id"]
        self.deleted = False
        self.secret: str | None = None
        self.tabs: dict[str, Live] = {}
        self.following: set[str] = set()
        self.told = 0

    @property
    def topic(self) -> str:
        return f"board:{self.board}"

    def _member(self, person: Person) -> Api:
        api = self._stack.enter_context(Api(self.server))
        api.sign_up(person)
        return api.sign_in(person)

    def may_see(self, name: str) -> bool:
        if self.deleted:
            return False
        if name == LINK:
            return self.secret is not None
        if name == "ada" or (self.audience == "members" and name != "zoë"):
            return True
        if self.audience == "me" or not self.room:
            return False
        walks_in = self.kinds[self.room] == "walkin" and name != "zoë"
        banned = self.room == "hall" and name in self.banned
        return name in self.inside[self.room] or (walks_in and not banned)

    # What happens

    def live(self, steps: int) -> None:
        """Each of all that can happen, in an order of chance, and then whatever comes."""
        actions = [self.share, self.come_or_go, self.put_out, self.change_kind, self.link, self.delete]
        first = self.rng.sample(actions, len(actions))
        for action in first + self.rng.choices(actions, weights=(3, 6, 4, 2, 2, 1), k=steps - len(actions)):
            self._follow()
            action()
            self._check(action.__name__)

    def share(self) -> None:
        if self.deleted:
            return
        choices = [("me", ""), ("members", ""), ("members", "hall"), *(("room", room) for room in self.rooms)]
        self.audience, self.room = self.rng.choices(choices, weights=(1, 1, 1, 2, 3))[0]
        change(self.ada, self.board, audience=self.audience, room=self.rooms.get(self.room))

    def come_or_go(self) -> None:
        name, where = self.rng.choice(["bert", "eve"]), self.rng.choice(list(self.rooms))
        if name in self.banned and where == "hall":
            return
        api, room = self.people[name], self.rooms[where]
        if name in self.inside[where]:
            api.delete(f"/rooms/{room}/members/{api.id}", expect=204)
            self.inside[where].discard(name)
        else:
            if self.kinds[where] == "members":
                self.ada.put(f"/rooms/{room}/members/{api.id}", expect=200)
            join(api, room)
            self.inside[where].add(name)

    def put_out(self) -> None:
        """Removed from the closed room; banned from the hall, or not any more."""
        name = self.rng.choice(["bert", "eve"])
        user = self.people[name].id
        if name in self.inside["closed"] and self.rng.random() < 0.5:
            self.ada.delete(f"/rooms/{self.rooms['closed']}/members/{user}", expect=204)
            self.inside["closed"].discard(name)
        elif name in self.banned:
            self.ada.delete(f"/rooms/{self.rooms['hall']}/bans/{user}", expect=204)
            self.banned.discard(name)
        else:
            self.ada.put(f"/rooms/{self.rooms['hall']}/bans/{user}", expect=204)
            self.banned.add(name)
            self.inside["hall"].discard(name)

    def change_kind(self) -> None:
        """Of the hall: closed to all but those inside, or walked into again."""
        kind = self.kinds["hall"] = "members" if self.kinds["hall"] == "walkin" else "walkin"
        self.ada.patch(f"/rooms/{self.rooms['hall']}", {"kind": kind}, expect=200)

    def link(self) -> None:
        if self.deleted:
            return
        if self.secret is None or self.rng.random() < 0.5:
            self.secret = open_link(self.ada, self.board)
        else:
            self.ada.delete(f"/boards/{self.board}/link", expect=204)
            self.secret = None
        self._put_out_onlooker()

    def delete(self) -> None:
        if self.deleted:
            self.ada.post(f"/boards/{self.board}/restore", expect=200)
        else:
            self.ada.delete(f"/boards/{self.board}", expect=200)
            self._put_out_onlooker()
        self.deleted = not self.deleted

    # Who hears of it

    def _follow(self) -> None:
        """Everybody asks to follow it; who may, does."""
        self.following = set()
        for name in (*self.people, LINK):
            if name == LINK and not self.may_see(LINK):
                continue
            tab = self.tabs.get(name) or self._open(name)
            answer = tab.join({self.topic: None})[self.topic]
            assert ("error" not in answer) == self.may_see(name), (name, answer)
            if "error" not in answer:
                self.following.add(name)
            tab.drain()

    def _open(self, name: str) -> Live:
        if name == LINK:
            first = {"type": "auth", "token": self.secret}
            self.tabs[name] = Live(self.server, first_frame=first, path="/live/view")
        else:
            self.tabs[name] = Live(self.server, self.people[name])
        return self.tabs[name]

    def _check(self, action: str) -> None:
        """News of the board reach those who may see it, and of the others nobody; by REST it is the same."""
        self.told += 1
        word = f"news {self.told}"
        if not self.deleted:
            change(self.ada, self.board, description=word)
        hearing = {name for name in self.following if self.may_see(name)}
        for name in hearing:
            while told(self.tabs[name], self.board)["description"] != word:
                pass
        for name in self.tabs.keys() - hearing:
            self.tabs[name].join({})  # answered: whatever was before has been said by now
            assert not [frame for frame in self.tabs[name].drain() if word in str(frame)], f"{action}: {name}"
        for name, api in self.people.items():
            assert sees(api, self.board) == self.may_see(name), f"{action}: {name}"

    def _put_out_onlooker(self) -> None:
        """Who came by the link that was in force until now."""
        if tab := self.tabs.pop(LINK, None):
            self.following.discard(LINK)
            assert tab.closed_with() == (4503, "link_ended")
            assert [frame["type"] for frame in tab.drain() if frame["type"] != "left"] == ["bye"]
            tab.close()

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.close()


def test_A1_news_of_a_board_reach_those_who_may_see_it(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """Shared anew, rooms entered, left and closed, people removed and banned, links renewed and withdrawn, deleted and
    restored, in any order."""
    quiet = {"heartbeat_seconds": 10_000, "undo_seconds": 10_000, "guest_passes_per_minute": 100_000}
    with ExitStack() as stack:
        model = Model(fresh_server(limits={**LIMITS, **quiet}), rng, stack)
        stack.callback(model.close)
        model.live(count(500))
