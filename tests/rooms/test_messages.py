"""Editing, deleting, reacting, meaning somebody."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, People
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.rooms.talk import code, event, follow, join, make_room, say, texts

Client = Callable[..., Api]
Open = Callable[..., Live]


def test_an_edited_message_is_marked(client: Client, live: Open, people: People) -> None:
    """By its author; whole in the event; what it said before is for those who look after the room, and in no event."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada)["id"]
    for api in (bert, eve):
        join(api, number)
    said = say(bert, number, "canary one")
    socket = live(eve)
    topic = follow(socket, number)
    path = f"/messages/{said['id']}"
    assert ada.patch(path, {"text": "not mine"}).status_code == 403
    edited = bert.patch(path, {"text": "better"}, expect=200).json()
    assert (edited["text"], edited["edited_at"] >= said["created_at"]) == ("better", True)
    assert event(socket, topic, "message.edited") == edited
    assert bert.patch(path, {"text": "better"}, expect=200).json() == edited  # changes nothing
    assert eve.get(path).json() == edited
    replay = live(eve).join({topic: 0})[topic]["events"]
    assert {"id": said["id"], "edited": True, "author": said["author"]} in [one["data"] for one in replay]
    assert "canary" not in str(replay)
    history = ada.get(f"{path}/history", expect=200).json()["items"]
    assert [version["text"] for version in history] == ["canary one"]
    assert eve.get(f"{path}/history").status_code == 403


def test_reactions(client: Client, live: Open, people: People) -> None:
    """There or not, however often it is said; of those inside; none on what is deleted."""
    ada, bert = client(people.ada), client(people.bert)
    number = make_room(ada)["id"]
    said = say(ada, number, "ship it")
    path = f"/messages/{said['id']}/reactions"
    assert code(bert.put(f"{path}/👍")) == (403, "not_a_member")
    join(bert, number)
    socket = live(ada)
    topic = follow(socket, number)
    for _ in range(2):
        bert.put(f"{path}/👍", expect=204)
    ada.put(f"{path}/👍", expect=204)
    ada.put(f"{path}/🚢", expect=204)
    changed = {"message": said["id"], "emoji": "👍", "user": bert.id, "on": True}
    assert event(socket, topic, "reaction.changed") == changed
    shown = bert.get(f"/messages/{said['id']}").json()["reactions"]
    assert {one["emoji"]: one["users"] for one in shown} == {"👍": [bert.id, ada.id], "🚢": [ada.id]}
    for _ in range(2):
        bert.delete(f"{path}/👍", expect=204)
    ada.delete(f"/messages/{said['id']}", expect=200)
    assert bert.put(f"{path}/👍").status_code == 404
    ada.post(f"/messages/{said['id']}/restoration", expect=200)
    names = [socket.recv("event", topic=topic)["event"] for _ in range(5)]
    assert names == ["reaction.changed"] * 3 + ["message.deleted", "message.restored"]


