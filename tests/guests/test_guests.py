"""Guests: a stranger with a link is in within one step, in that one room, visibly a guest, for a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.guests.conftest import Client, Hall, open_hall
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

Open = Callable[..., Live]


def test_a_stranger_sees_the_door_and_comes_in(client: Client, live: Open, hall: Hall) -> None:
    """The link tells the room and its host; a name is enough; the room hears of it, and of what the guest says."""
    seen = client().post("/guest-door", {"secret": hall.secret}, expect=200).json()
    assert (seen["room"]["id"], seen["host"]["id"], seen["knock"]) == (hall.room, hall.host.id, False)
    at_host = live(hall.host)
    at_host.join({hall.topic: None})
    zoe = hall.come_in("Zoë")
    joined = at_host.recv("event", topic=hall.topic)
    assert (joined["event"], joined["data"]["user"], joined["data"]["role"]) == ("member.joined", zoe.user, "guest")
    assert zoe.user["guest"] is True
    socket = live(zoe)
    assert (socket.hello["guest"], socket.hello["room"]) == (zoe.user, hall.room)
    assert "error" not in socket.join({hall.topic: None, "me": None})[hall.topic]
    said = socket.ask({"type": "send", "topic": hall.topic, "text": "May I ask something?"})["message"]
    assert said["author"] == zoe.user
    assert at_host.recv("event", topic=hall.topic)["data"] == said
    mine = zoe.get("/session", expect=200).json()
    assert (mine["guest"], mine["room"]) == (zoe.user, hall.room)
    again = zoe.post("/guest-passes", {"secret": hall.secret, "name": "Somebody else"}, expect=200).json()
    assert (again["guest"], again["state"]) == (zoe.user, "in")


def test_a_member_comes_in_as_themselves(client: Client, hall: Hall, people: People) -> None:
    """Their session is not replaced by a pass; a sign-in replaces the pass of the browser."""
    bert = client(people.bert)
    refused = bert.post("/guest-passes", {"secret": hall.secret, "name": "Robert"})
    assert (refused.status_code, refused.json()["code"]) == (409, "gone")
    assert bert.put(f"/rooms/{hall.room}/members/{bert.id}").status_code == 200
    guest = hall.come_in("Zoë")
    with Api(guest.url) as old:
        old.http.headers["Cookie"] = guest.cookie
        guest.sign_in(people.bert)
        assert old.get("/session").json()["code"] == "signed_out"
    assert guest.get("/session").json()["user"]["id"] == bert.id


UNFIT = ["", "  \u200b ", "two\nlines", "x" * 33, "admin", "ＡＤＭＩＮ", "..", "con", "%2e", "-rf", "Ze\u202eoe"]
UNFIT += ["Zoe\u3164Q", "Zoe\u034f", "Zoe\u2800", "\u0430dmin"]
UNFIT += ["\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"]


def test_row37_a_guest_has_a_name_that_people_can_read(hall: Hall) -> None:
    """One visible line that begins with a letter or digit, not an office, and nothing invisible in it."""
    for name in UNFIT:
        refused = hall.client().post("/guest-passes", {"secret": hall.secret, "name": name})
        assert (refused.status_code, refused.json()["field"]) == (422, "name"), name
    for name in ("x" * 32, "王小明"):
        assert hall.come_in(name).user["firstname"] == name


def test_nobody_goes_by_a_members_name(client: Client, hall: Hall, people: People) -> None:
    """Whatever case, width, spacing or alphabet: neither a member's full name, nor a handle, nor another guest's name;
    what ends with its holder is free again. Who has no link is not told which names there are."""
    bert = client(people.bert.but(familyname=f"Okafor{hall.room}"))
    stranger = client()
    zoe = hall.come_in("Zoë Q")
    handle = bert.get("/me").json()["handle"]
    names = [f"bert okafor{hall.room}", f"ＢＥＲＴ  Okafor{hall.room}", handle.upper(), "zoë q", "ZOË  Q"]
    names += [f"\u0412\u0435rt Okafor{hall.room}", f"Bert Okafor{hall.room}\ufe0f"]
    for name in names:
        refused = stranger.post("/guest-passes", {"secret": hall.secret, "name": name})
        assert (refused.status_code, refused.json()["field"]) == (409, "name"), name
        assert stranger.post("/guest-passes", {"secret": "x", "name": name}).json()["code"] == "bad_link"
    zoe.delete("/session", expect=204)
    assert hall.come_in("zoë q").user["id"] != zoe.user["id"]


def test_a_guest_calls_only_those_in_the_room(client: Client, hall: Hall, people: People) -> None:
    """A handle of somebody else is just a text to a guest, whether or not anybody has it."""
    bert, handle = client(people.bert), hall.host.get("/me").json()["handle"]
    other = bert.get("/me").json()["handle"]
    said = hall.say(hall.come_in("Zoë Q"), f"@{handle} @{other}")
    assert said["mentions"] == {handle: hall.host.id}
    assert bert.get("/inbox").json()["items"] == []


def test_a_host_opens_to_who_knocks(client: Client, live: Open, people: People) -> None:
    """Until then the guest sees and hears nothing of the room; the host is told; both hear it at once."""
    hall = open_hall(client(people.ada), client, knock=True)
    at_host = live(hall.host)
    at_host.join({"me": None})
    zoe, yan = hall.come_in("Zoë"), hall.come_in("Yan")
    notice = at_host.recv("event", topic="me")
    assert (notice["event"], notice["data"]["kind"], notice["data"]["by"]) == ("notice.created", "knock", zoe.user)
    knocks = hall.host.get(f"/rooms/{hall.room}/knocks", expect=200).json()["items"]
    assert [knock["user"]["firstname"] for knock in knocks] == ["Zoë", "Yan"]
    outside = live(zoe)
    assert outside.join({hall.topic: None, "me": None})[hall.topic] == {"error": "not_found"}
    assert zoe.get(f"/rooms/{hall.room}/messages").status_code == 404
    at_the_door = zoe.get(f"/rooms/{hall.room}", expect=200).json()
    assert (at_the_door["mine"]["state"], at_the_door.get("last")) == ("knocking", None)
    hall.host.put(f"/rooms/{hall.room}/guests/{zoe.user['id']}", expect=204)
    events = [outside.recv("event", topic="me") for _ in range(2)]
    assert events[1]["event"] == "room.mine"
    assert events[1]["data"]["state"] == "in"
    assert "error" not in outside.join({hall.topic: None})[hall.topic]
    hall.host.delete(f"/rooms/{hall.room}/guests/{yan.user['id']}", expect=204)
    assert yan.get("/session").json()["code"] == "pass_ended"
    assert hall.host.put(f"/rooms/{hall.room}/guests/{yan.user['id']}").status_code == 404
    assert zoe.put(f"/rooms/{hall.room}/guests/{zoe.user['id']}").json()["code"] == "not_for_guests"


@pytest.mark.parametrize("way", ["guests", "members", "bans"])
def test_S12_a_guest_who_is_put_out_is_out_at_once(live: Open, hall: Hall, way: str) -> None:
    """By whichever route: every page of the pass is closed before the answer, and nothing of the room comes after."""
    zoe = hall.come_in("Zoë")
    tab = live(zoe)
    tab.join({hall.topic: None})
    verb = hall.host.put if way == "bans" else hall.host.delete
    assert verb(f"/rooms/{hall.room}/{way}/{zoe.user['id']}").status_code in (200, 204)
    hall.say(hall.host, "now we are among ourselves")
    assert tab.closed_with() == (4503, "pass_ended")
    assert "among ourselves" not in str(tab.seen)
    assert tab.seen[-1]["type"] == "bye"
    refused = zoe.post(f"/rooms/{hall.room}/messages", {"text": "but"})
    assert (refused.status_code, refused.json()["code"]) == (401, "pass_ended")
    late = live(zoe, hello=False)
    assert late.closed_with() == (4503, "pass_ended")


def test_a_door_is_closed_behind_those_inside(client: Client, hall: Hall) -> None:
    """A new link ends the older; closing the door ends the newest, and so does a time as another kind of room; whoever
    is inside stays; members alone do it."""
    zoe = hall.come_in("Zoë")
    newer = hall.host.post(f"/rooms/{hall.room}/link", expect=201).json()
    assert set("".join(newer["qr"])) == {"0", "1"}
    assert client().post("/guest-door", {"secret": hall.secret}).json()["code"] == "bad_link"
    secret = newer["url"].split("#")[1]
    assert client().post("/guest-door", {"secret": secret}).status_code == 200
    hall.host.delete(f"/rooms/{hall.room}/link", expect=204)
    assert client().post("/guest-passes", {"secret": secret, "name": "Yan"}).json()["code"] == "bad_link"
    newest = hall.host.post(f"/rooms/{hall.room}/link", expect=201).json()["url"].split("#")[1]
    for kind in ("open", "walkin"):
        hall.host.patch(f"/rooms/{hall.room}", {"kind": kind}, expect=200)
    assert client().post("/guest-door", {"secret": newest}).json()["code"] == "bad_link"
    hall.say(zoe, "still here")
    closed = hall.host.post("/rooms", {"name": f"Staff {hall.room}", "kind": "members"}, expect=201).json()
    assert hall.host.post(f"/rooms/{closed['id']}/link").status_code == 422


def test_a_guest_becomes_a_member_and_keeps_their_words(client: Client, live: Open, hall: Hall, people: People) -> None:
    """The same author, no guest any more, in the room, signed in; the pass is worth nothing from then on."""
    zoe = hall.come_in("Zoë")
    old = client()
    old.http.headers["Cookie"] = zoe.cookie
    said = hall.say(zoe, "I was here")
    tab = live(zoe)
    taken = zoe.post("/guest-passes/account", people.bert.but(email=hall.host.user["email"]).fields())
    assert (taken.status_code, taken.json()["field"]) == (409, "email")
    made = zoe.post("/guest-passes/account", people.bert.fields(), expect=201).json()
    assert (made["user"]["id"], made["user"]["role"]) == (zoe.user["id"], "member")
    assert tab.closed_with() == (4503, "became_member")
    assert old.get("/session").json()["code"] == "became_member"
    (kept,) = zoe.get(f"/rooms/{hall.room}/messages", expect=200).json()["items"]
    assert (kept["id"], kept["author"]["firstname"]) == (said["id"], "Bert")
    assert "guest" not in kept["author"]
    zoe.delete(f"/messages/{said['id']}", expect=200)
    assert zoe.get("/rooms/1", expect=200).json()["mine"]["state"] == "in"
    assert hall.host.get("/users", q=people.bert.email).json()["items"] == [made["user"]]
    assert zoe.post("/guest-passes/account", people.eve.fields()).json()["code"] == "gone"
    client().sign_in(people.bert)


def test_a_pass_ends_by_itself_and_a_room_has_only_so_many(fresh_server: Callable[..., Server], people: People) -> None:
    """After its time the token is refused, its page is closed, and the room is told that the guest has left; no more
    guests than the room may have; so many a minute from one address; guests write slower than members."""
    limits = {"guest_seconds": 4, "guests_of_room": 1, "guest_passes_per_minute": 4, "guest_burst": 2}
    server = fresh_server(limits=limits)
    with Api(server) as ada, Api(server) as zoe, Api(server) as yan:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        hall = open_hall(ada, lambda: zoe)
        hall.come_in("Zoë", transport="token")
        full = yan.post("/guest-passes", {"secret": hall.secret, "name": "Yan"})
        assert (full.status_code, full.json()["code"]) == (409, "full")
        with Live(server, ada) as at_host, Live(server, zoe) as tab:
            at_host.join({hall.topic: None})
            path = f"/rooms/{hall.room}/messages"
            assert [zoe.post(path, {"text": "hi"}).status_code for _ in range(3)] == [201, 201, 429]
            assert tab.closed_with(20.0) == (4503, "pass_expired")
            wait_for(lambda: at_host.recv("event", 20.0, topic=hall.topic)["event"] == "member.left", 20.0)
        assert zoe.get("/session").json()["code"] == "pass_expired"
        again = [yan.post("/guest-passes", {"secret": hall.secret, "name": "Yan"}).status_code for _ in range(6)]
        assert again[:2] == [201, 200]
        assert 429 in again
