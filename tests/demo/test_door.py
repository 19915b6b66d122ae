"""The demo's door: in by one press."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import Window
from tests.demo.test_demo import SOON
from tests.harness.api import Api
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from twidder.demo.story import PLACE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_visitor_comes_in_by_one_press_and_sees_it_move(browser: Browser, tmp_path: Path) -> None:
    """The welcome page says that it is a demo; behind its button a board's figure changes by itself."""
    with Server(tmp_path / "demo", args=["--demo"]) as server, Api(server) as stranger:
        wait_for(lambda: stranger.get("/community").json()["name"] == PLACE, SOON, "the opening")
        window = Window(browser, server)
        page = window.page
        page.goto(server.url)
        page.get_by_role("button", name="Come in as Robin").click()
        page.get_by_role("link", name="Weather on the roof").first.click()
        figure = page.get_by_role("region", name="Wind", exact=True).locator(".figure")
        before = figure.inner_text()
        page.wait_for_function(
            "([figure, before]) => figure.innerText !== before",
            arg=[figure.element_handle(), before],
            timeout=SOON * 1000,
        )
        window.check_nothing_went_wrong()
        window.close()
