"""The updates gateway by its wire: ready, changed!, and the data."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.gateways.updating import Told, push_to, tell_of
from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.raw import TEXT, RawSocket, frame_bytes
from tests.harness.server import Server

QUIET = {"updates_quiet_least": 3_000, "updates_quiet_most": 4_000}  # seconds: in these tests boards alone have news


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server of our own, since of all its boards one is told of; and its owner's token."""
    data = tmp_path_factory.mktemp("updates") / "data"
    limits = {**QUIET, "updates_clients": 12, "boards_per_hour": 1_000, "edits_per_minute": 1_000}
    with Server(data, limits=limits) as server:
        with Api(server) as owner:
            person = fresh_people().ada
            owner.sign_up(person)
            token = owner.sign_in(person, transport="token").token
        assert token is not None
        yield server, token


@pytest.fixture
def owner(place: tuple[Server, str]) -> Iterator[Api]:
    with Api(place[0]) as api:
        yield api.use_token(place[1])


@pytest.fixture
def board(owner: Api) -> Told:
    """It is told of."""
    return tell_of(owner)


def _socket(server: Server, path: str = "/updated", origin: str | None = "null") -> ClientConnection:
    url = server.ws_url.removesuffix("/live") + path
    return connect(url, origin=Origin(origin) if origin else None, proxy=None, compression=None, close_timeout=1)


@contextlib.contextmanager
def _waiting(server: Server, path: str = "/updated") -> Iterator[http.client.HTTPConnection]:
    """A request that waits. It is under way once the server has answered another that came after it."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
    connection.request("GET", path, headers={"Origin": "null"})
    with httpx.Client(trust_env=False) as client:
        client.get(server.url + "/data")
    try:
        yield connection
    finally:
        connection.close()


def test_everybody_hears_of_news(place: tuple[Server, str], board: Told) -> None:
    """Sockets at both paths, from any page; requests that wait, all of them."""
    server, _ = place
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(_socket(server, path, origin))
            for path in ("/update", "/updated")
            for origin in ("null", None)
        ]
        polls = [stack.enter_context(_waiting(server, path)) for path in ("/update", "/updated", "/updated")]
        push_to(board, 1)
        assert [socket.recv(timeout=10) for socket in sockets] == ["ready"] * 4
        for poll in polls:
            answer = poll.getresponse()
            assert (answer.status, answer.read()) == (200, b"changed!")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cache-Control"] == "no-store"


def test_many_changes_are_few_words(place: tuple[Server, str], board: Told) -> None:
    """At most a few a second, and one after the last."""
    server, _ = place
    with _socket(server) as socket:
        begin = time.monotonic()
        for value in range(30):
            push_to(board, value)
        socket.recv(timeout=10)
        told = 1
        with contextlib.suppress(TimeoutError):
            while True:
                socket.recv(timeout=1)
                told += 1
        assert 1 <= told <= 2 + (time.monotonic() - begin) / 0.25


def test_another_boards_news_are_none(place: tuple[Server, str], board: Told, owner: Api) -> None:
    """Of the boards one is told of, and the newest choice counts, also at once."""
    server, _ = place
    with _socket(server) as socket:
        another = tell_of(owner)
        with contextlib.suppress(TimeoutError):
            while True:  # that it was chosen may be news itself
                socket.recv(timeout=0.5)
        push_to(board, 1)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.5)
        push_to(another, 1)
        assert socket.recv(timeout=10) == "ready"


def test_the_choice_outlives_a_restart(fresh_server: Callable[..., Server], client: Callable[..., Api]) -> None:
    """And while nothing else produces, the clock does; it is read from the board, not from its news."""
    server = fresh_server(limits=QUIET)
    board = tell_of(client(fresh_people().ada, on=server))
    server.restart()
    with _socket(server) as socket:
        push_to(board, 1)
        assert socket.recv(timeout=10) == "ready"


def test_the_clock_ticks_when_nothing_else_does(fresh_server: Callable[..., Server]) -> None:
    """For sockets and requests; a stop closes the socket at once, and sends the requests away."""
    server = fresh_server(limits={"updates_quiet_least": 0.5, "updates_quiet_most": 1})
    with _socket(server, "/update") as socket:
        assert [socket.recv(timeout=10) for _ in range(2)] == ["ready", "ready"]
        with _waiting(server) as poll:
            assert poll.getresponse().read() == b"changed!"
        with _waiting(server) as poll:
            assert server.terminate() < 8
            assert poll.getresponse().status in (200, 503)
        ending = None
        while ending is None:
            try:
                socket.recv(timeout=5)
            except ConnectionClosed as closed:
                ending = closed.rcvd
        assert ending.code == 1012


def test_nothing_that_is_said_is_read(place: tuple[Server, str], board: Told) -> None:
    """Whatever it is; a flood is ended."""
    server, _ = place
    with _socket(server) as socket:
        for text in ("hello", "{", '{"type":"join"}'):
            socket.send(text)
        push_to(board, 1)
        assert socket.recv(timeout=10) == "ready"
    with RawSocket(server, path="/updated", origin="null") as raw:
        raw.send(frame_bytes(TEXT, b"x") * 200)
        assert raw.until_close()[1] == 4001


def test_there_are_only_so_many(place: tuple[Server, str]) -> None:
    """Sockets and requests together; whoever is too many is told to come later."""
    server, _ = place
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(_socket(server))
        for _ in range(2):
            stack.enter_context(_waiting(server))
        with pytest.raises(InvalidStatus) as refusal:
            _socket(server)
        assert refusal.value.response.status_code == 503
        with httpx.Client(trust_env=False) as client:
            answer = client.get(server.url + "/updated")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize("path", ["/update", "/updated"])
def test_other_methods(place: tuple[Server, str], path: str) -> None:
    """A preflight is answered for any page; nothing else is done here."""
    server, _ = place
    with httpx.Client(trust_env=False) as client:
        preflight = client.options(server.url + path, headers={"Origin": "null"})
        assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (204, "*")
        refused = client.post(server.url + path, content=b"x")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, OPTIONS")


@pytest.mark.parametrize(
    ("query", "format", "pattern"),
    [
        ("", "best", r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"),
        ("?format=one", "one", r"\d\d:\d\d:\d\d"),
        ("?format=best", "best", r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000"),
        ("?format=other", "other", r"\w{3}, \d\d:\d\d"),
    ],
)
def test_the_data(place: tuple[Server, str], query: str, format: str, pattern: str) -> None:
    """The time in seconds, and in words as the format says; UTC, as it claims; for any page, without a cookie."""
    server, _ = place
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}/data{query}", headers={"Origin": "null"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Set-Cookie" not in answer.headers
    data = answer.json()
    assert set(data) == {"value", "contents", "format"}
    assert abs(data["value"] - time.time()) < 60
    found = re.fullmatch(rf"The time is now <b>({pattern})</b> \(format = '{format}'\)", data["contents"])
    assert found is not None
    assert f"{time.strftime('%H', time.gmtime(data['value']))}:" in found[1]
    assert data["format"] == format


def test_an_unknown_format(place: tuple[Server, str]) -> None:
    """Is a 400, which any page can read."""
    server, _ = place
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}/data?format=another")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (400, "*")
    assert json.loads(answer.content)["field"] == "format"
