"""Two browsers, one account: the second one in is the only one in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.pages import FIREFOX, Window, live, post, posts, view, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.browser

Open = Callable[..., Window]


def test_S4_S5_every_tab_of_the_old_browser_and_nobody_else(window: Open, people: People) -> None:
    """B signs in as A's user: A's tabs all show the welcome view with when and from where; B and Eve notice nothing."""
    old, new, third = window(), window(user_agent=FIREFOX), window()
    first = old.sign_up(people.ada)
    tabs = [first, old.tab("/browse"), old.tab("/account")]
    for tab in tabs:
        live(tab)
    eve = third.sign_up(people.eve)
    live(eve)
    made = len(old.sockets)
    page = new.sign_in(people.ada)
    for tab in tabs:
        view(tab, "welcome").wait_for()
        notice = tab.get_by_text("Signed in elsewhere.").locator("..")
        assert "Firefox on Linux" in notice.inner_text()
        assert "today" in notice.inner_text()
    wait_for(lambda: all(socket.is_closed() for socket in old.sockets), 10)
    # A page that came back would do so within two seconds: give it time to be wrong.
    first.wait_for_timeout(2_500)
    assert len(old.sockets) == made
    live(page)
    live(eve)
    write(page, "Still here")
    post(page, "Still here")
    write(eve, "So am I")
    post(eve, "So am I")
    assert len(third.sockets) == len(new.sockets) == 1


def test_a_tab_whose_socket_was_cut_can_write_nothing(window: Open, people: People) -> None:
    """With the notice lost on the way, the old tab's next post is refused, and it learns why."""
    old, new = window(), window(user_agent=FIREFOX)
    page = old.sign_up(people.ada)
    live(page)
    old.cut()
    page.reload()
    view(page, "home").wait_for()
    new_page = new.sign_in(people.ada)
    write(page, "From beyond")
    view(page, "welcome").wait_for()
    page.get_by_text("Signed in elsewhere.").wait_for()
    new_page.reload()
    view(new_page, "home").wait_for()
    live(new_page)
    assert posts(new_page).filter(has_text="From beyond").count() == 0


def test_after_a_night_asleep(window: Open, people: People) -> None:
    """A browser that was closed meanwhile learns it on opening: when and from where."""
    old, new = window(), window(user_agent=FIREFOX)
    page = old.sign_up(people.ada)
    page.goto("about:blank")
    new.sign_in(people.ada)
    made = len(old.sockets)
    page.goto(old.server.url + "/browse")
    view(page, "welcome").wait_for()
    assert "Firefox on Linux" in page.get_by_text("Signed in elsewhere.").locator("..").inner_text()
    assert len(old.sockets) == made


def test_a_failed_sign_in_disturbs_nobody(window: Open, client: Callable[..., Api], people: People) -> None:
    """Wrong passwords elsewhere leave the page, its socket and its session as they were."""
    ada = window()
    page = ada.sign_up(people.ada)
    live(page)
    for _ in range(3):
        assert client().post("/session", {"email": people.ada.email, "password": "wrong horse"}).status_code == 401
    write(page, "Undisturbed")
    post(page, "Undisturbed")
    assert len(ada.sockets) == 1
    assert not ada.sockets[0].is_closed()


def test_that_was_not_me_leads_to_a_new_password(window: Open, people: People) -> None:
    """From the notice by signing in to Change password; the dead token itself gives no right."""
    old, new = window(), window(user_agent=FIREFOX)
    page = old.sign_up(people.ada)
    live(page)
    new.sign_in(people.ada)
    page.get_by_role("button", name="That wasn’t me").click()
    page.get_by_text("Can’t sign in? Ask the owner for a link.").wait_for()
    assert page.get_by_label("E-mail").input_value() == people.ada.email
    page.get_by_label("Password").fill(people.ada.password)
    page.get_by_role("button", name="Sign in").click()
    view(page, "account").wait_for()
    view(new.page, "welcome").wait_for()
