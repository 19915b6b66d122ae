"""From a push to the moment when a real browser has drawn the new figure."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error, sync_playwright

from bench import house
from bench.contestants import Stage, rules_of_house
from bench.figures import Figures
from bench.load import LoadFailed, crowd
from bench.load.tally import KEY
from bench.machine import pinned
from bench.peers import BOARD_PEER
from bench.rounds import in_turn
from bench.scenarios.transports import FLASK, Board, flask_board, make_board
from tests.conftest import CHROMIUM_ARGS
from tests.harness import programs
from twidder import __version__

if TYPE_CHECKING:
    from playwright.sync_api import Page

ALONE = "alone"
P50, P99 = "p50 ms", "p99 ms"
VIEWERS = 1000
_FIRST = 100  # three digits, and none of them is drawn with a separator
_MOST = 999
_ALL = 210  # values in all rounds
_PAUSE = 0.1, 0.2  # seconds between two values: slower than the server tells, and never in step with it
_PATIENCE_MS = 10_000

# The figure's text node, found by what it shows, is watched with all around it: a component may draw a new one.
_WATCH = """first => {
  window.drawn = [];
  const shown = node => /^\\d{3}$/.test(node.textContent.trim()) ? Number(node.textContent) : null;
  new MutationObserver(records => {
    const nodes = records.flatMap(record => [record.target, ...record.addedNodes]);
    const values = nodes.map(shown).filter(value => value >= first);
    if (!values.length) return;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      window.drawn.push([Math.max(...values), performance.timeOrigin + performance.now()])));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def run(stage: Stage) -> Figures:
    figures = Figures("pixels", "from a push over HTTP to the figure on the screen, in Chromium")
    figures.about = {
        "twidder": f"Twidder {__version__}, a board",
        FLASK: f"{BOARD_PEER.name}, a page that asks every second",
    }
    if reason := BOARD_PEER.missing():
        figures.missing[FLASK] = reason
    figures.note(
        "A connection for each push, as curl makes one; the delay begins before it connects, and ends in the second "
        "animation frame after the change: up to 33 ms of it are the screen's. A value that a newer one replaced "
        "before it was drawn counts as drawn with that. p99 is over the values of all rounds. Browser, pushes and "
        "viewers share the load's core."
    )
    delays: dict[tuple[str, str], list[float]] = defaultdict(list)

    def measured(who: str, case: str, found: list[float]) -> None:
        delays[who, case] += found
        figures.add(case, P50, who, statistics.median(found))

    parts = {"twidder": partial(_twidder, stage, measured), FLASK: partial(_flask, stage, measured)}
    in_turn(stage, figures, parts)
    for (who, case), found in delays.items():
        figures.add(case, P99, who, sorted(found)[int(0.99 * len(found))])
    return figures


def _twidder(stage: Stage, measured: Any) -> None:
    viewers = min(VIEWERS, max(stage.sizes))
    people = house.community(viewers + 1, stage.work)
    with (
        house.serve(people, stage.cores, stage.work) as server,
        crowd(stage.cores, stage.work) as load,
        _browser(stage) as page,
    ):
        board = make_board(server, people)
        who = {"email": house.email(viewers), "password": house.PASSWORD}
        page.context.request.post(f"{server.url}/api/v1/session", data=who)
        address = f"{server.url}{board.place.path.removeprefix('/api/v1')}"
        measured("twidder", ALONE, _watch(page, address, board, _ALL // stage.rounds))
        rules_of_house(load, '{"type":"state"')
        load.open(
            server.port, viewers, path="/live", headers=people.headers(), hello=[house.join("me", board.place.topic)]
        )
        measured("twidder", f"beside {viewers:,} WebSocket viewers", _watch(page, address, board, _ALL // stage.rounds))


def _flask(stage: Stage, measured: Any) -> None:
    with flask_board(stage) as board, _browser(stage) as page:
        address = f"http://127.0.0.1:{board.place.port}/"
        measured(FLASK, ALONE, _watch(page, address, board, _ALL // stage.rounds))


@contextlib.contextmanager
def _browser(stage: Stage) -> Iterator[Page]:
    """On the load's core, and its children with it. What goes wrong in there is a LoadFailed."""
    if (program := programs.chromium()) is None:
        raise LoadFailed("There is no Chromium here.")
    with pinned(stage.cores.load), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS)
        try:
            yield chromium.new_page()
        except Error as error:
            raise LoadFailed(f"The page: {error.message}") from None
        finally:
            chromium.close()


def _watch(page: Page, address: str, board: Board, values: int) -> list[float]:
    """The delay of each value, in ms. Raises LoadFailed."""
    values = min(values, _MOST - _FIRST)
    _push(board, _FIRST)
    page.goto(address)
    page.get_by_text(str(_FIRST), exact=True).first.wait_for()
    page.evaluate(_WATCH, _FIRST + 1)
    sent = []
    for number in range(1, values + 1):
        time.sleep(random.uniform(*_PAUSE))
        sent.append(time.time() * 1000)
        _push(board, _FIRST + number)
    last = _FIRST + values
    page.wait_for_function("last => drawn.some(([value]) => value >= last)", arg=last, timeout=_PATIENCE_MS)
    drawn: list[list[float]] = page.evaluate("drawn")
    return [min(at for value, at in drawn if value >= _FIRST + 1 + which) - at0 for which, at0 in enumerate(sent)]


def _push(board: Board, value: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", board.place.port, timeout=10)
    headers = {"Content-Type": "application/json"}
    headers |= {"Authorization": f"Bearer {board.push_token}"} if board.push_token else {}
    try:
        connection.request("POST", board.push_path, json.dumps({KEY: value}), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise LoadFailed(f"A push was refused: {answer.status} {answer.read()[:200]!r}")
        answer.read()
    finally:
        connection.close()
