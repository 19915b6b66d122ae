"""A telephone's width, and the longest words that anybody may bring."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.pages import Window, live, post, view, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server

pytestmark = pytest.mark.browser

NARROW = {"width": 390, "height": 844}
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


def test_nothing_scrolls_sideways_on_a_telephone(
    fresh_server: Callable[..., Server], client: Callable[..., Api], window: Callable[..., Window], people: People
) -> None:
    """Long names, a long city and country, and a long name of the place: every view fits into 390 pixels."""
    server = fresh_server()
    long = people.ada.but(firstname=LONG, familyname=LONG, city=LONG, country=LONG)
    api = client(long, on=server)
    api.patch("/community", {"name": LONG})
    client(people.bert.but(familyname=LONG, city=LONG), on=server)
    ada = window(on=server, viewport=NARROW)
    doors = ("/", "/nothing", "/join", "/setup#secret", "/join#secret", "/reset#secret", "/api/v1/docs")
    too_wide = [path for path in doors if not _fits(ada, path)]
    page = ada.sign_in(long)
    write(page, LONG * 10)
    post(page, LONG)
    inside = ("/home", "/browse", "/people/2", "/people/999", "/account", "/settings", "/nothing")
    too_wide += [path for path in inside if not _fits(ada, path)]
    assert too_wide == []


def _fits(window: Window, path: str) -> bool:
    page = window.open(path)
    page.locator("[data-view], .docs").first.wait_for()
    page.wait_for_load_state("networkidle")
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_the_first_steps_fit(
    fresh_server: Callable[..., Server], window: Callable[..., Window], people: People
) -> None:
    """The owner's first buttons stay on one line each."""
    ada = window(on=fresh_server(), viewport=NARROW)
    page = ada.sign_up(people.ada)
    live(page)
    buttons = page.locator(".steps .button")
    buttons.first.wait_for()
    assert [box["height"] < 50 for box in (one.bounding_box() for one in buttons.all()) if box] == [True, True]
    assert view(page, "home").evaluate("main => main.scrollWidth <= window.innerWidth")
