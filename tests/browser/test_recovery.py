"""The page comes back by itself, with everything (C4)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.pages import BACK, Window, live, post, posts, view, write
from tests.conftest import GENEROUS
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.mutants import Mutant
from tests.mutants.lost_events import EVERY

pytestmark = pytest.mark.browser

Open = Callable[..., Window]


def test_C4_a_killed_server_costs_a_page_nothing(
    fresh_server: Callable[..., Server], window: Open, people: People
) -> None:
    """kill -9: the page says so, keeps what it shows, sends what was written meanwhile, once, and catches up."""
    server = fresh_server(limits={"posts_burst": 100, "signups_per_minute": 100})
    ada = window(on=server)
    page = ada.sign_up(people.ada)
    live(page)
    write(page, "Before the crash")
    post(page, "Before the crash")
    server.kill9()
    page.get_by_text("Not connected.").wait_for()
    write(page, "Written in the dark")
    posts(page).filter(has_text="Written in the dark").wait_for()
    assert posts(page).filter(has_text="Before the crash").count() == 1
    server.restart()
    with Api(server) as bert:
        bert.sign_up(people.bert)
        bert.sign_in(people.bert)
        me = bert.get("/users", q=people.ada.email).json()["items"][0]["id"]
        bert.post_on(me, "While you were away")
        post(page, "While you were away", timeout=BACK)
        post(page, "Written in the dark", timeout=BACK)
        live(page)
        page.get_by_text("Not connected.").wait_for(state="detached")
        texts = [item["text"] for item in bert.get(f"/walls/{me}/posts").json()["items"]]
    assert sorted(texts) == sorted(["Before the crash", "Written in the dark", "While you were away"])
    shown = posts(page).all_inner_texts()
    assert [sum(text in card for card in shown) for text in texts] == [1, 1, 1]


def test_C4_a_restart_is_announced_and_forgotten(
    fresh_server: Callable[..., Server], window: Open, people: People
) -> None:
    """SIGTERM and a new start: the page is back within seconds, still signed in."""
    server = fresh_server()
    ada = window(on=server)
    page = ada.sign_up(people.ada)
    live(page)
    server.terminate()
    page.locator("html[data-connection=away]").wait_for()
    server.restart()
    live(page, timeout=BACK)
    write(page, "And on")
    post(page, "And on")


def test_C4_offline_and_back(window: Open, client: Callable[..., Api], people: People) -> None:
    """Without a network a post waits on the page; with it, it is sent by itself, once."""
    ada = window()
    page = ada.sign_up(people.ada)
    live(page)
    ada.context.set_offline(True)
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    write(page, "From the train")
    posts(page).filter(has_text="From the train").wait_for()
    ada.context.set_offline(False)
    post(page, "From the train", timeout=BACK)
    bert = client(people.bert)
    me = bert.get("/users", q=people.ada.email).json()["items"][0]["id"]
    wait_for(
        lambda: [item["text"] for item in bert.get(f"/walls/{me}/posts").json()["items"]] == ["From the train"], 10
    )


def test_L2_a_lost_push_is_noticed(tmp_path: Path, window: Open, people: People) -> None:
    """Every seventh event is lost on its way: the page learns of it by the next event, and of the last by a heartbeat;
    it shows all of them, once, and was not loaded again."""
    limits = GENEROUS | {"heartbeat_seconds": 1}
    with Mutant("loses_events", tmp_path / "data", limits=limits) as server, Api(server) as bert:
        ada = window(on=server)
        page = ada.sign_up(people.ada)
        live(page)
        page.evaluate("() => { window.theSame = true; }")
        bert.sign_up(people.bert)
        bert.sign_in(people.bert)
        me = bert.get("/users", q=people.ada.email).json()["items"][0]["id"]
        texts = [f"number {number} of {2 * EVERY}" for number in range(1, 2 * EVERY + 1)]
        for text in texts:
            bert.post_on(me, text)
        post(page, texts[-1])
        shown = posts(page).all_inner_texts()
        assert [sum(text in card for card in shown) for text in texts] == [1] * len(texts)
        assert page.evaluate("() => window.theSame")


def test_a_lost_answer_is_not_a_second_post(window: Open, client: Callable[..., Api], people: People) -> None:
    """The server stored it, the answer was cut off: the page's own event confirms it, and nothing is doubled."""
    ada = window()
    page = ada.sign_up(people.ada)
    live(page)

    def store_and_cut(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort("connectionreset")  # type: ignore[attr-defined]

    page.route("**/api/v1/walls/*/posts", store_and_cut, times=1)
    write(page, "Once only")
    post(page, "Once only")
    view(page, "home").wait_for()
    bert = client(people.bert)
    me = bert.get("/users", q=people.ada.email).json()["items"][0]["id"]
    assert [item["text"] for item in bert.get(f"/walls/{me}/posts").json()["items"]] == ["Once only"]
    assert posts(page).filter(has_text="Once only").count() == 1


def test_a_server_that_does_not_answer_yet_is_told(window: Open, people: People) -> None:
    """A page that cannot find out who it is says so, and goes on by itself."""
    ada = window()
    page = ada.sign_up(people.ada)
    page.route("**/api/v1/session", lambda route: route.abort("connectionrefused"))
    page.reload()
    page.get_by_text("does not answer yet").wait_for()
    page.unroute("**/api/v1/session")
    live(page)
    view(page, "home").wait_for()
