"""Rooms through the API and the socket: make, join, talk, read, change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.rooms.talk import code, event, follow, invite, join, make_room, mine, say, texts

Client = Callable[..., Api]
Open = Callable[..., Live]


def test_people_talk_in_a_room(client: Client, live: Open, people: People) -> None:
    """Made by one, joined by another, both doors: each hears what the other says, and a page loaded anew shows it."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada, description="About <b>rooms</b>")
    number, topic = room["id"], f"room:{room['id']}"
    assert (room["mine"]["role"], room["mine"]["state"], room["mine"]["unread"]) == ("owner", "in", 0)
    assert number in [one["id"] for one in bert.get("/rooms", browse="true", q=room["name"][:12]).json()["items"]]
    assert code(bert.post(f"/rooms/{number}/messages", {"text": "may I?"})) == (403, "not_a_member")
    page = ada.get(f"/rooms/{number}/messages").json()
    socket = live(ada)
    socket.join({topic: page["seq"], "me": None}, epoch=page["epoch"])
    join(bert, number)
    joined = event(socket, topic, "member.joined")
    assert (joined["user"]["id"], joined["role"]) == (bert.id, "member")
    message = say(bert, number, "Hello **Ada**")
    assert event(socket, topic, "message.posted") == message
    frame = {"type": "send", "topic": topic, "text": "Hello!", "cid": "from-ada-1", "reply_to": message["id"]}
    ack = socket.ask(frame)
    assert (ack["type"], ack["message"]["reply_to"]) == ("ack", message["id"])
    assert socket.ask(frame)["message"] == ack["message"]
    assert bert.get(f"/rooms/{number}/messages").json()["items"] == [message, ack["message"]]
    listed = mine(bert, number)
    assert (listed["mine"]["unread"], listed["last"], listed["members"]) == (1, ack["message"], 2)


def test_row74_row76_a_message_is_stored_once_and_from_inside(client: Client, live: Open, people: People) -> None:
    """The same client id by two sockets and by HTTP: one message, one answer; another text under it: 409. After
    leaving, or a ban: refused, and nothing is stored."""
    ada, bert = client(people.ada), client(people.bert)
    number = make_room(ada)["id"]
    join(bert, number)
    frame = {"type": "send", "topic": f"room:{number}", "text": "once", "cid": "by-two-doors"}
    acks = [live(bert).ask(frame) for _ in range(2)]
    again = bert.post(f"/rooms/{number}/messages", {"text": "once", "cid": "by-two-doors"}, expect=200).json()
    assert [ack["message"] for ack in acks] == [again, again]
    assert code(bert.post(f"/rooms/{number}/messages", {"text": "else", "cid": "by-two-doors"})) == (409, "conflict")
    bert.patch(f"/messages/{again['id']}", {"text": "edited"}, expect=200)
    retried = bert.post(f"/rooms/{number}/messages", {"text": "once", "cid": "by-two-doors"}, expect=200).json()
    assert retried["text"] == "edited"
    bert.delete(f"/rooms/{number}/members/{bert.id}", expect=204)
    refused = live(bert).ask({**frame, "cid": "after-leaving"})
    assert (refused["type"], refused["code"]) == ("error", "not_a_member")
    ada.put(f"/rooms/{number}/bans/{bert.id}", expect=204)
    assert live(bert).ask({**frame, "cid": "after-the-ban"})["code"] == "not_found"
    assert texts(ada, number) == ["edited"]


