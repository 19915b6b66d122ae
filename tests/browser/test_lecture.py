"""A lecture: one host, guests by link on their phones, a rule of slowness, one who must be quiet, and the end of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.pages import Window, live, view
from tests.browser.talking import do, field, make_walkin_room, said, write
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
PHONE = {"width": 390, "height": 844}
AUDIENCE = 12


def _come_in(guest: Window, url: str, name: str) -> None:
    page = guest.open(url.removeprefix(guest.server.url))
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("button", name="Join").click()
    view(page, "room").wait_for()
    live(page)


def test_a_lecture(window: Open, client: Callable[..., Api], live: Callable[..., Live], people: People) -> None:
    """A dozen come by the link and two of them with a telephone in the hand; the host slows the room down, answers a
    question, mutes a joker, deletes what he said, and closes the door behind those who are in."""
    host, ella, joker = window(), window(viewport=PHONE), window(viewport=PHONE)
    room, url = make_walkin_room(host, people.ada)
    secret = url.partition("#")[2]
    crowd = [client() for _ in range(AUDIENCE)]
    for number, guest in enumerate(crowd):
        guest.post("/guest-passes", {"secret": secret, "name": f"Student {number}"}, expect=201)
        live(guest).join({f"room:{room}": None})
    _come_in(ella, url, "ella from row 3")
    _come_in(joker, url, "joker")
    host.page.locator(".context").get_by_text(str(AUDIENCE + 3), exact=True).wait_for()

    write(ella.page, "Why does the old tab stay open?")
    question = said(host.page, "Why does the old tab stay open?")
    question.hover()
    question.get_by_role("button", name="Reply").click()
    write(host.page, "Since nobody told it. `close()` does.")
    assert said(ella.page, "Since nobody told it.").locator("code").inner_text() == "close()"

    crowd[0].patch(f"/rooms/{room}", {"slow_seconds": 30}, expect=403)
    host.page.get_by_role("button", name="Manage").click()
    dialog = host.page.get_by_role("dialog")
    dialog.get_by_label("Slow mode").select_option(label="30 seconds")
    host.page.get_by_role("status").get_by_text("Saved").wait_for()
    dialog.get_by_role("button", name="Close", exact=True).click()
    write(joker.page, "Guess who")
    said(host.page, "Guess who")
    joker.page.get_by_label("Slow room").wait_for()

    host.page.get_by_role("button", name=f"{AUDIENCE + 3} members").click()
    host.page.get_by_label("What to do about joker").click()
    host.page.get_by_role("menuitem", name="Mute for an hour").click()
    joker.page.get_by_text("A moderator has muted you until").wait_for()
    host.page.keyboard.press("Escape")
    do(host.page, said(host.page, "Guess who"), "Delete")
    ella.page.locator("[data-state=deleted]").wait_for()
    assert "Guess who" not in ella.page.locator(".messages").inner_text()

    host.page.get_by_role("button", name="Manage").click()
    host.page.get_by_role("button", name="Close the door").click()
    client().post("/guest-passes", {"secret": secret, "name": "Late"}, expect=403)
    host.page.keyboard.press("Escape")
    write(host.page, "That was it. Thank you.")
    said(ella.page, "That was it.")
    assert field(joker.page).count() == 0
