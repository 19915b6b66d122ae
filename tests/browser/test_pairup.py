"""Pair-Up as students see it: into a round by a code, from an invitation to a place, everything live."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.accessible import in_both_schemes
from tests.browser.pages import Window, live, view
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import PIN, School, fresh_number, open_school

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def school(server: Server, client: Callable[..., Api]) -> School:
    return open_school(server, client)


def _sign_in(window: Window, number: str, path: str) -> Page:
    """By number and PIN, at the page of the round."""
    page = window.open(path)
    page.get_by_label("E-mail or student number").fill(number)
    page.get_by_label("Password").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    view(page, "round").wait_for()
    live(page)
    return page


def _seat(page: Page, state: str) -> Locator:
    return page.locator(f".seat[data-state={state}]")


def _tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of the round").get_by_role("link", name=name).click()


def test_two_pair_up_and_a_third_sees_it(window: Open, school: School) -> None:
    """One invites by number and a word; the other, on a phone, accepts. One takes a place, the other confirms; a third
    has not touched their page and has seen all of it. Given back, it is free for everybody. What the page draws has no
    serious accessibility fault, with a place in each state."""
    round = school.make_round(confirm=True)
    ada, bo, cy, di, eve = school.enrol(round, 5, signed_in=False)
    school.make_lab(round, places=4, name="SU17")
    path = f"/pairup/{round['id']}"
    third = _sign_in(window(), eve.number, path)
    page = _sign_in(window(), ada.number, path + "?tab=partners")
    phone = _sign_in(window(viewport=PHONE), bo.number, path + "?tab=partners")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    third.locator(".progress", has_text="3 watching").wait_for()

    page.get_by_role("button", name="Invite by student number").click()
    page.get_by_role("textbox", name="Student number").fill(bo.number)
    page.get_by_label("A word to them").fill("<b>Shall we?</b>")
    page.get_by_role("dialog").get_by_role("button", name="Invite", exact=True).click()
    page.get_by_text("You invited").wait_for()
    phone.locator(".invitations").get_by_text("<b>Shall we?</b>").wait_for()
    phone.get_by_role("button", name="Accept").click()
    page.get_by_role("region", name="Your team").get_by_text(bo.name).wait_for()

    _tab(page, "Seats")
    _seat(page, "free").first.click()
    third.locator(".seat[data-state=held]").wait_for()
    phone.get_by_role("button", name="Confirm").click()
    page.locator(".seat[data-mine=true][data-state=taken]", has_text="You & ").wait_for()
    _seat(third, "taken").filter(has_text=f"{ada.name} & {bo.name}").wait_for()
    third.get_by_text("3 of 4 free").wait_for()
    third.locator(".progress", has_text="2 of 5").wait_for()

    school.pair(round, cy, di)
    faults = {"seats": in_both_schemes(page)}
    for name in ("Projects", "Partners"):
        _tab(page, name)
        faults[name] = in_both_schemes(page)
    faults["phone"] = in_both_schemes(phone)
    assert {name: found for name, found in faults.items() if found} == {}

    page.get_by_role("button", name="Give back").click()
    third.get_by_text("4 of 4 free").wait_for()
    phone.get_by_text("your team gave it back").first.wait_for(state="attached")


def test_a_code_and_a_pin_open_the_round_alone(window: Open, school: School) -> None:
    """A link on a phone greets by name; a PIN chosen twice leads to the round; the code has left the address. The rest
    of the house is out of reach, and signing out leads to the door, where number and PIN let in again."""
    round = school.make_round()
    number = fresh_number()
    (entry,) = school.add(round, [{"number": number, "firstname": "Ada", "familyname": "Lovelace"}])
    code = school.codes(round, [entry["id"]])[entry["id"]]
    phone = window(viewport=PHONE)
    page = phone.open(f"/claim#{code}")
    page.get_by_role("heading", name="You are Ada Lovelace?").wait_for()
    assert "#" not in page.url
    assert in_both_schemes(page) == []
    page.get_by_label("Choose a PIN").fill("4711")
    page.get_by_label("Repeat the PIN").fill("4712")
    page.get_by_role("button", name="That’s me").click()
    page.get_by_text("The two are not the same.").wait_for()
    page.get_by_label("Repeat the PIN").fill("4711")
    page.get_by_role("button", name="That’s me").click()
    view(page, "round").wait_for()
    live(page)
    page.goto(phone.server.url + "/rooms")
    page.wait_for_url(f"**/pairup/{round['id']}")
    page.get_by_role("navigation", name="Main").wait_for(state="detached")
    page.get_by_role("button", name="Sign out").click()
    view(page, "welcome").wait_for()
    _sign_in(phone, number, f"/pairup/{round['id']}")


def test_an_account_claims_its_entry_and_is_told_elsewhere(window: Open, school: School, people: People) -> None:
    """Who is signed in presses one button. Wherever they look, the rail says when the round closes, and that a partner
    has asked; on a phone Pair-Up has its place in the bar, and the account is one tap away."""
    round = school.make_round()
    number = fresh_number()
    (entry,) = school.add(round, [{"number": number, "firstname": "Ada", "familyname": "Lovelace"}])
    (bo,) = school.enrol(round, 1)
    code = school.codes(round, [entry["id"]])[entry["id"]]
    mine = window()
    page = mine.sign_up(people.ada)
    page.goto(f"{mine.server.url}/claim#{code}")
    page.get_by_role("button", name="That’s me").click()
    view(page, "round").wait_for()
    live(page)
    page.get_by_role("link", name="Home").first.click()
    view(page, "home").wait_for()
    bo.api.post(f"/pairup/entries/{entry['id']}/invitations", {"text": "Shall we?"}, expect=201)
    page.locator(".rail__pairup").get_by_label("1 new").wait_for()
    page.set_viewport_size(PHONE)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Pair-Up").click()
    view(page, "round").wait_for()
    _tab(page, "Partners")
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("button", name="Decline").wait_for(state="detached")
    page.get_by_role("link", name="Rooms").click()
    page.locator("header").get_by_role("link", name="Account").click()
    view(page, "account").wait_for()


def test_who_was_quicker_is_said(window: Open, school: School) -> None:
    """A page that has not heard of it yet takes a place that is gone: it says who has it, and draws it so."""
    round = school.make_round()
    ada, bo = school.enrol(round, 2)
    cy, di = school.enrol(round, 2)
    lab = school.make_lab(round, places=2)
    school.pair(round, ada, bo)
    school.pair(round, cy, di)
    one = window()
    one.cut()
    page = one.open(f"/pairup/{round['id']}")
    page.get_by_label("E-mail or student number").fill(ada.number)
    page.get_by_label("Password").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    _seat(page, "free").first.wait_for()
    cy.take(lab["places"][0])
    _seat(page, "free").first.click()
    page.get_by_text(f"{cy.name} & {di.name} took ").wait_for()
    _seat(page, "taken").first.wait_for()


def test_a_full_lab_is_waited_for_and_two_teams_swap(window: Open, school: School) -> None:
    """Everything is taken: one team waits, and is given what becomes free without another press. Two teams swap: one
    asks by a press on the other's place, the other agrees, and both see it at once. A title is changed in place."""
    round = school.make_round(size_min=1)
    ada, bo, cy = school.enrol(round, 3, signed_in=False)
    lab = school.make_lab(round, places=2)
    teams = [school.pair(round, one) for one in (ada, bo, cy)]
    for team, place in zip(teams, lab["places"], strict=False):
        school.staff.put(f"/pairup/teams/{team}/place", {"place": place}, expect=200)
    path = f"/pairup/{round['id']}"
    first, second, third = (_sign_in(window(), one.number, path) for one in (ada, bo, cy))
    third.get_by_role("button", name="Wait for a place").click()
    third.get_by_text("You wait for a place here").wait_for()
    first.get_by_text("full · 1 waiting").wait_for()

    first.get_by_role("button", name="Offer a swap").click()
    first.locator("button.seat").click()
    first.get_by_text("You asked").wait_for()
    second.get_by_role("button", name="Swap", exact=True).click()
    for page in (first, second):
        page.locator(".offers").wait_for(state="detached")
    first.locator(".seat[data-mine=true]", has_text=_clock(first, 1)).wait_for()
    second.locator(".seat[data-mine=true]", has_text=_clock(second, 0)).wait_for()

    second.get_by_role("button", name="Change title and description").click()
    second.get_by_label("Title of the project").fill("A wall that never forgets")
    second.get_by_role("button", name="Save").click()
    second.get_by_role("region", name="Your team").get_by_text("A wall that never forgets").wait_for()
    second.get_by_role("button", name="Give back").click()
    third.locator(".seat[data-mine=true]").wait_for()
    third.get_by_role("status").get_by_text("Your turn on the list").wait_for()


def _clock(page: Page, seat: int) -> str:
    """When this place is, in the page's own zone."""
    return page.locator(".seat__time").nth(seat).inner_text()