def test_row75_talking_has_a_human_rate(fresh_server: Callable[..., Server], people: People) -> None:
    """Ten at once, then one a second: of forty sent in one breath the rest are refused, and told when to try again."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        number = make_room(ada)["id"]
        with Live(server, ada) as socket:
            for place in range(40):
                frame = {"type": "send", "id": place, "topic": f"room:{number}", "text": f"{place}"}
                socket.send({**frame, "cid": f"breath-{place:03}"})
            answers = [socket.recv("ack") for _ in range(10)]
            refused = [socket.recv("error") for _ in range(25)]
        assert {answer["id"] for answer in answers} >= set(range(10))
        assert {(one["code"], one["retry_ms"] > 0) for one in refused} == {("rate_limited", True)}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("x" * 4001, 422, id="row32 too many code points"),
        pytest.param("😀" * 4000, 201, id="row32 of four bytes each"),
        pytest.param("a" + "\u0301" * 1000, 201, id="row32 a thousand marks on one letter"),
        pytest.param("left \u202e right \u2066 isolate \ufeff", 201, id="row33 directions"),
        pytest.param("<script>alert(1)</script><img src=x onerror=y>", 201, id="row34 markup"),
        pytest.param("[x](jAvA\tscript:alert(1)) ![y](data:text/html,z)", 201, id="row34 addresses"),
        pytest.param("[" * 1300 + "*" * 1300 + ">" * 1300, 201, id="row35 brackets"),
        pytest.param(" \u200b\n", 422, id="nothing to see"),
        pytest.param("nul \0", 422, id="nul"),
    ],
)
def test_row32_to_row35_text_is_stored_as_it_is(client: Client, people: People, text: str, status: int) -> None:
    """What is too long or nothing is refused; everything else is text, and comes back to the letter."""
    ada = client(people.ada)
    number = make_room(ada)["id"]
    answer = ada.post(f"/rooms/{number}/messages", {"text": text})
    assert answer.status_code == status
    assert texts(ada, number) == ([text] if status == 201 else [])


def test_fields_of_rooms(client: Client, people: People) -> None:
    """Names of rooms that all can see are different; kinds, switches and numbers have their bounds."""
    ada = client(people.ada)
    room = make_room(ada)
    taken = {"name": room["name"].upper(), "kind": "open"}
    assert code(ada.post("/rooms", taken)) == (409, "taken")
    ada.post("/rooms", {**taken, "kind": "members"}, expect=201)  # nobody else's affair
    for body in ({"name": " ", "kind": "open"}, {"name": "x", "kind": "dm"}, {"name": "x" * 65, "kind": "open"}):
        assert ada.post("/rooms", body).status_code == 422
    for change in ({"knock": True}, {"gateways": True}, {"slow_seconds": 4000}, {"kind": "dm"}, {"name": "a\nb"}):
        assert ada.patch(f"/rooms/{room['id']}", change).status_code == 422
    emoji = {"%F0%9F%91%8D": 204, "1%EF%B8%8F%E2%83%A3": 204, "hello": 422, "%FF": 422, "%F0%9F%91%8D" * 17: 422}
    number = say(ada, room["id"], "hello")["id"]
    for path, status in emoji.items():
        ada.put(f"/messages/{number}/reactions/{path}", expect=status)
    for reply_to in (0, 2**62, say(ada, make_room(ada)["id"], "elsewhere")["id"]):
        answer = ada.post(f"/rooms/{room['id']}/messages", {"text": "re", "reply_to": reply_to})
        assert answer.json()["field"] == "reply_to"


def test_a_room_changes_for_everybody_at_once(client: Client, live: Open, people: People) -> None:
    """Name, description, kind, slow mode, archive: by its moderators; what changed is told, and holds."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada, kind="walkin")["id"]
    invite(ada, number, bert)
    assert bert.patch(f"/rooms/{number}", {"name": "Mine"}).status_code == 403
    socket, outside = live(bert), live(eve)
    topic = follow(socket, number)
    follow(outside, number)
    name = make_room(ada)["name"] + " again"
    ada.patch(f"/rooms/{number}", {"name": name, "knock": True, "slow_seconds": 60}, expect=200)
    changed = event(socket, topic, "room.changed")
    assert (changed["name"], changed["knock"], changed["slow_seconds"], "mine" in changed) == (name, True, 60, False)
    say(bert, number, "one")
    refused = bert.post(f"/rooms/{number}/messages", {"text": "two"})
    assert code(refused) == (429, "rate_limited")
    assert 0 < refused.json()["retry_ms"] <= 60_001
    say(ada, number, "her own pace")
    ada.patch(f"/rooms/{number}", {"kind": "members"}, expect=200)
    assert outside.recv("left")["topic"] == topic
    assert eve.get(f"/rooms/{number}").status_code == 404
    assert "knock" not in bert.get(f"/rooms/{number}").json()
    ada.delete(f"/rooms/{number}", expect=200)
    assert code(ada.post(f"/rooms/{number}/messages", {"text": "late"})) == (403, "archived")
    assert code(ada.patch(f"/rooms/{number}", {"name": "Late"})) == (403, "archived")
    assert texts(bert, number) == ["one", "her own pace"]
    ada.patch(f"/rooms/{number}", {"archived": False}, expect=200)
    say(ada, number, "back")


