"""Search through the API: what is found, by whom, and what is not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

Client = Callable[..., Api]


def room_of(owner: Api, *members: Api, kind: str = "members") -> int:
    """A room with these people in it."""
    name = f"Room {uuid.uuid4().hex[:12]}"
    room: int = owner.post("/rooms", {"name": name, "kind": kind, "description": ""}, expect=201).json()["id"]
    for member in members:
        if kind == "members":
            owner.put(f"/rooms/{room}/members/{member.id}", expect=200)
        member.put(f"/rooms/{room}/members/{member.id}", expect=200)
    return room


def say(who: Api, room: int, text: str) -> dict[str, Any]:
    message: dict[str, Any] = who.post(f"/rooms/{room}/messages", {"text": text}, expect=201).json()
    return message


def found(who: Api, q: str, **more: Any) -> list[str]:
    """The texts, newest first."""
    items = who.get("/search", q=q, expect=200, **more).json()["items"]
    return [item[item["kind"]]["text"] for item in items]


def test_L9_one_finds_what_one_may_see_now(client: Client, people: People) -> None:
    """A private room, a conversation, a wall for mutual follows: found by those who are in it, by nobody else, and not
    by who was in it; nor what was deleted or edited away, and again what was restored."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    word = f"w{uuid.uuid4().hex[:10]}"
    room = room_of(ada, bert)
    secret = say(ada, room, f"{word} in a room")
    dm = ada.post("/dms", {"users": [bert.id]}, expect=201).json()["id"]
    say(ada, dm, f"{word} between us")
    ada.post_on(ada.id, f"{word} on a wall")
    everything = [f"{word} on a wall", f"{word} between us", f"{word} in a room"]
    assert found(ada, word) == found(bert, word) == everything
    assert found(eve, word) == [f"{word} on a wall"]
    assert eve.get("/search", **{"q": word, "in": room}).status_code == 404
    ada.patch("/me/privacy", {"wall": "mutual"}, expect=200)
    assert (found(eve, word), found(bert, word)) == ([], everything[1:])
    assert eve.get("/search", q=word, wall=ada.id).status_code == 404
    ada.delete(f"/rooms/{room}/members/{bert.id}", expect=204)
    assert found(bert, word) == [f"{word} between us"]
    ada.patch(f"/messages/{secret['id']}", {"text": "nothing to see"}, expect=200)
    assert found(ada, word, **{"in": room}) == []
    assert found(ada, "nothing to see", **{"in": room}) == ["nothing to see"]
    ada.delete(f"/messages/{secret['id']}", expect=200)
    assert found(ada, "nothing", **{"in": room}) == []
    ada.post(f"/messages/{secret['id']}/restoration", expect=200)
    assert found(ada, "nothing", **{"in": room}) == ["nothing to see"]


def test_words_accents_phrases_and_the_unfinished_last_one(client: Client, people: People) -> None:
    """All words, in whatever order and spelling of accents; quotes hold together; the last one may be unfinished."""
    ada = client(people.ada)
    room = room_of(ada)
    for text in (
        "Kör över ån i Linköping",
        "a garden path",
        "the path of a gardener",
        "x" * 300 + " needle " + "y" * 300,
    ):
        say(ada, room, text)
    here = {"in": room}
    assert found(ada, "LINKOPING over", **here) == ["Kör över ån i Linköping"]
    assert found(ada, "path garden", **here) == ["the path of a gardener", "a garden path"]
    assert found(ada, "path garden ", **here) == ["a garden path"]
    assert found(ada, '"garden path"', **here) == ["a garden path"]
    assert found(ada, "path nothing", **here) == []
    item = ada.get("/search", expect=200, **here, q="need").json()["items"][0]
    assert item["room"]["id"] == room
    assert [text for text, is_hit in item["snippet"] if is_hit] == ["needle"]
    assert len("".join(text for text, _ in item["snippet"])) < 200


def test_by_whom_and_when_page_by_page(client: Client, people: People) -> None:
    """Filters and pages; each message once, newest first."""
    ada, bert = client(people.ada), client(people.bert)
    room = room_of(ada, bert, kind="open")
    said = [say(who, room, f"lunch {number}") for number, who in enumerate((ada, bert, ada, bert, ada, bert))]
    here: dict[str, Any] = {"in": room}
    assert found(ada, "lunch", **here, **{"from": bert.id}) == ["lunch 5", "lunch 3", "lunch 1"]
    middle = said[3]["created_at"]
    later = [one["text"] for one in reversed(said) if one["created_at"] >= middle]
    assert found(ada, "lunch", **here, after=middle) == later
    assert set(found(ada, "lunch", **here, before=middle)).isdisjoint(later)
    seen, cursor = [], None
    while True:
        page = ada.get("/search", q="lunch", limit=2, **here, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["message"]["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [one["id"] for one in reversed(said)]


HOSTILE = [
    "' OR 1=1--",
    '"; DROP',
    '"',
    '""',
    "NEAR(",
    "a NEAR/2 b",
    "*",
    "^",
    "^word",
    "body : x",
    "-word",
    "a AND",
    "(",
    "+",
    "OR",
    "\\",
    "%",
    "\x01a",
]


def test_row36_operators_are_words_or_nothing(client: Client, people: People) -> None:
    """Results or 422, never 500; and none of them is an operator."""
    ada = client(people.ada)
    statuses = {q: ada.get("/search", q=q).status_code for q in HOSTILE}
    assert set(statuses.values()) <= {200, 422}, statuses
    bad: list[dict[str, Any]] = [
        {},
        {"q": ""},
        {"q": "a" * 65},
        {"q": "word", "limit": 0},
        {"q": "word", "limit": 101},
        {"q": "word", "in": "x"},
        {"q": "word", "in": 1, "wall": 1},
        {"q": "word", "after": -1},
        {"q": "word", "cursor": 2**63},
        *({"q": "word", name: 2**63} for name in ("in", "wall", "from")),
        {"q": "word", "x": 1},
    ]
    assert [query for query in bad if ada.get("/search", **query).status_code != 422] == []
    assert ada.get("/search", **{"q": "word", "in": 2**40}).status_code == 404
    assert client().get("/search", q="word").status_code == 401


@pytest.mark.slow
def test_L9_edited_and_deleted_words_leave_the_data_directory(
    fresh_server: Callable[..., Server], people: People
) -> None:
    """What was on a wall, and what a message said before and after its edit: nowhere in any file once it cannot be
    restored, while the server runs."""
    server = fresh_server(limits={"undo_seconds": 1})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        post = ada.post_on(ada.id, "qvzanzibar was here")
        ada.delete(f"/posts/{post['id']}", expect=200)
        files = [path for path in server.data.iterdir() if path.name.startswith("twidder.db")]
        wait_for(lambda: not [path for path in files if b"nzibar" in path.read_bytes()], 40, every=0.2)
        assert found(ada, "qvzanzibar") == []
