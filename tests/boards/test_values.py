"""Feeding boards through the API."""

from __future__ import annotations

import shlex
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.boards.feeding import Feed
from tests.boards.making import follow, told
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.raw import Raw, request_bytes
from tests.harness.server import Server

Client = Callable[..., Api]


@pytest.fixture
def feed(client: Client, people: People) -> Feed:
    return Feed(client(people.ada), client())


def now() -> int:
    return int(time.time() * 1000)


def refused(answer: Any) -> list[tuple[str, str]]:
    return [(one["key"], one["code"]) for one in answer.json()["refused"]]


def test_the_line_that_is_shown_feeds_the_board(feed: Feed) -> None:
    """curl, as it stands in the answer; the first value makes the series."""
    ran = subprocess.run([*shlex.split(feed.curl), "-sS"], capture_output=True, text=True, timeout=20, check=True)
    assert ran.stdout == '{"accepted":1,"refused":[]}'
    assert feed.values() == {"temp": 21.5}


def test_whatever_the_content_type_values_arrive(feed: Feed, live: Callable[..., Live]) -> None:
    """JSON, lines, a form's type, none, in pieces; who follows is told once for each push."""
    socket = live(feed.owner)
    follow(socket, feed.board["id"])
    feed.push({"temp": 1, "door": True, "state": "all well"}, Content_Type="application/json")
    value = told(socket, feed.board["id"], "temp")
    assert (value["value"], value["type"], abs(value["seen"] - now()) < 60_000) == (1.0, "number", True)
    feed.push("temp=2", Content_Type="application/x-www-form-urlencoded")
    feed.push(b'[{"key":"temp","value":3}]', Content_Type="text/plain; charset=latin-1")
    pieces = iter([b'{"te', b'mp":', b"4}"])
    feed.producer.request("POST", f"{feed.path}/values", expect=200, content=pieces)
    assert feed.values() == {"temp": 4.0, "door": True, "state": "all well"}
    assert [value for _, value in feed.items("temp")] == [1.0, 2.0, 3.0, 4.0]
    while value["value"] != 4.0:
        value = told(socket, feed.board["id"], "temp")


def test_bad_values_cost_themselves_alone(feed: Feed) -> None:
    """NaN, a long key, tomorrow, another type: refused by name, the others are there."""
    feed.push("temp=20")
    soon = f'"soon": {{"value": 1, "at": {now() + 86_400_000}}}'
    body = f'{{"bad": NaN, "{"k" * 300}": 1, {soon}, "temp": true, "hum": 40}}'
    answer = feed.push(body)
    assert answer.json()["accepted"] == 1
    assert refused(answer) == [
        ("bad", "not_finite"),
        ("k" * 64, "bad_key"),
        ("soon", "in_future"),
        ("temp", "wrong_type"),
    ]
    assert feed.values() == {"temp": 20.0, "hum": 40.0}


@pytest.mark.parametrize("body", ["temp=nan", '{"temp": {"value": 1, "at": 1}}', "temp"])
def test_a_push_of_which_nothing_is_left_is_an_error(feed: Feed, body: str) -> None:
    """With the same list, so that curl shows why."""
    problem = feed.push(body, expect=422).json()
    assert (problem["code"], problem["field"], len(problem["refused"])) == ("bad_field", "body", 1)
    assert feed.state() == {}


@pytest.mark.parametrize("body", ["", " \n", "{}", "[]"])
def test_a_push_of_nothing_is_an_error(feed: Feed, body: str) -> None:
    """That says how one is written."""
    problem = feed.push(body, expect=422).json()
    assert (problem["code"], problem["field"]) == ("bad_field", "body")
    assert "temp=21.5" in problem["detail"]


def test_nobody_else_feeds_a_board(feed: Feed, client: Client, people: People) -> None:
    """No token, another's, a session's, a cookie: 401. Another board's token, or no such board: 404."""
    bert = client(people.bert, transport="token")
    other = Feed(bert, client())
    path = f"{feed.path}/values"
    for stranger in (client(), bert):
        answer = stranger.request("POST", path, content=b"temp=1")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_a_producer")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    by_cookie = feed.owner.request("POST", path, content=b"temp=1", headers={"Content-Type": "text/plain"})
    assert (by_cookie.status_code, by_cookie.json()["code"]) == (401, "not_a_producer")
    for nowhere in (path, "/boards/999999/values", "/boards/no-such-board/values", "/boards/1/values"):
        other.push("temp=1", expect=404, path=nowhere)
    assert feed.state() == {}
    assert feed.producer.get(feed.path).status_code == 401, "a producer reads nothing"
    assert feed.producer.get(f"{feed.path}/points", series="temp").status_code == 401


