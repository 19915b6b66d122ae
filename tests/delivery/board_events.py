"""Boards as a page shows them: loaded, and changed by the newest of their keys."""

from __future__ import annotations

from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame

State = dict[str, Any]


def load(api: Api, boards: list[int], positions: dict[str, int]) -> State:
    """Each of these boards, None where it is not there; with where to follow it from in ``positions``."""
    state: State = {}
    for board in boards:
        answer = api.get(f"/boards/{board}")
        state[f"board:{board}"] = None
        if answer.status_code == 200:
            page = answer.json()
            assert page["board"] == page["state"]["$board"]
            state[f"board:{board}"] = {key: _shown(key, value) for key, value in page["state"].items()}
            positions[f"board:{board}"] = page["seq"]
    return state


def apply(state: State, frame: Frame) -> None:
    board = state[frame["topic"]]
    for key, value in frame["data"].items():
        if value is None:
            board.pop(key, None)
        else:
            board[key] = _shown(key, value)


def leave_out(state: State, after: State) -> None:
    """A board that is not there is no open page; whoever brings it back opens it anew."""
    for name, shown in after.items():
        if name.startswith("board:") and state.get(name) is None:
            state[name] = shown


def _shown(key: str, value: Any) -> Any:
    """Its maker's name is that of the moment when the page is loaded."""
    return {**value, "owner": value["owner"]["id"]} if key == "$board" else value
