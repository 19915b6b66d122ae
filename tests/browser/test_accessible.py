"""Every view, wide and narrow, light and dark, has no serious accessibility fault that axe-core can find."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browser.pages import Window, live, post, step, view, write
from tests.harness.people import People
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

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


def _faults(page: Page, **options: Any) -> list[str]:
    """Serious ones; axe-core is put into the page once and stays as long as the document does."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    found = page.evaluate(
        "options => axe.run(document, options)", {"resultTypes": ["violations"], "preload": False, **options}
    )
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def _everything_about(page: Page) -> list[str]:
    """In both schemes; only colours can differ between them."""
    faults = _faults(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    faults += _faults(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def _both_sizes(page: Page) -> list[str]:
    faults = []
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        faults += _everything_about(page)
    return faults


def test_no_serious_fault_in_any_view(
    fresh_server: Callable[..., Server], window: Callable[..., Window], people: People
) -> None:
    """Welcome with both forms and an error, home, browse, a person, account, settings, rooms, a room, mentions,
    the feed, search, moderation, the doors, nowhere; and the dialogs. The owner's first buttons stay on one line
    each."""
    ada = window(on=fresh_server(), viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    page = ada.open()
    view(page, "welcome").wait_for()
    faults = {"welcome": _both_sizes(page)}
    page.get_by_role("button", name="Create account").or_(page.get_by_role("button", name="Sign in")).last.click()
    page.locator("[aria-invalid=true]").first.wait_for()
    faults["welcome with errors"] = _both_sizes(page)
    ada.sign_up(people.ada)
    live(page)
    write(page, "A line with https://example.org/ in it")
    post(page, "A line with")
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    buttons = [one.bounding_box() for one in page.locator(".steps .button").all()]
    assert [box["height"] < 50 for box in buttons if box] == [True, True]
    for path in VIEWS:
        step(page, path)
        faults[path] = _both_sizes(page)
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
        faults[f"{button}, {size}"] = _everything_about(page)
        page.keyboard.press("Escape")
    step(page, "/boards")
    page.get_by_role("main").get_by_role("button", name="New board").click()
    page.get_by_role("dialog").wait_for()
    faults[f"New board, {size}"] = _everything_about(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    faults[f"switcher, {size}"] = _everything_about(page)
    page.keyboard.press("Escape")
    step(page, "/rooms/1")
    sheet = page.locator(".bar__sheet")
    if sheet.is_visible():
        sheet.click()
    for button in ("1 member", "Manage"):
        page.get_by_role("button", name=button).click()
        page.get_by_role("dialog").wait_for()
        faults[f"{button}, {size}"] = _everything_about(page)
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
