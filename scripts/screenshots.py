"""Takes the pictures of the README: a real server, people who come by its API, a real Chromium.

``make screenshots`` writes docs/pictures/*.png.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.conftest import CHROMIUM_ARGS  # noqa: E402
from tests.harness import programs  # noqa: E402
from tests.harness.api import Api  # noqa: E402
from tests.harness.people import Person  # noqa: E402
from tests.harness.server import Server  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "docs" / "pictures"
PASSWORD = "correct horse 1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def _person(firstname: str, familyname: str, city: str, country: str = "Sweden") -> Person:
    return Person(f"{firstname.lower()}@example.org", PASSWORD, firstname, familyname, "Other", city, country)


ADA = _person("Ada", "Lind", "Linköping")
OTHERS = [
    _person("Maria", "Olsson", "Norrköping"),
    _person("Walter", "Berg", "Linköping"),
    _person("Klara", "Nilsson", "Motala"),
    _person("Tomas", "Ek", "Perth", "Australia"),
]
WORDS = [
    (1, "My old tab still gets posts after I sign in somewhere else. What closes it?"),
    (0, "The session's row is replaced, so the server closes the sockets of the old session. Not by user: by session."),
    (3, "Right. Can you show yours in the demo at 11? The queue is short."),
    (2, "Sure, pushing now. On my way."),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as data, Server(Path(data) / "data") as server, sync_playwright() as playwright:
        _fill(server)
        browser = playwright.chromium.launch(executable_path=programs.chromium(), args=CHROMIUM_ARGS)
        for scheme in ("light", "dark"):
            _shoot_home(browser, server, scheme)
        browser.close()


def _fill(server: Server) -> None:
    """Ada's place, with four others and what they wrote."""
    with Api(server) as ada:
        ada.sign_up(ADA)
        ada.sign_in(ADA)
        ada.patch("/community", {"name": "TDDD97"}, expect=200)
        clients = []
        for person in OTHERS:
            api = Api(server)
            api.sign_up(person)
            clients.append(api.sign_in(person))
        for who, text in WORDS:
            clients[who].post_on(ada.id, text)
        for api in clients:
            api.close()


def _sign_in(page: Page, server: Server, person: Person) -> None:
    page.goto(server.url)
    page.get_by_label("E-mail").first.fill(person.email)
    page.get_by_label("Password").first.fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-view=home]").wait_for()
    page.locator("[data-post-id]").first.wait_for()
    page.mouse.move(0, 0)  # nothing is pointed at


def _shoot_home(browser: Browser, server: Server, scheme: Any) -> None:
    """Home wide; then signed in elsewhere: the welcome view with its notice; then home on a phone."""
    wide = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme, user_agent=FIREFOX)
    page = wide.new_page()
    _sign_in(page, server, ADA)
    page.screenshot(path=PICTURES / f"home-{scheme}.png")
    phone = browser.new_context(
        viewport={"width": 390, "height": 780}, device_scale_factor=2, color_scheme=scheme, user_agent=FIREFOX
    )
    small = phone.new_page()
    _sign_in(small, server, ADA)
    page.locator("[data-view=welcome]").wait_for()
    page.screenshot(path=PICTURES / f"welcome-{scheme}.png")
    small.screenshot(path=PICTURES / f"phone-{scheme}.png")
    wide.close()
    phone.close()


main()
