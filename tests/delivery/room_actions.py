"""What can be done in rooms, for L10."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.server import Server
from tests.rooms.talk import join, make_room, say

if TYPE_CHECKING:
    from tests.delivery.test_actions import Scene


class Rooms(NamedTuple):
    """Ada's: ``open``, where Bert is too, with a message of hers (``said``, under her thumb) and one that she deleted
    (``unsaid``); ``closed``, to which Bert is invited; and a walk-in ``hall`` with its link, where guests knock."""

    open: int
    closed: int
    hall: int
    secret: str
    said: int
    unsaid: int


def furnish(server: Server, ada: Api, bert: Api) -> Rooms:
    room, closed, hall = (make_room(ada, kind)["id"] for kind in ("open", "members", "walkin"))
    join(bert, room)
    ada.put(f"/rooms/{closed}/members/{bert.id}", expect=200)
    said, unsaid = say(ada, room, "hello")["id"], say(ada, room, "oops")["id"]
    ada.put(f"/messages/{said}/reactions/👍", expect=204)
    ada.delete(f"/messages/{unsaid}", expect=200)
    ada.patch(f"/rooms/{hall}", {"knock": True}, expect=200)
    url = ada.post(f"/rooms/{hall}/link", expect=201).json()["url"]
    return Rooms(room, closed, hall, url.split("#")[1], said, unsaid)


def knock(scene: Scene) -> tuple[Api, int]:
    """A guest in front of the hall's door, and their id."""
    guest = Api(scene.server)
    body = {"secret": scene.rooms.secret, "name": f"Guest {uuid.uuid4().hex[:8]}", "transport": "token"}
    answer = guest.post("/guest-passes", body, expect=201).json()
    return guest.use_token(answer["token"]), answer["guest"]["id"]


def come_in(scene: Scene) -> tuple[Api, int]:
    guest, number = knock(scene)
    scene.ada.put(f"/rooms/{scene.rooms.hall}/guests/{number}", expect=204)
    return guest, number


def become_member(scene: Scene) -> None:
    guest, _ = come_in(scene)
    with guest:
        guest.post(f"/rooms/{scene.rooms.hall}/messages", {"text": "nice place"}, expect=201)
        guest.post("/guest-passes/account", scene.person.unique().fields(), expect=201)


def put_out(scene: Scene) -> None:
    for come in (knock, come_in):
        guest, number = come(scene)
        with guest:
            scene.ada.delete(f"/rooms/{scene.rooms.hall}/guests/{number}", expect=204)


def ban(scene: Scene) -> None:
    scene.ada.put(f"/rooms/{scene.rooms.open}/bans/{scene.bert.id}", expect=204)


def unban(scene: Scene) -> None:
    scene.ada.delete(f"/rooms/{scene.rooms.open}/bans/{scene.bert.id}", expect=204)
    join(scene.bert, scene.rooms.open)


def change_member(scene: Scene) -> None:
    path = f"/rooms/{scene.rooms.open}/members/{scene.bert.id}"
    scene.ada.patch(path, {"role": "moderator"}, expect=204)
    scene.ada.patch(path, {"muted_minutes": 10}, expect=204)


def remove_member(scene: Scene) -> None:
    """Declined, left, put out."""
    scene.bert.delete(f"/rooms/{scene.rooms.closed}/members/{scene.bert.id}", expect=204)
    scene.bert.delete(f"/rooms/{scene.rooms.open}/members/{scene.bert.id}", expect=204)
    join(scene.bert, scene.rooms.open)
    scene.ada.delete(f"/rooms/{scene.rooms.open}/members/{scene.bert.id}", expect=204)


def add_member(scene: Scene) -> None:
    """Invited, accepted, joined; and what was said before stays read."""
    join(scene.bert, scene.rooms.closed)
    scene.ada.put(f"/rooms/{scene.rooms.closed}/members/{scene.owner.id}", expect=200)
    join(scene.bert, scene.rooms.hall)
    say(scene.ada, scene.rooms.closed, "welcome")


def change_room(scene: Scene) -> None:
    change = {"name": f"Room {uuid.uuid4().hex[:12]}", "description": "New", "slow_seconds": 5}
    scene.ada.patch(f"/rooms/{scene.rooms.open}", change, expect=200)


def begin_conversation(scene: Scene) -> None:
    """With two, and one of them says something and goes."""
    room = scene.ada.post("/dms", {"users": [scene.bert.id, scene.owner.id]}, expect=201).json()["id"]
    say(scene.bert, room, "hello you two")
    scene.bert.delete(f"/rooms/{room}/members/{scene.bert.id}", expect=204)


