"""The auto-logout sockets at their edges: who is silent, late, too loud, or still there when the server goes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.conformance.lab_client import FAREWELLS, Lab, Socket, first_frame
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.raw import RawSocket
from tests.harness.server import Server
from tests.harness.waiting import wait_for

MakeLab = Callable[..., Lab]
MakeSocket = Callable[..., Socket]


def _people_here(server: Server) -> int:
    with Api(server) as anybody:
        return int(anybody.get("/community").json()["people_here"])


def test_silence_is_no_farewell(
    fresh_server: Callable[..., Server], lab: MakeLab, socket: MakeSocket, people: People
) -> None:
    """Who says no token in time is closed without the word that would sign a slow page out; its token stays good."""
    server = fresh_server(limits={"authenticate_seconds": 0.2})
    client = lab(server)
    token = client.enter(people.ada)
    pages = [socket(path, on=server) for path in FAREWELLS]
    assert [page.until_close() for page in pages] == [([], 4002)] * len(FAREWELLS)
    assert client.data_by_token(token)["success"]


def test_it_lives_by_protocol_pings(
    fresh_server: Callable[..., Server], lab: MakeLab, socket: MakeSocket, people: People
) -> None:
    """A quiet page stays as long as its browser answers pings, without a frame of ours; one that does not is let go."""
    server = fresh_server(limits={"idle_seconds": 1.5, "heartbeat_seconds": 0.5})
    token = lab(server).enter(people.ada)
    page = socket("/connect", token, on=server)
    with RawSocket(server, path="/connect") as dead:
        dead.send_frame(1, token.encode())
        frames, code, _ = dead.until_close(10.0)
        assert {frame.opcode for frame in frames} == {9}, "pings and nothing else"
        assert code == 4002
    assert page.is_silent_for(1.0)


def test_nothing_else_is_answered(lab: MakeLab, socket: MakeSocket, people: People) -> None:
    """Further frames of any kind, another token among them, change nothing and get no answer."""
    client = lab()
    ada, bert = client.enter(people.ada), client.enter(people.bert)
    page = socket("/socket-api", first_frame("/socket-api", ada))
    for frame in ("{", '{"type":"get-stats"}', first_frame("/socket-api", bert), "close connection"):
        page.connection.send(frame)
    client.sign_out(bert)
    assert page.is_silent_for(0.3)
    client.sign_out(ada)
    assert page.until_close() == (['{"type":"signout"}'], 4501)


@pytest.mark.parametrize("frame", ["{", "[]", "7", '{"type":"login"}', '{"type":"login","data":null}', '{"type":"x"}'])
def test_a_json_path_waits_for_its_login(lab: MakeLab, socket: MakeSocket, people: People, frame: str) -> None:
    """What is no login frame is ignored; the login after it counts."""
    client = lab()
    token = client.enter(people.ada)
    page = socket("/socket-api", frame)
    page.connection.send(first_frame("/socket-api", token))
    client.sign_out(token)
    assert page.until_close()[0] == ['{"type":"signout"}']


@pytest.mark.parametrize("known", [True, False])
def test_too_many_frames(fresh_server: Callable[..., Server], lab: MakeLab, people: People, known: bool) -> None:
    """A flood is closed with the code for it, and no farewell: the session is as good as before."""
    server = fresh_server(limits={"frames_burst": 20})
    client = lab(server)
    token = client.enter(people.ada)
    path = "/connect" if known else "/socket-api"
    with RawSocket(server, path=path) as flood:
        if known:
            flood.send_frame(1, token.encode())
        for _ in range(40):
            flood.send_frame(1, b"x")
        frames, code, _ = flood.until_close(10.0)
    assert [frame.payload for frame in frames if frame.opcode == 1] == []
    assert code == 4001
    assert client.data_by_token(token)["success"]


def test_a_restart_signs_nobody_out(
    fresh_server: Callable[..., Server], lab: MakeLab, socket: MakeSocket, people: People
) -> None:
    """When the server stops, the socket closes with 1012 and without a farewell; after it the token is still good."""
    server = fresh_server()
    client = lab(server)
    token = client.enter(people.ada)
    page = socket("/connect", token, on=server)
    wait_for(lambda: _people_here(server) == 1, what="the socket to be known")
    server.restart()
    assert page.until_close() == ([], 1012)
    assert client.data_by_token(token)["success"]
    again = socket("/connect", token, on=server)
    client.sign_out(token)
    assert again.until_close()[0] == ["user logout"]


def test_a_session_that_ends_while_it_is_looked_up(lab: MakeLab, socket: MakeSocket, people: People) -> None:
    """However a sign-in and the old token's first frame fall together, that page hears one farewell."""
    client, other = lab(), lab()
    token = client.enter(people.ada)
    for _ in range(10):
        pages = [socket(path) for path in FAREWELLS]
        signing_in = threading.Thread(target=other.sign_in, args=(people.ada.email, people.ada.password))
        signing_in.start()
        for page, path in zip(pages, FAREWELLS, strict=True):
            page.connection.send(first_frame(path, token))
        assert [page.until_close() for page in pages] == [([word], 4500) for word in FAREWELLS.values()]
        signing_in.join(10)
        token = other.last.json()["data"]


def test_a_lost_socket_is_forgotten(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """A peer that vanishes, at whatever moment, is nobody's socket any more."""
    server = fresh_server()
    token = lab(server).enter(people.ada)
    for wait in (True, False) * 10:
        page = RawSocket(server, path="/connect")
        page.send_frame(1, token.encode())
        if wait:
            wait_for(lambda: _people_here(server) == 1, what="the socket to be known")
        page.reset()
    wait_for(lambda: _people_here(server) == 0, timeout=10, what="the sockets to be forgotten")


def test_binary_and_broken_frames(lab: MakeLab, people: People, server: Server) -> None:
    """The protocol's own errors close with their codes, without a farewell."""
    token = lab().enter(people.ada)
    for opcode, payload, expected in ((2, token.encode(), 1003), (1, b"\xff", 1007), (3, b"", 1002)):
        with RawSocket(server, path="/connect") as page:
            page.send_frame(opcode, payload)
            frames, code, _ = page.until_close(10.0)
            assert (frames, code) == ([], expected)


def test_a_token_in_the_address_is_refused(server: Server, lab: MakeLab, people: People) -> None:
    """Addresses end up in logs: no handshake with a token there."""
    token = lab().enter(people.ada)
    with RawSocket(server, path=f"/connect?token={token}", handshake=False) as page:
        assert page.shake().status == 400
