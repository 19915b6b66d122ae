"""Addresses that lead nowhere, passwords that are wrong, and the owner's first steps."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import FIREFOX, SOON, Window, live, post, posts, view, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
SENTENCE = "There is no page at this address."


def test_an_unknown_address_says_so_and_leads_home(window: Open, people: People) -> None:
    """404, in words, with a way on: to sign in for strangers, home for members. The front door stays the front door."""
    ada = window()
    page = ada.page
    answer = page.goto(ada.server.url + "/no/such/place")
    assert answer is not None
    assert answer.status == 404
    view(page, "nowhere").get_by_text(SENTENCE).wait_for()
    page.get_by_role("link", name="Go to sign in").click()
    view(page, "welcome").wait_for()
    ada.sign_up(people.ada)
    page.goto(ada.server.url + "/no/such/place")
    view(page, "nowhere").get_by_text(SENTENCE).wait_for()
    page.get_by_role("link", name="Go home").click()
    view(page, "home").wait_for()
    assert page.url.endswith("/home")
    page.goto(ada.server.url + "/")
    view(page, "home").wait_for()


def test_somebody_who_is_not_there(window: Open, people: People) -> None:
    """A person's address without a person says so, and leads to those who are."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.goto(ada.server.url + "/people/999999")
    page.get_by_text("This person is not here.").wait_for()
    page.get_by_role("link", name="Browse people").click()
    view(page, "browse").wait_for()


def test_too_many_wrong_passwords_count_down(
    fresh_server: Callable[..., Server], client: Callable[..., Api], window: Open, people: People
) -> None:
    """The page says for how long, in seconds that pass; the button waits with it, and then works."""
    server = fresh_server(limits={"failed_signins_account": 1, "failed_signin_delay": 3})
    client(people.ada, on=server).delete("/session")
    page = window(on=server).open()
    page.get_by_label("E-mail").fill(people.ada.email)
    page.get_by_label("Password").fill("wrong horse")
    button = page.get_by_role("button", name="Sign in")
    button.click()
    page.locator("[aria-invalid=true]").wait_for()
    page.get_by_label("Password").fill(people.ada.password)
    button.click()
    wait = page.get_by_text(re.compile(r"Too many wrong passwords\. Try again in \d s\."))
    wait.wait_for()
    assert button.is_disabled()
    page.get_by_text("Try again in 1 s.").wait_for()
    wait.wait_for(state="detached")
    assert button.is_enabled()
    button.click()
    view(page, "home").wait_for(timeout=SOON)


def test_a_post_that_was_stored_before_the_sign_out_is_not_sent_again(window: Open, people: People) -> None:
    """Its answer was lost and the session replaced: it waits with its id, and the wall itself confirms it."""
    old, new = window(), window(user_agent=FIREFOX)
    page = old.sign_up(people.ada)
    old.cut()
    page.reload()
    view(page, "home").wait_for()

    def store_and_replace(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        new.sign_in(people.ada)
        route.continue_()

    page.route("**/api/v1/walls/*/posts", store_and_replace)
    with _unasked(page):
        write(page, "Once, whoever asks")
        view(page, "welcome").wait_for()
    page.unroute("**/api/v1/walls/*/posts")
    _sign_in_here(page, people)
    post(page, "Once, whoever asks")
    assert posts(page).count() == 1


def test_a_refused_post_waits_for_its_author(window: Open, people: People) -> None:
    """Signed out while writing: after the next sign-in the post stands there, not sent, with Retry."""
    old, new = window(), window(user_agent=FIREFOX)
    page = old.sign_up(people.ada)
    old.cut()
    page.reload()
    view(page, "home").wait_for()
    with _unasked(page):
        new.sign_in(people.ada)
        write(page, "Too late by a minute")
        view(page, "welcome").wait_for()
    _sign_in_here(page, people)
    post(page, "Too late by a minute", "failed").get_by_role("button", name="Retry").click()
    post(page, "Too late by a minute")
    assert posts(page).count() == 1


@contextlib.contextmanager
def _unasked(page: Page) -> Iterator[None]:
    """What the page does is refused first: a page whose socket is refused would ask whose it is, and might hear it
    sooner."""

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/session", hold)
    yield
    page.unroute("**/api/v1/session", hold)


def _sign_in_here(page: Page, people: People) -> None:
    """In the page as it is: what it kept is still there."""
    page.get_by_label("E-mail").fill(people.ada.email)
    page.get_by_label("Password").fill(people.ada.password)
    page.get_by_role("button", name="Sign in").click()
    view(page, "home").wait_for()


def test_the_first_steps_tick_themselves(
    fresh_server: Callable[..., Server], client: Callable[..., Api], window: Open, people: People
) -> None:
    """Named is done, a second person who writes is done, by itself; with both the card goes; links stay here."""
    server = fresh_server()
    page = window(on=server).sign_up(people.ada)
    live(page)
    card = page.locator(".first-run")
    card.get_by_role("link", name="Name it").click()
    page.get_by_label("Name", exact=True).fill("Course 101")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("button", name="Make an invitation link").click()
    page.get_by_text("This link works on this computer only.").wait_for()
    assert page.locator(".qr").count() == 0
    page.get_by_role("link", name="Home", exact=True).first.click()
    card.get_by_role("link", name="Make a link").wait_for()
    assert card.get_by_text("Done").count() == 2
    client(people.bert, on=server).post_on(1, "Here I am")
    card.wait_for(state="detached")
    page.get_by_role("heading", name="Everybody").wait_for()


def test_the_first_steps_can_be_hidden(fresh_server: Callable[..., Server], window: Open, people: People) -> None:
    """Hidden once, they stay hidden."""
    page = window(on=fresh_server()).sign_up(people.ada)
    page.get_by_role("button", name="Hide the first steps").click()
    page.locator(".first-run").wait_for(state="detached")
    page.reload()
    live(page)
    page.get_by_text("Nothing on your wall yet.").wait_for()
    assert page.locator(".first-run").count() == 0
