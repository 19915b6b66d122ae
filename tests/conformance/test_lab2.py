"""A lab 2 client's check list: what the course asks of every function, over the whole of its HTTP interface."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conformance.lab_client import Answer, Lab
from tests.harness.people import People

MakeLab = Callable[..., Lab]

NO_TOKENS = [None, "", "spoilt", "None", "null"]


def test_sign_up_and_in(lab: MakeLab, people: People) -> None:
    """Seven fields make a user, who is not signed in by it; the token is the data of the sign-in, a long string."""
    client = lab()
    assert client.sign_up(people.ada.fields()) == {"success": True, "message": "Successfully created a new user."}
    answer = client.sign_in(people.ada.email, people.ada.password)
    assert answer == {"success": True, "message": "Successfully signed in.", "data": answer["data"]}
    assert len(answer["data"]) >= 36
    assert answer["data"].isascii()
    assert client.last.headers["Authorization"] == answer["data"]


def test_a_password_like_the_courses_is_good(lab: MakeLab, people: People) -> None:
    """`password123`, which the course's checks use, is accepted."""
    client = lab()
    client.enter(people.ada.but(password="password123"))


@pytest.mark.parametrize("email", ["x@example", "x@.com", "x@exa mple.com", "x", "", "@example.org", "a@b@c.se"])
def test_a_bad_email_is_refused(lab: MakeLab, people: People, email: str) -> None:
    """What is no e-mail address makes no user."""
    answer = lab().sign_up(people.ada.but(email=email).fields())
    assert answer == {"success": False, "message": "Form data missing or incorrect type."}


@pytest.mark.parametrize("name", ["email", "password", "firstname", "familyname", "gender", "city", "country"])
@pytest.mark.parametrize("how", ["null", "absent", "number", "list"])
def test_every_field_is_needed(lab: MakeLab, people: People, name: str, how: str) -> None:
    """A sign-up without one of the seven, or with something else than text there, makes no user."""
    client = lab()
    fields = {**people.ada.fields(), name: {"null": None, "absent": None, "number": 7, "list": ["x"]}[how]}
    if how == "absent":
        del fields[name]
    assert client.sign_up(fields) == {"success": False, "message": "Form data missing or incorrect type."}
    assert client.sign_in(people.ada.email, people.ada.password)["success"] is False


def test_a_user_exists_once(lab: MakeLab, people: People) -> None:
    """The same e-mail again, in another spelling too, is refused."""
    client = lab()
    assert client.sign_up(people.ada.fields())["success"]
    for email in (people.ada.email, people.ada.email.upper()):
        answer = client.sign_up(people.ada.but(email=email).fields())
        assert answer == {"success": False, "message": "User already exists."}


def test_wrong_credentials(lab: MakeLab, people: People) -> None:
    """A wrong password, an unknown user and a missing field get the same answer."""
    client = lab()
    client.sign_up(people.ada.fields())
    wrong = [
        (people.ada.email, "not it at all"),
        (people.ada.email, None),
        (None, people.ada.password),
        ("nobody@example.org", people.ada.password),
        (people.ada.email, ""),
    ]
    for username, password in wrong:
        assert client.sign_in(username, password) == {"success": False, "message": "Wrong username or password."}


def test_user_data(lab: MakeLab, people: People) -> None:
    """One's own data and another's are exactly six fields, never the password."""
    client = lab()
    client.sign_up(people.bert.fields())
    token = client.enter(people.ada)
    for person, answer in (
        (people.ada, client.data_by_token(token)),
        (people.ada, client.data_by_email(token, people.ada.email)),
        (people.bert, client.data_by_email(token, people.bert.email)),
    ):
        six = {name: value for name, value in person.fields().items() if name != "password"}
        assert answer == {"success": True, "message": "User data retrieved.", "data": six}


def test_walls(lab: MakeLab, people: People) -> None:
    """Posts on both walls, newest first, each with its writer's e-mail; an odd text comes back as it went."""
    client = lab()
    client.sign_up(people.bert.fields())
    token = client.enter(people.ada)
    assert client.messages_by_token(token)["data"] == []
    for text in ("first", "<b>second</b> & 'third' 🦊"):
        assert client.post(token, people.bert.email, text) == {"success": True, "message": "Message posted"}
    client.post(token, people.ada.email, "mine")
    wall = client.messages_by_email(token, people.bert.email)
    assert wall == {
        "success": True,
        "message": "User messages retrieved.",
        "data": [
            {"writer": people.ada.email, "content": "<b>second</b> & 'third' 🦊"},
            {"writer": people.ada.email, "content": "first"},
        ],
    }
    assert client.messages_by_token(token)["data"] == [{"writer": people.ada.email, "content": "mine"}]
    assert client.messages_by_email(token, people.ada.email)["data"] == client.messages_by_token(token)["data"]


