"""Who is in a room: invited, removed, banned, muted, promoted; and that it holds from the answer on."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.rooms.talk import code, event, follow, invite, join, make_room, mine, say, texts

Client = Callable[..., Api]
Open = Callable[..., Live]


def test_an_invitation_opens_a_members_only_room(client: Client, live: Open, people: People) -> None:
    """Until then it is not there; invited one sees its door and nothing else; accepting, declining and being asked
    again each show in the list at once."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada, kind="members")["id"]
    say(ada, number, "secret plans")
    assert bert.get(f"/rooms/{number}").status_code == 404
    assert bert.put(f"/rooms/{number}/members/{bert.id}").status_code == 404
    socket = live(bert)
    socket.join({"me": None})
    ada.put(f"/rooms/{number}/members/{bert.id}", expect=200)
    added = event(socket, "me", "room.added")
    assert (added["id"], added["mine"]["state"], added["mine"]["unread"]) == (number, "invited", 0)
    assert event(socket, "me", "notice.created")["kind"] == "invited"
    assert [one["state"] for one in ada.get(f"/rooms/{number}/members", invited="true").json()["items"]].count(
        "invited"
    )
    assert bert.get(f"/rooms/{number}/members", invited="true").status_code == 404
    assert mine(bert, number).get("last") is None
    assert bert.get(f"/rooms/{number}/messages").status_code == 404
    assert socket.join({f"room:{number}": None})[f"room:{number}"] == {"error": "not_found"}
    bert.delete(f"/rooms/{number}/members/{bert.id}", expect=204)
    assert event(socket, "me", "room.removed") == {"id": number, "reason": "left"}
    assert bert.put(f"/rooms/{number}/members/{bert.id}").status_code == 404
    assert "room_name" not in bert.get("/inbox").json()["items"][0]  # nor what it is called from now on
    invite(ada, number, bert)
    assert texts(bert, number) == ["secret plans"]
    assert bert.put(f"/rooms/{number}/members/{eve.id}").status_code == 403  # moderators invite into such a room
    names = [member["user"]["id"] for member in bert.get(f"/rooms/{number}/members").json()["items"]]
    assert names == [ada.id, bert.id]
    handle = ada.get("/session").json()["user"]["handle"]
    found = bert.get(f"/rooms/{number}/members", q=handle.upper()).json()["items"]
    assert [member["user"]["id"] for member in found] == [ada.id]


def test_roles_and_ranks(client: Client, live: Open, people: People) -> None:
    """Owners give roles, moderators mute and remove those below them; the last owner stays; all of it is told, and kept
    in the audit log."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada)["id"]
    for api in (bert, eve):
        join(api, number)
    path = f"/rooms/{number}/members"
    assert code(ada.delete(f"{path}/{ada.id}")) == (403, "forbidden")  # first make somebody else an owner
    assert bert.patch(f"{path}/{eve.id}", {"muted_minutes": 5}).status_code == 403
    socket = live(eve)
    topic = follow(socket, number)
    ada.patch(f"{path}/{bert.id}", {"role": "moderator"}, expect=204)
    assert event(socket, topic, "member.changed")["role"] == "moderator"
    assert bert.patch(f"{path}/{eve.id}", {"role": "moderator"}).status_code == 403
    assert bert.patch(f"{path}/{ada.id}", {"muted_minutes": 5}).status_code == 403
    assert ada.patch(f"{path}/{ada.id}", {"role": "member"}).status_code == 403
    bert.patch(f"{path}/{eve.id}", {"muted_minutes": 5}, expect=204)
    muted = event(socket, topic, "member.changed")["muted_until"]
    refused = eve.post(f"/rooms/{number}/messages", {"text": "mmh"})
    assert (code(refused), refused.json()["until"]) == ((403, "muted"), muted)
    eve.delete(f"{path}/{eve.id}", expect=204)
    join(eve, number)  # is no way out
    assert code(eve.post(f"/rooms/{number}/messages", {"text": "mmh"})) == (403, "muted")
    bert.patch(f"{path}/{eve.id}", {"muted_minutes": 0}, expect=204)
    ada.patch(f"{path}/{bert.id}", {"role": "owner"}, expect=204)
    assert ada.patch(f"{path}/{bert.id}", {"role": "owner", "muted_minutes": 5}).status_code == 403
    said = say(eve, number, "thank you")
    bert.delete(f"/messages/{said['id']}", expect=200)
    lines = [(line["action"], line["by"]["id"]) for line in ada.get(f"/rooms/{number}/audit").json()["items"]]
    assert ("message.deleted", bert.id) in lines
    assert ("member.role", ada.id) in lines
    for body in ({"role": "king"}, {"muted_minutes": -1}, {"muted_minutes": 10**6}):
        assert ada.patch(f"{path}/{eve.id}", body).status_code == 422
    for api in (ada, eve):
        assert api.get(f"{path.removesuffix('/members')}/bans").status_code == (200 if api is ada else 403)


@pytest.mark.parametrize("how", ["removed", "banned", "narrowed"])
def test_S12_whoever_is_put_out_hears_nothing_after_the_answer(
    client: Client, live: Open, people: People, how: str
) -> None:
    """In the midst of a stream of events: the topic is taken away before whoever did it is answered, and nothing of
    what is said from then on arrives, by that socket or a page."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada)["id"]
    join(bert, number)
    if how != "narrowed":
        join(eve, number)
    socket = live(eve)
    topic = follow(socket, number)
    put_out = threading.Event()

    def stream() -> None:
        for place in range(60):
            say(bert, number, f"{'after' if put_out.is_set() else 'before'} {place}")

    talking = threading.Thread(target=stream)
    talking.start()
    socket.recv("event", topic=topic)
    if how == "removed":
        ada.delete(f"/rooms/{number}/members/{eve.id}", expect=204)
    elif how == "banned":
        ada.put(f"/rooms/{number}/bans/{eve.id}", expect=204)
    else:
        ada.patch(f"/rooms/{number}", {"kind": "members"}, expect=200)
    put_out.set()
    talking.join()
    assert socket.recv("left", topic=topic)["reason"]
    socket.join({"me": None})  # whatever was before has been said by now
    heard = [frame for frame in socket.seen if frame.get("topic") == topic]
    assert heard[-1]["type"] == "left"
    assert "after" not in str(heard)
    assert socket.ask({"type": "send", "topic": topic, "text": "still here?"})["code"] in ("not_found", "not_a_member")
    if how == "removed":  # from an open room: who may read it may come back
        join(eve, number)
    else:
        assert eve.get(f"/rooms/{number}/messages").status_code == 404
        assert socket.join({topic: None})[topic] == {"error": "not_found"}
    if how == "banned":
        assert code(ada.put(f"/rooms/{number}/members/{eve.id}")) == (403, "forbidden")
        ada.delete(f"/rooms/{number}/bans/{eve.id}", expect=204)
        join(eve, number)


