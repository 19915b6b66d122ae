"""Too much in one second, with the rates that people have: row 75 of the catalogue."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.onlooker import Onlooker
from tests.harness.api import Api
from tests.harness.people import ADA
from tests.harness.server import Server
from tests.hostile.messages import message, send
from tests.hostile.sockets import bye, check_alive, open_socket
from tests.hostile.stage import Stage

BURST, PER_SECOND = 10, 1.0  # posts; Ada has used up one of hers


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Bystanders post more than people may; so the one here only reads."""
    with Server(tmp_path / "data") as server, Api(server) as api:
        made = Stage(server)
        person = ADA.unique()
        api.sign_up(person)
        onlooker = Onlooker(server, api.sign_in(person), made.ada)
        try:
            yield made
            onlooker.noticed_nothing()
        finally:
            onlooker.close()


def sends(stage: Stage, number: int) -> bytes:
    return b"".join(message(send(id=place, topic=f"wall:{stage.bert}")) for place in range(number))


def test_C2_row75_sixty_sends_in_a_breath(stage: Stage) -> None:
    """The first ten are stored; the others are told when to try again, and the connection goes on."""
    begin = time.monotonic()
    with open_socket(stage) as socket:
        socket.send(sends(stage, 60))
        answers = [socket.frame().json() for _ in range(60)]
        acked = {answer["id"] for answer in answers if answer["type"] == "ack"}
        refused = [answer for answer in answers if answer["type"] == "error"]
        assert check_alive(socket) == []
    allowed = BURST + PER_SECOND * (time.monotonic() - begin)
    assert acked >= set(range(BURST - 1))
    assert len(acked) <= allowed
    assert {answer["code"] for answer in refused} == {"rate_limited"}
    assert all(0 < answer["retry_ms"] <= 1000 / PER_SECOND + 1 for answer in refused)
    assert {answer["id"] for answer in answers} == set(range(60))
    assert stored(stage) == len(acked)


def test_C2_row75_two_hundred_sends_in_a_breath(stage: Stage) -> None:
    """Beyond a hundred frames it is not a person: 4001. What was stored until then is within the rate."""
    begin = time.monotonic()
    with open_socket(stage) as socket:
        socket.send(sends(stage, 200))
        assert bye(socket)["code"] == 4001
    assert stored(stage) <= BURST + PER_SECOND * (time.monotonic() - begin)


def stored(stage: Stage) -> int:
    """On Bert's wall."""
    with Api(stage.server) as bert:
        bert.http.headers["Cookie"] = stage.bert_cookie
        return int(bert.get(f"/walls/{stage.bert}/posts", expect=200).json()["seq"])
