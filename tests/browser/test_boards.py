"""Boards as they are looked at: values move without a reload, age honestly, survive the server, and are arranged."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.browser.accessible import at_both_sizes
from tests.browser.pages import BACK, SOON, Window, live, step
from tests.conftest import GENEROUS
from tests.harness.api import Api
from tests.harness.counts import count, only_in_soak
from tests.harness.people import People
from tests.harness.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

Open = Callable[..., Window]
Client = Callable[..., Api]
SECONDS = re.compile(r"updated (just now|[0-9]{1,2} s ago)")
LIMITS = GENEROUS | {"late_factor": 1.0, "silent_factor": 1.0, "pushes_burst": 100_000, "pushes_per_second": 100_000}

# Plays the server to the half of the client that follows state topics, and writes down what it says and hears.
STATE_TOPICS = """async () => {
    const { States } = await import("/static/js/live/states.js");
    const asked = [], left = [], heard = [];
    let joins = 0;
    const join = (topics) => (asked.push(topics), (joins += 1));
    const states = new States({ join, leave: (name) => left.push(name) });
    const follow = (name, seq, epoch, more) => states.follow(name, {
        seq, epoch,
        state: (data, { seq: at, whole, caughtUp }) => heard.push([name, data, at, whole, caughtUp]),
        ...more,
    });
    const take = (list) => list.splice(0);
    const result = {};
    const leave = follow("board:1", null, null);
    states.connected("e1");
    result.newcomer = take(asked);
    states.frame({ topic: "board:1", seq: 6, at: 1, data: { b: 6 } });
    states.frame({ topic: "board:1", seq: 7, at: 1, data: { c: 7 } });
    states.joined("board:1", { seq: 5, state: { a: 1, b: 5 } }, 1);
    states.frame({ topic: "board:1", seq: 7, at: 1, data: { a: "old" } });
    states.frame({ topic: "board:1", seq: 12, at: 1, data: { a: 12 } });
    result.heard = take(heard);
    states.head("board:1", 12);
    result.nothingLost = take(asked);
    states.head("board:1", 20);
    states.gap("board:1");
    result.lost = take(asked);
    states.joined("board:1", { seq: 20, state: { c: 20 } }, 2);
    result.caughtUp = take(heard);
    states.gap("board:1");
    states.joined("board:1", { seq: 19, state: { c: 19 } }, 3);
    result.stale = [take(asked), take(heard)];
    states.disconnected();
    states.connected("e1");
    result.resumed = take(asked);
    states.joined("board:1", { seq: 20, state: {} }, 4);
    states.disconnected();
    states.connected("e2");
    result.anotherEpoch = take(asked);
    states.joined("board:1", { seq: 3, state: { z: 1 } }, 5);
    result.anew = take(heard).filter(([, data]) => data.z);
    let reloads = 0;
    let reloaded;
    const done = new Promise((resolve) => (reloaded = resolve));
    const reload = async () => (reloads += 1, setTimeout(reloaded), { seq: 90, epoch: "e2" });
    follow("board:2", 4, "e2", { reload });
    result.second = take(asked);
    states.joined("board:2", { reset: true, seq: 90 }, 6);
    await done;
    result.reset = [reloads, take(asked)];
    let why = null;
    follow("board:3", null, null, { lost: (reason) => (why = reason) });
    states.lose("board:3", "link_ended");
    result.why = why;
    leave();
    result.left = left;
    return result;
}"""

# A board that hears of things that it does not know, and loses a poll.
WHAT_A_BOARD_KEEPS = """async () => {
    const { LiveBoard } = await import("/static/js/boards/board.js");
    const { labelOf } = await import("/static/js/boards/series.js");
    const poll = (id) => ({ id, kind: "poll", options: ["Tea", "Coffee"] });
    const whole = (tiles, version) => ({ id: 1, version, tiles });
    let hear;
    const board = new LiveBoard("one", {
        api: { get: async () => ({
            board: whole([poll("a"), poll("b")], 1), seq: 1, epoch: "e",
            state: { temp: { value: 1 }, "$moon": {}, "$poll:a": { votes: [1, 0] }, "$poll:b": { votes: [0, 2] } },
        }) },
        socket: { topics: { followState: (name, { state }) => ((hear = state), () => {}) } },
    });
    while (!hear) await new Promise((resolve) => setTimeout(resolve));
    hear({ "$7": null, "$board": whole([poll("a")], 2) }, { whole: false, caughtUp: false });
    return {
        values: [...board.values.value.keys()],
        polls: [...board.polls.value.keys()],
        labels: ["people.online", "presses.1", "v1.5_beta", "_x"].map((key) => labelOf({ series: [key] }, key)),
        ofPattern: labelOf({ series: ["countries.*"] }, "countries.New_Zealand"),
    };
}"""

# A day of values, ten a second, into a window of an hour that is 600 pixels wide.
LONG = """async () => {
    const { Track, Words } = await import("/static/js/boards/track.js");
    const [window, pixels] = [3_600_000, 600];
    const track = new Track(pixels);
    const words = new Words(100);
    let most = 0;
    for (let at = 0; at < 86_400_000; at += 100) {
        track.add(at, at % 1000);
        if (at % 1000 === 0) words.add(at, String(at));
        track.prune(at - window);
        most = Math.max(most, track.size, words.size);
    }
    const [lowest, highest] = [Math.min(...track.low), Math.max(...track.high)];
    const mean = 10 * Math.round(track.mean.reduce((sum, one) => sum + one, 0) / track.size / 10);
    const { size } = track;
    track.add(5, 1);
    return { bounded: most <= 2 * pixels, lowest, highest, mean, lateIsIgnored: track.size === size };
}"""


class Feed:
    """A producer of a board."""

    def __init__(self, server: Server, owner: Api, slug: str) -> None:
        made = owner.post(f"/boards/{slug}/producers", {"name": "Test"}, expect=201).json()
        self.url = f"{server.url}/api/v1/boards/{slug}/values"
        self.headers = {"Authorization": f"Bearer {made['token']}"}

    def push(self, values: Any) -> None:
        answer = httpx.post(self.url, headers=self.headers, json=values, trust_env=False)
        assert answer.status_code == 200, answer.text


def tile(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def figure(page: Page, name: str, value: str, *, timeout: float = SOON) -> None:
    """Waits until the tile says this."""
    tile(page, name).locator(".figure", has_text=value).wait_for(timeout=timeout)


def order(page: Page) -> list[str]:
    """The tiles' names as they stand."""
    return [str(one.get_attribute("aria-label")) for one in page.locator(".board-grid > [data-tile]").all()]


