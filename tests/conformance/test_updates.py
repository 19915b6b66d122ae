"""The page of flask-ws-example, and the one of its ancestor lpoll, in a real browser, from a folder of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.gateways.updating import push_to, tell_of
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGES = Path(__file__).parent / "updates"
FORMATS = {
    "one": r"\d\d:\d\d:\d\d",
    "best": r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
    "other": r"\w{3}, \d\d:\d\d",
}


def test_the_pages_live_by_a_boards_news(
    browser: Browser, fresh_server: Callable[..., Server], client: Callable[..., Api], people: People
) -> None:
    """`ready` leads to the data in the chosen format, with the seconds since the last; every page that polls is told;
    when the server stops the page says so at once."""
    server = fresh_server(
        start=False,
        args=["--course-client", str(PAGES), "--course-port", "0"],
        limits={"updates_quiet_least": 3_000, "updates_quiet_most": 4_000},
    )
    server.start()
    url = wait_for(lambda: re.findall(r"client is at (http://localhost:\d+)\n", server.stdout), what="the address")[0]
    board = tell_of(client(people.ada, on=server))
    pages = {address: browser.new_page() for address in ("/", "/?short", "/lpoll.html", "/lpoll.html?2")}
    for address, page in pages.items():
        with page.expect_response(lambda answer: "/data" in answer.url):
            page.goto(url + address)
    first, short, *polls = pages.values()
    for page in (first, short):
        expect(page.locator("#value")).to_contain_text("(first data point)")
    for page in polls:
        expect(page.locator("#contents")).to_contain_text("The time is now")
    for page in (first, short):
        page.wait_for_function("ws.readyState === 1")
    shown = [page.locator("#value").inner_text() for page in polls]
    push_to(board, 1)
    for page in (first, short):
        expect(page.locator("#value")).to_contain_text("s since last update")
    for page, before in zip(polls, shown, strict=True):
        expect(page.locator("#answers")).to_have_text("1")
        expect(page.locator("#value")).not_to_have_text(before)
    for name, pattern in FORMATS.items():
        first.select_option("#format", name)
        expect(first.locator("#contents")).to_have_text(re.compile(rf"The time is now {pattern} \(format = '{name}'\)"))
    first.click("#contents")
    assert first.request.get(url + "/live/poll").status == 404  # Twidder's own streams are not at this port
    begin = time.monotonic()
    server.terminate()
    assert time.monotonic() - begin < 8
    expect(first.locator("#updated")).to_have_text("SERVER DISCONNECT")
    expect(first.locator("#updated")).to_have_css("background-color", "rgb(255, 204, 255)")
    for page in pages.values():
        page.close()
