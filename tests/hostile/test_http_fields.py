"""Values that mean harm in well-formed requests: rows 8, 10, 26–30, 36 and 41 of the catalogue."""

from __future__ import annotations

import pytest

from tests.hostile.bystander import Bystander
from tests.hostile.requests import get, posts, signing_in, signing_up, writing
from tests.hostile.stage import Case, Stage, attack, new_post, row

REFUSED = [
    row("row08-before-2-to-the-63", posts("before=9223372036854775808"), 422, code="bad_field", field="before"),
    row("row08-before-minus-zero", posts("before=-0"), 422, code="bad_field", field="before"),
    row("row08-before-1.0", posts("before=1.0"), 422, code="bad_field", field="before"),
    row("row08-before-true", posts("before=true"), 422, code="bad_field", field="before"),
    row("row08-before-of-5000-digits", posts("before=" + "9" * 3_900), 422, code="bad_field", field="before"),
    row("row10-nul-in-a-search", get("/api/v1/users?q=a%00b"), 422, code="bad_field", field="q"),
    row("row10-search-of-65", get("/api/v1/users?q=" + "a" * 65), 422, code="bad_field", field="q"),
    row("row26-taken", signing_up(email="{email}"), 409, code="taken", field="email"),
    row("row26-taken-in-capitals", signing_up(email="{EMAIL}"), 409, code="taken", field="email"),
    row("row26-taken-with-spaces", signing_up(email=" {email} "), 409, code="taken", field="email"),
    row("row26-circled-letter", signing_up(email="ⓐ{email}"), 422, code="bad_field", field="email"),
    row("row26-cyrillic-letter", signing_up(email="а{email}"), 422, code="bad_field", field="email"),
    row("row26-kelvin-sign", signing_up(email="\u212a{email}"), 422, code="bad_field", field="email"),
    row("row26-long-s", signing_up(email="\u017f{email}"), 422, code="bad_field", field="email"),
    row("row26-eszett", signing_up(email="straße{email}"), 422, code="bad_field", field="email"),
    row("row26-email-with-newline", signing_up(email="a@example.org\nBcc: b@example.org"), 422, field="email"),
    row("row26-name-with-newline", signing_up(firstname="A\nB"), 422, code="bad_field", field="firstname"),
    row("row26-name-of-65", signing_up(city="x" * 65), 422, code="bad_field", field="city"),
    row("row26-name-invisible", signing_up(familyname="\u200b\u2060"), 422, code="bad_field", field="familyname"),
    row("row27-role-at-sign-up", signing_up(role="owner"), 422, code="bad_field", field="role"),
    row("row27-role-of-mine", writing("PATCH", "/api/v1/me", {"role": "owner"}), 422, code="bad_field", field="role"),
    row("row27-email-of-mine", writing("PATCH", "/api/v1/me", {"email": "a@b.example"}), 422, field="email"),
    row("row27-id-at-sign-in", signing_in("{email}", "password 1", id=1), 422, code="bad_field", field="id"),
    row("row28-zero", posts("limit=0"), 422, code="bad_field", field="limit"),
    row("row28-minus-one", posts("limit=-1"), 422, code="bad_field", field="limit"),
    row("row28-101", posts("limit=101"), 422, code="bad_field", field="limit"),
    row("row28-1e9", posts("limit=1e9"), 422, code="bad_field", field="limit"),
    row("row28-1e1", posts("limit=1e1"), 422, code="bad_field", field="limit"),
    row("row28-text", posts("limit=abc"), 422, code="bad_field", field="limit"),
    row("row28-empty", posts("limit="), 422, code="bad_field", field="limit"),
    row("row28-twice", posts("limit=10&limit=99"), 422, code="bad_field", field="limit"),
    row("row28-brackets", posts("limit[]=1"), 422, code="bad_field", field="limit[]"),
    row("row28-arabic-digit", posts("limit=%D9%A1"), 422, code="bad_field", field="limit"),
    row("row28-people", get("/api/v1/users?limit=101"), 422, code="bad_field", field="limit"),
    row("row29-before-negative", posts("before=-1"), 422, code="bad_field", field="before"),
    row("row29-before-and-after", posts("before=1&after=1"), 422, code="bad_field", field="after"),
    row("row29-after-negative", get("/api/v1/users?after=-1"), 422, code="bad_field", field="after"),
    row("row29-after-huge", get("/api/v1/users?after=9223372036854775807"), 422, code="bad_field", field="after"),
    row("row30-no-such-wall", writing("POST", "/api/v1/walls/999999999/posts", new_post()), 404, code="not_found"),
    row("row30-wall-zero", writing("POST", "/api/v1/walls/0/posts", new_post()), 404, code="not_found"),
    row("row30-no-such-wall-to-read", get("/api/v1/walls/999999999/posts"), 404, code="not_found"),
    row("row41-anothers-post", writing("DELETE", "/api/v1/posts/{post}", None, cookie="bert"), 403, code="forbidden"),
    row("row41-no-such-post", writing("DELETE", "/api/v1/posts/999999999", None), 404, code="not_found"),
    row("row41-restore-what-is-there", writing("POST", "/api/v1/posts/{post}/restoration", {}), 404, code="not_found"),
    row("row41-link-by-a-member", writing("POST", "/api/v1/users/{ada}/reset-link", {}, cookie="bert"), 403),
]

ANSWERED = [
    row("row29-before-far-ahead", posts("before=9223372036854775807"), 200),
    row("row29-nothing-before", posts("before=1"), 200),
    row("row36-percent", get("/api/v1/users?q=%25%5f%5c%27%22"), 200),
    row("row36-half-a-character", get("/api/v1/users?q=%ff%ed%a0%80"), 200),
]


@pytest.mark.parametrize("case", REFUSED)
def test_C2_a_bad_value_is_refused(stage: Stage, bystander: Bystander, case: Case) -> None:
    """Each gets its exact refusal, and nobody else notices."""
    attack(stage, case)
    bystander.noticed_nothing()


@pytest.mark.parametrize("case", ANSWERED)
def test_an_odd_but_right_value_is_taken(stage: Stage, bystander: Bystander, case: Case) -> None:
    """The right neighbours of the wrong ones."""
    attack(stage, case)
    bystander.noticed_nothing()


def test_C2_row41_a_deleted_post_is_deleted_once(stage: Stage, bystander: Bystander) -> None:
    """Deleting it again, or another's taking it back, finds nothing there."""
    made = attack(stage, Case(writing("POST", "/api/v1/walls/{ada}/posts", new_post("to be deleted")), (201,)))
    post = made.json()["id"]
    attack(stage, Case(writing("DELETE", f"/api/v1/posts/{post}", None), (200,)))
    attack(stage, Case(writing("DELETE", f"/api/v1/posts/{post}", None), (404,), "not_found"))
    attack(stage, Case(writing("POST", f"/api/v1/posts/{post}/restoration", {}, cookie="bert"), (404,), "not_found"))
    bystander.noticed_nothing()