def test_the_newest_of_each_key_wins_and_nothing_is_asked_twice(window: Open) -> None:
    """Newcomer, frames before the answer, stale frames, a silent loss, a return, another epoch, a reset, a loss."""
    page = window().open("/static/client.html")
    told = page.evaluate(STATE_TOPICS)
    assert told == {
        "newcomer": [{"board:1": None}],
        "heard": [
            ["board:1", {"a": 1, "b": 5}, 5, True, True],
            ["board:1", {"b": 6, "c": 7}, 7, False, False],
            ["board:1", {"a": 12}, 12, False, False],
        ],
        "nothingLost": [],
        "lost": [{"board:1": 12}],
        "caughtUp": [["board:1", {"c": 20}, 20, False, True]],
        "stale": [[{"board:1": 20}], []],
        "resumed": [{"board:1": 20}],
        "anotherEpoch": [{"board:1": None}],
        "anew": [["board:1", {"z": 1}, 3, True, True]],
        "second": [{"board:2": 4}],
        "reset": [1, [{"board:2": 90}]],
        "why": "link_ended",
        "left": ["board:1"],
    }
    assert page.evaluate(LONG) == {"bounded": True, "lowest": 0, "highest": 900, "mean": 450, "lateIsIgnored": True}


def test_a_board_keeps_what_it_knows(window: Open) -> None:
    """Keys beginning with $ that this page does not know are nothing, also when they go; a poll goes with its tile.
    Series without a title are called by words."""
    page = window().open("/static/client.html")
    assert page.evaluate(WHAT_A_BOARD_KEEPS) == {
        "values": ["temp"],
        "polls": ["a"],
        "labels": ["people online", "presses 1", "v1.5 beta", "_x"],
        "ofPattern": "New Zealand",
    }


def test_a_board_lives(fresh_server: Callable[..., Server], window: Open, client: Client, people: People) -> None:
    """One push shows something; it is told to every tab, also where the clock is wrong; it becomes late and silent; the
    server is killed and comes back; what was is still there; and the board is arranged, by two at once."""
    server = fresh_server(limits=LIMITS)
    ada = window(on=server, reduced_motion="reduce")
    page = ada.sign_up(people.ada)
    bert = client(people.bert, on=server)
    bert.post("/boards", {"name": "Weather"}, expect=201)
    feed = Feed(server, bert, "weather")
    live(page)
    step(page, "/boards/weather")
    page.get_by_text("No values yet").wait_for()
    page.evaluate("() => { window.theSame = true; }")
    feed.push({"temp": {"value": 21.5, "unit": "°C", "every": 1}, "state": "<b>all</b> well", "door": True})
    promised = time.monotonic()
    figure(page, "temp", "21.5 °C")
    tile(page, "state").get_by_text("<b>all</b> well", exact=True).wait_for()
    tile(page, "temp").get_by_text("late, expected every 1 s").wait_for()

    second = ada.tab()
    second.add_init_script("const now = Date.now; Date.now = () => now() - 3_600_000;")
    second.goto(server.url + "/boards/weather")
    figure(second, "temp", "21.5")
    feed.push({"hum": 40})
    for one in (page, second):
        figure(one, "hum", "40")
        tile(one, "hum").get_by_text(SECONDS).wait_for()
    second.close()

    _arrange(page, bert)
    tile(page, "temp").get_by_text("silent since").first.wait_for(timeout=2 * SOON)
    assert time.monotonic() - promised < 40
    _the_chart_can_be_taken_along(page, feed)
    faults = at_both_sizes(page)

    server.kill9()
    page.get_by_text("Not connected. Last seen").wait_for()
    figure(page, "hum", "40")
    tile(page, "hum").get_by_text("last at").wait_for()
    server.restart()
    live(page, timeout=BACK)
    feed.push({"hum": 41})
    figure(page, "hum", "41")
    tile(page, "hum").get_by_text("updated").wait_for()
    assert page.evaluate("() => window.theSame")
    assert faults == []


