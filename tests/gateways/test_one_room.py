"""One room, four languages: a member and a guest with Twidder's own clients, a Socket.IO client, a Tutorial 12 tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.bridged import Bridged
from tests.conformance.socketio.client import SocketIo, enter
from tests.conformance.tutorial12.client import Tutorial
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for


def _texts(live: Live, topic: str) -> list[str]:
    events = [frame for frame in live.seen if frame["type"] == "event" and frame["topic"] == topic]
    return [frame["data"]["text"] for frame in events if frame["event"] == "message.posted"]


def _here(live: Live, topic: str) -> set[str]:
    """The first names of who is here, by the snapshot and the changes that followed."""
    here: dict[int, str] = {}
    for frame in list(live.seen):
        snapshot = frame.get("topics", {}).get(topic, {}) if frame["type"] == "joined" else {}
        change = frame if frame["type"] == "presence" and frame["topic"] == topic else {}
        for author in (*snapshot.get("presence", {}).get("here", ()), *change.get("joined", ())):
            here[author["id"]] = author["firstname"]
        for left in change.get("left", ()):
            here.pop(left, None)
    return set(here.values())


def _guest(room: Bridged, name: str, client: Callable[..., Api]) -> Api:
    link = room.host.post(f"/rooms/{room.id}/link", expect=201).json()["url"]
    guest = client()
    guest.post("/guest-passes", {"secret": link.split("#")[1], "name": name}, expect=201)
    return guest


def test_everybody_hears_the_same_conversation(
    server: Server,
    client: Callable[..., Api],
    live: Callable[..., Live],
    people: People,
    socketio: Callable[..., SocketIo],
    tutorial: Callable[..., Tutorial],
) -> None:
    """Who comes and goes, and what is said, whatever anybody speaks; it is stored, in one order, and found again."""
    room = Bridged(client(people.ada))
    bert = client(people.bert)
    ada, zoe = live(room.host), live(_guest(room, "Zoë", client))
    for own in (ada, zoe):
        assert "error" not in own.join({room.topic: None})[room.topic]
    tim = socketio(headers=enter(server, "Tim", room.name))
    tim.call("joined", {})
    walter = tutorial(room.tutorial)
    walter.log_in("walter")
    walter.hear("login", user_joined="walter", active_users=["Ada Lind", "Zoë", "Tim", "walter"])
    wait_for(lambda: _here(ada, room.topic) == _here(zoe, room.topic) == {"Ada", "Zoë", "Tim", "walter"})

    his = live(bert)
    his.join({room.topic: None})
    walter.hear("login", user_joined="Bert Okafor")
    tim.hear("status", {"msg": "Bert Okafor has entered the room."})

    ada.ask({"type": "send", "topic": room.topic, "text": "Welcome, penguins"})
    walter.hear("chat", username="Ada Lind", text="Welcome, penguins")
    zoe.ask({"type": "send", "topic": room.topic, "text": "Hello from the link"})
    walter.hear("chat", username="Zoë", text="Hello from the link")
    tim.call("text", {"msg": "Hello from Socket.IO"})
    walter.hear("chat", username="Tim", text="Hello from Socket.IO")
    walter.chat("Hello from the tutorial")
    walter.hear("chat", text="Hello from the tutorial")
    said = ["Welcome, penguins", "Hello from the link", "Hello from Socket.IO", "Hello from the tutorial"]
    wait_for(lambda: all(_texts(own, room.topic) == said for own in (ada, zoe, his)))
    for name, text in zip(("Ada Lind", "Zoë", "Tim", "walter"), said, strict=True):
        tim.hear("message", {"msg": f"{name}:{text}"})
    assert room.texts() == said
    found = room.host.get("/search", q="tutorial", **{"in": room.id}, expect=200).json()["items"]
    assert [hit["message"]["text"] for hit in found] == [said[-1]]
    assert found[0]["message"]["author"]["guest"]

    bert.delete("/session", expect=204)
    walter.hear("disconnect", user_left="Bert Okafor")
    tim.hear("status", {"msg": "Bert Okafor has left the room."})
    walter.close()
    tim.hear("status", {"msg": "walter has left the room."})
    wait_for(lambda: _here(ada, room.topic) == {"Ada", "Zoë", "Tim"})
    tim.close()
    wait_for(lambda: _here(zoe, room.topic) == {"Ada", "Zoë"})


def test_S12_who_is_banned_hears_nothing_more(
    client: Callable[..., Api], people: People, tutorial: Callable[..., Tutorial]
) -> None:
    """After the answer to the ban not one frame of the room, and no way back under that name."""
    room = Bridged(client(people.ada))
    walter = tutorial(room.tutorial, "walter")
    guest = room.guest("walter")
    room.host.put(f"/rooms/{room.id}/bans/{guest}", expect=204)
    room.host.post(f"/rooms/{room.id}/messages", {"text": "he is gone"}, expect=201)
    frames, code = walter.until_close()
    assert code == 4503
    assert not [frame for frame in frames if "error" not in frame]
    again = tutorial(room.tutorial)
    again.log_in("walter")
    assert again.complaint()


def test_what_they_have_no_words_for(client: Callable[..., Api], people: People) -> None:
    """Editing, deleting and reactions break nothing for those who cannot be told of them."""
    room = Bridged(client(people.ada))
    with Tutorial(room.tutorial, "walter") as walter:
        first: dict[str, Any] = room.host.post(f"/rooms/{room.id}/messages", {"text": "one"}, expect=201).json()
        room.host.patch(f"/messages/{first['id']}", {"text": "changed"}, expect=200)
        room.host.delete(f"/messages/{first['id']}", expect=200)
        room.host.put(f"/messages/{first['id']}/reactions/👍")
        room.host.post(f"/rooms/{room.id}/messages", {"text": "two"}, expect=201)
        walter.hear("chat", text="one")
        walter.hear("chat", text="two")
        room.host.patch(f"/rooms/{room.id}", {"description": "another word", "slow_seconds": 0}, expect=200)
        walter.chat("three")
        walter.hear("chat", text="three")