def test_direct_conversations(client: Client, live: Open, people: People) -> None:
    """One for the same people, whoever begins it; for its people alone; not with whoever does not want it; and nobody
    is written to who has left."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    socket = live(bert)
    socket.join({"me": None})
    room = ada.post("/dms", {"users": [bert.id, ada.id]}, expect=201).json()
    number, topic = room["id"], f"dm:{room['id']}"
    assert (room["kind"], [person["id"] for person in room["people"]]) == ("dm", [bert.id])
    added = event(socket, "me", "room.added")
    assert [person["id"] for person in added["people"]] == [ada.id]
    assert event(socket, "me", "notice.created")["kind"] == "direct"
    assert bert.post("/dms", {"users": [ada.id]}, expect=200).json()["id"] == number
    socket.join({topic: None})
    said = say(ada, number, "psst")
    assert event(socket, topic, "message.posted") == said
    assert [one["id"] for one in bert.get("/dms").json()["items"]] == [number]
    for answer in (
        eve.get(f"/rooms/{number}"),
        eve.get(f"/messages/{said['id']}"),
        eve.post(f"/rooms/{number}/messages", {"text": "x"}),
    ):
        assert answer.status_code == 404
    assert live(bert).join({f"room:{number}": None})[f"room:{number}"] == {"error": "not_found"}
    for refused in (ada.put(f"/rooms/{number}/members/{eve.id}"), ada.put(f"/rooms/{number}/bans/{bert.id}")):
        assert refused.status_code == 403
    group = ada.post("/dms", {"users": [bert.id, eve.id]}, expect=201).json()
    assert (group["id"] != number, group["members"]) == (True, 3)
    for users in ([], [ada.id], [0], list(range(1, 12))):
        assert ada.post("/dms", {"users": users}).json()["field"] == "users"
    assert ada.post("/dms", {"users": [2**40]}).status_code == 404
    bert.delete(f"/rooms/{number}/members/{bert.id}", expect=204)
    assert ada.post(f"/rooms/{number}/messages", {"text": "hello?"}).status_code == 403
    bert.patch("/me/privacy", {"write_to_me": "nobody"}, expect=200)
    assert ada.post("/dms", {"users": [bert.id]}).status_code == 403
    assert bert.post("/dms", {"users": [ada.id]}, expect=200).json()["mine"]["state"] == "in"
    say(ada, number, "there you are")


def test_a_guest_is_muted_removed_and_banned_like_anybody(client: Client, live: Open, people: People) -> None:
    """By the same routes as members; a guest that is put out has no pass any more, and one of another room is nobody's
    affair here."""
    ada = client(people.ada)
    halls = [make_room(ada, kind="walkin")["id"] for _ in range(2)]
    secret = ada.post(f"/rooms/{halls[0]}/link", expect=201).json()["url"].split("#")[1]
    guests = []
    for _ in range(2):
        guest = client()
        body = {"secret": secret, "name": f"Klara {uuid.uuid4().hex[:8]}", "transport": "token"}
        answer = guest.post("/guest-passes", body, expect=201).json()
        guests.append((guest.use_token(answer["token"]), answer["guest"]["id"]))
    (klara, number), (other, second) = guests
    say(klara, halls[0], "hello")
    ada.patch(f"/rooms/{halls[0]}/members/{number}", {"muted_minutes": 1}, expect=204)
    assert code(klara.post(f"/rooms/{halls[0]}/messages", {"text": "mmh"})) == (403, "muted")
    assert ada.patch(f"/rooms/{halls[0]}/members/{number}", {"role": "owner"}).status_code == 403
    for verb in (ada.put, ada.delete):
        assert verb(f"/rooms/{halls[1]}/bans/{number}").status_code == 404
    assert ada.put(f"/rooms/{halls[1]}/members/{number}").status_code == 404
    socket = live(klara)
    follow(socket, halls[0])
    ada.delete(f"/rooms/{halls[0]}/members/{number}", expect=204)
    assert socket.closed_with()[0] == 4503
    assert klara.get(f"/rooms/{halls[0]}").status_code == 401
    ada.put(f"/rooms/{halls[0]}/bans/{second}", expect=204)
    assert other.get(f"/rooms/{halls[0]}").status_code == 401
    assert [one["user"]["id"] for one in ada.get(f"/rooms/{halls[0]}/bans").json()["items"]] == [second]
