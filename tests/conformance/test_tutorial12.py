"""A student's finished page of Tutorial 12, opened from the disk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.conformance.bridged import Bridged
from tests.harness.api import Api
from tests.harness.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = (Path(__file__).parent / "tutorial12" / "index.html").as_uri()


def _open(browser: Browser, room: Bridged, name: str) -> Page:
    page = browser.new_page()
    page.goto(PAGE)
    page.fill("#server", room.tutorial)
    page.press("#server", "Enter")
    expect(page.locator("#ws-status")).to_have_text("Connected")
    page.fill("#name", name)
    page.click("#set-name")
    expect(page.locator("#update")).to_have_text("You have joined")
    return page


def test_two_students_and_a_member_talk(browser: Browser, client: Callable[..., Api], people: People) -> None:
    """Lists, bubbles and notices are right in every tab; a page that is reloaded or closed has left."""
    room = Bridged(client(people.ada))
    walter, maria = _open(browser, room, "walter"), _open(browser, room, "maria")
    expect(walter.locator("#users-list li")).to_have_text(["walter", "maria"])
    expect(walter.locator("#update")).to_have_text("maria has joined the chat")
    walter.fill("#message", "<b>is this working?</b>")
    walter.press("#message", "Enter")
    expect(walter.locator("#chat .right")).to_have_text(["You: <b>is this working?</b>"])
    expect(maria.locator("#chat .left")).to_have_text(["walter: <b>is this working?</b>"])
    assert room.texts() == ["<b>is this working?</b>"]
    room.host.post(f"/rooms/{room.id}/messages", {"text": "It is."}, expect=201)
    expect(maria.locator("#chat .left").last).to_have_text("Ada Lind: It is.")
    maria.reload()
    expect(walter.locator("#users-list li")).to_have_text(["walter"])
    expect(walter.locator("#update")).to_have_text("maria has left the chat")
    laura = _open(browser, room, "laura")
    expect(walter.locator("#users-list li")).to_have_text(["walter", "laura"])
    laura.close()  # without beforeunload, so without a word
    expect(walter.locator("#users-list li")).to_have_text(["walter"])
    for page in (walter, maria):
        page.close()
