"""What stands around the conversation: the rail, the lists, finding one's way, and who may do what in a room."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.pages import SOON, Window, live, view
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
Client = Callable[..., Api]


def _say(api: Api, room: int, text: str) -> None:
    api.post(f"/rooms/{room}/messages", {"text": text}, expect=201)


def _handle(api: Api) -> str:
    return str(api.get("/me", expect=200).json()["handle"])


def test_a_room_from_making_to_leaving(window: Open, client: Client, people: People) -> None:
    """A room is made, found and joined; elsewhere one sees that it is unread and that one was meant; a press on the
    notice leads to the message; what is set to nothing stays calm; the owner hands it over, leaves, and sees it no
    more."""
    ada, bert = window(), client(people.bert)
    page = ada.sign_up(people.ada)
    live(page)
    name = f"lab of {people.ada.email}"
    page.get_by_role("button", name="New room").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create room").click()
    view(page, "room").wait_for()
    room = int(page.url.rsplit("/", 1)[1])
    found = bert.get("/rooms", browse="true", q=name, expect=200).json()["items"]
    assert [one["id"] for one in found] == [room]
    bert.put(f"/rooms/{room}/members/{bert.id}", expect=200)

    page.goto(ada.server.url + "/browse")
    live(page)
    entry = page.locator(".rail a", has_text=name)
    entry.wait_for()
    _say(bert, room, "First words")
    page.locator(".rail a[data-unread=true]", has_text=name).wait_for()
    handle = page.evaluate("fetch('/api/v1/me').then(answer => answer.json()).then(me => me.handle)")
    _say(bert, room, f"Do you hear me, @{handle}?")
    entry.locator(".pill", has_text="1").wait_for()
    wait_for(lambda: page.title().startswith("(1) "), 10)
    page.get_by_role("status").get_by_text("mentioned you").wait_for()

    page.locator(".rail").get_by_role("link", name="Mentions").click()
    page.locator("[data-view=inbox] a", has_text="Do you hear me").click()
    view(page, "room").wait_for()
    assert re.search(rf"/rooms/{room}\?message=\d+$", page.url)
    wait_for(lambda: not page.title().startswith("("), 10)
    _say(bert, room, f"And now, @{handle}?")
    seen_here = page.locator(".rail").get_by_role("link", name="Mentions").locator(".pill")
    seen_here.wait_for()
    seen_here.wait_for(state="detached")
    page.get_by_label("Tell me about").select_option("nothing")
    page.goto(ada.server.url + "/browse")
    page.locator(".rail a[data-quiet=true]", has_text=name).wait_for()
    page.goto(f"{ada.server.url}/rooms/{room}")
    page.get_by_role("button", name="Leave room").click()
    page.get_by_text("First make somebody else an owner").wait_for()
    page.get_by_role("button", name="2 members").click()
    page.get_by_label("What to do about Bert Okafor").click()
    page.get_by_role("menuitem", name="Make owner").click()
    page.get_by_role("dialog").get_by_text("Bert is an owner now").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave room").click()
    view(page, "rooms").wait_for()
    entry.wait_for(state="detached")


def test_conversations_and_who_is_here(window: Open, people: People) -> None:
    """From a person's page to a conversation; the other one's rail has it at once, with the dot of who is here, until
    that one has been away for a moment; Ctrl K finds it again."""
    ada, bert = window(), window()
    name = f"Okafor{people.bert.email.split('.')[2].split('@')[0]}"  # nobody else's on the shared server
    reading = bert.sign_up(people.bert.but(familyname=name))
    page = ada.sign_up(people.ada.but(familyname="Dot"))
    live(page)
    live(reading)
    for writer in (page, reading):  # who may write to whom by default: people of a common room
        writer.goto(ada.server.url + "/rooms")
        live(writer)
    page.locator(".rail").get_by_role("link", name="Browse").click()
    page.get_by_role("searchbox").fill(people.bert.email)
    page.locator("[data-view=browse] a", has_text=name).click()
    page.get_by_role("button", name="Message").click()
    view(page, "dm").wait_for()
    page.get_by_role("textbox").first.fill("Do you have a minute?")
    page.keyboard.press("Enter")
    entry = reading.locator(".rail a", has_text="Ada Dot")
    entry.locator(".pill", has_text="1").wait_for()
    entry.locator(".avatar__here").wait_for()
    page.goto(ada.server.url + "/home")
    live(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    page.get_by_role("option", name=name).first.wait_for()
    page.keyboard.press("Enter")
    view(page, "dm").wait_for()
    page.goto(page.url.replace("/dm/", "/rooms/"))
    view(page, "dm").wait_for()
    ada.close()
    entry.locator(".avatar__here").wait_for(state="detached", timeout=3 * SOON)


def test_search_by_keyboard(window: Open, client: Client, people: People) -> None:
    """The slash leads to the search; what is found is marked; a press leads to the message itself."""
    ada, bert = window(), client(people.bert)
    page = ada.sign_up(people.ada)
    live(page)
    room = bert.post("/rooms", {"name": f"search {people.bert.email}", "kind": "open"}, expect=201).json()["id"]
    word = "zyzzyva" + str(bert.id)
    _say(bert, room, f"A {word} is a weevil <b>not bold</b>")
    page.keyboard.press("/")
    view(page, "search").wait_for()
    page.keyboard.type(word)
    page.locator("mark", has_text=word).wait_for()
    assert "<b>not bold</b>" in page.locator(".hits").inner_text()
    page.locator(".hits a").first.click()
    view(page, "room").wait_for()
    page.get_by_text("is a weevil").first.wait_for()


def test_what_those_write_whom_one_follows(window: Open, client: Client, people: People) -> None:
    """Follow somebody and their words arrive by themselves; that it is mutual stands beside it; a wall kept for mutual
    follows is gone at once for whoever is not followed any more."""
    ada, bert = window(), client(people.bert)
    page = ada.sign_up(people.ada)
    live(page)
    me = int(page.evaluate("fetch('/api/v1/me').then(answer => answer.json()).then(me => me.id)"))
    bert.put(f"/follows/{me}", expect=204)
    bert.patch("/me/privacy", {"wall": "mutual"}, expect=200)
    page.goto(f"{ada.server.url}/people/{bert.id}")
    page.get_by_text("Follows you").wait_for()
    page.get_by_role("button", name="Follow", exact=True).click()
    page.get_by_role("button", name="Following", exact=True).wait_for()
    page.goto(ada.server.url + "/following")
    live(page)
    page.locator(".context", has_text="You follow").wait_for()
    bert.post_on(bert.id, "For those I know")
    page.locator("article", has_text="For those I know").wait_for()
    bert.delete(f"/follows/{me}", expect=204)
    page.locator("article", has_text="For those I know").wait_for(state="detached")


def test_who_looks_after_a_room(
    fresh_server: Callable[..., Server], window: Open, client: Client, people: People
) -> None:
    """A moderator sets the pace, mutes with a way back, and bans; what was done stands in the room's log; a report
    reaches the staff, who settle it."""
    server = fresh_server()
    ada = window(on=server)
    page = ada.sign_up(people.ada)
    live(page)
    bert = client(people.bert, on=server)
    bert.put(f"/rooms/1/members/{bert.id}")
    bert.post("/reports", {"user": 1, "reason": "Too many weevils"}, expect=201)

    page.goto(server.url + "/rooms/1")
    page.get_by_role("button", name="Manage").click()
    page.get_by_label("Slow mode").select_option("30")
    page.get_by_role("status").get_by_text("Saved").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    page.get_by_text("slow: a message each 30 s").wait_for()

    page.get_by_role("button", name="2 members").click()
    page.get_by_label("What to do about Bert Okafor").click()
    page.get_by_role("menuitem", name="Mute for an hour").click()
    page.get_by_role("dialog").get_by_text("muted", exact=True).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("dialog").get_by_text("muted", exact=True).wait_for(state="detached")
    page.get_by_label("What to do about Bert Okafor").click()
    page.get_by_role("menuitem", name="Ban").click()
    page.get_by_role("link", name="Bert Okafor").wait_for(state="detached")
    assert bert.get("/rooms/1").status_code == 404
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")

    page.locator(".rail").get_by_role("link", name="Moderation").click()
    page.get_by_text("Too many weevils").wait_for()
    page.locator(".audit", has_text="Bert Okafor").wait_for()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Nothing waits for you.").wait_for()


def test_settings_of_mine_stay(window: Open, people: People) -> None:
    """Who sees my wall, who may write to me and my handle are kept; a handle that cannot be is told under its field."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.goto(ada.server.url + "/account")
    page.locator("#privacy").get_by_label("Nobody").check()
    page.get_by_role("status").get_by_text("Saved").wait_for()
    page.get_by_label("Handle").fill("admin")
    page.get_by_role("button", name="Save handle").click()
    page.locator("#handle [aria-invalid=true]").wait_for()
    page.reload()
    page.locator("#privacy input[value=nobody]:checked").wait_for()
