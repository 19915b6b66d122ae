"""What tests of boards do all the time."""

from __future__ import annotations

import uuid
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame, Live

POLL = {"id": "poll", "kind": "poll", "text": "Tea or coffee?", "options": ["Tea", "Coffee"]}


def make_board(api: Api, **more: Any) -> dict[str, Any]:
    """A new board of a name that no other test has used."""
    body = {"name": f"Board {uuid.uuid4().hex[:12]}", **more}
    board: dict[str, Any] = api.post("/boards", body, expect=201).json()["board"]
    return board


def arrange(api: Api, board: int, *tiles: dict[str, Any]) -> dict[str, Any]:
    """These tiles in the place of those that are there."""
    version = api.get(f"/boards/{board}", expect=200).json()["board"]["version"]
    body = {"tiles": list(tiles), "version": version}
    arranged: dict[str, Any] = api.put(f"/boards/{board}/tiles", body, expect=200).json()
    return arranged


def change(api: Api, board: int, **fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = api.patch(f"/boards/{board}", fields, expect=200).json()["board"]
    return changed


def open_link(api: Api, board: int) -> str:
    """A new public link; its secret."""
    return str(api.post(f"/boards/{board}/link", expect=201).json()["url"]).split("/board#")[1]


def follow(socket: Live, board: int) -> Frame:
    """Follow the board from now on; what its topic says of it."""
    topic = f"board:{board}"
    told: Frame = socket.join({topic: None})[topic]
    assert "error" not in told, told
    return told


def told(socket: Live, board: int, key: str = "$board") -> Any:
    """The next news of that key, whatever else is told before."""
    while True:
        data = socket.recv("state", topic=f"board:{board}")["data"]
        if key in data:
            return data[key]


def sees(api: Api, board: int) -> bool:
    """Whether the board is there, for this one: by its id, in the list."""
    status = api.get(f"/boards/{board}").status_code
    assert status in (200, 404)
    return status == 200
