"""Who is it? Rows 22, 54 and 55 of the catalogue, by socket."""

from __future__ import annotations

import pytest

from tests.harness.api import Api
from tests.harness.people import EVE
from tests.hostile.bystander import Bystander
from tests.hostile.messages import LONG, join, message, send
from tests.hostile.sockets import bye, check_alive, check_error, connect, open_socket, stranger
from tests.hostile.stage import Stage

COMMANDS = {
    "join": join({"me": None}),
    "send": send(),
    "leave": {"type": "leave", "topics": []},
    "typing": {"type": "typing", "topic": "me"},
    "pong": {"type": "pong"},
}


@pytest.mark.parametrize("name", COMMANDS, ids=lambda name: f"row54-{name}")
def test_C2_row54_nobody_commands_before_saying_who_it_is(stage: Stage, bystander: Bystander, name: str) -> None:
    """A command before auth: 4505."""
    with stranger(stage) as socket:
        socket.send_json(COMMANDS[name])
        assert bye(socket)["code"] == 4505
    bystander.noticed_nothing()


@pytest.mark.parametrize("name", [*COMMANDS, "auth"], ids=lambda name: f"row54-{name}")
def test_C2_row54_what_comes_in_one_breath_with_auth_waits(stage: Stage, bystander: Bystander, name: str) -> None:
    """A frame behind auth is acted on after hello, whatever the packets; a second auth is still one too many."""
    auth = {"type": "auth", "token": stage.token}
    with stranger(stage) as socket:
        socket.send(message(auth) + message((COMMANDS | {"auth": auth})[name]))
        assert socket.frame().json()["type"] == "hello"
        if name == "auth":
            assert bye(socket)["code"] == 4505
        else:
            check_alive(socket)
    bystander.noticed_nothing()


@pytest.mark.parametrize("whose", ["own", "bert", "nobody"], ids=lambda whose: f"row54-{whose}")
def test_C2_row54_a_socket_is_one_persons(stage: Stage, bystander: Bystander, whose: str) -> None:
    """A second auth, whosever token it brings: 4505."""
    token = {"own": stage.token, "bert": stage.bert_cookie.partition("=")[2], "nobody": "x" * 43}[whose]
    with open_socket(stage) as socket:
        socket.send_json({"type": "auth", "token": token})
        assert bye(socket)["code"] == 4505
    bystander.noticed_nothing()


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 43, LONG, "\u0000", "ä" * 43], ids=lambda token: f"row55-{len(token)}"
)
def test_C2_row55_a_guessed_token_learns_nothing(stage: Stage, bystander: Bystander, token: str) -> None:
    """As cookie or in the first frame: 4504 without when or by whom (a NUL is not even JSON text)."""
    with stranger(stage) as socket:
        socket.send_json({"type": "auth", "token": token})
        if token == "\u0000":
            check_error(socket.frame().json(), "bad_json")
        else:
            said = bye(socket)
            assert (said["code"], said["reason"], set(said)) == (4504, "not_authenticated", {"type", "code", "reason"})
    if token.isalpha() and token.isascii() and len(token) < 8_000:
        with connect(stage, [("Cookie", f"{stage.cookie_name}={token}")]) as socket:
            assert bye(socket)["code"] == 4504
    bystander.noticed_nothing()


def test_C2_row22_two_session_cookies_are_none(stage: Stage, bystander: Bystander) -> None:
    """Which of them would it be? Neither: 4504."""
    with connect(stage, [("Cookie", f"{stage.cookie}; {stage.cookie_name}=other")]) as socket:
        assert bye(socket)["code"] == 4504
    bystander.noticed_nothing()


def test_C2_row54_what_nobody_can_read_says_nothing_of_who_it_is(stage: Stage, bystander: Bystander) -> None:
    """Before auth, too: two are answered, the third is the last."""
    with stranger(stage) as socket:
        for _ in range(3):
            socket.send(message(b"{"))
        for _ in range(2):
            check_error(socket.frame().json(), "bad_json")
        assert bye(socket)["code"] == 4505
    bystander.noticed_nothing()


def test_C2_row55_only_its_holder_learns_what_became_of_a_session(stage: Stage, bystander: Bystander) -> None:
    """The killed token itself: 4500, when, and by whom. One that is nearly the same: 4504, and not a word more."""
    person = EVE.unique()
    with Api(stage.server) as first, Api(stage.server) as second:
        first.sign_up(person)
        first.sign_in(person)
        killed = first.cookie
        second.sign_in(person)
    nearly = killed[:-1] + ("A" if killed[-1] != "A" else "B")
    for cookie, fields in ((killed, {"code", "reason", "at", "by"}), (nearly, {"code", "reason"})):
        with connect(stage, [("Cookie", cookie)]) as socket:
            said = bye(socket)
            assert set(said) == {"type"} | fields
            assert said["code"] == (4500 if cookie == killed else 4504)
    bystander.noticed_nothing()