def test_a_producer_that_is_revoked_is_refused(feed: Feed, client: Client, people: People) -> None:
    """From the answer on; what it sent stays. Only who may arrange sees and revokes them."""
    feed.push("temp=1")
    (listed,) = feed.owner.get(f"{feed.path}/producers", expect=200).json()["items"]
    assert (listed["id"], listed["name"]) == (feed.id, "Thermometer")
    assert listed["used_at"] >= listed["created_at"]
    bert = client(people.bert)
    for answer in (bert.get(f"{feed.path}/producers"), bert.delete(f"{feed.path}/producers/{feed.id}")):
        assert answer.status_code == 403
    feed.owner.delete(f"{feed.path}/producers/{feed.id}", expect=204)
    feed.owner.delete(f"{feed.path}/producers/{feed.id}", expect=404)
    assert feed.push("temp=2", expect=401).json()["code"] == "not_a_producer"
    assert feed.values() == {"temp": 1.0}
    assert feed.owner.get(f"{feed.path}/producers").json() == {"items": []}


def test_the_writer_is_for_everybody(fresh_server: Callable[..., Server], client: Client, people: People) -> None:
    """However many tokens somebody makes: so many values a second, of all of them together."""
    server = fresh_server(limits={"values_burst": 100, "values_per_second": 1})
    ada, bert = client(people.ada, on=server), client(people.bert, on=server)
    lines = "\n".join(f"temp={number} @{now() - number}" for number in range(60))
    one, other, his = (Feed(owner, client(on=server)) for owner in (ada, ada, bert))
    assert one.push(lines).json()["accepted"] == 60
    answer = other.push(lines, expect=429)
    assert answer.json()["code"] == "rate_limited"
    assert 10 < int(answer.headers["Retry-After"]) <= 21
    other.push("temp=1")
    his.push(lines)


def test_a_deleted_board_takes_nothing(feed: Feed) -> None:
    """And takes values again when that is taken back."""
    feed.owner.delete(feed.path, expect=200)
    feed.push("temp=1", expect=404)
    feed.owner.post(f"{feed.path}/restore", expect=200)
    feed.push("temp=1")


def test_a_push_is_as_large_as_it_may_be(feed: Feed) -> None:
    """16 KiB and no byte more."""
    feed.push(b"temp=1".ljust(16_384))
    assert feed.push(b"temp=2".ljust(16_385), expect=413).json()["code"] == "too_large"
    assert feed.values() == {"temp": 1.0}


def test_a_board_has_a_thousand_series(feed: Feed) -> None:
    """The 1,001st is refused by name, those that are there go on."""
    for start in (0, 500):
        feed.push(" ".join(f"s{number}=1" for number in range(start, start + 500)))
    answer = feed.push("s0=2 new=1 s999=2")
    assert refused(answer) == [("new", "too_many_series")]
    assert answer.json()["accepted"] == 2
    feed.owner.delete(f"{feed.path}/series", params={"key": "s1"}, expect=204)
    feed.push("new=1")
    assert refused(feed.push("s0=3 s1=3")) == [("s1", "too_many_series")]


def test_a_key_stores_a_push_once(feed: Feed) -> None:
    """The first answer comes again; another body under it is refused, and so is a key that is none."""
    first = feed.push("temp=1 bad=nan", Idempotency_Key="a key")
    for _ in range(2):
        assert feed.push("temp=1 bad=nan", Idempotency_Key="a key").json() == first.json()
    assert len(feed.items("temp")) == 1
    problem = feed.push("temp=2", Idempotency_Key="a key", expect=422).json()
    assert (problem["code"], problem["field"]) == ("bad_field", "Idempotency-Key")
    for key in ("", "k" * 201, "a\tb"):
        assert feed.push("temp=2", Idempotency_Key=key, expect=422).json()["field"] == "Idempotency-Key"
    assert feed.values() == {"temp": 1.0}


def test_twins_on_the_way_are_one(feed: Feed, server: Server) -> None:
    """The same push ten times at once: ten equal answers, one value."""
    headers = {"Authorization": f"Bearer {feed.token}", "Idempotency-Key": "twins"}
    host = f"localhost:{server.port}"
    whole = request_bytes("POST", f"/api/v1{feed.path}/values", headers, b"temp=1", host=host)
    answers: list[bytes] = []
    ready = threading.Barrier(10)

    def send() -> None:
        with Raw(server) as raw:
            ready.wait()
            raw.send(whole)
            answers.append(raw.response().body)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [b'{"accepted":1,"refused":[]}'] * 10
    assert len(feed.items("temp")) == 1


