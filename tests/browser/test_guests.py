"""A stranger with a link."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.pages import Window, live, view
from tests.browser.talking import make_walkin_room
from tests.harness.people import People

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
PHONE = {"width": 390, "height": 844}


def test_in_within_three_steps_and_staying(window: Open, people: People) -> None:
    """Link, name, in, on a phone: the secret leaves the address at once; host and guest read each other. The guest
    makes an account, and what they wrote is theirs."""
    host, stranger = window(), window(viewport=PHONE)
    room, url = make_walkin_room(host, people.ada)
    page = stranger.page
    page.goto(url)
    page.get_by_text("Hosted by Ada Lind").wait_for()
    assert "#" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Your name here").fill("ella")
    page.get_by_role("button", name="Join").click()
    view(page, "room").wait_for()
    live(page)
    page.get_by_role("textbox").first.fill("Hello from the corridor")
    page.keyboard.press("Enter")
    host.page.get_by_text("Hello from the corridor").first.wait_for()
    host.page.locator(".context", has_text="ella").get_by_text("guest", exact=True).first.wait_for()

    page.get_by_role("button", name="Make an account").click()
    dialog = page.get_by_role("dialog")
    for label, value in (
        ("Family name", "Berg"),
        ("City", "Bergen"),
        ("Country", "Norway"),
        ("E-mail", people.eve.email),
        ("Password", people.eve.password),
        ("Repeat password", people.eve.password),
    ):
        dialog.get_by_label(label, exact=True).fill(value)
    dialog.get_by_label("Gender").select_option("Female")
    dialog.get_by_role("button", name="Create account").click()
    page.get_by_role("navigation", name="Main").first.wait_for(state="attached")
    page.goto(f"{stranger.server.url}/rooms/{room}")
    live(page)
    page.get_by_text("Hello from the corridor").first.wait_for()
    page.locator("main").get_by_text("ella Berg").first.wait_for()


def test_knocking_waits_and_who_is_put_out_sees_why(window: Open, people: People) -> None:
    """The host asks for a knock: the stranger waits, is let in without doing anything, and, put out, learns why; the
    page is not connected after that."""
    host, stranger = window(), window(viewport=PHONE)
    _, url = make_walkin_room(host, people.ada)
    host.page.get_by_role("button", name="Manage").click()
    host.page.get_by_role("switch", name="Guests knock").check()
    host.page.get_by_role("status").get_by_text("Saved").wait_for()
    host.page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    page = stranger.page
    page.goto(url)
    page.get_by_label("Your name here").fill("olle")
    page.get_by_role("button", name="Knock").click()
    page.get_by_text("You knocked.").wait_for()
    host.page.get_by_role("button", name="Let olle in").click()
    view(page, "room").wait_for()
    page.reload()
    view(page, "room").wait_for()

    host.page.get_by_role("button", name="2 members").click()
    host.page.get_by_label("What to do about olle").click()
    host.page.get_by_role("menuitem", name="Put out").click()
    page.get_by_text("Your visit was ended by the host.").wait_for()
    page.locator("html[data-connection=off]").wait_for()
    page.goto(url.replace("#", "#wrong"))
    page.get_by_text("This door is closed.").wait_for()
