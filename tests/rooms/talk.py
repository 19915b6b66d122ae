"""What tests of rooms do all the time."""

from __future__ import annotations

import uuid
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Frame, Live


def make_room(api: Api, kind: str = "open", **more: Any) -> dict[str, Any]:
    """A new room of a name that no other test has used."""
    name = f"Room {uuid.uuid4().hex[:12]}"
    room: dict[str, Any] = api.post("/rooms", {"name": name, "kind": kind, **more}, expect=201).json()
    return room


def join(api: Api, room: int) -> None:
    """Come in, or accept the invitation."""
    api.put(f"/rooms/{room}/members/{api.id}", expect=200)


def invite(api: Api, room: int, *others: Api) -> None:
    """Invited by ``api``, the others come in."""
    for other in others:
        api.put(f"/rooms/{room}/members/{other.id}", expect=200)
        join(other, room)


def say(api: Api, room: int, text: str, **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = api.post(f"/rooms/{room}/messages", {"text": text, **more}, expect=201).json()
    return message


def texts(api: Api, room: int, **query: Any) -> list[str]:
    return [message["text"] for message in api.get(f"/rooms/{room}/messages", expect=200, **query).json()["items"]]


def mine(api: Api, room: int) -> dict[str, Any]:
    """The room as it stands in the list of ``api``; fails if it does not."""
    found: dict[str, Any] = {one["id"]: one for one in api.get("/rooms", expect=200).json()["items"]}[room]
    return found


def follow(socket: Live, room: int, kind: str = "room") -> str:
    """Follow the room from now on; the topic's name."""
    topic = f"{kind}:{room}"
    assert "error" not in socket.join({topic: None})[topic]
    return topic


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def event(socket: Live, topic: str, name: str) -> Frame:
    """The data of the topic's next event, which is of that name."""
    frame = socket.recv("event", topic=topic)
    assert frame["event"] == name, frame
    data: Frame = frame["data"]
    return data