def create_message(scene: Scene) -> None:
    """That means somebody, and one that answers it."""
    handle = scene.bert.get("/session").json()["user"]["handle"]
    meant = say(scene.ada, scene.rooms.open, f"@{handle}?")
    say(scene.bert, scene.rooms.open, "yes?", reply_to=meant["id"])


def say_and_unsay(scene: Scene) -> None:
    said = say(scene.ada, scene.rooms.open, "not for long")
    scene.ada.delete(f"/messages/{said['id']}", expect=200)
    scene.ada.post(f"/messages/{said['id']}/restoration", expect=200)


def read_room(scene: Scene) -> None:
    create_message(scene)
    scene.bert.put(f"/rooms/{scene.rooms.open}/read", {"seq": 10**6}, expect=204)


def read_notices(scene: Scene) -> None:
    create_message(scene)
    newest = scene.bert.get("/inbox").json()["items"][0]["id"]
    scene.bert.put("/inbox/read", {"up_to": newest}, expect=204)


def report(scene: Scene) -> int:
    body = {"message": say(scene.ada, scene.rooms.open, "hm")["id"], "reason": "Too short."}
    return int(scene.bert.post("/reports", body, expect=201).json()["id"])


def react(scene: Scene, api: Api, verb: str) -> None:
    api.request(verb, f"/messages/{scene.rooms.said}/reactions/👍", json={}, expect=204)


def by_socket(scene: Scene) -> None:
    """Sent and read by the other door."""
    topic = f"room:{scene.rooms.open}"
    with Live(scene.server, scene.bert) as tab:
        ack = tab.ask({"type": "send", "topic": topic, "text": "by socket", "cid": str(uuid.uuid4())})
        tab.send({"type": "read", "topic": topic, "seq": ack["seq"]})
        assert tab.recv("read")["seq"] == ack["seq"]


def archive(scene: Scene) -> None:
    scene.ada.delete(f"/rooms/{scene.rooms.open}", expect=200)


def narrow(scene: Scene) -> None:
    """The owner, who only looked on, may not any more."""
    scene.ada.patch(f"/rooms/{scene.rooms.open}", {"kind": "members"}, expect=200)


def knock_only(scene: Scene) -> None:
    knock(scene)[0].close()


def let_in(scene: Scene) -> None:
    come_in(scene)[0].close()


def upload(api: Api, path: str) -> None:
    """A file that hangs on nothing yet."""
    api.request("POST", path, files={"file": ("notes.txt", b"plain", "text/plain")}, expect=201)


def change_level(scene: Scene) -> None:
    scene.bert.patch(f"/rooms/{scene.rooms.open}/mine", {"level": "mentions"}, expect=204)


# By the names of the views, in an order in which each is possible.
MESSAGES: dict[str, Callable[[Any], Any]] = {
    "create_message": create_message,
    "edit_message": lambda scene: scene.ada.patch(f"/messages/{scene.rooms.said}", {"text": "hi"}, expect=200),
    "add_reaction": lambda scene: react(scene, scene.bert, "PUT"),
    "remove_reaction": lambda scene: react(scene, scene.ada, "DELETE"),
    "restore_message": lambda scene: scene.ada.post(f"/messages/{scene.rooms.unsaid}/restoration", expect=200),
    "say_and_unsay": say_and_unsay,
    "upload_to_room": lambda scene: upload(scene.ada, f"/rooms/{scene.rooms.open}/files"),
    "read_room": read_room,
    "read_notices": read_notices,
    "by_socket": by_socket,
    "change_level": change_level,
    "create_report": report,
    "change_report": lambda scene: scene.owner.patch(f"/reports/{report(scene)}", {"state": "done"}, expect=200),
    "delete_message": lambda scene: scene.ada.delete(f"/messages/{scene.rooms.said}", expect=200),
}
ROOMS: dict[str, Callable[[Any], Any]] = {
    "create_room": lambda scene: make_room(scene.ada, "walkin"),
    "change_room": change_room,
    "look_at_door": lambda scene: scene.ada.post("/guest-door", {"secret": scene.rooms.secret}, expect=200),
    "come_in": knock_only,
    "let_in": let_in,
    "put_out": put_out,
    "become_member": become_member,
    "close_door": lambda scene: scene.ada.delete(f"/rooms/{scene.rooms.hall}/link", expect=204),
    "open_door": lambda scene: scene.ada.post(f"/rooms/{scene.rooms.hall}/link", expect=201),
    "add_member": add_member,
    "begin_conversation": begin_conversation,
    "change_member": change_member,
    "remove_member": remove_member,
    "ban_member": ban,
    "unban_member": unban,
    "narrow": narrow,
    "archive_room": archive,
}
