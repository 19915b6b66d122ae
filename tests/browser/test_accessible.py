"""Every view, wide and narrow, light and dark, has no serious accessibility fault that axe-core can find."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.accessible import NARROW, WIDE, at_both_sizes, in_both_schemes
from tests.browser.pages import Window, live, post, step, view, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import School, open_school
from twidder import admin
from twidder.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

VIEWS = (
    "/home",
    "/browse",
    "/people/1",
    "/account",
    "/settings",
    "/rooms",
    "/rooms/1",
    "/inbox",
    "/following",
    "/search?q=line",
    "/moderation",
    "/boards",
    "/boards/statistics",
    "/wire",
    "/guest#secret",
    "/sensor#secret",
    "/reset#secret",
    "/join#secret",
    "/setup#secret",
    "/nothing",
)
TABS = ("seats", "projects", "partners", "queue", "draw")
TABS += ("staff", "staff&part=roster", "staff&part=labs", "staff&part=audit")


@pytest.fixture
def school(server: Server, client: Callable[..., Api]) -> School:
    return open_school(server, client)


def test_no_serious_fault_in_any_view(
    fresh_server: Callable[..., Server], window: Callable[..., Window], people: People
) -> None:
    """Welcome with both forms and an error, home, browse, a person, account, settings, rooms, a room, mentions,
    the feed, search, moderation, boards, the wire, the doors, nowhere. The owner's first buttons stay on one
    line each."""
    ada = window(on=fresh_server(), viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    page = ada.open()
    view(page, "welcome").wait_for()
    faults = {"welcome": at_both_sizes(page)}
    page.get_by_role("button", name="Create account").or_(page.get_by_role("button", name="Sign in")).last.click()
    page.locator("[aria-invalid=true]").first.wait_for()
    faults["welcome with errors"] = at_both_sizes(page)
    ada.sign_up(people.ada)
    live(page)
    write(page, "A line with https://example.org/ in it")
    post(page, "A line with")
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    buttons = [one.bounding_box() for one in page.locator(".steps .button").all()]
    assert [box["height"] < 50 for box in buttons if box] == [True, True]
    for path in VIEWS:
        step(page, path)
        faults[path] = at_both_sizes(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_serious_fault_in_pair_up(
    server: Server, client: Callable[..., Api], window: Callable[..., Window], people: People, school: School
) -> None:
    """For staff: the list of rounds, a round of two labs with a team in it, each of its parts; and a door."""
    round = school.make_round(size_min=1, mode="draw", description="Bring a laptop.")
    (ada,) = school.enrol(round, 1)
    school.make_lab(round, places=2)
    school.make_lab(round, places=1)
    school.pair(round, ada)
    staff = window(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    client(people.bert)
    admin.run(Settings(data=server.data), "make-owner", people.bert.email)
    page = staff.sign_in(people.bert)
    path = f"/pairup/{round['id']}"
    faults = {}
    for part in ("/pairup", "/claim#secret", *(f"{path}?tab={tab}" for tab in TABS)):
        step(page, part)
        faults[part] = at_both_sizes(page)
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_serious_fault_in_any_dialog(
    fresh_server: Callable[..., Server], window: Callable[..., Window], people: People
) -> None:
    """A new room, conversation and board, the switcher, the people of a room and its management."""
    ada = window(on=fresh_server(), viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    page = ada.sign_up(people.ada)
    live(page)
    faults: dict[str, list[str]] = {}
    for size in (WIDE, NARROW):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        faults |= _dialogs(page, str(size["width"]))
    assert {name: found for name, found in faults.items() if found} == {}


def _dialogs(page: Page, size: str) -> dict[str, list[str]]:
    """What opens above a view."""
    faults = {}
    step(page, "/rooms")
    for button in ("New room", "New conversation"):
        page.get_by_role("main").get_by_role("button", name=button).click()
        page.get_by_role("dialog").wait_for()
        faults[f"{button}, {size}"] = in_both_schemes(page)
        page.keyboard.press("Escape")
    step(page, "/boards")
    page.get_by_role("main").get_by_role("button", name="New board").click()
    page.get_by_role("dialog").wait_for()
    faults[f"New board, {size}"] = in_both_schemes(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    faults[f"switcher, {size}"] = in_both_schemes(page)
    page.keyboard.press("Escape")
    step(page, "/rooms/1")
    sheet = page.locator(".bar__sheet")
    if sheet.is_visible():
        sheet.click()
    for button in ("1 member", "Manage"):
        page.get_by_role("button", name=button).click()
        page.get_by_role("dialog").wait_for()
        faults[f"{button}, {size}"] = in_both_schemes(page)
        page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    return faults


def test_the_keyboard_reaches_everything(window: Callable[..., Window], people: People) -> None:
    """The skip link shows itself when it has the focus and leads to the content; / leads to the search."""
    ada = window()
    page = ada.sign_up(people.ada)
    live(page)
    skip = page.get_by_role("link", name="Skip to content")
    skip.focus()
    assert skip.evaluate("link => getComputedStyle(link).clipPath") == "none"
    page.keyboard.press("Enter")
    page.locator("#content:focus").wait_for()
    page.keyboard.press("Shift+Tab")
    assert page.locator(":focus-visible").count() == 1
    page.keyboard.press("/")
    view(page, "search").wait_for()
    page.locator("input[type=search]:focus").wait_for()
