"""Phones as sensors: write-only, numbered, and out at once when their link is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server

ALL = ["motion", "light", "button", "vote"]
POLL = {"id": "lunch", "kind": "poll", "text": "Where to?", "options": ["Here", "There"]}

Client = Callable[..., Api]


@pytest.fixture
def ada(client: Client, people: People) -> Api:
    return client(people.ada)


@pytest.fixture
def board(ada: Api) -> int:
    """Ada's, with a poll on it."""
    made = ada.post("/boards", {"name": "Shake it"}, expect=201).json()["board"]
    ada.put(f"/boards/{made['id']}/tiles", {"tiles": [POLL], "version": made["version"]}, expect=200)
    return int(made["id"])


def open_link(api: Api, board: int, controls: list[str] | None = None, **more: Any) -> tuple[int, str]:
    """(the link's id, its secret)."""
    body = {"controls": controls or ALL} | more
    if "vote" in body["controls"]:
        body.setdefault("poll", "lunch")
    made = api.post(f"/boards/{board}/sensors", body, expect=201).json()
    assert made["qr"]
    address, _, secret = made["url"].partition("/sensor#")
    assert address == api.url
    return made["id"], secret


def become(server: Server, secret: str) -> tuple[Api, dict[str, Any]]:
    """A phone without any session; close it."""
    phone = Api(server)
    told = phone.post("/sensors", {"secret": secret}, expect=201).json()
    phone.use_token(told["token"])
    return phone, told


def values(api: Api, board: int) -> dict[str, Any]:
    state: dict[str, Any] = api.get(f"/boards/{board}", expect=200).json()["state"]
    return state


def test_a_phone_sends_what_it_measures_and_everybody_sees_it(
    server: Server, ada: Api, board: int, live: Callable[..., Live]
) -> None:
    """Its series are named by its number; presses are added up, of each and of all; a vote can be changed."""
    _, secret = open_link(ada, board)
    watching = live(ada)
    assert watching.join({f"board:{board}": None})[f"board:{board}"]["state"]["$poll:lunch"] == {"votes": [0, 0]}
    first, told = become(server, secret)
    second, also = become(server, secret)
    with first, second:
        assert (told["number"], also["number"]) == (1, 2)
        assert told["board"] == {"name": "Shake it"}
        assert told["controls"] == ALL
        assert told["poll"] == {"tile": "lunch", "question": "Where to?", "options": ["Here", "There"]}
        report = {"motion": 3.5, "light": 120, "presses": 2, "vote": 1}
        assert first.post("/sensors/values", report, expect=200).json() == {"accepted": 4}
        for _ in ("sent", "sent again, since the answer was lost"):
            assert second.post("/sensors/values", {"presses": 3}, expect=200).json() == {"accepted": 1}
        assert second.post("/sensors/values", {"presses": 2}, expect=200).json() == {"accepted": 1}
        assert second.post("/sensors/values", {"presses": 24}, expect=422).json()["field"] == "presses"
        second.post("/sensors/values", {"vote": 1}, expect=200)
        second.post("/sensors/values", {"vote": 0}, expect=200)
        assert first.post("/sensors/values", {}, expect=200).json() == {"accepted": 0}
    state = values(ada, board)
    shown = {key: state[key]["value"] for key in state if not key.startswith("$")}
    assert shown == {"motion.1": 3.5, "light.1": 120, "presses.1": 2, "presses.2": 3, "presses": 5}
    assert (state["motion.1"]["unit"], state["light.1"]["unit"]) == ("m/s²", "lx")
    assert state["$poll:lunch"] == {"votes": [1, 1]}
    heard: dict[str, Any] = {}
    while heard.get("presses", {}).get("value") != 5 or heard.get("$poll:lunch") != {"votes": [1, 1]}:
        heard |= watching.recv("state", topic=f"board:{board}")["data"]


def test_S12_a_link_that_is_withdrawn_ends_its_phones_at_once(server: Server, ada: Api, board: int) -> None:
    """401 from the next report on, and nobody new comes in by it; the phones of another link go on."""
    gone, secret = open_link(ada, board, ["button"])
    _, other = open_link(ada, board, ["button"])
    out, _ = become(server, secret)
    stays, told = become(server, other)
    with out, stays:
        assert told["number"] == 2, "numbers are the board's, whatever link it was"
        out.post("/sensors/values", {"presses": 1}, expect=200)
        assert [(link["id"] == gone, link["phones"]) for link in links(ada, board)] == [(False, 1), (True, 1)]
        ada.delete(f"/boards/{board}/sensors/{gone}", expect=204)
        assert out.post("/sensors/values", {"presses": 1}, expect=401).json()["code"] == "link_ended"
        assert out.post("/sensors", {"secret": secret}, expect=403).json()["code"] == "bad_link"
        stays.post("/sensors/values", {"presses": 1}, expect=200)
        assert len(links(ada, board)) == 1
        ada.delete(f"/boards/{board}/sensors/{gone}", expect=404)
        ada.delete(f"/boards/{board}", expect=200)
        stays.post("/sensors/values", {"presses": 1}, expect=401)


