"""A student's finished Pair-Up page in a real browser, from a folder of its own: XMLHttpRequest with user and password,
which a browser sends when it is challenged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.conformance.pairup_client import PIN, PairUp, make_round
from tests.harness.api import Api
from tests.harness.people import ADA
from tests.harness.server import Server
from tests.harness.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = Path(__file__).parent / "pairup"


def _log_in(page: Page, number: str, pin: str) -> None:
    page.click("#log")
    page.fill("#snum", number)
    page.fill("#pin", pin)
    page.click("#logSubmit")


def _rows(page: Page) -> list[str]:
    return [" | ".join(row.locator("td").all_inner_texts()) for row in page.locator("#projectTable tbody tr").all()]


def test_the_page_pairs_up(browser: Browser, tmp_path: Path) -> None:
    """Wrong PIN, login, a new project with a partner, the partner's own page, another place, and the end of it; another
    student at the same browser afterwards is somebody else."""
    args = ["--course-client", str(PAGE), "--course-port", "0"]
    complaints: list[str] = []
    with Server(tmp_path / "data", args=args) as server, Api(server) as staff:
        staff.sign_up(ADA)
        here = make_round(staff.sign_in(ADA))
        url = wait_for(lambda: re.findall(r"client is at (\S+)\n", server.stdout), what="the address")[0]
        for number in (here.tim, here.ada):
            student = PairUp(url, number).register()
            student.close()
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(url)
        _log_in(page, here.tim, "9999")
        expect(page.locator("#notice")).to_contain_text("401 Unauthorized")
        page.fill("#pin", PIN)
        page.click("#logSubmit")
        expect(page.locator("#log")).to_have_text("Logout")
        expect(page.locator("#labs option")).to_have_count(3)
        page.click("#project")
        page.fill("#partnerNum1", here.ada)
        page.fill("#projectDesc", "<b>A map</b>")
        page.select_option("#labs", index=1)
        page.click("#projectSubmit")
        expect(page.locator("#title")).to_have_text("Tim & Ada's Project")
        expect(page.locator("#projectTable tr.own")).to_have_count(1)
        assert _rows(page) == ["1 | Tim & Ada | <b>A map</b> | CSSE 2.01 Monday, May 20 1720"]
        page.fill("#projectDesc", "A better map")
        page.select_option("#labs", str(here.places[2]))
        page.click("#projectSubmit")
        expect(page.locator("#projectTable")).to_contain_text("CSSE 2.03 Tuesday, May 21 0905")
        page.click("#log")
        expect(page.locator("#log")).to_have_text("Login")
        expect(page.locator("#projectTable tbody tr")).to_have_count(0)
        _log_in(page, here.ada, PIN)  # while the browser still knows Tim's PIN
        expect(page.locator("#projectTable")).to_contain_text("A better map")  # it was empty before
        assert page.evaluate("student.first_name") == "Ada"
        page.click("#project")
        page.click("#delete")
        expect(page.locator("#title")).to_have_text("New Project")
        expect(page.locator("#projectTable tbody tr")).to_have_count(0)
        assert page.context.cookies() == []
        page.close()
    assert complaints == []
