"""Who somebody is, forged, guessed or from another site: rows 22–25 and 45 of the catalogue."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.harness.people import EVE, Person
from tests.harness.raw import Raw
from tests.harness.server import ROOT, Server
from tests.hostile.bystander import Bystander
from tests.hostile.requests import bearer, cookies, foreign, get, signing_in, unmarked, writing
from tests.hostile.stage import Case, Stage, attack, new_post, row

MANY_COOKIES = "; ".join(f"c{number}=1" for number in range(200))

REFUSED = [
    row("row22-cookies-of-8-KiB", cookies("{name}={token}; a=" + "b" * 8_192), 431, closes=True),
    row("row22-session-cookie-twice", cookies("{name}={token}; {name}=other"), 401, code="not_signed_in"),
    row("row22-session-cookie-twice-the-same", cookies("{name}={token}; {name}={token}"), 401, code="not_signed_in"),
    row("row22-nameless-cookie", cookies("={name}={token}"), 401, code="not_signed_in"),
    row("row22-cookie-in-other-case", cookies("{NAME}={token}"), 401, code="not_signed_in"),
    row("row23-truncated", bearer(lambda token: token[:-1]), 401, code="not_signed_in"),
    row("row23-extended", bearer(lambda token: token + "A"), 401, code="not_signed_in"),
    row("row23-other-case", bearer(str.swapcase), 401, code="not_signed_in"),
    row("row23-non-ascii", bearer(lambda token: token[:-1] + "\xe4"), 401, code="not_signed_in"),
    row("row23-empty", bearer(lambda token: ""), 401, code="not_signed_in"),
    row("row23-nothing-but-spaces", bearer(lambda token: "    "), 401, code="not_signed_in"),
    row("row23-of-8000", bearer(lambda token: token * 186), 401, code="not_signed_in"),
    row("row23-basic", bearer(lambda token: token, "Basic "), 401, code="not_signed_in"),
    row("row23-twice", bearer(lambda token: f"{token}, Bearer {token}"), 401, code="not_signed_in"),
    row("row24-token", get("/api/v1/me?token=secret"), 400, code="token_in_url"),
    row("row24-access-token", get("/api/v1/me?access_token=secret"), 400, code="token_in_url"),
    row("row24-token-escaped", get("/api/v1/me?%74oken=secret"), 400, code="token_in_url"),
    row("row24-token-on-a-write", writing("POST", "/api/v1/walls/{ada}/posts?token=x", new_post()), 400),
    row("row25-password-of-1025", signing_in("{email}", "x" * 1_025), 422, code="bad_field", field="password"),
    row("row25-password-empty", signing_in("{email}", ""), 422, code="bad_field", field="password"),
    row("row25-password-with-nul", signing_in("{email}", "a\0b"), 422, code="bad_field", field="password"),
    row("row25-password-a-number", signing_in("{email}", 1), 422, code="bad_field", field="password"),  # type: ignore[arg-type]
    row("row25-email-empty", signing_in("", "password 1"), 422, code="bad_field", field="email"),
    row("row25-email-of-60000", signing_in("a" * 60_000, "password 1"), 422, code="bad_field", field="email"),
    row("row25-transport-unknown", signing_in("{email}", "password 1", transport="smoke"), 422, field="transport"),
    row("row45-text-plain", foreign(Content_Type="text/plain", Origin="https://evil.example"), 403, code="cross_site"),
    row("row45-cross-site", foreign(Sec_Fetch_Site="cross-site"), 403, code="cross_site"),
    row("row45-same-site", foreign(Sec_Fetch_Site="same-site"), 403, code="cross_site"),
    row("row45-origin-null", foreign(Origin="null"), 403, code="cross_site"),
    row("row45-origin-other-port", foreign(Origin="http://localhost:1"), 403, code="cross_site"),
    row("row45-origin-https", foreign(Origin="https://localhost"), 403, code="cross_site"),
    row("row45-origin-suffix", foreign(Origin="http://localhost.evil.example"), 403, code="cross_site"),
    row("row45-unmarked", unmarked, 403, code="cross_site"),
    row("row45-sign-in", writing("POST", "/api/v1/session", {}, cookie=None, Origin="null"), 403, code="cross_site"),
]

ANSWERED = [
    row("row22-200-cookies", cookies(MANY_COOKIES + "; {name}={token}"), 200),
    row("row23-bare-token", bearer(lambda token: token, ""), 200),
    row("row23-basic-beside-the-cookie", get("/api/v1/me", headers={"Authorization": "Basic YTpi"}), 200),
]


@pytest.mark.parametrize("case", REFUSED)
def test_C2_who_is_not_who_is_refused(stage: Stage, bystander: Bystander, case: Case) -> None:
    """Each gets its exact refusal, and nobody else notices."""
    attack(stage, case)
    bystander.noticed_nothing()


@pytest.mark.parametrize("case", ANSWERED)
def test_an_odd_but_right_identity_is_known(stage: Stage, bystander: Bystander, case: Case) -> None:
    """The right neighbours of the wrong ones."""
    attack(stage, case)
    bystander.noticed_nothing()


def test_C2_row23_only_the_holder_of_a_dead_token_learns_why(stage: Stage) -> None:
    """A replaced token is told so; one that is a character off is nobody's, like any other guess."""
    person = EVE.unique()
    first = _signed_in(stage, person, new=True)
    _signed_in(stage, person, new=False)
    told = _me(stage, first)
    assert (told["code"], told["status"]) == ("session_replaced", 401)
    assert _me(stage, first[:-1]) == _me(stage, "x" * 43) == _me(stage, first + "x")


def test_C2_row24_a_token_in_an_address_is_in_no_log(stage: Stage, bystander: Bystander) -> None:
    """It is refused, and the server writes it nowhere."""
    attack(stage, Case(get(f"/api/v1/me?token={stage.token}"), (400,), "token_in_url"))
    bystander.noticed_nothing()
    assert stage.token not in stage.server.stderr + stage.server.stdout


def test_C2_row25_nobody_learns_who_has_an_account(stage: Stage, bystander: Bystander) -> None:
    """Unknown, wrong password and closed account get one and the same answer."""
    closed = EVE.unique()
    _signed_in(stage, closed, new=True)
    _close(stage.server, closed)
    answers = []
    for email, password in (
        (stage.person.email, "not the password"),
        ("nobody@example.org", "not the password"),
        (closed.email, closed.password),
    ):
        answer = attack(stage, Case(signing_in(email, password), (401,), "wrong_credentials"))
        problem = answer.json()
        problem.pop("request_id")
        answers.append((problem, [name for name, _ in answer.headers]))
    assert answers[0] == answers[1] == answers[2]
    bystander.noticed_nothing()


def _signed_in(stage: Stage, person: Person, *, new: bool) -> str:
    """The token."""
    if new:
        attack(stage, Case(writing("POST", "/api/v1/users", person.fields(), cookie=None), (201,)))
    body = person.credentials() | {"transport": "token"}
    answer = attack(stage, Case(writing("POST", "/api/v1/session", body, cookie=None), (201,)))
    return str(answer.json()["token"])


def _me(stage: Stage, token: str) -> dict[str, Any]:
    with Raw(stage.server) as raw:
        raw.send(stage.request("GET", "/api/v1/me", {"Authorization": f"Bearer {token}"}, cookie=None))
        problem: dict[str, Any] = raw.response().json()
    problem.pop("request_id")
    return problem


def _close(server: Server, person: Person) -> None:
    command = [sys.executable, "-m", "twidder", "user", "close", person.email, "--data", str(server.data)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=30)
