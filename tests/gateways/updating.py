"""A board whose news the updates gateway tells, and values for it."""

from __future__ import annotations

import uuid
from typing import NamedTuple

import httpx

from tests.harness.api import Api


class Told(NamedTuple):
    """`token`: a producer's."""

    url: str
    id: int
    token: str


def tell_of(staff: Api, **more: object) -> Told:
    """A new board; from now on it is the one that is told of."""
    board = staff.post("/boards", {"name": f"Board {uuid.uuid4().hex[:8]}", **more}, expect=201).json()["board"]["id"]
    staff.patch(f"/boards/{board}", {"updates": True}, expect=200)
    token = staff.post(f"/boards/{board}/producers", {"name": "a sensor"}, expect=201).json()["token"]
    return Told(staff.url, board, token)


def push_to(board: Told, value: float) -> None:
    """One value, as curl would."""
    with httpx.Client(trust_env=False) as client:
        answer = client.post(
            f"{board.url}/api/v1/boards/{board.id}/values",
            content=f"temp={value}",
            headers={"Authorization": f"Bearer {board.token}"},
        )
    assert answer.status_code == 200, answer.text
