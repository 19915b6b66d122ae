"""What the lab gateway takes, beyond the letter of the course, and what it keeps from Twidder's own rules."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.lab_client import Lab
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import ROOT, Server

MakeLab = Callable[..., Lab]
OLD = ("oldpassword", "oldPassword", "old_password", "oldpsw", "oldpw")
NEW = ("newpassword", "newPassword", "new_password", "newpsw", "newpw")
METHODS = {
    "/sign_up": "POST",
    "/sign_in": "POST",
    "/sign_out": "DELETE",
    "/change_password": "PUT",
    "/get_user_data_by_token": "GET",
    "/get_user_data_by_email/a@example.org": "GET",
    "/get_user_messages_by_token": "GET",
    "/get_user_messages_by_email/a@example.org": "GET",
    "/post_message": "POST",
}


def test_the_name_has_two_names(lab: MakeLab, people: People) -> None:
    """`username` and `email` both sign in."""
    client = lab()
    client.sign_up(people.ada.fields())
    for name in ("username", "email"):
        body = {name: people.ada.email, "password": people.ada.password}
        assert client.call("POST", "/sign_in", body=body)["success"], name


def test_passwords_have_many_names(lab: MakeLab, people: People) -> None:
    """Every spelling of old and new password that clients use changes it."""
    client = lab()
    token, password = client.enter(people.ada), people.ada.password
    for number, (old, new) in enumerate(zip(OLD, NEW, strict=True)):
        body = {old: password, new: f"password {number}"}
        assert client.call("PUT", "/change_password", token, body)["message"] == "Password changed.", (old, new)
        password = f"password {number}"


def test_the_text_has_two_names(lab: MakeLab, people: People) -> None:
    """`message` and `content` are both posted."""
    client = lab()
    token = client.enter(people.ada)
    for name in ("message", "content"):
        body = {"email": people.ada.email, name: f"as {name}"}
        assert client.call("POST", "/post_message", token, body)["success"]
    assert [post["content"] for post in client.messages_by_token(token)["data"]] == ["as content", "as message"]


@pytest.mark.parametrize(
    "media", ["application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "", "x/y; charset=z"]
)
def test_json_under_any_media_type(lab: MakeLab, people: People, media: str) -> None:
    """JSON is JSON whatever the header says: XMLHttpRequest's own says text/plain, copied code often says form."""
    body = json.dumps(people.ada.fields()).encode()
    answer = lab().call("POST", "/sign_up", headers={"Content-Type": media} if media else {}, content=body)
    assert answer["success"], answer


@pytest.mark.parametrize("kind", ["data", "files"])
def test_forms_are_read(lab: MakeLab, people: People, kind: str) -> None:
    """The oldest edition sent forms, encoded either way."""
    fields: dict[str, Any] = dict(people.ada.fields())
    more = {"data": fields} if kind == "data" else {"files": {name: (None, text) for name, text in fields.items()}}
    client = lab()
    assert client.call("POST", "/sign_up", **more)["success"]
    assert client.sign_in(people.ada.email, people.ada.password)["success"]


def test_bearer_is_a_token_too(lab: MakeLab, people: People) -> None:
    """`Bearer TOKEN` and the bare token are the same; Basic is nothing."""
    client = lab()
    token = client.enter(people.ada)
    assert client.data_by_token(f"Bearer {token}")["success"]
    assert not client.data_by_token(f"Basic {token}")["success"]


@pytest.mark.parametrize("path", METHODS)
def test_a_wrong_method_is_405(lab: MakeLab, path: str) -> None:
    """Every other method is 405 in the labs' shape, and names the right one."""
    client = lab()
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {METHODS[path]}:
        assert client.call(method, path)["success"] is False
        assert client.last.status_code == 405
        assert client.last.headers["Allow"] == METHODS[path]


BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"7",
    b"\xff",
    b'{"email":"a","email":"b"}',
    b"[" * 50_000,
    b"--\r\n",
    b"a=b",
]


