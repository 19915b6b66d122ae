"""What goes wrong by the moment, not by the words: rows 76, 77 and 80–82 of the catalogue."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import bystander as beside
from tests.faults.kernel import queues
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.raw import RawSocket
from tests.harness.waiting import wait_for
from tests.hostile.bystander import Bystander
from tests.hostile.messages import join, message, send
from tests.hostile.sockets import bye, check_alive, connect, open_socket
from tests.hostile.stage import Stage
from tests.mutants import Mutant


def on_wall(wall: int, number: int, **fields: Any) -> dict[str, Any]:
    return send(id=number, topic=f"wall:{wall}", **fields)


def hear(socket: RawSocket, wall: int) -> None:
    """Whatever happens on that wall from now on."""
    socket.send_json(join({f"wall:{wall}": None}, id=4712))
    assert socket.frame().json()["type"] == "joined"


def test_C2_row76_one_client_id_on_two_sockets_is_one_post(stage: Stage, bystander: Bystander) -> None:
    """Sent by two tabs at once: both are told the same post, and everybody hears of it once."""
    for number in range(count(200)):
        with open_socket(stage) as one, open_socket(stage) as two, open_socket(stage) as listening:
            hear(listening, stage.ada)
            frame = message(on_wall(stage.ada, number))
            one.send(frame)
            two.send(frame)
            answers = [socket.frame().json() for socket in (one, two)]
            assert answers[0] == answers[1]
            assert answers[0]["type"] == "ack"
            assert listening.frame().json()["data"] == answers[0]["post"]
            assert check_alive(listening) == []
    bystander.noticed_nothing()


def test_C2_row76_one_client_id_for_two_texts_is_the_first(stage: Stage, bystander: Bystander) -> None:
    """At once, with one text each: one is stored and told so, the other is a conflict."""
    for number in range(count(100)):
        with open_socket(stage) as one, open_socket(stage) as two:
            cid = str(uuid.uuid4())
            one.send(message(on_wall(stage.ada, number, cid=cid, text="this")))
            two.send(message(on_wall(stage.ada, number, cid=cid, text="or that")))
            answers = [socket.frame().json() for socket in (one, two)]
            assert sorted(answer.get("code", "ack") for answer in answers) == ["ack", "conflict"]
    bystander.noticed_nothing()


def test_C2_row77_much_typing_is_told_once(stage: Stage, bystander: Bystander) -> None:
    """Of ninety in one breath everybody on the wall hears one; no error, and nothing is closed."""
    with open_socket(stage) as typing, connect(stage, [("Cookie", stage.bert_cookie)]) as listening:
        assert listening.frame().json()["type"] == "hello"
        for socket in (typing, listening):
            hear(socket, stage.bert)
        typing.send(message({"type": "typing", "topic": f"wall:{stage.bert}"}) * 90)
        assert [frame.json()["type"] for frame in check_alive(typing)] == ["typing"]
        assert [frame.json()["type"] for frame in check_alive(listening)] == ["typing"]
    bystander.noticed_nothing()


def test_C2_row81_a_session_has_32_sockets(stage: Stage, bystander: Bystander) -> None:
    """The 33rd is told to come back later, 4002; the others go on, and with one of them gone there is room."""
    sockets = [open_socket(stage) for _ in range(32)]
    try:
        with connect(stage) as one_more:
            assert (said := bye(one_more))["code"] == 4002, said
        for socket in sockets:
            assert check_alive(socket) == []
        sockets.pop().close()
        sockets.append(wait_for(lambda: _try(stage), 5.0, "room for one more"))
    finally:
        for socket in sockets:
            socket.close()
    bystander.noticed_nothing()


def _try(stage: Stage) -> RawSocket | None:
    socket = connect(stage)
    if socket.frame().json()["type"] == "hello":
        return socket
    socket.close()
    return None


def test_C2_row82_closing_while_the_server_speaks(stage: Stage, bystander: Bystander, rng: random.Random) -> None:
    """A close in the middle of a stream of events is answered with its code, behind whole frames, and that is all."""
    for number in range(count(300)):
        with connect(stage, [("Cookie", stage.bert_cookie)]) as speaking, open_socket(stage) as socket:
            assert speaking.frame().json()["type"] == "hello"
            hear(socket, stage.bert)
            speaking.send(b"".join(message(on_wall(stage.bert, place)) for place in range(10)))
            for _ in range(rng.randrange(4)):
                assert socket.frame().json()["type"] == "event"
            socket.send_close(3000 + number)
            frames, code, _ = socket.until_close()
            assert code == 3000 + number
            assert {frame.json()["type"] for frame in frames} <= {"event"}
            assert socket.ended()
            assert socket.buffer == b"", "nothing follows a close"
            assert {speaking.frame().json()["type"] for _ in range(10)} == {"ack"}
    bystander.noticed_nothing()


# A server that takes a tenth of a second for each commit


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Stage]:
    with Mutant("commits_slowly", tmp_path / "data", limits=GENEROUS) as server:
        yield Stage(server)


def wait_until_read(stage: Stage, socket: RawSocket) -> None:
    mine = socket.socket.getsockname()[1]
    wait_for(lambda: queues(stage.server)[mine].to_read == 0, 5.0, "the server to read")


def test_C2_row80_a_reset_during_the_commit_changes_nothing(slow: Stage) -> None:
    """Gone with a RST while the post is being written: it is stored once, others hear of it once, and who asks again
    is told the same."""
    with Api(slow.server) as bert, beside(slow.server):
        bert.http.headers["Cookie"] = slow.bert_cookie
        with Live(slow.server, cookie=slow.bert_cookie) as listening:
            listening.join({f"wall:{slow.ada}": 1})
            for number in range(2, 2 + count(50)):
                frame = on_wall(slow.ada, number)
                with open_socket(slow) as socket:
                    socket.send(message(frame))
                    wait_until_read(slow, socket)
                    socket.reset()
                event = listening.recv("event")
                assert (event["seq"], event["data"]["cid"]) == (number, frame["cid"])
                with open_socket(slow) as socket:
                    socket.send(message(frame))
                    answer = socket.frame().json()
                    assert (answer["type"], answer["seq"]) == ("ack", number)
            assert listening.drain() == []
        assert bert.get(f"/walls/{slow.ada}/posts", expect=200).json()["seq"] == number
