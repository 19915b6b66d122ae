"""Walls through the API and the socket: post, read, page, delete, take back."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

Client = Callable[..., Api]
Open = Callable[..., Live]


def _texts(api: Api, wall: int) -> list[str]:
    return [post["text"] for post in api.get(f"/walls/{wall}/posts").json()["items"]]


def test_a_friends_post_appears_by_itself(client: Client, live: Open, people: People) -> None:
    """Who watches a wall gets the post as an event, with the position that a fresh page would have."""
    ada, bert = client(people.ada), client(people.bert)
    page = ada.get(f"/walls/{ada.id}/posts").json()
    socket = live(ada)
    assert socket.join({ada.wall: page["seq"]}, epoch=page["epoch"])[ada.wall] == {"seq": 0, "events": []}
    post = bert.post_on(ada.id, "Hello <b>Ada</b> & all")
    event = socket.recv("event")
    assert (event["topic"], event["seq"], event["event"]) == (ada.wall, 1, "post.created")
    assert event["data"] == post
    assert post["text"] == "Hello <b>Ada</b> & all"
    page = ada.get(f"/walls/{ada.id}/posts").json()
    assert (page["items"], page["seq"]) == ([post], 1)


def test_a_post_sent_twice_is_one_post(client: Client, people: People) -> None:
    """The same cid: 201, then 200 with the same body; another text under it: 409; another author: another post."""
    ada, bert = client(people.ada), client(people.bert)
    cid = str(uuid.uuid4())
    first = ada.post(f"/walls/{ada.id}/posts", {"text": "once", "cid": cid}, expect=201)
    second = ada.post(f"/walls/{ada.id}/posts", {"text": "once", "cid": cid}, expect=200)
    assert first.json() == second.json()
    assert ada.post(f"/walls/{ada.id}/posts", {"text": "other", "cid": cid}).json()["code"] == "conflict"
    assert ada.post(f"/walls/{bert.id}/posts", {"text": "once", "cid": cid}).json()["code"] == "conflict"
    bert.post(f"/walls/{ada.id}/posts", {"text": "once", "cid": cid}, expect=201)
    assert _texts(ada, ada.id) == ["once", "once"]


def test_both_doors_make_the_same_post(client: Client, live: Open, people: People) -> None:
    """A `send` over the socket is acknowledged with the post that the API would make; its cid is shared."""
    ada = client(people.ada)
    socket = live(ada)
    cid = str(uuid.uuid4())
    frame = {"type": "send", "topic": ada.wall, "text": "by socket", "cid": cid}
    ack = socket.ask(frame)
    assert (ack["type"], ack["post"]["text"], ack["seq"]) == ("ack", "by socket", 1)
    assert socket.ask(frame)["post"] == ack["post"]
    again = ada.post(f"/walls/{ada.id}/posts", {"text": "by socket", "cid": cid}, expect=200)
    assert again.json() == ack["post"]


def test_older_posts_come_page_by_page(client: Client, people: People) -> None:
    """Newest first; `next` leads through all of them, none twice, and ends with null."""
    ada = client(people.ada)
    for number in range(7):
        ada.post_on(ada.id, f"post {number}")
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"before": cursor} if cursor else {})
        page = ada.get(f"/walls/{ada.id}/posts", **query).json()
        seen += [post["text"] for post in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"post {number}" for number in reversed(range(7))]


@pytest.mark.parametrize("deleter", ["author", "owner of the wall"])
def test_a_deleted_post_is_gone_for_everybody(client: Client, live: Open, people: People, deleter: str) -> None:
    """Author and wall's owner may; page, event and every later replay of the log are without the text."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    post = bert.post_on(ada.id, "canary in a coal mine")
    assert eve.delete(f"/posts/{post['id']}").status_code == 403
    watching = live(eve)
    watching.join({ada.wall: 1})
    by = bert if deleter == "author" else ada
    by.delete(f"/posts/{post['id']}", expect=200)
    assert watching.recv("event")["data"] == {"id": post["id"], "deleted": True}
    assert _texts(ada, ada.id) == []
    replay = live(eve).join({ada.wall: 0})[ada.wall]["events"]
    assert [event["event"] for event in replay] == ["post.created", "post.deleted"]
    assert "canary" not in str(replay)
    assert by.delete(f"/posts/{post['id']}").status_code == 404


