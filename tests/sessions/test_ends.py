"""What ends a session, what does not, and what its holder is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, Person
from tests.harness.server import ROOT, Server


class Place(NamedTuple):
    """Ada owns it; Bert is signed in with a socket open."""

    server: Server
    ada: Api
    bert: Api
    tab: Live


@pytest.fixture
def place(fresh_server: Callable[..., Server]) -> Iterator[Place]:
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert:
        for api, person in ((ada, ADA), (bert, BERT)):
            api.sign_up(person)
            api.sign_in(person)
        with Live(server, bert) as tab:
            yield Place(server, ada, bert, tab)


def sign_in_elsewhere(place: Place) -> None:
    with Api(place.server) as elsewhere:
        elsewhere.sign_in(BERT)


def sign_out(place: Place) -> None:
    with Api(place.server) as same:  # another tab of the same browser
        same.http.headers["Cookie"] = place.bert.cookie
        same.delete("/session", expect=204)


def reset_password(place: Place) -> None:
    link = place.ada.post(f"/users/{place.bert.id}/reset-link", expect=201).json()["url"]
    with Api(place.server) as stranger:
        stranger.post("/password-resets", {"secret": link.split("#")[1], "password": "new horse 22"}, expect=204)


def close_account(place: Place) -> None:
    close(place.server, BERT)


def close(server: Server, person: Person) -> None:
    """By the operator's command beside the running server."""
    command = [sys.executable, "-m", "twidder", "user", "close", person.email, "--data", str(server.data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=30)


ENDS: dict[Callable[[Place], None], tuple[str, int, str]] = {
    sign_in_elsewhere: ("session_replaced", 4500, "replaced"),
    sign_out: ("signed_out", 4501, "signed_out"),
    reset_password: ("password_reset", 4501, "password_reset"),
    close_account: ("account_closed", 4502, "closed"),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_S8_what_ends_a_session_ends_all_of_it(place: Place, end: Callable[[Place], None]) -> None:
    """The token, the open socket and any later socket end, and each says why; the owner's session goes on."""
    code, close_code, reason = ENDS[end]
    end(place)
    assert place.bert.get("/me", expect=401).json()["code"] == code
    assert place.tab.closed_with() == (close_code, reason)
    assert [frame["type"] for frame in place.tab.drain()] == ["bye"]
    with Live(place.server, place.bert, hello=False) as later:
        assert later.closed_with() == (close_code, reason)
    place.ada.get("/me", expect=200)


def test_S8_a_closed_account_cannot_come_back(place: Place) -> None:
    """Nor is there a way to learn that it was closed, with the password or without."""
    close_account(place)
    with Api(place.server) as stranger:
        known = stranger.post("/session", BERT.credentials(), expect=401).json()
        unknown = stranger.post("/session", {**BERT.credentials(), "email": "no@example.org"}, expect=401).json()
        assert known["code"] == unknown["code"] == "wrong_credentials"


def test_S8_a_new_password_keeps_the_session_that_chose_it(place: Place) -> None:
    """The session and its socket go on; the old password is dead, the new one signs in."""
    passwords = {"old_password": BERT.password, "new_password": "another horse"}
    place.bert.put("/me/password", passwords, expect=204)
    place.bert.get("/me", expect=200)
    assert place.tab.join({"me": None})["me"]["seq"] == 0
    assert place.tab.open
    with Api(place.server) as elsewhere:
        elsewhere.post("/session", BERT.credentials(), expect=401)
        elsewhere.sign_in(BERT.but(password="another horse"))
    assert place.tab.closed_with() == (4500, "replaced")


def test_S8_a_reset_link_works_once(place: Place) -> None:
    """Whoever finds it afterwards ends nobody's session."""
    link = place.ada.post(f"/users/{place.bert.id}/reset-link", expect=201).json()["url"]
    body = {"secret": link.split("#")[1], "password": "new horse 22"}
    with Api(place.server) as stranger:
        stranger.post("/password-resets", body, expect=204)
        place.bert.sign_in(BERT.but(password="new horse 22"))
        assert stranger.post("/password-resets", body, expect=403).json()["code"] == "bad_link"
    place.bert.get("/me", expect=200)


def test_S9_each_sign_in_gives_a_token_of_its_own(place: Place) -> None:
    """No token comes twice, and all earlier ones are dead."""
    seen = [place.bert.cookie]
    for _ in range(3):
        place.bert.sign_in(BERT)
        assert place.bert.cookie not in seen
        for old in seen:
            with Api(place.server) as replay:
                answer = replay.request("GET", "/me", headers={"Cookie": old}, expect=401)
                assert answer.json()["code"] == "session_replaced"
        seen.append(place.bert.cookie)
    place.bert.get("/me", expect=200)


def test_S9_a_token_that_was_planted_is_not_taken_over(place: Place) -> None:
    """A sign-in under an attacker's cookie gives a fresh token; the attacker's is worth nothing before and after."""
    name = f"sid_{place.server.port}"
    planted = {"Cookie": f"{name}=chosen-by-the-attacker-and-long-enough-for-it"}
    with Api(place.server) as victim, Api(place.server) as attacker:
        answer = victim.post("/session", BERT.credentials(), headers=planted, expect=201)
        assert "chosen-by-the-attacker" not in answer.headers["set-cookie"]
        assert attacker.request("GET", "/me", headers=planted, expect=401).json()["code"] == "not_signed_in"
        victim.get("/me", expect=200)
