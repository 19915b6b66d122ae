"""State before + events = state after: the page that listened shows what a page loaded anew shows."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server

State = dict[str, Any]


def load(api: Api, walls: list[int]) -> tuple[State, dict[str, int]]:
    """What a page shows, and the positions it joins with."""
    session = api.get("/session")
    if session.status_code == 401:
        return {"session": session.json()["code"]}, {}
    state: State = {"session": "valid", "me": session.json()["user"]}
    positions = {}
    for wall in walls:
        page = api.get(f"/walls/{wall}/posts", expect=200, limit=100).json()
        state[f"wall:{wall}"] = {post["id"]: _shown(post) for post in page["items"]}
        positions[f"wall:{wall}"] = page["seq"]
    return state, positions


def apply(state: State, frame: Frame) -> State:
    """The state after one frame. Raises KeyError for an event that a page would not understand."""
    state = copy.deepcopy(state)
    match frame["type"], frame.get("event"):
        case "event", "post.created" | "post.restored":
            if not frame["data"].get("deleted"):  # one that is gone by the time it is replayed
                state[frame["topic"]][frame["data"]["id"]] = _shown(frame["data"])
        case "event", "post.deleted":
            state[frame["topic"]].pop(frame["data"]["id"], None)
        case "event", "profile.changed":
            state["me"] = frame["data"]
        case "bye", _:
            codes = {"replaced": "session_replaced", "closed": "account_closed"}
            state = {"session": codes.get(frame["reason"], frame["reason"])}
        case kind:
            raise KeyError(kind)
    return state


def _shown(post: Frame) -> Frame:
    """Names of authors are those of the moment when a page is loaded; who wrote it stays."""
    return {**post, "author": post["author"]["id"]}


class Watcher:
    """A page of ``api``'s that is open on ``walls``: loaded, joined, listening."""

    def __init__(self, server: Server, name: str, api: Api, walls: list[int]) -> None:
        self.name, self._api, self._walls = name, api, walls
        self.before, positions = load(api, walls)
        self.tab = Live(server, api)
        answers = self.tab.join({**positions, "me": None})
        self.missed = [
            {"type": "event", "topic": topic, **event} for topic in answers for event in answers[topic]["events"]
        ]

    def fault(self) -> str | None:
        """What this page shows and a new one does not, or the other way round."""
        ended = self._api.get("/session").status_code == 401
        if ended:
            self.tab.closed_with(10.0)
        else:
            self.tab.join({})  # whatever was before has been said by now
        state = self.before
        for frame in self.missed + self.tab.drain():
            state = apply(state, frame)
        after, _ = load(self._api, self._walls)
        return None if state == after else f"{self.name} shows {state} instead of {after}"


@contextmanager
def watched(server: Server, pages: dict[str, Api], walls: list[int]) -> Iterator[Callable[[], list[str]]]:
    """Opens a page for each; what is yielded tells the faults of all of them."""
    watchers: list[Watcher] = []
    try:
        for name, api in pages.items():
            watchers.append(Watcher(server, name, api, walls))
        yield lambda: [fault for watcher in watchers if (fault := watcher.fault())]
    finally:
        for watcher in watchers:
            watcher.tab.close()
