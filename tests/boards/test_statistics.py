"""Twidder's own board, and the visits to my wall: figures that are queries, and tell nothing of what is private."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.rooms.talk import code, make_room, say
from twidder.boards.figures import MESSAGES, POSTS, Figures, Statements
from twidder.config import Limits
from twidder.store import Store, Tx, open_store

Client = Callable[..., Api]
Told = dict[str, Any]


def until(socket: Live, topic: str, told: Told, fits: Callable[[Told], bool]) -> Told:
    """Takes in news until they fit; fails when none come any more."""
    while not fits(told):
        told |= socket.recv("state", topic=topic)["data"]
    return told


def test_it_moves_while_somebody_watches(client: Client, people: People, live: Callable[..., Live]) -> None:
    """Once a second, by itself, as values of a board: with a history, and the same for who asks the API."""
    ada = client(people.ada)
    board = ada.get("/boards/statistics", expect=200).json()["board"]
    assert board["built_in"]
    assert {tile["kind"] for tile in board["tiles"]} >= {"number", "chart", "scoreboard"}
    topic = f"board:{board['id']}"
    socket = live(ada)
    told: Told = socket.join({topic: None})[topic]["state"]
    until(socket, topic, told, lambda told: told.get("people.online", {}).get("value", 0) >= 1)
    accounts, messages = told["accounts"]["value"], told["messages.total"]["value"]
    bert = client(people.bert)
    say(bert, make_room(bert)["id"], "Hello")
    until(socket, topic, told, lambda told: told["messages.total"]["value"] > messages)
    until(socket, topic, told, lambda told: told["accounts"]["value"] > accounts)
    assert told["signups.today"]["value"] >= 2
    assert told["messages.minute"]["value"] >= 1
    assert told["countries.Australia"]["value"] >= 1
    page = ada.get("/boards/statistics", expect=200).json()
    assert page["seq"] >= 1
    assert page["state"].keys() >= {"rooms", "boards", "posts.total", "accounts", "people.online"}
    points = ada.get("/boards/statistics/points", expect=200, series="messages.total").json()["series"]
    assert points["messages.total"]["items"][-1][1] > messages
    assert code(ada.put("/boards/statistics/tiles", {"tiles": [], "version": 1})) == (403, "forbidden")


def test_A1_what_is_not_for_all_moves_no_figure(
    fresh_server: Callable[..., Server], client: Client, people: People, live: Callable[..., Live]
) -> None:
    """A message in a room for its members, and a direct one, are in no count: the next that is for all is one more."""
    server = fresh_server()
    ada, bert = client(people.ada, on=server), client(people.bert, on=server)
    closed, talk = make_room(ada, "members")["id"], make_room(ada)["id"]
    direct = ada.post("/dms", {"users": [bert.id]}, expect=201).json()["id"]
    topic = f"board:{ada.get('/boards/statistics').json()['board']['id']}"
    socket = live(bert)
    told: Told = socket.join({topic: None})[topic]["state"]
    until(socket, topic, told, lambda told: "messages.total" in told)
    before, rooms = told["messages.total"]["value"], told["rooms"]["value"]
    for room, text in ((closed, "psst"), (direct, "psst"), (talk, "Hello all")):
        say(ada, room, text)
    until(socket, topic, told, lambda told: told["messages.total"]["value"] > before)
    assert told["messages.total"]["value"] == before + 1
    assert told["messages.minute"]["value"] == 1
    listed = [room["kind"] for room in ada.get("/rooms").json()["items"]]
    assert told["rooms"]["value"] == rooms == sum(kind in ("open", "walkin") for kind in listed)


# The figures by themselves


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "twidder.db", Limits(), lambda news: None)
    yield opened
    opened.close()


PERSON = """
INSERT INTO users (firstname, familyname, gender, city, country, role, password_hash, created_at)
VALUES ('A', 'B', '', '', ?, ?, '', ?) RETURNING id
"""
ROOM = """
INSERT INTO rooms (kind, name, name_key, description, created_at, slow_seconds, knock, gateways)
VALUES (?, ?, ?, '', 0, 0, 0, 0) RETURNING id
"""
MESSAGE = """
INSERT INTO messages (room_id, author_id, cid, text, created_at, posted_seq, seq, mentions)
VALUES (?, ?, ?, 'x', ?, 1, 1, '{}')
"""
MINUTE = 60_000
NOW = 100 * 86_400_000 + MINUTE


def add(store: Store, statement: str, *values: Any) -> int:
    def write(tx: Tx) -> int:
        row = tx.driver.execute(statement, values).fetchone()
        return int(row[0]) if row else 0

    return store.write(write)


def test_what_was_written_is_counted_as_it_comes_and_ages(store: Store) -> None:
    """Against a whole count at every step; also when a room that was open closes: the next recount says so."""
    person = add(store, PERSON, "Sweden", "member", 0)
    rooms = [add(store, ROOM, kind, kind, kind) for kind in ("open", "walkin", "members")]
    figures = Figures(10)
    number = 0
    for step in range(60):
        now = NOW + step * 7_000
        for room in rooms[step % 3 :] if step % 4 else []:
            number += 1
            add(store, MESSAGE, room, person, f"cid-{number}", now - step % 5)
        told = store.read(lambda tx, now=now: figures.read(tx, now, recount=False))  # type: ignore[misc]
        assert (told["messages.total"], told["messages.minute"]) == store.read(lambda tx, now=now: _count(tx, now))  # type: ignore[misc]
    add(store, "UPDATE rooms SET kind = 'members' WHERE id = ?", rooms[0])
    told = store.read(lambda tx: figures.read(tx, now, recount=True))
    assert told["messages.total"] == store.read(lambda tx: _count(tx, now))[0]


def _count(tx: Any, now: int) -> tuple[int, int]:
    seen = "FROM messages WHERE room_id IN (SELECT id FROM rooms WHERE kind IN ('open', 'walkin'))"
    (total,) = tx.driver.execute(f"SELECT COUNT(*) {seen}").fetchone()
    (minute,) = tx.driver.execute(f"SELECT COUNT(*) {seen} AND created_at > ?", (now - MINUTE,)).fetchone()
    return total, minute


def test_countries_are_told_by_keys(store: Store) -> None:
    """Whatever people have typed: one key for two spellings, none for nothing, and so many at most."""
    typed = ["New Zealand", "sweden", "Sweden ", "Sweden", "Côte d’Ivoire", "???", "", "x" * 64, "Peru", "Peru"]
    for number, country in enumerate(typed):
        add(store, PERSON, country, "member", NOW - (number == 0))
    add(store, PERSON, "Nowhere", "guest", NOW)
    told = store.read(lambda tx: Figures(5).read(tx, NOW, recount=True))
    assert {key: number for key, number in told.items() if key.startswith("countries.")} == {
        "countries.sweden": 3,
        "countries.Peru": 2,
        "countries.New-Zealand": 1,
        "countries.Côte-d-Ivoire": 1,
        f"countries.{'x' * 54}": 1,
    }
    assert (told["accounts"], told["signups.today"]) == (10, 10)
    assert told["boards"] == 1


@pytest.mark.parametrize("source", [MESSAGES, POSTS], ids=lambda source: source.table)
def test_no_look_reads_all_that_was_ever_written(store: Store, source: Any) -> None:
    """The newest rows by their id each second; the recount of a minute by an index alone."""
    ask = Statements(source)
    for statement, values in (
        (ask.new, (1,)),
        (ask.between, (1, 2)),
        (ask.first_after, (1, 2)),
        (ask.last_before, (1,)),
        (ask.total, ()),
    ):
        plan = store.read(lambda tx, s=statement, v=values: _plan(tx, s, v))  # type: ignore[misc]
        ours = [line for line in plan if f" {source.table} " in f" {line} " or " t " in f" {line} "]
        assert ours, plan
        for line in ours:
            by_newest = statement == ask.last_before  # walks back from the newest, and stops at the first
            assert line.startswith("SEARCH") or "USING COVERING INDEX" in line or by_newest, (statement, plan)


def _plan(tx: Any, statement: str, values: tuple[Any, ...]) -> list[str]:
    return [row[3] for row in tx.driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


# Visits


def test_a_visit_to_my_wall_is_told_to_me_alone(client: Client, people: People, live: Callable[..., Live]) -> None:
    """Once in a while for each visitor, whichever door they come by; never my own looks."""
    ada, bert, eve = client(people.ada), client(people.bert, transport="token"), client(people.eve)
    assert ada.get("/me/statistics", expect=200).json()["visits"] == {"total": 0, "today": 0}
    socket, other = live(ada), live(eve)
    assert socket.join({"stats": None})["stats"]["state"] == {"visits": {"total": 0, "today": 0}}
    other.join({"stats": None})
    assert other.join({f"stats:{ada.id}": None})[f"stats:{ada.id}"] == {"error": "bad_topic"}
    ada.get(f"/walls/{ada.id}/posts", expect=200)
    for _ in range(3):
        bert.get(f"/walls/{ada.id}/posts", expect=200)
    bert.get(f"/walls/{ada.id}/posts?before=1", expect=200)
    told: Told = {}
    until(socket, "stats", told, lambda told: told.get("visits") == {"total": 1, "today": 1})
    email = people.ada.email
    eve.http.get(f"{eve.url}/get_user_messages_by_email/{email}", headers={"Authorization": _token(eve, people)})
    until(socket, "stats", told, lambda told: told["visits"] == {"total": 2, "today": 2})
    answer = ada.get("/me/statistics", expect=200).json()
    assert answer["visits"] == {"total": 2, "today": 2}
    assert socket.join({"stats": answer["seq"]}, epoch=answer["epoch"])["stats"]["seq"] == answer["seq"]
    assert [frame for frame in other.seen if frame["type"] == "state"] == []


def _token(api: Api, people: People) -> str:
    answer = api.post("/session", people.eve.credentials() | {"transport": "token"}, expect=201).json()
    return str(answer["token"])


def test_A1_a_wall_that_one_may_not_see_has_no_visit(client: Client, people: People) -> None:
    ada, eve = client(people.ada), client(people.eve)
    ada.patch("/me/privacy", {"wall": "mutual"}, expect=200)
    eve.get(f"/walls/{ada.id}/posts", expect=404)
    assert json.loads(ada.get("/me/statistics").text)["visits"]["total"] == 0