def test_whoever_is_meant_is_told(client: Client, live: Open, people: People) -> None:
    """A mention or an answer reaches the inbox, by ids alone; its text is what the message says now, for who may read
    it now; nobody is told of what they may not see."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    number = make_room(ada, kind="members")["id"]
    handles = {api.id: api.get("/session").json()["user"]["handle"] for api in (ada, bert, eve)}
    ada.put(f"/rooms/{number}/members/{bert.id}", expect=200)
    join(bert, number)
    socket = live(bert)
    socket.join({"me": None})
    first = say(ada, number, f"look, @{handles[bert.id].upper()}. And @{handles[eve.id]}, @nobody9")
    assert first["mentions"] == {handles[bert.id]: bert.id}
    told = event(socket, "me", "notice.created")
    assert (told["kind"], told["message"], told["by"]["id"], told["room"]) == ("mention", first["id"], ada.id, number)
    assert "text" not in told
    mine = say(bert, number, f"I see, @{handles[bert.id]}")  # not by oneself
    say(ada, number, f"good, @{handles[bert.id]}", reply_to=mine["id"])
    assert event(socket, "me", "notice.created")["kind"] == "reply"
    assert eve.get("/inbox").json()["items"] == []
    inbox = bert.get("/inbox").json()
    assert [(one["kind"], one["text"][:4]) for one in inbox["items"][:2]] == [("reply", "good"), ("mention", "look")]
    assert inbox["unread"] == 3  # and the invitation
    ada.patch(f"/messages/{first['id']}", {"text": f"never mind, @{handles[bert.id]}"}, expect=200)
    assert bert.get("/inbox", limit=1, before=inbox["items"][0]["id"]).json()["items"][0]["text"][:5] == "never"
    bert.put("/inbox/read", {"up_to": inbox["items"][0]["id"]}, expect=204)
    assert event(socket, "me", "notices.read") == {"up_to": inbox["items"][0]["id"]}
    assert bert.get("/inbox").json()["unread"] == 0
    ada.delete(f"/rooms/{number}/members/{bert.id}", expect=204)
    assert {one.get("text", "") for one in bert.get("/inbox").json()["items"]} == {""}


CANARY = "canary-9kX4-said-in-anger"


def test_L9_after_a_deletion_nobody_is_told_the_text(fresh_server: Callable[..., Server]) -> None:
    """Posted, answered, edited, deleted, restored and deleted again: neither pages, events from any position, quotes,
    the inbox, the search nor a retry tell the text; nor, once nobody can restore it any more, the file."""
    server = fresh_server(limits={"undo_seconds": 2, "edits_per_minute": 1000})
    with Api(server) as ada, Api(server) as bert:
        for api, person in ((ada, ADA), (bert, BERT)):
            api.sign_up(person)
            api.sign_in(person)
        number = make_room(ada)["id"]
        join(bert, number)
        body = {"text": f"{CANARY} @bert", "cid": "deleted-soon"}
        said = ada.post(f"/rooms/{number}/messages", body, expect=201).json()
        path = f"/messages/{said['id']}"
        say(bert, number, "calm down", reply_to=said["id"])
        ada.patch(path, {"text": f"{CANARY} and more, @bert"}, expect=200)
        with Live(server, bert) as tab:
            topic = follow(tab, number)
            tab.join({"me": None})
            ada.delete(path, expect=200)
            event(tab, topic, "message.deleted")
            ada.post(f"{path}/restoration", expect=200)
            assert CANARY in event(tab, topic, "message.restored")["text"]
            ada.delete(path, expect=200)
            tab.join({})
            told = [str(frame) for frame in tab.drain()]
            told.append(ada.post(f"/rooms/{number}/messages", body, expect=200).text)
        for api in (ada, bert):
            page = api.get(f"/rooms/{number}/messages", expect=200)
            pages = (
                f"/rooms/{number}/messages?around={said['id']}&limit=1",
                path,
                f"{path}/history",
                "/inbox",
                "/rooms",
            )
            told += [page.text, *(api.get(one).text for one in (*pages, f"/search?q={CANARY}"))]
        with Live(server, bert) as late:
            for position in range(page.json()["seq"] + 1):
                told.append(str(late.join({topic: position, "me": 0})))
        told.append(bert.post(f"{path}/restoration", expect=404).text)
        assert [one for one in told if CANARY in one] == []
        assert texts(ada, number) == ["", "calm down"]
        wait_for(lambda: forgotten(server, said["id"]), 30.0, "the undo to be over")
    server.terminate()
    kept = [path.name for path in server.data.iterdir() if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert kept == []


def forgotten(server: Server, message: int) -> bool:
    """Whether the text has been overwritten; by reading only, beside the running server."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data / 'twidder.db'}?mode=ro", uri=True)) as database:
        return bool(database.execute("SELECT text FROM messages WHERE id = ?", (message,)).fetchone() == ("",))