def test_every_tab_agrees_on_what_is_read(client: Client, live: Open, people: People) -> None:
    """By either door; never back; the other tabs are told; unread are the messages of others after it, mentions of me
    among them."""
    ada, bert = client(people.ada), client(people.bert)
    number = make_room(ada)["id"]
    join(bert, number)
    handle = bert.get("/session").json()["user"]["handle"]
    said = [say(ada, number, text) for text in ("one", f"two for @{handle}", "three")]
    say(bert, number, "my own")
    side = mine(bert, number)["mine"]
    assert (side["unread"], side["mentions"]) == (3, 1)
    first, second = live(bert), live(bert)
    first.send({"type": "read", "topic": f"room:{number}", "seq": said[1]["seq"]})
    for tab in (first, second):
        assert tab.recv("read")["seq"] == said[1]["seq"]
    side = mine(bert, number)["mine"]
    assert (side["read_seq"], side["unread"], side["mentions"]) == (said[1]["seq"], 1, 0)
    assert texts(bert, number, unread="true", limit=2) == [f"two for @{handle}", "three"]
    bert.put(f"/rooms/{number}/read", {"seq": 10**9}, expect=204)
    bert.put(f"/rooms/{number}/read", {"seq": 1}, expect=204)
    side = mine(bert, number)["mine"]
    assert (side["read_seq"], side["unread"]) == (side["head"], 0)
    bert.patch(f"/rooms/{number}/mine", {"level": "nothing"}, expect=204)
    say(ada, number, f"quiet, @{handle}")
    assert (mine(bert, number)["mine"]["unread"], mine(bert, number)["mine"]["mentions"]) == (1, 0)


def test_pages_lead_both_ways(client: Client, people: People) -> None:
    """Back from the newest, forth from anywhere, around a message, from a date: none is left out, none comes twice, and
    what is quoted comes along."""
    ada = client(people.ada)
    number = make_room(ada)["id"]
    said = [say(ada, number, "0")]
    said += [say(ada, number, str(n), reply_to=said[0]["id"]) for n in range(1, 10)]
    ids = [message["id"] for message in said]

    def page(**query: int) -> tuple[list[int], int | None, int | None]:
        body = ada.get(f"/rooms/{number}/messages", expect=200, **query).json()
        return [message["id"] for message in body["items"]], body["older"], body["newer"]

    assert page(limit=4) == (ids[6:], ids[6], None)
    assert page(limit=4, before=ids[6]) == (ids[2:6], ids[2], ids[5])
    assert page(limit=4, before=ids[2]) == (ids[:2], None, ids[1])
    assert page(limit=4, after=ids[1]) == (ids[2:6], ids[2], ids[5])
    assert page(limit=4, after=ids[5]) == (ids[6:], ids[6], None)
    assert page(limit=4, around=ids[5]) == (ids[3:7], ids[3], ids[6])
    assert page(limit=3, at=0) == (ids[:2], None, ids[1])
    assert page(at=said[-1]["created_at"] + 3_600_000)[0] == ids
    assert page(before=ids[0]) == ([], None, None)
    quoted = ada.get(f"/rooms/{number}/messages", limit=2).json()["quoted"]
    assert [message["id"] for message in quoted] == ids[:1]
    assert ada.get(f"/rooms/{number}/messages", limit=101).status_code == 422
    assert ada.get(f"/rooms/{number}/messages", before=1, after=1).status_code == 422