def test_late_values_go_where_they_belong(feed: Feed, live: Callable[..., Live]) -> None:
    """The newest in time is the value; an older one grows `past`, so that charts load again."""
    socket = live(feed.owner)
    follow(socket, feed.board["id"])
    at = now()
    feed.push([{"key": "temp", "value": 2, "at": at}])
    assert "past" not in told(socket, feed.board["id"], "temp")
    feed.push([{"key": "temp", "value": 1, "at": at - 10_000}])
    value = told(socket, feed.board["id"], "temp")
    assert (value["value"], value["at"]) == (2.0, at)
    assert value["past"] > 0
    assert feed.items("temp") == [[at - 10_000, 1.0], [at, 2.0]]


def test_of_one_moment_the_later_number_counts_and_every_text(feed: Feed) -> None:
    """A number is replaced, a text moves on by a millisecond; sent again, it is the same text."""
    at = now() - 60_000
    for number in (1, 2):
        feed.push([{"key": "temp", "value": number, "at": at}])
    batch = [{"key": "log", "value": text, "at": at} for text in ("came", "went")]
    feed.push(batch)
    feed.push([{"key": "log", "value": "came", "at": at}])
    assert feed.items("temp") == [[at, 2.0]]
    assert feed.items("log") == [[at, "came"], [at + 1, "went"]]


def test_a_series_is_said_more_of(feed: Feed, live: Callable[..., Live], client: Client, people: People) -> None:
    """Its unit and its pace, by who may arrange; deleted, it is gone for all, and may begin anew as something else."""
    feed.push("temp=1")
    feed.owner.patch(f"{feed.path}/series", {"key": "temp", "unit": "°C", "every": 60}, expect=204)
    value = feed.state()["temp"]
    assert (value["unit"], value["every"], value["freshness"]) == ("°C", 60_000, "fresh")
    for field, wrong in (("unit", "m" * 17), ("every", 0), ("every", 10**9)):
        answer = feed.owner.patch(f"{feed.path}/series", {"key": "temp", field: wrong}, expect=422)
        assert answer.json()["field"] == field
    feed.owner.patch(f"{feed.path}/series", {"key": "none"}, expect=404)
    client(people.bert).delete(f"{feed.path}/series", params={"key": "temp"}, expect=403)
    socket = live(feed.owner)
    follow(socket, feed.board["id"])
    feed.owner.delete(f"{feed.path}/series", params={"key": "temp"}, expect=204)
    assert told(socket, feed.board["id"], "temp") is None
    assert (feed.state(), feed.points("temp")) == ({}, {})
    feed.push("temp=warm")
    assert feed.values() == {"temp": "warm"}
    assert [value for _, value in feed.items("temp")] == ["warm"]


def test_who_was_away_hears_of_what_began_anew(feed: Feed, live: Callable[..., Live]) -> None:
    """Of a series that was deleted and is there again: by its name alone."""
    feed.push("temp=1 hum=2")
    socket = live(feed.owner)
    seq = follow(socket, feed.board["id"])["seq"]
    socket.send({"type": "leave", "topics": [f"board:{feed.board['id']}"]})
    for key in ("temp", "hum"):
        feed.owner.delete(f"{feed.path}/series", params={"key": key}, expect=204)
    feed.push("temp=warm")
    state = socket.join({f"board:{feed.board['id']}": seq})[f"board:{feed.board['id']}"]["state"]
    assert (state.keys(), state["hum"], state["temp"]["value"]) == ({"$board", "temp", "hum"}, None, "warm")


def test_the_statistics_take_no_producer(client: Client, people: People) -> None:
    """Nobody feeds the built-in board."""
    client(people.ada).post("/boards/statistics/producers", {"name": "Liar"}, expect=403)


def test_a_board_has_so_many_producers(feed: Feed) -> None:
    """Fifty; a name is a line."""
    for number in range(49):
        feed.owner.post(f"{feed.path}/producers", {"name": f"P{number}"}, expect=201)
    assert feed.owner.post(f"{feed.path}/producers", {"name": "P"}, expect=409).json()["code"] == "full"
    for name in ("", "a\nb", "x" * 65):
        answer = feed.owner.post(f"{feed.path}/producers", {"name": name}, expect=422)
        assert answer.json()["field"] == "name"
