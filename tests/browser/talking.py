"""What a person does in a conversation, in the person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.pages import SOON, Window, live, view
from tests.harness.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Of the message that somebody looks at: how far below the list's upper edge it stands.
OFFSET = """id => document.querySelector(`[data-message-id="${id}"]`).getBoundingClientRect().top
    - document.querySelector(".messages").getBoundingClientRect().top"""
AT_END = """() => {
    const box = document.querySelector(".messages");
    return box.scrollHeight - box.scrollTop - box.clientHeight < 3;
}"""


def field(page: Page) -> Locator:
    """Where a message is written."""
    return page.locator(".desk__field")


def write(page: Page, text: str) -> None:
    """Types and sends by keyboard."""
    field(page).fill(text)
    field(page).press("Enter")


def said(page: Page, text: str, state: str = "sent", *, timeout: float = SOON) -> Locator:
    """The message with this text in this state; waits for it."""
    row = page.locator(f".message[data-state={state}]").filter(has_text=text)
    row.first.wait_for(timeout=timeout)
    return row.first


def do(page: Page, row: Locator, action: str) -> None:
    """One of the actions in a message's menu."""
    row.hover()
    row.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=action).click()


def ids_shown(page: Page) -> list[int]:
    return [
        int(value)
        for value in page.eval_on_selector_all("[data-message-id]", "all => all.map(one => one.dataset.messageId)")
    ]


def make_walkin_room(host: Window, person: Person) -> tuple[int, str]:
    """A walk-in room of the host's, whose page shows it: (id, guest link)."""
    page = host.sign_up(person)
    live(page)
    page.get_by_role("button", name="New room").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(f"lecture of {person.email}")
    dialog.get_by_label("Walk-in").check()
    dialog.get_by_role("button", name="Create room").click()
    view(page, "room").wait_for()
    page.get_by_role("button", name="Manage").click()
    page.get_by_role("button", name="Make a guest link").click()
    url = page.get_by_label("Guest link", exact=True).input_value()
    dialog.get_by_role("img", name="QR code").wait_for()
    dialog.get_by_role("button", name="Close", exact=True).click()
    return int(page.url.rsplit("/", 1)[1]), url