@pytest.mark.parametrize("email", ["nobody@example.org", "None", "null", "", "a/b@example.org", "\0", "x" * 1000])
def test_no_such_user(lab: MakeLab, people: People, email: str) -> None:
    """Neither the data nor the wall of an unknown e-mail, nor a post on it."""
    client = lab()
    token = client.enter(people.ada)
    refused = {"success": False, "message": "No such user."}
    assert client.data_by_email(token, email) == refused
    assert client.messages_by_email(token, email) == refused
    if email != "\0":
        assert client.post(token, email, "hello") == refused


@pytest.mark.parametrize("token", NO_TOKENS)
def test_no_token(lab: MakeLab, people: People, token: str | None) -> None:
    """Without a valid token every function but two refuses, in the words of the stub."""
    client = lab()
    client.sign_up(people.ada.fields())
    refused = {"success": False, "message": "You are not signed in."}
    assert client.data_by_token(token) == refused
    assert client.data_by_email(token, people.ada.email) == refused
    assert client.messages_by_token(token) == refused
    assert client.messages_by_email(token, people.ada.email) == refused
    assert client.post(token, people.ada.email, "hello") == refused
    assert client.sign_out(token) == refused
    changed = client.change_password(token, people.ada.password, "another password")
    assert changed == {"success": False, "message": "You are not logged in."}


def test_change_password(lab: MakeLab, people: People) -> None:
    """The old password has to be right and the new one given; then the new one signs in and the old does not."""
    client = lab()
    token = client.enter(people.ada)
    assert client.change_password(token, "wrong one", "another password")["message"] == "Wrong password."
    assert client.change_password(token, None, "another password")["message"] == "Wrong password."
    assert client.change_password(token, people.ada.password, None)["success"] is False
    changed = client.change_password(token, people.ada.password, "another password")
    assert changed == {"success": True, "message": "Password changed."}
    assert client.data_by_token(token)["success"], "the session goes on"
    assert client.sign_in(people.ada.email, people.ada.password)["success"] is False
    assert client.sign_in(people.ada.email, "another password")["success"]


@pytest.mark.parametrize("message", [None, "", "  ", 7, ["x"]])
def test_no_message_is_no_post(lab: MakeLab, people: People, message: object) -> None:
    """A post without a text is refused, and nothing is on the wall."""
    client = lab()
    token = client.enter(people.ada)
    assert client.post(token, people.ada.email, message) == {"success": False, "message": "Write something first."}
    assert client.messages_by_token(token)["data"] == []


def test_a_post_needs_its_wall(lab: MakeLab, people: People) -> None:
    """A post to null, or to no e-mail, is not one's own: it is refused."""
    client = lab()
    token = client.enter(people.ada)
    assert client.post(token, None, "hello")["message"] == "No such user."
    assert client.call("POST", "/post_message", token, {"message": "hello"})["message"] == "No such user."


def test_sign_out(lab: MakeLab, people: People) -> None:
    """The token is worth nothing after it."""
    client = lab()
    token = client.enter(people.ada)
    assert client.sign_out(token) == {"success": True, "message": "Successfully signed out."}
    assert client.sign_out(token) == {"success": False, "message": "You are not signed in."}
    assert client.data_by_token(token)["success"] is False


def test_success_comes_first(lab: MakeLab, people: People) -> None:
    """In the bytes of every answer `success` is the first key."""
    client = lab()
    token = client.enter(people.ada)
    asked: list[Callable[[], Answer]] = [
        lambda: client.data_by_token(token),
        lambda: client.data_by_token("none"),
        lambda: client.messages_by_token(token),
        lambda: client.sign_up({}),
        lambda: client.post(token, people.ada.email, "hello"),
        lambda: client.post(token, 1, 2),
        lambda: client.sign_in(people.ada.email, people.ada.password),
    ]
    for ask in asked:
        success = ask()["success"]
        assert client.last.text.startswith('{"success":' + json.dumps(success))
        assert client.last.headers["Content-Type"] == "application/json"
        assert client.last.status_code == 200
