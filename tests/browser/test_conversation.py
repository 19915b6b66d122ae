"""A team's room in real browsers: saying, amending, answering, reading, being away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.pages import BACK, Window, live
from tests.browser.talking import AT_END, OFFSET, do, field, ids_shown, said, write
from tests.files.samples import picture
from tests.harness.api import Api
from tests.harness.people import People
from tests.rooms.talk import join, make_room, say

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
Client = Callable[..., Api]


class Team:
    """Ada's room with Bert in it, and a way to speak there without a browser, for whoever has no window: that would end
    their session here."""

    def __init__(self, client: Client, people: People) -> None:
        self.ada, self.bert = client(people.ada), client(people.bert)
        self.room: int = make_room(self.ada)["id"]
        join(self.bert, self.room)
        self.path = f"/rooms/{self.room}"
        self.handle: str = self.ada.get("/me").json()["handle"]

    def say(self, who: Api, text: str, **more: Any) -> dict[str, Any]:
        return say(who, self.room, text, **more)


@pytest.fixture
def team(client: Client, people: People) -> Team:
    return Team(client, people)


def test_a_team_writes_amends_answers_and_feels(window: Open, team: Team, people: People) -> None:
    """Two people in one room: code with colours, a mention by autocomplete, an answer that leads to what it answers,
    an edit and its history, a reaction, a deletion and its undo; each at once in both windows."""
    ada, bert = window().sign_in(people.ada, team.path), window().sign_in(people.bert, team.path)
    write(ada, "Why is it *open*?\n\n```python\ndef close():\n    return 1\n```")
    question = said(bert, "Why is it open?")
    assert question.locator("em").inner_text() == "open"
    question.locator(".hl-keyword", has_text="def").wait_for()

    field(bert).press_sequentially(f"Look, @{team.handle[:-1]}")
    ada.locator(".typing", has_text="Bert is typing").wait_for()
    bert.get_by_role("option", name=f"@{team.handle}").wait_for()
    field(bert).press("Enter")
    assert field(bert).input_value() == f"Look, @{team.handle} "
    field(bert).press("Enter")
    assert said(ada, "Look,").locator(".mention[data-me=true]").inner_text() == f"@{team.handle}"

    question.hover()
    question.get_by_role("button", name="Reply").click()
    write(bert, "Since nobody closed it.")
    answer = said(ada, "Since nobody closed it.")
    answer.locator(".quote").click()
    ada.locator("article:focus", has_text="Why is it open?").wait_for()

    field(bert).press("ArrowUp")
    write(bert, "Since somebody forgot.")
    said(ada, "Since somebody forgot.").get_by_role("button", name="(edited)").click()
    ada.get_by_role("dialog").get_by_text("Since nobody closed it.").wait_for()
    ada.keyboard.press("Escape")

    answer = said(ada, "Since somebody forgot.")
    answer.hover()
    answer.get_by_role("button", name="React").click()
    ada.get_by_role("button", name="🎉").first.click()
    said(bert, "Since somebody forgot.").get_by_role("button", name="🎉, 1").wait_for()

    do(bert, said(bert, "Since somebody forgot."), "Delete")
    ada.locator("[data-state=deleted]").wait_for()
    assert "forgot" not in ada.locator(".messages").inner_text()
    bert.get_by_role("button", name="Undo").click()
    said(ada, "Since somebody forgot.")


def test_L9_a_window_without_the_network_sends_once_and_misses_nothing(
    window: Open, team: Team, people: People
) -> None:
    """What is written offline waits, in order, and a draft survives a reload; what others said and deleted meanwhile
    arrives as it is then."""
    ada = window()
    page = ada.sign_in(people.ada, team.path)
    write(page, "Before the tunnel")
    said(page, "Before the tunnel")
    gone = team.say(team.bert, "Said before, deleted later")
    said(page, "Said before, deleted later")
    ada.context.set_offline(True)
    write(page, "First in the tunnel")
    write(page, "Second in the tunnel")
    team.bert.delete(f"/messages/{gone['id']}", expect=200)
    team.say(team.bert, "Where are you?")
    ada.context.set_offline(False)
    said(page, "Where are you?", timeout=BACK)
    said(page, "First in the tunnel", timeout=BACK)
    said(page, "Second in the tunnel", timeout=BACK)
    shown = page.locator(".messages").inner_text()
    assert "deleted later" not in shown
    assert shown.index("First in the tunnel") < shown.index("Second in the tunnel")
    stored = [item["text"] for item in team.bert.get(f"/rooms/{team.room}/messages").json()["items"]]
    assert sorted(filter(None, stored)) == sorted(
        ["Before the tunnel", "First in the tunnel", "Second in the tunnel", "Where are you?"]
    )
    field(page).fill("half a thou")
    page.reload()
    live(page)
    field(page).wait_for()
    assert field(page).input_value() == "half a thou"


def test_a_long_conversation_stays_small_and_still(window: Open, team: Team, people: People) -> None:
    """Of 320 messages few are in the page; loading at either end moves nothing that is read; a link leads to its
    message, the pill to the newest; what has been read in one window is read in all."""
    made = [team.say(team.bert, f"Number {number} of a long talk.")["id"] for number in range(320)]
    one = window()
    page = one.sign_in(people.ada, f"{team.path}?message={made[150]}")
    page.locator(f"[data-message-id='{made[150]}']").wait_for()
    _check_still(page, made, 150)
    page.locator(".messages").evaluate("box => box.scrollTo(0, 0)")
    page.wait_for_function("id => document.querySelector(`[data-message-id='${id}']`)", arg=made[60])
    assert len(ids_shown(page)) <= 200
    before = len(made)
    made.append(team.say(team.bert, "The newest of all")["id"])
    page.get_by_role("button", name="1 new message").click()
    said(page, "The newest of all")
    page.locator(".new-line").wait_for()
    page.wait_for_function(AT_END)
    shown = ids_shown(page)
    assert shown == made[before + 1 - len(shown) :]
    other = one.tab(team.path)
    page.bring_to_front()
    page.wait_for_function(AT_END)
    live(other)
    other.locator(".rail__room[aria-current][data-unread=false]").wait_for()
    page.locator(".day-line__picker").first.fill("2020-01-01")
    page.locator(f"[data-message-id='{made[0]}']").wait_for()


def _check_still(page: Page, made: list[int], at: int) -> None:
    """Pages come in at both ends; the message one looks at stays where it is."""
    before = page.evaluate(OFFSET, made[at])
    page.wait_for_function("id => document.querySelector(`[data-message-id='${id}']`)", arg=made[at + 24])
    page.mouse.move(500, 400)
    assert abs(page.evaluate(OFFSET, made[at]) - before) < 2


ROWS = [
    "<script>document.title='owned'</script> <img src=x onerror=\"document.title='owned'\">",
    "[a](javascript:document.title='owned') [b](jAvA\tscript:1) [c](data:text/html,x) [d](vbscript:x) ![e](http://x/y)",
    "[f](https://example.org/\"onmouseover=\"document.title='owned') <https://example.org/g> mailto:h@example.org",
]


def test_row32_to_row35_odd_texts_stay_in_their_place(window: Open, team: Team, people: People) -> None:
    """A letter with a thousand marks is clipped, a turned text stays isolated, nothing runs, links are http, https or
    mailto with their rel, and the worst Markdown is drawn within a blink."""
    page = window().sign_in(people.ada, team.path)
    team.say(team.bert, "zalgo a" + "\u0301" * 1000)
    team.say(team.bert, "\u202eturned \u2066around\ufeff")
    for text in ROWS:
        team.say(team.bert, text)
    for worst in ("[", "*", "> ", "`", "_", "![", "1. ", "**a "):
        team.say(team.bert, f"{worst * (3_900 // len(worst))} worst{len(worst)}")
    team.say(team.bert, "The end of it")
    said(page, "The end of it")
    zalgo = said(page, "zalgo")
    assert zalgo.evaluate("row => row.getBoundingClientRect().height") < 100
    assert zalgo.locator(".words").evaluate("words => getComputedStyle(words).overflowY") == "clip"
    assert said(page, "turned").locator("p").evaluate("line => getComputedStyle(line).unicodeBidi") == "isolate"
    links = page.eval_on_selector_all(".words a", "all => all.map(one => [one.href, one.rel, one.target])")
    assert links
    for href, rel, target in links:
        assert href.startswith(("http://", "https://", "mailto:")), href
        assert (rel, target) == ("noopener noreferrer nofollow ugc", "_blank")
    page.mouse.move(500, 300)
    assert "owned" not in page.title()
    assert page.locator(".words img, .words script").count() == 0


def test_a_picture_and_a_file_go_along(window: Open, team: Team, people: People) -> None:
    """Attached files upload while one writes, go with the message, and are there for the others; a bad one says why and
    can be taken off."""
    ada, bert = window().sign_in(people.ada, team.path), window().sign_in(people.bert, team.path)
    files = ada.locator(".desk input[type=file]")
    files.set_input_files(
        [
            {"name": "red.png", "mimeType": "image/png", "buffer": picture()},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"one\ntwo\n"},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
        ]
    )
    ada.locator(".upload[data-state=failed]").get_by_role("button", name="Remove empty.txt").click()
    ada.locator(".upload[data-state=stored]").nth(1).wait_for()
    write(ada, "Both of them")
    row = said(bert, "Both of them")
    row.locator("img").wait_for()
    bert.wait_for_function("() => document.querySelector('.attached img').naturalWidth > 0")
    with bert.expect_download() as download:
        row.get_by_role("link", name="notes.txt").click()
    assert download.value.suggested_filename == "notes.txt"


def test_who_is_invited_sees_the_door_and_then_the_room(
    window: Open, client: Client, team: Team, people: People
) -> None:
    """Of a room for members the invited see what it is, and what was said in it once they have accepted."""
    client(people.eve)
    eve = team.bert.get("/users", q=people.eve.email).json()["items"][0]["id"]
    room = make_room(team.bert, "members", description="Only for us")["id"]
    say(team.bert, room, "Said among us")
    team.bert.put(f"/rooms/{room}/members/{eve}", {}, expect=200)
    page = window().sign_in(people.eve, f"/rooms/{room}")
    page.get_by_text("You are invited.").wait_for()
    assert "Said among us" not in page.content()
    page.get_by_role("button", name="Join room").click()
    said(page, "Said among us")
    write(page, "Thank you")
    said(page, "Thank you")


def test_who_only_looks_in_may_join_and_who_is_muted_reads(
    window: Open, client: Client, team: Team, people: People
) -> None:
    """A stranger to an open room reads it and joins with one press; a muted one is told until when; an archived room
    says so; slow mode counts down on the button."""
    eve = client(people.eve)
    page = window().sign_in(people.eve, team.path)
    page.get_by_role("button", name="Join room").click()
    write(page, "Hello from Eve")
    said(page, "Hello from Eve")
    team.ada.patch(f"/rooms/{team.room}", {"slow_seconds": 60}, expect=200)
    write(page, "Slowly")
    page.get_by_label("Slow room").wait_for()
    team.ada.patch(f"/rooms/{team.room}/members/{eve.id}", {"muted_minutes": 10}, expect=204)
    page.get_by_text("A moderator has muted you until").wait_for()
    team.ada.patch(f"/rooms/{team.room}", {"archived": True}, expect=200)
    page.get_by_text("This room is archived.").wait_for()
