"""A day on a telephone, with one thumb: everything by touch, nothing wider than the glass, the field above the bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import Window, live, view
from tests.browser.talking import field, said
from tests.harness.api import Api
from tests.harness.people import People
from tests.rooms.talk import make_room, say

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}
THUMB = 40  # px; 44 is meant, and a border may take some


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def _reachable(target: Locator) -> None:
    box = target.bounding_box()
    assert box is not None
    assert box["height"] >= THUMB
    assert box["width"] >= THUMB


def test_a_day_on_a_telephone(window: Callable[..., Window], client: Callable[..., Api], people: People) -> None:
    """Rooms, a mention in the inbox that leads to its message, an answer with a reaction, and back by the arrow."""
    bert = client(people.bert)
    phone = window(**PHONE)
    page = phone.sign_up(people.ada)
    live(page)
    ada = bert.get("/users", q=people.ada.email).json()["items"][0]
    room = make_room(bert)
    bert.put(f"/rooms/{room['id']}/members/{ada['id']}", expect=200)
    bar = page.get_by_role("navigation", name="Main").last
    bar.get_by_role("link", name="Rooms").tap()
    page.get_by_role("main").get_by_role("link", name=room["name"]).tap()
    page.get_by_role("button", name="Join room").tap()
    field(page).wait_for()
    page.locator(".bar__status", has_text="Only you here").wait_for()
    _fits(page)

    page.get_by_role("link", name="Back").tap()
    mention = say(bert, room["id"], f"Where are you, @{ada['handle']}?")
    bar.get_by_role("link", name="Inbox").tap()
    page.get_by_role("main").get_by_text("mentioned you").tap()
    view(page, "room").wait_for()
    row = page.locator(f"[data-message-id='{mention['id']}']")
    row.wait_for()

    row.locator(".message__time").tap()
    react = row.get_by_role("button", name="React")
    _reachable(react)
    react.tap()
    page.get_by_role("button", name="👍").first.tap()
    row.get_by_role("button", name="👍, 1").wait_for()
    field(page).tap()
    field(page).fill("On the tram")
    send = page.get_by_role("button", name="Send")
    _reachable(send)
    send.tap()
    said(page, "On the tram")
    _fits(page)
    foot, edge = field(page).bounding_box(), bar.bounding_box()
    assert foot is not None
    assert edge is not None
    assert foot["y"] + foot["height"] <= edge["y"]
    assert [item["text"] for item in bert.get(f"/rooms/{room['id']}/messages").json()["items"]][-1] == "On the tram"
