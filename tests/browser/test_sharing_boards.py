"""Boards beyond their own page: by a public link, fed by phones, beside a conversation."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.browser.pages import Window, live, step, view
from tests.browser.talking import make_walkin_room, said, write
from tests.harness.people import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
PHONE = {"width": 390, "height": 844}
# What a phone says of itself, a tenth of a second apart; its own sensor may say something too.
SHAKEN = """() => setInterval(() => dispatchEvent(
    new DeviceMotionEvent("devicemotion", {acceleration: {x: 1, y: 2, z: 2}, interval: 100})), 100)"""
SILENT = 20_000  # a series that promises a value each 0.1 s is silent after 10.5 s


def make_board(page: Page, name: str) -> str:
    """A new board by the dialog that is open; the line that feeds it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create board").click()
    view(page, "board").wait_for()
    page.get_by_role("button", name="Show me the line").click()
    return page.get_by_label("The line to paste").input_value()


def new_board(page: Page, name: str) -> str:
    step(page, "/boards")
    page.get_by_role("main").get_by_role("button", name="New board").click()
    return make_board(page, name)


def push(line: str, values: str) -> None:
    """Pastes the line into a terminal, with other values."""
    words = shlex.split(line)
    name, _, token = words[words.index("-H") + 1].partition(": ")
    url = next(word for word in words if word.startswith("http"))
    answer = httpx.post(url, content=values, headers={name: token}, trust_env=False)
    assert answer.status_code == 200, answer.text


def more(page: Page, act: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=act).click()


def close(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()


def test_whoever_has_the_link_looks_on_until_it_is_withdrawn(window: Open, people: People) -> None:
    """The line brings the first value, and the help for it is gone. A stranger opens the link on a phone: the secret
    leaves the address, values move, a reload asks nothing; withdrawn, the page says so and is not connected. A token
    that is revoked feeds nothing more; what was deleted comes back."""
    ada, stranger = window(), window(viewport=PHONE)
    page = ada.sign_up(people.ada)
    live(page)
    line = new_board(page, "Weather of the roof")
    push(line, '{"temp": 21.5}')
    page.get_by_text("Waiting for the first value").wait_for(state="detached")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a public link").click()
    url = page.get_by_label("Public link", exact=True).input_value()
    close(page)

    looked = stranger.page
    looked.goto(url)
    looked.get_by_text("21.5").first.wait_for()
    assert "#" not in looked.url
    assert looked.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    push(line, "temp=22.75")
    looked.get_by_text("22.75").first.wait_for()
    looked.reload()
    looked.get_by_text("22.75").first.wait_for()
    assert looked.get_by_role("button", name=re.compile("Share|Arrange")).count() == 0

    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Withdraw the link").click()
    looked.get_by_text("This link has ended.").wait_for()
    looked.goto(url)
    looked.get_by_text("This link has ended.").wait_for()
    close(page)

    more(page, "Feed this board")
    page.get_by_role("button", name="Revoke First value").click()
    page.get_by_role("button", name="Revoke First value").wait_for(state="detached")
    close(page)
    with pytest.raises(AssertionError):
        push(line, "temp=1")
    more(page, "Delete board")
    view(page, "boards").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("main").get_by_role("link", name="Weather of the roof").click()
    page.get_by_text("22.75").first.wait_for()


def test_a_phone_is_a_sensor_until_it_is_not_wanted(window: Open, people: People) -> None:
    """By the code: presses, a vote, motion; what is pressed without a network is sent when it is back; a reload stays
    the same phone; withdrawn, it thanks and stops. The board has it all."""
    ada, phone = window(), window(viewport=PHONE, has_touch=True, is_mobile=True)
    page = ada.sign_up(people.ada)
    live(page)
    new_board(page, "Presses in the hall")
    more(page, "Phone as a sensor")
    page.get_by_role("switch", name="Motion").check()
    page.get_by_role("button", name="Make a code").click()
    url = page.get_by_label("Sensor link", exact=True).input_value()
    close(page)

    held = phone.page
    held.goto(url)
    held.get_by_text("You are phone 1.").wait_for()
    assert "#" not in held.url
    press = held.get_by_role("button", name="Press", exact=False).first
    for _ in range(5):
        press.click()
    tile(page, "presses", "5")
    tile(page, "presses.1", "5")
    held.get_by_role("button", name="Send motion").click()
    held.get_by_role("button", name="Sending motion").wait_for()
    held.evaluate(SHAKEN)
    tile(page, "motion.1", "3")
    phone.context.set_offline(True)
    press.click()
    held.get_by_text("Not connected. It goes on by itself.").wait_for()
    press.click()
    phone.context.set_offline(False)
    tile(page, "presses", "7")
    held.reload()
    held.get_by_text("You are phone 1.").wait_for()
    press.click()
    tile(page, "presses", "8")

    more(page, "Phone as a sensor")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw").wait_for(state="detached")
    press.click()
    held.get_by_text("That was it. Thank you.").wait_for()
    held.reload()
    held.get_by_text("This code has ended.").wait_for()


def tile(page: Page, series: str, value: str) -> None:
    """Waits until the board shows this value of the series."""
    page.locator(f"[data-tile='${series}']").get_by_text(value, exact=True).first.wait_for()


def test_a_room_shows_a_board_to_its_guests_too(window: Open, people: People) -> None:
    """Made from beside the conversation: everybody in the room sees its values move, a guest opens it; a series that
    falls silent and comes back is a quiet line between the messages; taken out, it is gone for all, and comes back by
    the line at the foot."""
    host, guest = window(), window()
    room, url = make_walkin_room(host, people.ada)
    page, other = host.page, guest.page
    page.get_by_role("button", name="Show a board here").click()
    page.get_by_role("dialog").get_by_role("button", name="New board").click()
    line = make_board(page, f"Queue of room {room}")
    push(line, '{"waiting": {"value": 7, "unit": "pairs"}}')
    step(page, f"/rooms/{room}")
    other.goto(url)
    other.get_by_label("Your name here").fill("ella")
    other.get_by_role("button", name="Join").click()
    other.get_by_role("textbox", name="Message").wait_for(timeout=30_000)  # a newcomer's page loads all of it now
    live(other)
    card = other.get_by_role("region", name="Boards")
    card.get_by_text("7", exact=True).wait_for()
    live(page)
    write(page, "Look at the queue")
    said(other, "Look at the queue")
    card.get_by_role("link").click()
    view(other, "board").wait_for()
    other.get_by_text("pairs").first.wait_for()
    other.get_by_role("link", name="To the room").click()
    card.get_by_text("7", exact=True).wait_for()
    push(line, '{"waiting": {"value": 7, "every": 0.1}}')
    other.get_by_text(re.compile("waiting is silent since")).wait_for(timeout=SILENT)
    card.get_by_text("silent since").wait_for()
    push(line, "waiting=8")
    other.get_by_text("waiting is back").wait_for()
    card.get_by_text("8", exact=True).wait_for()

    page.get_by_role("button", name="Do not show Queue").click()
    card.wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    card.get_by_text("8", exact=True).wait_for()
