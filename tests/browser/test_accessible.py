"""Every view, wide and narrow, light and dark, has no serious accessibility fault that axe-core can find."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages import Window, live, post, view, write
from tests.harness.people import People
from tests.harness.server import Server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

pytestmark = pytest.mark.browser

SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


def _serious(page: Any) -> list[str]:
    found = axe.run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_serious_fault_in_any_view(
    fresh_server: Callable[..., Server], window: Callable[..., Window], people: People, size: str, scheme: str
) -> None:
    """Welcome with both forms and an error, home, browse, a person, account, settings, the three doors, nowhere."""
    server = fresh_server()
    ada = window(on=server, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = ada.open()
    view(page, "welcome").wait_for()
    faults = {"welcome": _serious(page)}
    page.get_by_role("button", name="Create account").or_(page.get_by_role("button", name="Sign in")).last.click()
    page.locator("[aria-invalid=true]").first.wait_for()
    faults["welcome with errors"] = _serious(page)
    ada.sign_up(people.ada)
    live(page)
    write(page, "A line with https://example.org/ in it")
    post(page, "A line with")
    faults["home"] = _serious(page)
    for path, name in (
        ("/browse", "browse"),
        ("/people/1", "person"),
        ("/account", "account"),
        ("/settings", "settings"),
        ("/reset#secret", "reset"),
        ("/join#secret", "join"),
        ("/setup#secret", "setup"),
        ("/nothing", "nowhere"),
    ):
        page.goto(server.url + path)
        page.locator("[data-view]").first.wait_for()
        page.wait_for_load_state("networkidle")
        faults[name] = _serious(page)
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(window: Callable[..., Window], people: People, size: str) -> None:
    """No view scrolls sideways, long words included."""
    ada = window(viewport=SIZES[size])
    page = ada.sign_up(people.ada.but(familyname="Donaudampfschifffahrtsgesellschaftskapitaen"))
    write(page, "x" * 400)
    post(page, "xxxx")
    for path in ("/home", "/browse", "/account"):
        page.goto(ada.server.url + path)
        live(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


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
    view(page, "browse").wait_for()
    page.locator("input[type=search]:focus").wait_for()
