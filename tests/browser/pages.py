"""What a person does in a window, in the person's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.harness.people import Person
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Locator, Page, WebSocket

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"

# Ten times the second within which a page has to follow.
SOON = 10_000
LOADED = 30_000  # a first visit asks for some 330 files: 2 s on a quiet machine

# A page that was away tries again after up to 30 s.
BACK = 60_000

# What Chromium itself says of an answer that the page handles: a refused sign-in, a server that is away.
EXPECTED = ("Failed to load resource", "WebSocket connection to")


# The other ways of the live connection.
STREAMS = re.compile(r"/live/(events|poll)\?")


class Window:
    """A browser of one's own: `page` is its first tab, `tab()` opens more; `sockets` has every WebSocket ever made."""

    def __init__(self, browser: Browser, server: Server, **options: Any) -> None:
        self.server = server
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        self.context.set_default_timeout(SOON)
        self.context.set_default_navigation_timeout(LOADED)
        self.sockets: list[WebSocket] = []
        self.faults: list[str] = []
        self.page = self.tab()

    def tab(self, path: str | None = None) -> Page:
        page = self.context.new_page()
        page.on("websocket", lambda socket: self.sockets.append(socket))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", self._dismiss)
        page.on("console", self._hear)
        if path is not None:
            page.goto(self.server.url + path)
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.faults.append(f"console: {message.text}")

    def check_nothing_went_wrong(self) -> None:
        """No script failed, no dialog opened, the content policy had nothing to refuse."""
        assert self.faults == []

    def close(self) -> None:
        self.context.close()

    def cut(self) -> None:
        """From now on no live connection gets through, by whichever way; requests do."""
        self.context.route_web_socket("**/live", lambda socket: socket.close())
        self.context.route(STREAMS, lambda route: route.abort())

    # Who

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.server.url + path)
        return self.page

    def sign_up(self, person: Person) -> Page:
        """By the form, all eight fields of it; it leads home."""
        page = self.open()
        page.get_by_role("tab", name="Create account").click()
        for label, value in (
            ("First name", person.firstname),
            ("Family name", person.familyname),
            ("City", person.city),
            ("Country", person.country),
            ("E-mail", person.email),
        ):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("Gender").select_option(person.gender)
        page.get_by_label("Password", exact=True).fill(person.password)
        page.get_by_label("Repeat password").fill(person.password)
        page.get_by_role("button", name="Create account").click()
        view(page, "home").wait_for()
        return page

    def sign_in(self, person: Person, path: str = "/") -> Page:
        page = self.open(path)
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(person.password)
        page.get_by_role("button", name="Sign in").click()
        view(page, "welcome").wait_for(state="detached")
        live(page)
        return page


def view(page: Page, name: str) -> Locator:
    return page.locator(f"[data-view={name}]")


def live(page: Page, *, timeout: float = SOON) -> None:
    """Waits until the page's socket has said hello."""
    page.locator("html[data-connection=live]").wait_for(timeout=timeout)


def write(page: Page, text: str) -> None:
    """Writes on the wall that is shown, by keyboard."""
    page.get_by_role("textbox").first.fill(text)
    page.keyboard.press("Control+Enter")


def posts(page: Page, state: str | None = None) -> Locator:
    return page.locator(f"article[data-state={state}]" if state else "article[data-state]")


def post(page: Page, text: str, state: str = "sent", *, timeout: float = SOON) -> Locator:
    """The card with this text in this state; waits for it."""
    card = posts(page, state).filter(has_text=text)
    card.first.wait_for(timeout=timeout)
    return card


def step(page: Page, path: str) -> Page:
    """To another address of the page that is open, as its own links do; waits until what is there has been loaded."""
    page.evaluate(
        """path => {
            history.pushState(null, "", path);
            dispatchEvent(new PopStateEvent("popstate"));
            return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        }""",
        path,
    )
    page.locator("body:has([data-view]):not(:has(.skeleton))").wait_for()
    return page
