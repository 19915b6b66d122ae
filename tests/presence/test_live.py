"""Presence, typing, read positions and heads over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People

Client = Callable[..., Api]
Open = Callable[..., Live]


def new_room(host: Api, name: str, kind: str = "members", guest: Api | None = None) -> str:
    """Its topic; ``guest`` has been invited and has come."""
    room = host.post("/rooms", {"name": f"{name} {host.id}", "kind": kind}, expect=201).json()["id"]
    if guest is not None:
        host.put(f"/rooms/{room}/members/{guest.id}", {})
        guest.put(f"/rooms/{room}/members/{guest.id}", {})
    return f"room:{room}"


def ids(authors: list[dict[str, Any]]) -> set[int]:
    return {author["id"] for author in authors}


def test_P1_P2_one_entry_however_many_tabs_and_none_for_a_dead_session(
    client: Client, live: Open, people: People
) -> None:
    """Who comes sees who is here; the others hear of them once. With the session all tabs go, which is one change."""
    ada, bert = client(people.ada), client(people.bert)
    room = new_room(ada, "presence", guest=bert)
    watching = live(ada)
    first = watching.join({room: None})[room]["presence"]
    assert (first["count"], ids(first["here"])) == (1, {ada.id})
    tabs = [live(bert) for _ in range(2)]
    for tab in tabs:
        assert ids(tab.join({room: None})[room]["presence"]["here"]) == {ada.id, bert.id}
    seen = set[int]()
    while bert.id not in seen:
        frame = watching.recv("presence", topic=room)
        seen |= ids(frame["joined"])
    assert frame["count"] == 2
    tabs[0].close()
    bert.delete("/session", expect=204)
    last = watching.recv("presence", topic=room)
    assert (last["left"], last["joined"], last["count"]) == ([bert.id], [], 1)
    assert last["version"] == frame["version"] + 1
    assert ids(live(ada).join({room: None})[room]["presence"]["here"]) == {ada.id}


def test_A1_read_heads_and_typing_reach_those_they_are_for(client: Client, live: Open, people: People) -> None:
    """My read position goes to my tabs; heads to who is in the room and has not joined it; nothing of it, and no
    presence, to an outsider, who may not type or read there either."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    room = new_room(ada, "heads", guest=bert)
    reading, aside, outside, typing = live(ada), live(ada), live(eve), live(bert)
    assert aside.recv("heads", 10)["heads"][room] >= 1
    head = reading.join({room: None})[room]["seq"]
    typing.join({room: None})
    for what in ({"type": "typing", "topic": room}, {"type": "read", "topic": room, "seq": 1}):
        outside.send(what)
        assert outside.recv("error")["code"] == "not_found"
    assert outside.join({room: None}) == {room: {"error": "not_found"}}
    typing.send({"type": "typing", "topic": room})
    assert reading.recv("typing", topic=room)["user"]["id"] == bert.id
    bert.post(f"/rooms/{room[5:]}/messages", {"text": "hello"}, expect=201)
    assert reading.recv("event", topic=room)["seq"] == head + 1
    while aside.recv("heads")["heads"].get(room) != head + 1:  # others' rooms are none of hers, but the first room is
        pass
    reading.send({"type": "read", "topic": room, "seq": head + 1})
    for tab in (reading, aside):
        assert tab.recv("read") == {"type": "read", "topic": room, "seq": head + 1}
    outside.join({})
    assert room not in str([frame for frame in outside.seen if frame["type"] not in ("joined", "error")])
    assert "read" not in {frame["type"] for frame in typing.seen}
    assert "typing" not in {frame["type"] for frame in aside.seen}