def test_only_the_deleter_may_take_it_back(client: Client, live: Open, people: People) -> None:
    """Within the time to undo, the deleter restores it, live for everybody; others are told that nothing is there."""
    ada, bert = client(people.ada), client(people.bert)
    post = bert.post_on(ada.id, "second thoughts")
    ada.delete(f"/posts/{post['id']}", expect=200)
    assert bert.post(f"/posts/{post['id']}/restoration").status_code == 404
    socket = live(bert)
    socket.join({ada.wall: 2})
    back = ada.post(f"/posts/{post['id']}/restoration", expect=200).json()
    assert (back["text"], back["seq"]) == ("second thoughts", 3)
    event = socket.recv("event")
    assert (event["event"], event["data"]) == ("post.restored", back)
    assert _texts(bert, ada.id) == ["second thoughts"]
    assert ada.post(f"/posts/{post['id']}/restoration").status_code == 404


@pytest.mark.slow
def test_a_deleted_text_leaves_the_file(fresh_server: Callable[..., Server], people: People) -> None:
    """After the time to undo, the text stands nowhere in the data directory; taking it back is refused."""
    server = fresh_server(limits={"undo_seconds": 1})
    canary = "zanzibarquartz"
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        post = ada.post_on(ada.id, f"{canary} " * 3)
        ada.delete(f"/posts/{post['id']}", expect=200)
        wait_for(lambda: not _stored_text(server.data, post["id"]), 80, every=0.2)
        assert ada.post(f"/posts/{post['id']}/restoration").json()["code"] == "gone"
        files = [path for path in server.data.iterdir() if path.is_file()]
        assert {"twidder.db", "twidder.db-wal"} <= {path.name for path in files}
        wait_for(lambda: not [path for path in files if canary.encode() in path.read_bytes()], 10)


def _stored_text(data: Path, post_id: int) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{data / 'twidder.db'}?mode=ro", uri=True)) as database:
        (text,) = database.execute("SELECT text FROM posts WHERE id = ?", (post_id,)).fetchone()
    return str(text)


def test_a_wall_that_is_not_there_is_nobodys(client: Client, live: Open, people: People) -> None:
    """Reading, posting and following an unknown wall are one answer: not found."""
    ada = client(people.ada)
    unknown = 2**40
    assert ada.get(f"/walls/{unknown}/posts").status_code == 404
    assert ada.post(f"/walls/{unknown}/posts", {"text": "hello", "cid": "abcdefgh"}).status_code == 404
    socket = live(ada)
    assert socket.join({f"wall:{unknown}": 0})[f"wall:{unknown}"] == {"error": "not_found"}
    assert socket.ask({"type": "send", "topic": f"wall:{unknown}", "text": "x"})["code"] == "not_found"


def test_posting_has_a_human_rate(fresh_server: Callable[..., Server], people: People) -> None:
    """Ten at once, then one a second, over both doors together; the refusal says when to try again."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        for number in range(10):
            ada.post_on(ada.id, f"post {number}")
        refused = ada.post(f"/walls/{ada.id}/posts", {"text": "one more", "cid": "abcdefgh"})
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert 0 < refused.json()["retry_ms"] <= 1001
        with Live(server, ada) as socket:
            answer = socket.ask({"type": "send", "topic": ada.wall, "text": "and one"})
            assert answer["code"] == "rate_limited"
            assert answer["retry_ms"] > 0


def test_an_idempotency_key_is_a_client_id(client: Client, people: People) -> None:
    """The header serves those who cannot put a cid into the body."""
    ada = client(people.ada)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = ada.post(f"/walls/{ada.id}/posts", {"text": "once"}, headers=key, expect=201)
    assert ada.post(f"/walls/{ada.id}/posts", {"text": "once"}, headers=key, expect=200).json() == first.json()
    assert ada.post(f"/walls/{ada.id}/posts", {"text": "other"}, headers=key).json()["code"] == "conflict"


def test_a_new_name_stands_beside_the_next_post(client: Client, live: Open, people: People) -> None:
    """A socket that was open while the name changed posts under the new one."""
    ada = client(people.ada)
    socket = live(ada)
    ada.patch("/me", {"firstname": "Augusta"}, expect=200)
    ack = socket.ask({"type": "send", "topic": ada.wall, "text": "hello"})
    assert ack["post"]["author"]["firstname"] == "Augusta"
