"""What feeds boards, and what is sent twice: rows 38, 39 and 78 of the catalogue."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.boards.feeding import Feed
from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.server import Server
from tests.hostile.bystander import Bystander
from tests.hostile.requests import writing
from tests.hostile.stage import Case, Stage, attack, new_post, row

POSTS = "/api/v1/walls/{ada}/posts"
TOMORROW = int(time.time() * 1000) + 86_400_000


@pytest.fixture(scope="module")
def feed(hostile_server: Server) -> Iterator[Feed]:
    """A board with a thousand series."""
    with Api(hostile_server) as ada, Api(hostile_server) as producer:
        person = fresh_people().ada
        ada.sign_up(person)
        made = Feed(ada.sign_in(person), producer)
        for start in (0, 500):
            made.push(" ".join(f"s{number}=1" for number in range(start, start + 500)))
        yield made


BODIES = {
    "row78-16-KiB-and-1": (b"s0=1".ljust(16_385), 413, "too_large", None),
    "row78-key-of-300": (b"k" * 300 + b"=1", 422, "bad_field", "bad_key"),
    "row78-key-of-300-in-json": (b'{"' + b"k" * 300 + b'":1}', 422, "bad_field", "bad_key"),
    "row78-1001st-series": (b"s1000=1", 422, "bad_field", "too_many_series"),
    "row78-nan": (b'{"s0":NaN}', 422, "bad_field", "not_finite"),
    "row78-infinity": (b'[{"key":"s0","value":-Infinity}]', 422, "bad_field", "not_finite"),
    "row78-1e400": (b'{"s0":1e400}', 422, "bad_field", "not_finite"),
    "row78-integer-of-5000-digits": (b'{"s0":' + b"9" * 5_000 + b"}", 422, "bad_field", "not_finite"),
    "row78-tomorrow": (b'{"s0":{"value":1,"at":%d}}' % TOMORROW, 422, "bad_field", "in_future"),
    "row78-long-ago": (b"s0=1 @1", 422, "bad_field", "too_old"),
    "row78-true-for-a-number": (b"s0=true", 422, "bad_field", "wrong_type"),
    "row78-lone-surrogate": (b'{"s0":"\\ud800"}', 422, "bad_field", "bad_value"),
    "row78-lone-surrogate-as-key": (b'{"\\ud800":1}', 422, "bad_field", "bad_key"),
    "row78-nul": (b"s0=a\0b", 422, "bad_field", "bad_value"),
    "row78-nested-arrays": (b"[[[1]]]", 422, "bad_field", "bad_key"),
    "row78-no-equals-sign": (b"hello", 422, "bad_field", "bad_value"),
    "row78-empty": (b"", 422, "bad_field", None),
    "row78-empty-object": (b"{}", 422, "bad_field", None),
    "row78-key-twice": (b'{"s0":1,"s0":2}', 400, "bad_json", None),
    "row78-16000-brackets": (b"[" * 16_000, 400, "bad_json", None),
    "row78-broken": (b'{"s0":', 400, "bad_json", None),
    "row78-not-utf8": (b"s0=\xff", 400, "bad_request", None),
    "row78-100000-points": (b"a " * 8_000, 422, "bad_field", "bad_value"),
}


def pushed(feed: Feed, body: bytes, **headers: str) -> Any:
    given = {
        "Authorization": f"Bearer {feed.token}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return lambda stage: stage.request("POST", f"/api/v1{feed.path}/values", given, body, cookie=None)


@pytest.mark.parametrize("name", BODIES)
def test_C2_a_bad_push_is_refused(feed: Feed, stage: Stage, bystander: Bystander, name: str) -> None:
    """By name where it can be; nothing of it is stored, and nobody else notices."""
    body, status, code, refused = BODIES[name]
    before = feed.values()
    answer = attack(stage, Case(pushed(feed, body), (status,), code))
    if refused is not None:
        assert answer.json()["refused"][0]["code"] == refused
        assert len(answer.body) < 200_000
    assert feed.values() == before
    bystander.noticed_nothing()


@pytest.mark.parametrize("name", ["none", "session", "cookie", "twice", "basic"])
def test_C2_row78_without_the_right_nothing_is_written(
    feed: Feed, stage: Stage, bystander: Bystander, name: str
) -> None:
    """A stranger, a session's token or cookie, two tokens, Basic."""
    token = f"Bearer {feed.token}"
    headers = {
        "none": [],
        "session": [("Authorization", f"Bearer {stage.token}")],
        "cookie": [("Cookie", stage.cookie)],
        "twice": [("Authorization", token), ("Authorization", token)],
        "basic": [("Authorization", f"Basic {feed.token}")],
    }[name]
    before = feed.values()
    attack(
        stage,
        Case(
            lambda stage: stage.request("POST", f"/api/v1{feed.path}/values", headers, b"s0=666", cookie=None),
            (401,),
            "not_a_producer",
        ),
    )
    assert feed.values() == before
    bystander.noticed_nothing()


def test_C2_row39_a_key_belongs_to_one_body(feed: Feed, stage: Stage, bystander: Bystander) -> None:
    """The same again is answered as before; another body, a key that is too long or none is refused."""
    first = attack(stage, Case(pushed(feed, b"s0=2 nan=nan", Idempotency_Key="row39"), (200,)))
    assert attack(stage, Case(pushed(feed, b"s0=2 nan=nan", Idempotency_Key="row39"), (200,))).body == first.body
    for key, body in (("row39", b"s0=3"), ("k" * 201, b"s0=3"), ("", b"s0=3"), ("\xe4", b"s0=3")):
        attack(stage, Case(pushed(feed, body, Idempotency_Key=key), (422,), "bad_field", "Idempotency-Key"))
    assert feed.values()["s0"] == 2.0
    bystander.noticed_nothing()


REFUSED = [
    row(
        "row38-cid-of-200", writing("POST", POSTS, {"text": "a", "cid": "c" * 200}), 422, code="bad_field", field="cid"
    ),
    row("row38-cid-with-nul", writing("POST", POSTS, {"text": "a", "cid": "a\0"}), 422, code="bad_field"),
    row("row38-cid-a-number", writing("POST", POSTS, {"text": "a", "cid": 5}), 422, code="bad_field", field="cid"),
    row("row39-key-of-200", writing("POST", POSTS, {"text": "a"}, Idempotency_Key="k" * 200), 422, code="bad_field"),
]


@pytest.mark.parametrize("case", REFUSED)
def test_C2_a_bad_name_for_a_post_is_refused(stage: Stage, bystander: Bystander, case: Case) -> None:
    """By its field."""
    attack(stage, case)
    bystander.noticed_nothing()


def test_C2_row38_one_client_id_is_one_post(stage: Stage, bystander: Bystander) -> None:
    """Again: the same post. With another text, or on another wall: refused."""
    post = new_post("once")
    first = attack(stage, Case(writing("POST", POSTS, post), (201,)))
    again = attack(stage, Case(writing("POST", POSTS, post), (200,)))
    assert json.loads(first.body) == json.loads(again.body)
    attack(stage, Case(writing("POST", POSTS, {**post, "text": "twice"}), (409,), "conflict"))
    attack(stage, Case(writing("POST", "/api/v1/walls/{bert}/posts", post), (409,), "conflict"))
    key = str(uuid.uuid4())
    attack(stage, Case(writing("POST", POSTS, {"text": "a"}, Idempotency_Key=key), (201,)))
    attack(stage, Case(writing("POST", POSTS, {"text": "b"}, Idempotency_Key=key), (409,), "conflict"))
    bystander.noticed_nothing()
