"""Narrow windows, and the longest words that anybody may bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import Window, post, step, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# A telephone, a small window beside another, a large one.
WIDTHS = (390, 760, 1000, 1440)
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"

DOORS = ("/", "/nothing", "/join", "/setup#secret", "/join#secret", "/reset#secret", "/guest#secret")
DOORS += ("/board#secret", "/sensor#secret", "/claim#secret")
INSIDE = ("/home", "/browse", "/people/2", "/people/999", "/account", "/settings", "/nothing")
INSIDE += ("/rooms", "/rooms/1", "/inbox", "/following", "/search?q=x", "/moderation")
INSIDE += ("/boards", "/boards/2", "/wire")
INSIDE += ("/pairup", "/pairup/1", "/pairup/1?tab=projects", "/pairup/1?tab=partners", "/pairup/1?tab=staff")

# A view that clips what is too wide for it hides it from the page, but not from whoever looks for its buttons.
TOO_WIDE = """() => document.documentElement.scrollWidth > window.innerWidth
    || [...document.querySelectorAll(".bar, .bar > *, .conversation__foot, .messages")]
        .some(one => one.getBoundingClientRect().right > window.innerWidth + 0.5)"""


def test_nothing_is_wider_than_the_window(
    fresh_server: Callable[..., Server], client: Callable[..., Api], window: Callable[..., Window], people: People
) -> None:
    """Long names, a long city and country, a long name of the place and of a room: every view fits into every width."""
    server = fresh_server()
    long = people.ada.but(firstname=LONG, familyname=LONG, city=LONG, country=LONG)
    api = client(long, on=server)
    api.patch("/community", {"name": LONG})
    api.patch("/rooms/1", {"name": LONG, "description": LONG * 2}, expect=200)
    api.post("/boards", {"name": LONG, "description": LONG * 2, "room": 1}, expect=201)
    client(people.bert.but(familyname=LONG, city=LONG), on=server)
    _make_round(api)
    ada = window(on=server)
    page = ada.open("/api/v1/docs")
    page.locator(".docs").wait_for()
    too_wide = _too_wide(page, "/api/v1/docs")
    page = ada.open()
    too_wide += [found for path in DOORS for found in _too_wide(step(page, path), path)]
    page = ada.sign_in(long)
    write(page, LONG * 10)
    post(page, LONG)
    too_wide += [found for path in INSIDE for found in _too_wide(step(page, path), path)]
    assert too_wide == []


def _make_round(api: Api) -> None:
    """With a team of one, its place and its project."""
    round = api.post("/pairup/rounds", {"name": LONG, "description": LONG * 2, "size_min": 1}, expect=201).json()
    path = f"/pairup/rounds/{round['id']}"
    api.put(f"{path}/roster", {"csv": f"number,firstname,familyname,cohort\n1,{LONG},{LONG},{LONG}"}, expect=200)
    entry = api.get(f"{path}/roster", expect=200).json()["items"][0]["id"]
    body = {"entries": [entry], "title": LONG * 2, "description": LONG * 4}
    team = api.post(f"{path}/teams", body, expect=201).json()["id"]
    api.post(f"{path}/labs", {"name": LONG, "minutes": 15, "times": [1_900_000_000_000]}, expect=201)
    place = api.get(path, expect=200).json()["places"][0]["id"]
    api.put(f"/pairup/teams/{team}/place", {"place": place}, expect=200)


def _too_wide(page: Page, path: str) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate(TOO_WIDE):
            found.append(f"{path} at {width}")
    return found
