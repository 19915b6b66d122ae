"""What the courses' servers in the wild get wrong, each as a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.lab_client import FAREWELLS, Lab, Socket, first_frame
from tests.harness.people import ADA, People
from tests.harness.server import Server

MakeLab = Callable[..., Lab]
MakeSocket = Callable[..., Socket]


@pytest.mark.parametrize("path", FAREWELLS)
def test_a_wrong_password_disturbs_nobody(lab: MakeLab, socket: MakeSocket, people: People, path: str) -> None:
    """Who knows an e-mail alone throws nobody out: no frame, no close, and the token goes on."""
    victim, stranger = lab(), lab()
    token = victim.enter(people.ada)
    page = socket(path, first_frame(path, token))
    for password in ("not it at all", "", None):
        assert stranger.sign_in(people.ada.email, password)["success"] is False
    assert page.is_silent_for(0.3)
    assert victim.data_by_token(token)["success"]
    victim.sign_out(token)
    assert page.until_close()[0] == [FAREWELLS[path]]


def test_the_old_token_dies_without_any_socket(lab: MakeLab, people: People) -> None:
    """A new sign-in ends the old token for every function, also when its page never opened a socket."""
    client = lab()
    old = client.enter(people.ada)
    new = client.enter(people.ada, new=False)
    dead = [
        client.data_by_token(old),
        client.data_by_email(old, people.ada.email),
        client.messages_by_token(old),
        client.messages_by_email(old, people.ada.email),
        client.post(old, people.ada.email, "hello"),
        client.change_password(old, people.ada.password, "another one"),
        client.sign_out(old),
    ]
    assert [answer["success"] for answer in dead] == [False] * 7
    assert client.messages_by_token(new) == {"success": True, "message": "User messages retrieved.", "data": []}
    assert client.sign_in(people.ada.email, people.ada.password)["success"], "the password is the old one"


def test_closed_tabs_are_forgotten(fresh_server: Callable[..., Server], lab: MakeLab, socket: MakeSocket) -> None:
    """Sockets of closed tabs stay in no map: many more of them than a session may have open leave room for the next."""
    server = fresh_server(limits={"sockets_per_session": 3})
    client = lab(server)
    token = client.enter(ADA)
    for _ in range(12):
        socket("/connect", token, on=server).close()
    page = socket("/connect", token, on=server)
    assert page.is_silent_for(0.3)
    client.sign_out(token)
    assert page.until_close()[0] == ["user logout"]


@pytest.mark.parametrize("path", FAREWELLS)
def test_an_email_is_no_identity(lab: MakeLab, socket: MakeSocket, people: People, path: str) -> None:
    """A socket that names an e-mail instead of a token is nobody's."""
    client = lab()
    token = client.enter(people.ada)
    assert socket(path, first_frame(path, people.ada.email)).until_close() == ([FAREWELLS[path]], 4504)
    assert client.data_by_token(token)["success"]


def test_passwords_and_tokens_are_not_stored(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """Neither stands in any file of the data directory, nor in the log, while the server runs and after it."""
    server = fresh_server()
    client = lab(server)
    token = client.enter(people.ada)
    client.change_password(token, people.ada.password, "a canary password")
    secrets = [people.ada.password.encode(), b"a canary password", token.encode()]

    def found() -> list[str]:
        files = [path for path in (*server.data.rglob("*"), *server.logs.rglob("*")) if path.is_file()]
        return [path.name for path in files if any(secret in path.read_bytes() for secret in secrets)]

    assert found() == []
    server.terminate()
    assert found() == []


def test_text_is_left_as_it_is(lab: MakeLab, people: People) -> None:
    """A script in a post is text: stored, sent as JSON, never as a page, and no browser may guess otherwise."""
    client = lab()
    token = client.enter(people.ada)
    text = "<script>alert(1)</script>"
    client.post(token, people.ada.email, text)
    assert client.messages_by_token(token)["data"][0]["content"] == text
    assert client.last.headers["Content-Type"] == "application/json"
    assert client.last.headers["X-Content-Type-Options"] == "nosniff"


def test_signing_out_without_a_socket(lab: MakeLab, people: People) -> None:
    """A page that never opened its socket signs out like any other."""
    client = lab()
    assert client.sign_out(client.enter(people.ada))["success"]
