"""A round as a page shows it: loaded, and changed by its events."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server

State = dict[str, Any]
_LISTS = ("labs", "places", "teams", "calls")


def load(api: Api, round: int) -> tuple[State, dict[str, int]]:
    """What the page shows, and the positions it joins with. Nothing of a round that is not there, or not for them."""
    answer = api.get(f"/pairup/rounds/{round}")
    if answer.status_code == 404:
        return {}, {}
    page = answer.json()
    state = {name: {one["id"]: one for one in page[name]} for name in _LISTS}
    state["looking"] = {one["entry"]: one for one in page["looking"]}
    state |= {"seconds": page["seconds"], "round": _shown(page["round"]), "mine": page["mine"]}
    positions = {f"pairup:{round}": page["seq"]}
    if page["mine"]:
        positions[f"entry:{page['mine']['entry']['id']}"] = page["mine"].pop("seq")
    return state, positions


def _shown(round: Frame) -> Frame:
    """The phase is that of the moment when it was said."""
    return {name: value for name, value in round.items() if name != "phase"}


def apply(state: State, frame: Frame) -> State:
    """The state after one event. Raises KeyError for one that a page would not understand."""
    if frame["event"] == "round.gone":
        return {}
    state = copy.deepcopy(state)
    _VERBS[frame["event"]](state, frame["data"])
    return state


def _changed(kind: str) -> Callable[[State, Frame], None]:
    def change(state: State, data: Frame) -> None:
        one = data[kind]
        state[f"{kind}s"][one["id"]] = one

    return change


def _places_changed(state: State, data: Frame) -> None:
    for place in data["places"]:
        state["places"][place["id"]] = place


def _places_gone(state: State, data: Frame) -> None:
    for place in data["ids"]:
        state["places"].pop(place)


def _lab_changed(state: State, data: Frame) -> None:
    _changed("lab")(state, data)
    state["seconds"].setdefault(str(data["lab"]["id"]), 300)  # as long as nobody has been seen in it


def _lab_gone(state: State, data: Frame) -> None:
    state["labs"].pop(data["id"])
    state["seconds"].pop(str(data["id"]))
    state["places"] = {key: place for key, place in state["places"].items() if place["lab"] != data["id"]}


def _call_gone(state: State, data: Frame) -> None:
    state["calls"].pop(data["id"], None)  # one that was over tells its lab's new figure
    state["seconds"][str(data["lab"])] = data["seconds"]


def _noticed(state: State, data: Frame) -> None:
    if state["mine"]:
        state["mine"]["notices"] = [data, *state["mine"]["notices"]][:50]


_VERBS: dict[str, Callable[[State, Frame], None]] = {
    "round.changed": lambda state, data: state.update(round=_shown(data["round"])),
    "draw.published": lambda state, data: state.update(round=_shown(data["round"])),
    "lab.changed": _lab_changed,
    "lab.gone": _lab_gone,
    "places.changed": _places_changed,
    "places.gone": _places_gone,
    "team.changed": _changed("team"),
    "team.gone": lambda state, data: state["teams"].pop(data["id"]),
    "looking.changed": lambda state, data: state["looking"].update({data["looking"]["entry"]: data["looking"]}),
    "looking.ended": lambda state, data: state["looking"].pop(data["entry"]),
    "call.changed": _changed("call"),
    "call.gone": _call_gone,
    "notice.created": _noticed,
    "mine.changed": lambda state, _: state.update(mine=None),  # and is loaded
}


class Page:
    """``api``'s, of one round: loaded, joined, listening."""

    def __init__(self, server: Server, name: str, api: Api, round: int) -> None:
        self.name, self._api, self._round = name, api, round
        self._state, self._positions = load(api, round)
        self._is_on_roster = self._state["mine"] is not None
        self.tab = Live(server, api)
        self.tab.join(self._positions)

    def _catch_up(self) -> None:
        self.tab.join({})  # whatever was before has been said by now
        for frame in self.tab.drain():
            if frame["type"] == "event":
                assert frame["seq"] == self._positions[frame["topic"]] + 1, frame
                self._positions[frame["topic"]] = frame["seq"]
                self._state = apply(self._state, frame)
            elif frame["type"] == "left":
                self._state = {}
            else:
                assert frame["type"] == "presence", frame

    def fault(self) -> str | None:
        """What this page shows and a new one does not, or the other way round."""
        self._catch_up()
        after, _ = load(self._api, self._round)
        if self._is_on_roster and self._state and self._state["mine"] is None:
            self._state["mine"] = after["mine"]
        names = [name for name in self._state | after if self._state.get(name) != after.get(name)]
        told = [f"{name} is {self._state.get(name)} instead of {after.get(name)}" for name in names]
        return f"{self.name}: {'; '.join(told)}" if told else None


@contextmanager
def watched(server: Server, apis: dict[str, Api], round: int) -> Iterator[Callable[[], list[str]]]:
    """Opens a page for each; what is yielded tells the faults of all of them."""
    pages: list[Page] = []
    try:
        for name, api in apis.items():
            pages.append(Page(server, name, api, round))
        yield lambda: [fault for page in pages if (fault := page.fault())]
    finally:
        for page in pages:
            page.tab.close()
