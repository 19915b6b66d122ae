"""The labs' later edition (--lab-status codes): the same bodies, with status codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.lab_client import Lab
from tests.harness.people import People, fresh_people
from tests.harness.server import Server

Ask = Callable[[Lab, People, str], Any]


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks this edition."""
    limits = {"signups_per_minute": 100_000, "failed_signins_address": 100_000}
    with Server(tmp_path_factory.mktemp("codes") / "data", args=["--lab-status", "codes"], limits=limits) as server:
        yield server


CASES: dict[str, tuple[int, Ask]] = {
    "signed-up": (201, lambda lab, p, token: lab.sign_up(p.eve.fields())),
    "missing-field": (400, lambda lab, p, token: lab.sign_up({"email": p.eve.email})),
    "null-field": (400, lambda lab, p, token: lab.sign_up({**p.eve.fields(), "city": None})),
    "bad-email": (400, lambda lab, p, token: lab.sign_up(p.eve.but(email="x@.com").fields())),
    "short-password": (400, lambda lab, p, token: lab.sign_up(p.eve.but(password="short").fields())),
    "taken": (409, lambda lab, p, token: lab.sign_up(p.ada.fields())),
    "signed-in": (200, lambda lab, p, token: lab.sign_in(p.bert.email, p.bert.password)),
    "no-password": (400, lambda lab, p, token: lab.sign_in(p.bert.email, None)),
    "wrong-password": (401, lambda lab, p, token: lab.sign_in(p.bert.email, "not it at all")),
    "unknown-user": (401, lambda lab, p, token: lab.sign_in("nobody@example.org", "not it at all")),
    "signed-out": (200, lambda lab, p, token: lab.sign_out(token)),
    "password-changed": (200, lambda lab, p, token: lab.change_password(token, p.ada.password, "another one")),
    "wrong-old": (401, lambda lab, p, token: lab.change_password(token, "not it at all", "another one")),
    "short-new": (400, lambda lab, p, token: lab.change_password(token, p.ada.password, "short")),
    "missing-new": (400, lambda lab, p, token: lab.change_password(token, p.ada.password, None)),
    "own-data": (200, lambda lab, p, token: lab.data_by_token(token)),
    "own-wall": (200, lambda lab, p, token: lab.messages_by_token(token)),
    "data": (200, lambda lab, p, token: lab.data_by_email(token, p.bert.email)),
    "wall": (200, lambda lab, p, token: lab.messages_by_email(token, p.bert.email)),
    "data-of-nobody": (404, lambda lab, p, token: lab.data_by_email(token, "nobody@example.org")),
    "wall-of-nobody": (404, lambda lab, p, token: lab.messages_by_email(token, "nobody@example.org")),
    "posted": (201, lambda lab, p, token: lab.post(token, p.bert.email, "hello")),
    "empty-message": (400, lambda lab, p, token: lab.post(token, p.bert.email, "")),
    "long-message": (400, lambda lab, p, token: lab.post(token, p.bert.email, "x" * 4001)),
    "to-nobody": (404, lambda lab, p, token: lab.post(token, "nobody@example.org", "hello")),
    "wrong-method": (405, lambda lab, p, token: lab.call("GET", "/sign_in")),
    "not-json": (400, lambda lab, p, token: lab.call("POST", "/sign_in", content=b"{")),
    "too-large": (413, lambda lab, p, token: lab.call("POST", "/sign_in", content=b"x" * 70_000)),
    "no-token-sign-out": (401, lambda lab, p, token: lab.sign_out(None)),
    "no-token-password": (401, lambda lab, p, token: lab.change_password("x", p.ada.password, "another one")),
    "no-token-own-data": (401, lambda lab, p, token: lab.data_by_token("x")),
    "no-token-data": (401, lambda lab, p, token: lab.data_by_email("x", p.ada.email)),
    "no-token-own-wall": (401, lambda lab, p, token: lab.messages_by_token("x")),
    "no-token-wall": (401, lambda lab, p, token: lab.messages_by_email(None, p.ada.email)),
    "no-token-post": (401, lambda lab, p, token: lab.post(None, p.ada.email, "hello")),
}


def _prepare(client: Lab, people: People) -> str:
    client.sign_up(people.bert.fields())
    return client.enter(people.ada)


@pytest.mark.parametrize("case", CASES)
def test_codes(codes: Server, lab: Callable[..., Lab], people: People, case: str) -> None:
    """Each outcome has the status that most of the courses' clients look for."""
    status, ask = CASES[case]
    client = lab(codes)
    answer = ask(client, people, _prepare(client, people))
    assert client.last.status_code == status
    assert answer["success"] is (status < 400)
    assert isinstance(answer["message"], str)
    assert answer["message"]
    if status == 401:
        assert client.last.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("case", CASES)
def test_the_first_edition_says_the_same(server: Server, codes: Server, lab: Callable[..., Lab], case: str) -> None:
    """The same body in both editions; here always with 200, but for a wrong method."""
    status, ask = CASES[case]
    answers = []
    for on in (server, codes):
        client, people = lab(on), fresh_people()
        answer = ask(client, people, _prepare(client, people))
        answers.append({"success": answer["success"], "message": answer["message"], "keys": list(answer)})
        assert on is codes or client.last.status_code == (405 if status == 405 else 200)
    assert answers[0] == answers[1]


def test_too_many_attempts(codes: Server, lab: Callable[..., Lab], people: People) -> None:
    """The brake on wrong passwords is 429 with Retry-After here."""
    client = lab(codes)
    client.sign_up(people.ada.fields())
    answers = [client.sign_in(people.ada.email, "not it at all") for _ in range(6)]
    assert client.last.status_code == 429
    assert int(client.last.headers["Retry-After"]) >= 1
    assert answers[-1] == {"success": False, "message": "Too many wrong passwords. Try again in a moment."}