def test_A2_a_phone_reads_nothing(server: Server, ada: Api, board: int) -> None:
    """Its token is worth nothing elsewhere, and a session is none."""
    _, secret = open_link(ada, board)
    phone, told = become(server, secret)
    with phone:
        for path in ("/me", "/boards", f"/boards/{board}", f"/boards/{board}/points?series=motion.1", "/feed"):
            phone.get(path, expect=401)
        phone.post(f"/boards/{board}/values", {"motion.1": 1}, expect=401)
        with Live(server, token=told["token"], hello=False) as socket:
            assert socket.closed_with()[0] == 4504
    ada.post("/sensors/values", {"presses": 1}, expect=401)
    with Api(server) as nobody:
        nobody.post("/sensors/values", {"presses": 1}, expect=401)
        assert nobody.post("/sensors", {"secret": "x" * 43}, expect=403).json()["code"] == "bad_link"


def test_only_who_arranges_the_board_opens_it_to_phones(client: Client, people: People, ada: Api, board: int) -> None:
    link, _ = open_link(ada, board)
    bert = client(people.bert)
    bert.post(f"/boards/{board}/sensors", {"controls": ["button"]}, expect=403)
    bert.get(f"/boards/{board}/sensors", expect=403)
    bert.delete(f"/boards/{board}/sensors/{link}", expect=403)
    assert len(links(ada, board)) == 1


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("controls", {"controls": []}),
        ("controls", {"controls": ["motion", "motion"]}),
        ("controls", {"controls": ["camera"]}),
        ("poll", {"controls": ["vote"]}),
        ("poll", {"controls": ["button"], "poll": "lunch"}),
        ("poll", {"controls": ["vote"], "poll": "dinner"}),
        ("seconds", {"controls": ["button"], "seconds": 0}),
        ("seconds", {"controls": ["button"], "seconds": 10**9}),
    ],
)
def test_a_bad_link_is_refused_by_its_field(ada: Api, board: int, field: str, body: dict[str, Any]) -> None:
    assert ada.post(f"/boards/{board}/sensors", body, expect=422).json()["field"] == field
    assert links(ada, board) == []


def test_a_bad_report_is_refused_by_its_field(server: Server, ada: Api, board: int) -> None:
    """And nothing of it is stored. What the link does not ask for is refused too."""
    _, secret = open_link(ada, board)
    _, quiet = open_link(ada, board, ["light"])
    phone, _ = become(server, secret)
    dark, _ = become(server, quiet)
    bad: list[tuple[str, dict[str, Any]]] = [
        ("motion", {"motion": -1, "presses": 1}),
        ("motion", {"motion": 1e9}),
        ("light", {"light": -0.5, "motion": 1}),
        ("presses", {"presses": 0}),
        ("presses", {"presses": 21}),
        ("presses", {"presses": 10**10}),
        ("vote", {"vote": 2, "presses": 1}),
        ("vote", {"vote": -1}),
    ]
    with phone, dark:
        for number, (field, body) in enumerate(bad):
            assert phone.post("/sensors/values", body, expect=422).json()["field"] == field, number
        assert dark.post("/sensors/values", {"light": 1, "presses": 1}, expect=422).json()["field"] == "presses"
    assert [key for key in values(ada, board) if not key.startswith("$")] == []


def links(api: Api, board: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/boards/{board}/sensors", expect=200).json()["items"]
    return found


def test_phones_have_a_rate_and_a_number(fresh_server: Callable[..., Server], client: Client, people: People) -> None:
    """429 for who sends too fast, and 409 for who comes when all places are taken."""
    server = fresh_server(limits={"sensors_of_link": 1, "sensor_pushes_burst": 2, "sensor_pushes_per_second": 0.01})
    ada = client(people.ada, on=server)
    board = ada.post("/boards", {"name": "Small"}, expect=201).json()["board"]["id"]
    _, secret = open_link(ada, board, ["button"], seconds=60)
    phone, told = become(server, secret)
    with phone:
        assert told["poll"] is None
        assert phone.post("/sensors", {"secret": secret}, expect=409).json()["code"] == "full"
        for expected in (200, 200, 429):
            phone.post("/sensors/values", {"presses": 1}, expect=expected)