@pytest.mark.parametrize("path", [path for path, method in METHODS.items() if method in ("POST", "PUT")])
@pytest.mark.parametrize("media", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_no_body_is_an_error_of_ours(lab: MakeLab, people: People, path: str, media: str) -> None:
    """Whatever the body is, the answer is a refusal in the labs' shape."""
    client = lab()
    token = client.enter(people.ada)
    for body in BODIES:
        answer = client.call(METHODS[path], path, token, headers={"Content-Type": media}, content=body)
        assert answer["success"] is False, body
        assert client.last.status_code == 200
        assert answer["message"] != "Something failed on our side."


@pytest.mark.parametrize("value", [None, 0, 1.5, True, [], {}, "\0", "\ud800", "", " ", "x" * 10_000])
def test_no_field_is_an_error_of_ours(lab: MakeLab, people: People, value: object) -> None:
    """No value in any field of any function is more than refused."""
    client = lab()
    client.sign_up(people.ada.fields())
    functions: dict[tuple[str, str], dict[str, Any]] = {
        ("POST", "/sign_up"): dict(people.bert.fields()),
        ("POST", "/sign_in"): {"username": people.ada.email, "password": people.ada.password},
        ("PUT", "/change_password"): {"oldpassword": people.ada.password, "newpassword": "another one"},
        ("POST", "/post_message"): {"email": people.ada.email, "message": "hello"},
    }
    for (method, path), fields in functions.items():
        for name in fields:
            token = client.enter(people.ada, new=False)
            content = json.dumps({**fields, name: value}).encode()
            answer = client.call(method, path, token, headers={"Content-Type": "application/json"}, content=content)
            assert answer["success"] is False, (path, name)
            assert answer["message"] != "Something failed on our side."


def test_too_large_is_said_in_the_labs_words(lab: MakeLab) -> None:
    """What is refused before a function hears of it has the labs' shape as well, and a page may read it."""
    client = lab()
    answer = client.call("POST", "/post_message", "x", content=b"x" * 100_000)
    assert answer == {"success": False, "message": "That is too large."}
    assert client.last.headers["Access-Control-Allow-Origin"] == "*"


def test_a_full_server_is_said_in_the_labs_words(fresh_server: Callable[..., Server], lab: MakeLab) -> None:
    """Busy is `success: false` too, not another shape."""
    server = fresh_server(limits={"hash_threads": 1, "hash_queue": 1, "argon2_time": 300})
    clients = [lab(server) for _ in range(8)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(lambda one: one.sign_in("nobody@example.org", "not it at all"), clients))
    assert {"success": False, "message": "The server is busy. Try again in a moment."} in answers
    assert {one.last.status_code for one in clients} == {200}


def test_posts_have_the_same_rate(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """The limit on posts is Twidder's, whichever door they come by; the refusal says when to try again."""
    client = lab(fresh_server(limits={"posts_burst": 3, "posts_per_second": 0.01}))
    token = client.enter(people.ada)
    said = [client.post(token, people.ada.email, f"{number}")["success"] for number in range(4)]
    assert said == [True, True, True, False]
    assert int(client.last.headers["Retry-After"]) > 1
    assert client.post(token, "nobody@example.org", "x")["message"] == "No such user."


def test_sign_ups_have_the_same_rate(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """The limit on new accounts counts both doors together."""
    server = fresh_server(limits={"signups_per_minute": 2})
    with Api(server) as native:
        native.sign_up(people.ada)
    client = lab(server)
    assert client.sign_up(people.bert.fields())["success"]
    assert client.sign_up(people.eve.fields())["message"] == "That was a little fast. Try again in a moment."


def test_a_closed_community_is_closed_here_too(
    fresh_server: Callable[..., Server], lab: MakeLab, people: People
) -> None:
    """Who may sign up is the owner's choice at this door as well."""
    server = fresh_server()
    with Api(server) as owner:
        owner.sign_up(people.ada)
        owner.sign_in(people.ada)
        owner.patch("/community", {"sign_up": "closed"}, expect=200)
    answer = lab(server).sign_up(people.eve.fields())
    assert answer == {"success": False, "message": "New accounts are by invitation here."}


def test_a_wall_has_an_end(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """A whole wall is the newest `lab_posts` of it."""
    client = lab(fresh_server(limits={"lab_posts": 3, "posts_burst": 100}))
    token = client.enter(people.ada)
    for number in range(5):
        client.post(token, people.ada.email, f"{number}")
    assert [post["content"] for post in client.messages_by_token(token)["data"]] == ["4", "3", "2"]


def test_a_post_is_live_in_twidder(
    lab: MakeLab, client: Callable[..., Api], live: Callable[..., Live], people: People
) -> None:
    """A lab client is a full citizen: what it posts arrives at once on the others' pages, and theirs on its wall."""
    ada = client(people.ada)
    page = live(ada)
    page.join({ada.wall: None})
    student = lab()
    token = student.enter(people.bert)
    student.post(token, people.ada.email, "from lab 2")
    event = page.recv("event")
    assert event["data"]["text"] == "from lab 2"
    assert event["data"]["author"]["firstname"] == "Bert"
    ada.post_on(ada.id, "from Twidder")
    wall = student.messages_by_email(token, people.ada.email)["data"]
    assert wall[0] == {"writer": people.ada.email, "content": "from Twidder"}


def test_both_doors_share_the_one_session(lab: MakeLab, client: Callable[..., Api], people: People) -> None:
    """A sign-in by a lab client ends the session in Twidder's own page, and the other way round."""
    native = client(people.ada)
    student = lab()
    token = student.enter(people.ada, new=False)
    assert native.get("/me", expect=401).json()["code"] == "session_replaced"
    native.sign_in(people.ada)
    assert student.data_by_token(token) == {"success": False, "message": "You are not signed in."}


def test_a_deleted_post_is_gone(lab: MakeLab, client: Callable[..., Api], people: People) -> None:
    """What is deleted in Twidder is on no lab client's wall."""
    ada = client(people.ada)
    post = ada.post_on(ada.id, "not for long")
    ada.delete(f"/posts/{post['id']}", expect=200)
    student = lab()
    token = student.enter(people.bert)
    assert student.messages_by_email(token, people.ada.email)["data"] == []


def test_a_closed_account_keeps_its_posts(fresh_server: Callable[..., Server], lab: MakeLab, people: People) -> None:
    """Its writer's e-mail stays beside what they wrote; they themselves are no user any more."""
    server = fresh_server()
    student = lab(server)
    eve = student.enter(people.eve)
    ada = student.enter(people.ada)
    student.post(eve, people.ada.email, "hello")
    command = [sys.executable, "-m", "twidder", "user", "close", people.eve.email, "--data", str(server.data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    assert student.messages_by_token(ada)["data"] == [{"writer": people.eve.email, "content": "hello"}]
    assert student.data_by_email(ada, people.eve.email)["message"] == "No such user."
    assert student.data_by_token(eve)["message"] == "You are not signed in."
