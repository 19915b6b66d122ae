"""A newcomer's afternoon, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.pages import Window, live, post, posts, view, write
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.browser

Open = Callable[..., Window]


def test_sign_up_write_and_see_a_friends_post_appear(window: Open, client: Callable[..., Api], people: People) -> None:
    """A stranger signs up, writes on her wall, and sees what a friend writes there without doing anything."""
    ada = window()
    page = ada.sign_up(people.ada)
    assert re.search(r"/home$", page.url)
    live(page)
    write(page, "My first line")
    post(page, "My first line")
    bert = client(people.bert)
    me = bert.get("/users", q=people.ada.email).json()["items"][0]
    bert.post_on(me["id"], "Hello from Bert")
    card = post(page, "Hello from Bert")
    assert card.count() == 1
    assert "Bert Okafor" in card.inner_text()
    assert "Hello from Bert" in posts(page).first.inner_text()


def test_find_a_person_and_write_on_their_wall(window: Open, client: Callable[..., Api], people: People) -> None:
    """Browse finds while one types; the person's page is their wall; their own page shows the post at once."""
    bert, ada = window(), window()
    name = f"Okafor{people.bert.email.split('.')[2].split('@')[0]}"
    bert_page = bert.sign_up(people.bert.but(familyname=name))
    page = ada.sign_up(people.ada)
    page.get_by_role("link", name="Browse", exact=True).first.click()
    view(page, "browse").wait_for()
    page.get_by_role("searchbox").fill(people.bert.email)
    page.locator("[data-view=browse] a", has_text=name).first.click()
    view(page, "person").wait_for()
    assert re.search(r"/people/\d+$", page.url)
    write(page, "Ada was here")
    post(page, "Ada was here")
    post(bert_page, "Ada was here")


def test_every_view_has_an_address(window: Open, people: People) -> None:
    """Back, forward and reload lead where one was; a reload is still signed in, with a socket of its own."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.get_by_role("link", name="Browse", exact=True).first.click()
    view(page, "browse").wait_for()
    page.get_by_role("link", name="Ada Lind").first.click()
    view(page, "account").wait_for()
    page.go_back()
    view(page, "browse").wait_for()
    page.go_back()
    view(page, "home").wait_for()
    page.go_forward()
    view(page, "browse").wait_for()
    before = len(ada.sockets)
    page.reload()
    view(page, "browse").wait_for()
    live(page)
    assert len(ada.sockets) == before + 1
    for path in ("/home", "/account", "/static/client.html"):
        assert page.goto(ada.server.url + path).ok  # type: ignore[union-attr]
        live(page)


def test_no_socket_before_sign_in_and_none_after_sign_out(window: Open, people: People) -> None:
    """The welcome view opens no WebSocket; signing out closes the one there was, in every tab, for good."""
    ada = window()
    page = ada.open()
    view(page, "welcome").wait_for()
    assert ada.sockets == []
    ada.sign_up(people.ada)
    live(page)
    other = ada.tab("/browse")
    live(other)
    made = len(ada.sockets)
    page.get_by_role("link", name="Ada Lind").first.click()
    page.get_by_role("button", name="Sign out").first.click()
    view(page, "welcome").wait_for()
    view(other, "welcome").wait_for()
    wait_for(lambda: all(socket.is_closed() for socket in ada.sockets), 10)
    page.reload()
    view(page, "welcome").wait_for()
    assert len(ada.sockets) == made
    assert ada.context.cookies() == []


def test_errors_stand_beside_what_caused_them(window: Open, people: People) -> None:
    """A wrong password and a bad sign-up are told in words under the field; what was typed stays; nothing pops up."""
    ada = window()
    page = ada.open()
    page.get_by_label("E-mail").fill(people.ada.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("don’t match").wait_for()
    assert page.get_by_label("E-mail").input_value() == people.ada.email
    page.get_by_role("tab", name="Create account").click()
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Repeat password").fill("other")
    page.get_by_label("E-mail", exact=True).fill("x@example")
    page.get_by_role("button", name="Create account").click()
    wrong = page.locator("[aria-invalid=true]")
    wrong.first.wait_for()
    assert wrong.count() >= 6
    assert page.get_by_label("First name").evaluate("field => field === document.activeElement")
    assert page.get_by_label("E-mail", exact=True).input_value() == "x@example"


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title='owned'</script>",
        "<img src=x onerror=\"document.title='owned'\">",
        "javascript:document.title='owned'",
        "https://example.org/\"onmouseover=\"document.title='owned'",
        "&lt;b&gt; <b>bold</b> &amp;",
    ],
)
def test_text_is_text(window: Open, client: Callable[..., Api], people: People, text: str) -> None:
    """What somebody writes arrives as it was written, and does nothing."""
    ada, eve = window(), client(people.eve.but(firstname="<i>Eve</i>"))
    page = ada.sign_up(people.ada)
    me = eve.get("/users", q=people.ada.email).json()["items"][0]
    eve.post_on(me["id"], text)
    card = post(page, text)
    assert card.locator("p").first.inner_text() == text
    assert "<i>Eve</i>" in card.inner_text()
    card.hover()
    assert "owned" not in page.title()


def test_delete_and_take_back(window: Open, client: Callable[..., Api], people: People) -> None:
    """A deleted post is gone here and at the reader's; Undo brings it back to both."""
    bert_api = client(people.bert)
    ada = window()
    page = ada.sign_up(people.ada)
    me = bert_api.get("/users", q=people.ada.email).json()["items"][0]
    reader = window()
    reading = reader.sign_in(people.bert, f"/people/{me['id']}")
    write(page, "Second thoughts")
    card = post(page, "Second thoughts")
    post(reading, "Second thoughts")
    card.hover()
    card.get_by_role("button", name="Delete post").click()
    posts(reading).filter(has_text="Second thoughts").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    post(page, "Second thoughts")
    post(reading, "Second thoughts")


def test_a_draft_survives_a_reload(window: Open, people: People) -> None:
    """What was typed and not sent is there again."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.get_by_role("textbox").first.fill("half a thou")
    page.reload()
    view(page, "home").wait_for()
    assert page.get_by_role("textbox").first.input_value() == "half a thou"


def test_a_new_password_keeps_this_browser(window: Open, people: People) -> None:
    """Changing the password in the page leaves it signed in; the new one works elsewhere."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.goto(ada.server.url + "/account")
    page.get_by_label("Old password").or_(page.get_by_label("Current password")).first.fill(people.ada.password)
    page.get_by_label("New password", exact=True).fill("a better horse 2")
    page.get_by_label("Repeat", exact=False).last.fill("a better horse 2")
    page.get_by_role("button", name="Change password").click()
    page.get_by_text("password", exact=False).first.wait_for()
    with Api(ada.server) as elsewhere:
        wait_for(
            lambda: (
                elsewhere.post("/session", {"email": people.ada.email, "password": "a better horse 2"}).status_code
                == 201
            ),
            10,
            every=0.2,
        )
