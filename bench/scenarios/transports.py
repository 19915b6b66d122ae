"""One board watched in five ways: how long until a viewer has a new value, and what that costs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import httpx

from bench import house
from bench.contestants import Stage, started
from bench.figures import Figures
from bench.load import LoadFailed
from bench.load.audience import watched
from bench.load.tally import FIRST, KEY
from bench.load.viewers import Place
from bench.load.watch import Job
from bench.machine import raise_descriptors
from bench.peers import BOARD_PEER
from bench.rounds import in_turn
from tests.harness.server import Server
from twidder import __version__

SIZES = (1, 10, 100, 1000)  # viewers
OFTEN, SELDOM = 10, 1  # values a second
SERIES = 10  # of the board; one of them changes
JSON = {"Content-Type": "application/json"}
POLLING, LONG, SSE, READY, SOCKET, FLASK = "polling", "long", "sse", "ready", "socket", BOARD_PEER.key
ABOUT = {
    POLLING: "asking every second",
    LONG: "long polls",
    SSE: "server-sent events",
    READY: "WebSocket says “ready”, then a request",
    SOCKET: "WebSocket with the values",
}
COSTS = "bytes/s for each viewer", "requests/s", "refused, of all", "server CPU, of a core"
_BUSY = 0.9  # of a core; above, the load is the limit
_WARM_SECONDS = 0.6
_SELDOM_SECONDS = 2.0  # times as long, so that there are some values


class Board(NamedTuple):
    """A board, its producer, and who may see it; ``tokens`` is empty where anybody may."""

    pid: int
    place: Place
    push_path: str
    push_token: str
    tokens: list[str]


def case(viewers: int, rate: int) -> str:
    return f"{viewers:,} viewer{'s' * (viewers > 1)}, {rate} value{'s' * (rate > 1)}/s"


def run(stage: Stage) -> Figures:
    raise_descriptors()
    figures = Figures("transports", "a board watched in five ways: from the push to the viewer who has the value")
    figures.about = {how: f"Twidder {__version__}, {about}" for how, about in ABOUT.items()}
    figures.about[FLASK] = BOARD_PEER.name
    if reason := BOARD_PEER.missing():
        figures.missing[FLASK] = reason
    else:
        figures.about[FLASK] += f" ({BOARD_PEER.version()})"
    figures.note(
        f"A board of {SERIES} series, one of which changes, at irregular moments. A viewer has a value once they have "
        "it or a newer one: who asks every second skips some. Bytes: what a viewer sends and receives, HTTP's headers "
        "included, TCP's not. Twidder's viewers are signed in, Flask's are not. Twidder tells a board's news ten times "
        "a second at most, and its updates gateway, which says “ready”, four times."
    )
    figures.note(
        "Not measured here: Grafana Live, whose documentation names 100 simultaneous connections as its default limit."
    )
    parts = {how: partial(_twidder, stage, figures, how) for how in ABOUT}
    in_turn(stage, figures, {**parts, FLASK: partial(_flask, stage, figures)})
    return figures


def _twidder(stage: Stage, figures: Figures, how: str) -> None:
    people = house.community(max(_sizes(stage)), stage.work)
    with house.serve(people, stage.cores, stage.work) as server:
        _measure(stage, figures, how, make_board(server, people))


def _flask(stage: Stage, figures: Figures) -> None:
    with flask_board(stage) as board:
        _measure(stage, figures, FLASK, board)


def _sizes(stage: Stage) -> list[int]:
    return [size for size in SIZES if size <= max(stage.sizes)]


def make_board(server: Server, people: house.Community) -> Board:
    """With its series, as the one whose news the updates gateway tells. Raises LoadFailed."""
    try:
        return _make_board(server, people)
    except (httpx.HTTPError, KeyError) as error:
        raise LoadFailed(f"No board could be made: {error}") from None


def _make_board(server: Server, people: house.Community) -> Board:
    with httpx.Client(
        base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {people.tokens[0]}"}, trust_env=False
    ) as http:
        made = http.post("/boards", json={"name": "Bench"}).raise_for_status().json()["board"]
        path = f"/api/v1/boards/{made['id']}"
        http.patch(f"/boards/{made['id']}", json={"updates": True}).raise_for_status()
        token = http.post(f"/boards/{made['id']}/producers", json={"name": "bench"}).raise_for_status().json()["token"]
    _push_first(f"{server.url}{path}/values", token)
    place = Place(server.port, path, f"board:{made['id']}")
    return Board(server.pid, place, f"{path}/values", token, people.tokens)


@contextlib.contextmanager
def flask_board(stage: Stage) -> Iterator[Board]:
    with started(BOARD_PEER.key, BOARD_PEER.command, stage, BOARD_PEER.env) as (pid, port):
        _push_first(f"http://127.0.0.1:{port}/values", "")
        yield Board(pid, Place(port, "/board"), "/values", "", [])


def _push_first(url: str, token: str) -> None:
    values = {KEY: FIRST, **{f"other{number}": number for number in range(1, SERIES)}}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    httpx.post(url, content=json.dumps(values), headers=headers | JSON, trust_env=False).raise_for_status()


def _measure(stage: Stage, figures: Figures, how: str, board: Board) -> None:
    """The largest audience also watches a board that changes seldom: there, asking costs the most for the least."""
    sizes = _sizes(stage)
    for viewers in sizes:
        rates = [OFTEN, SELDOM] if viewers == sizes[-1] else [OFTEN]
        job = Job(
            transport=POLLING if how == FLASK else how,
            viewers=viewers,
            place=board.place,
            push_path=board.push_path,
            push_token=board.push_token,
            rates=rates,
            warm=_WARM_SECONDS,
            seconds=[stage.seconds * (_SELDOM_SECONDS if rate == SELDOM else 1) for rate in rates],
            tokens=board.tokens,
        )
        try:
            for rate, told in zip(rates, watched(stage.cores, job, board.pid), strict=True):
                _tell(figures, how, case(viewers, rate), told)
        except LoadFailed as failure:  # too many for this way; fewer were not
            figures.note(f"{figures.about[how]}, {viewers:,} viewers: {failure}")


def _tell(figures: Figures, how: str, what: str, told: dict[str, object]) -> None:
    if told["p50"] is None:
        raise LoadFailed(f"{what}: nothing arrived. {told['first_refusal']} {told['push_refusal']}")
    for unit, name in (
        ("p50 ms", "p50"),
        ("p99 ms", "p99"),
        *zip(COSTS, ("bytes", "requests", "refused", "cpu"), strict=True),
        ("load busy, of a core", "busy"),
    ):
        figures.add(what, unit, how, float(told[name]))  # type: ignore[arg-type]
    if told["busy"] > _BUSY:  # type: ignore[operator]
        figures.note(f"{figures.about[how]}, {what}: the load is busy itself; a delay here is an upper bound.")
    for problem, said in (
        ("missing", "not every value was there 3 s after the end"),
        ("lost", "connections were lost"),
    ):
        if told[problem]:
            figures.note(f"{figures.about[how]}, {what}: {said}.")
    for whose, refusal in (("requests", "first_refusal"), ("pushes", "push_refusal")):
        if told[refusal]:
            figures.note(f"{figures.about[how]}, {what}: {whose} were refused ({told[refusal]}) and sent again.")
