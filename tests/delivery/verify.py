"""State before + events = state after: the page that listened shows what a page loaded anew shows."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.delivery import board_events, room_events
from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server

State = dict[str, Any]


class Open(NamedTuple):
    """What a page has open: ids of walls, of rooms, of boards."""

    walls: list[int]
    rooms: list[int]
    boards: list[int]


def load(api: Api, shown: Open) -> tuple[State, dict[str, int]]:
    """What a page shows, and the positions it joins with."""
    session = api.get("/session")
    if session.status_code == 401:
        return {"session": session.json()["code"]}, {}
    state: State = {"session": "valid", "me": session.json()["user"], "privacy": api.get("/me/privacy").json()}
    follows = api.get("/follows", expect=200).json()
    state["follows"] = {name: {person["id"] for person in people} for name, people in follows.items()}
    positions = {}
    for wall in shown.walls:
        page = api.get(f"/walls/{wall}/posts", expect=200, limit=100).json()
        state[f"wall:{wall}"] = {post["id"]: _shown(post) for post in page["items"]}
        positions[f"wall:{wall}"] = page["seq"]
    state |= room_events.load(api, shown.rooms, positions)
    return state | board_events.load(api, shown.boards, positions), positions


def apply(state: State, frame: Frame) -> State:
    """The state after one frame. Raises KeyError for an event that a page would not understand."""
    state = copy.deepcopy(state)
    data = frame.get("data")
    match frame["type"], frame.get("event"):
        case "state", _:
            board_events.apply(state, frame)
        case "event", "post.created" | "post.restored":
            if not data.get("deleted"):  # one that is gone by the time it is replayed
                state[frame["topic"]][data["id"]] = _shown(data)
        case "event", "post.deleted":
            state[frame["topic"]].pop(data["id"], None)
        case "event", "profile.changed":
            state["me"] = data
        case "event", "privacy.changed":
            state["privacy"] = data
        case "event", "follow.changed":
            for name, does in (("following", data["following"]), ("followers", data["followed_by"])):
                (set.add if does else set.discard)(state["follows"][name], data["user"]["id"])
        case "bye", _ if frame["reason"] != "try_again":
            codes = {"replaced": "session_replaced", "closed": "account_closed"}
            state = {"session": codes.get(frame["reason"], frame["reason"])}
        case "typing" | "presence" | "bye" | "heads", _:
            pass  # fleeting, or told again when the page comes back
        case _:
            room_events.apply(state, frame)
    return state


def _shown(post: Frame) -> Frame:
    """Names of authors are those of the moment when a page is loaded; who wrote it stays."""
    return {**post, "author": post["author"]["id"]}


def difference(state: State, after: State) -> str:
    """What is shown, and what should be."""
    names = [name for name in state | after if state.get(name) != after.get(name)]
    return "; ".join(f"{name} is {state.get(name)!r} instead of {after.get(name)!r}" for name in names)


class Watcher:
    """A page of ``api``'s: loaded, joined, listening."""

    def __init__(self, server: Server, name: str, api: Api, shown: Open) -> None:
        self.name, self._api, self._shown, self._server = name, api, shown, server
        self._state, self._positions = load(api, shown)
        self.tab = Live(server, api)
        self._join()

    def _join(self) -> None:
        """From where the page is, in all its topics."""
        for topic, answer in self.tab.join(self._positions).items():
            for event in answer.get("events", ()):
                self._take({"type": "event", "topic": topic, **event})
            if "state" in answer:
                self._take({"type": "state", "topic": topic, "seq": answer["seq"], "data": answer["state"]})

    def _take(self, frame: Frame) -> None:
        if frame["type"] == "event":
            assert frame["seq"] == self._positions[frame["topic"]] + 1, frame
            self._positions[frame["topic"]] = frame["seq"]
        if frame["type"] == "state":
            assert frame["seq"] >= self._positions[frame["topic"]], frame
            self._positions[frame["topic"]] = frame["seq"]
        if frame["type"] == "left":
            self._positions.pop(frame["topic"], None)
        self._state = apply(self._state, frame)

    def _catch_up(self) -> None:
        """Take what was said, follow the rooms that were added, and come back where the server asked for it."""
        self.tab.join({})  # whatever was before has been said by now
        for frame in self.tab.drain():
            self._take(frame)
        if self._follow(room_events.topics(self._state)):
            self._catch_up()

    def _await_states(self, positions: dict[str, int]) -> None:
        """A board tells in a while what has changed, not at once."""
        for topic in self._positions.keys() & positions.keys():
            while topic.startswith("board:") and self._positions[topic] < positions[topic]:
                self._take(self.tab.recv("state", topic=topic))

    def _follow(self, positions: dict[str, int]) -> bool:
        """From now on also these topics; whether there were new ones."""
        added = {topic: seq for topic, seq in positions.items() if topic not in self._positions}
        self._positions |= added
        if added:
            self._join()
        return bool(added)

    def fault(self) -> str | None:
        """What this page shows and a new one does not, or the other way round."""
        if self._api.get("/session").status_code == 401:
            self.tab.closed_with(10.0)
            for frame in self.tab.drain():
                self._take(frame)
        else:
            if not self.tab.open:
                for frame in self.tab.drain():
                    self._take(frame)
                self.tab.close()
                self.tab = Live(self._server, self._api)
                self._join()
            self._catch_up()
        after, positions = load(self._api, self._shown)
        self._await_states(positions)
        room_events.leave_out(self._state, after)
        board_events.leave_out(self._state, after)
        self._follow(positions)
        return None if self._state == after else f"{self.name}: {difference(self._state, after)}"


@contextmanager
def watched(server: Server, pages: dict[str, Api], shown: Open) -> Iterator[Callable[[], list[str]]]:
    """Opens a page for each; what is yielded tells the faults of all of them."""
    watchers: list[Watcher] = []
    try:
        for name, api in pages.items():
            watchers.append(Watcher(server, name, api, shown))
        yield lambda: [fault for watcher in watchers if (fault := watcher.fault())]
    finally:
        for watcher in watchers:
            watcher.tab.close()
