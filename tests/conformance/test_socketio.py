"""The official JavaScript client of Socket.IO in a real browser, on the demo's two pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conformance.bridged import Bridged
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_tim_and_miguel(browser: Browser, server: Server, client: Callable[..., Api], people: People) -> None:
    """Enter by the form, talk, change to a WebSocket on the way, leave; and neither page complains."""
    room = Bridged(client(people.ada))
    complaints: list[str] = []
    contexts = [browser.new_context(), browser.new_context()]
    tim, miguel = (context.new_page() for context in contexts)
    sockets: list[str] = []
    tim.on("websocket", lambda socket: sockets.append(socket.url))
    for page, name in ((tim, "Tim"), (miguel, "Miguel")):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{server.url}/chat")
        page.fill("#name", name)
        page.fill("#room", room.name)
        page.click("button")
        expect(page.locator("h1")).to_have_text(f"Room: {room.name}")
        expect(page.locator("#chat")).to_have_value(f"<{name} has entered the room.>\n")
    miguel.fill("#text", "No worries Tim.")
    miguel.press("#text", "Enter")
    lines = ["<Tim has entered the room.>", "<Miguel has entered the room.>", "Miguel:No worries Tim."]
    expect(tim.locator("#chat")).to_have_value("\n".join((*lines, "")))
    wait_for(lambda: [url for url in sockets if "transport=websocket" in url])
    miguel.click("#leave")
    expect(miguel.locator("#room")).to_have_value(room.name)
    lines.append("<Miguel has left the room.>")
    expect(tim.locator("#chat")).to_have_value("\n".join((*lines, "")))
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_signed_in_page_is_its_member(
    browser: Browser, server: Server, client: Callable[..., Api], people: People
) -> None:
    """Our own page's session counts, whatever the form said; with the session the chat ends."""
    room = Bridged(client(people.ada))
    bert = client(people.bert)
    context = browser.new_context()
    name, _, value = bert.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = context.new_page()
    page.goto(f"{server.url}/chat/enter")
    page.fill("#name", "Somebody")
    page.fill("#room", room.name)
    page.click("button")
    expect(page.locator("#chat")).to_have_value("<Bert Okafor has entered the room.>\n")
    bert.delete("/session", expect=204)
    expect(page.locator("#chat")).to_have_value("<Bert Okafor has entered the room.>\n<Your session has ended.>\n")
    context.close()
