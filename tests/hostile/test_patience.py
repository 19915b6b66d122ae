"""Peers that keep a server waiting: rows 14, 16, 23, 53, 60, 63, 64, 66, 67 and 74, with patience cut short."""

from __future__ import annotations

import json
import socket as sockets
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.api import Api
from tests.harness.people import EVE, People
from tests.harness.raw import CONTINUATION, CUT, TEXT, Ended, RawSocket, frame_bytes
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.hostile.bystander import Bystander
from tests.hostile.sockets import bye, check_alive, connect, open_socket, stranger
from tests.hostile.stage import Case, Stage, attack

IMPATIENT = True  # read by conftest.py

JSON = ("Content-Type", "application/json")
CHUNKED = ("Transfer-Encoding", "chunked")
PATIENCE = 20.0  # whatever the impatient server waits for: ten times that


@pytest.mark.parametrize(
    ("name", "headers", "body"),
    [
        ("row14-length-that-lies-high", (JSON, ("Content-Length", "100")), b'{"text":"hello"}'),
        ("row14-no-body-at-all", (JSON, ("Content-Length", "100")), b""),
        ("row16-chunks-without-an-end", (JSON, CHUNKED), b'10\r\n{"text":"hello"}\r\n'),
        ("row16-chunk-of-2-to-the-64", (JSON, CHUNKED), b"FFFFFFFFFFFFFFFF\r\n{}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_C2_a_body_that_does_not_come_is_not_waited_for(
    stage: Stage, bystander: Bystander, name: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    """408 and the end of the connection; it never held a worker."""
    attack(stage, Case(lambda stage: stage.posting(body, headers), (408,), "timeout", None, True))
    bystander.noticed_nothing()


def test_C2_row53_silence_before_auth_ends(stage: Stage, bystander: Bystander) -> None:
    """An upgrade and then nothing, or pings only: 4504."""
    with stranger(stage) as silent, stranger(stage) as pinging:
        pinging.send_frame(9, b"still here")
        assert pinging.frame().opcode == 10
        for socket in (silent, pinging):
            assert bye(socket)["code"] == 4504
    bystander.noticed_nothing()


UNFINISHED = {
    "row60-inside-a-character": frame_bytes(TEXT, '"ä'.encode()[:2], fin=False),
    "row63-fin-never-comes": frame_bytes(TEXT, b"{", fin=False) + frame_bytes(CONTINUATION, b" ", fin=False),
    "row64-header-and-half-the-payload": frame_bytes(TEXT, b"a" * 1_000)[:500],
    "row64-half-a-header": frame_bytes(TEXT, b"a" * 1_000)[:3],
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_C2_half_a_message_is_not_waited_for(stage: Stage, bystander: Bystander, name: str) -> None:
    """Not finished in time: 4505, even if pongs go on coming where they can."""
    with open_socket(stage) as socket:
        socket.send(UNFINISHED[name])
        assert _code(socket) == 4505
    bystander.noticed_nothing()


def test_C2_row63_pieces_that_never_end_where_a_message_does_are_fine(stage: Stage, bystander: Bystander) -> None:
    """A slow line, on which each piece has the end of a message and half of the next: no message is late."""
    whole = frame_bytes(TEXT, b'{"type":"pong"}')
    with open_socket(stage) as socket:
        socket.send(whole[:10])
        socket.dribble((whole[10:] + whole[:10]) * 25, pause=0.1, size=len(whole))  # longer than a message may take
        socket.send(whole[10:])
        check_alive(socket)
    bystander.noticed_nothing()


def test_C2_row66_a_peer_that_answers_no_heartbeat_is_let_go(stage: Stage, bystander: Bystander) -> None:
    """Not a byte from it in the time of two heartbeats: 4002, come back."""
    with open_socket(stage) as socket:
        assert _code(socket) == 4002
    bystander.noticed_nothing()


def test_C2_row67_a_reader_that_does_not_read_is_let_go(stage: Stage, bystander: Bystander) -> None:
    """It costs a bounded amount, and is closed, or cut off, soon after its queue is full: nothing of it is left."""
    before = stage.server.memory()
    cookie = f"{stage.cookie_name}={stage.token}"
    with RawSocket(stage.server, headers=[("Cookie", cookie)], handshake=False) as socket:
        socket.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
        socket.shake()
        assert socket.frame().json()["type"] == "hello"
        socket.send_json({"type": "join", "id": 1, "topics": {f"wall:{stage.ada}": None}})
        assert socket.frame().json()["type"] == "joined"
        mine = socket.socket.getsockname()[1]
        _post(stage, 500, "\U0001f600" * 3_900)
        wait_for(lambda: mine not in _peers(stage.server), PATIENCE, "the server to let go")
        heard = socket.read_until_end(PATIENCE)
    assert len(heard) < 500 * 16_000
    assert stage.server.memory() - before < 30_000_000
    bystander.noticed_nothing()


def test_C2_row74_what_is_sent_after_the_session_ended_is_not_stored(stage: Stage, bystander: Bystander) -> None:
    """A stream of sends, and a sign-in elsewhere in the middle: what was acknowledged is there, nothing after it."""
    person = EVE.unique()
    with Api(stage.server) as first, Api(stage.server) as second:
        first.sign_up(person)
        first.sign_in(person)
        with connect(stage, [("Cookie", first.cookie)]) as socket:
            assert socket.frame().json()["type"] == "hello"
            stop = threading.Event()
            sender = threading.Thread(target=_send_on, args=(socket, first.wall, stop))
            sender.start()
            try:
                wait_for(lambda: _texts(first, first.id), PATIENCE, "the first post")
                second.sign_in(person)
                stored = set(_texts(second, first.id))
            finally:
                stop.set()
                sender.join()
            frames, code, _ = socket.until_close(PATIENCE)
        assert code in (4500, CUT)
        acked = {said["post"]["text"] for frame in frames if (said := frame.json())["type"] == "ack"}
        assert acked <= stored
        assert set(_texts(second, first.id)) == stored
    bystander.noticed_nothing()


def test_C2_row23_an_expired_token_is_told_so(fresh_server: Callable[..., Server], people: People) -> None:
    """After its time a token is refused by HTTP and by socket, each saying why."""
    server = fresh_server(limits={"session_seconds": 1})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada, transport="token")
        wait_for(lambda: ada.get("/me").status_code == 401, PATIENCE, "the session to expire")
        problem = ada.get("/me").json()
        assert problem["code"] == "session_expired"
        with RawSocket(server, ada) as socket:
            said = bye(socket)
            assert (said["code"], said["reason"]) == (4501, "expired")


def _code(socket: RawSocket) -> int:
    """The code of its close, which is answered; nothing is said before it that it does not belong to."""
    _, code, _ = socket.until_close(PATIENCE)
    socket.send_close(code)
    return code


def _post(stage: Stage, number: int, text: str) -> None:
    with Api(stage.server) as api:
        api.http.headers["Cookie"] = stage.cookie
        for _ in range(number):
            api.post_on(stage.ada, text)


def _peers(server: Server) -> set[int]:
    """The ports of those who are connected to it, as the kernel sees it."""
    port = f"{server.port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {int(row[2].split(":")[1], 16) for row in rows if row[1].endswith(f":{port}") and row[3] == "01"}


def _send_on(socket: RawSocket, topic: str, stop: threading.Event) -> None:
    for number in range(1, 60):
        if stop.is_set():
            return
        frame = {"type": "send", "id": number, "topic": topic, "text": f"number {number}", "cid": str(uuid.uuid4())}
        try:
            socket.send_frame(TEXT, json.dumps(frame).encode())
        except Ended:
            return
        time.sleep(0.002)


def _texts(api: Api, wall: int) -> list[str]:
    return [post["text"] for post in api.get(f"/walls/{wall}/posts", limit=100, expect=200).json()["items"]]