def _arrange(page: Page, bert: Api) -> None:
    """By the keyboard; what somebody else has done meanwhile is not undone."""
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("button", name="Add tile").click()
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert order(page)[0] == "temp"
    page.get_by_role("button", name="Keep hum as a tile").click()
    page.get_by_role("button", name="Move hum", exact=True).press("ArrowLeft")
    page.locator(".board-grid > [data-tile]").first.and_(tile(page, "hum")).wait_for()
    page.get_by_role("button", name="Remove temp").click()
    page.get_by_role("button", name="Keep temp as a tile").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Resize temp").press("ArrowRight")
    page.locator("[data-kind=chart][data-width='3']").wait_for()

    def meanwhile(route: Any) -> None:
        board = bert.get("/boards/weather").json()["board"]
        theirs = [{"id": "theirs", "kind": "text", "title": "Theirs", "text": "**Hello**"}, *board["tiles"]]
        bert.put("/boards/weather/tiles", {"tiles": theirs, "version": board["version"]}, expect=200)
        route.continue_()

    page.wait_for_load_state("networkidle")
    page.route("**/tiles", meanwhile, times=1)
    page.get_by_role("button", name="Remove hum").click()
    page.get_by_text("Somebody else arranged this board meanwhile").wait_for()
    assert order(page)[:3] == ["Theirs", "hum", "temp"]
    page.get_by_role("button", name="Done").click()


def _the_chart_can_be_taken_along(page: Page, feed: Feed) -> None:
    """As a picture, as a table, as CSV; with what was sent late."""
    page.locator(".u-over").wait_for()
    with page.expect_response("**/points?*"):
        feed.push([{"key": "temp", "value": 19, "at": int(time.time() * 1000) - 60_000}])
    menu = page.get_by_role("button", name="More of temp")
    menu.click()
    with page.expect_download() as picture:
        page.get_by_role("menuitem", name="Save as picture").click()
    assert picture.value.suggested_filename == "temp.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    menu.click()
    with page.expect_download() as csv:
        page.get_by_role("menuitem", name="CSV").click()
    assert csv.value.path().read_text().startswith("series,at,value\ntemp,")
    menu.click()
    page.get_by_role("menuitem", name="As a table").click()
    assert page.get_by_role("dialog").get_by_role("cell").all_inner_texts() == ["21.5", "19"]
    page.keyboard.press("Escape")


@only_in_soak
@pytest.mark.timeout(900)
def test_a_board_that_is_left_open_stays_small(
    fresh_server: Callable[..., Server], window: Open, client: Client, people: People
) -> None:
    """20 values a second for ten minutes: the page's memory ends where it was after the first."""
    server = fresh_server(limits=LIMITS)
    ada = window(on=server)
    page = ada.sign_up(people.ada)
    bert = client(people.bert, on=server)
    board = bert.post("/boards", {"name": "Busy"}, expect=201).json()["board"]
    keys = [f"busy.{number}" for number in range(10)]
    tiles = [{"id": "chart", "kind": "chart", "series": ["busy.*"], "width": 2, "height": 2, "window": 60}]
    bert.put("/boards/busy/tiles", {"tiles": tiles, "version": board["version"]}, expect=200)
    feed = Feed(server, bert, "busy")
    step(page, "/boards/busy")
    devtools = page.context.new_cdp_session(page)

    def heap() -> int:
        devtools.send("HeapProfiler.collectGarbage")
        return int(devtools.send("Runtime.getHeapUsage")["usedSize"])

    def busy(seconds: float) -> int:
        begun, number = time.monotonic(), 0
        while time.monotonic() < begun + seconds:
            feed.push({key: number % 100 + index for index, key in enumerate(keys)})
            number += 1
            page.wait_for_timeout(max(1.0, 1000 * (begun + number / 20 - time.monotonic())))
        return heap()

    first = busy(count(60))
    assert busy(count(540)) < first * 1.3 + 1_000_000
