"""Posts that are on disk before they are acknowledged, beside what SQLite's driver alone can do."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from bench import house
from bench.contestants import ROOM, Stage, rules_of_house, started
from bench.figures import Figures
from bench.limit import sqlite_commits
from bench.load import crowd
from bench.machine import pinned
from bench.requests import Clients
from bench.rounds import Cost, in_turn
from tests.harness.server import ROOT, Server
from twidder import __version__

SENDERS = (1, 10, 100)
RATE = "acknowledged/s"


def case(senders: int) -> str:
    return f"{senders} at a time"


def run(stage: Stage) -> Figures:
    figures = Figures("durable", "durable sends: on disk before they are acknowledged")
    figures.about = {
        "socket": f"Twidder {__version__}, over the socket",
        "http": f"Twidder {__version__}, over HTTP",
        "sqlite": "SQLite's driver alone, that many rows a COMMIT",
        "empty": "an empty Flask view through Twidder's bridge",
    }
    figures.note("Twidder's server, its writer included, has one core; so has SQLite's driver when it is alone.")
    parts = {"socket": _socket, "sqlite": _sqlite, "http": _http, "empty": _empty}
    in_turn(stage, figures, {key: partial(part, stage, figures) for key, part in parts.items()})
    return figures


@contextlib.contextmanager
def _served(stage: Stage) -> Iterator[tuple[house.Community, Server]]:
    people = house.community(max(SENDERS), stage.work)
    with house.serve(people, stage.cores, stage.work) as server:
        yield people, server


def _socket(stage: Stage, figures: Figures) -> None:
    cid = os.urandom(6).hex()
    send = f'{{"type":"send","id":%n,"topic":"{ROOM}","text":"#%n and what one says","cid":"{cid}-%n"}}'
    with _served(stage) as (people, server), crowd(stage.cores, stage.work) as load:
        rules_of_house(load, '{"type":"event"')
        load.open(server.port, max(SENDERS), path="/live", headers=people.headers(), hello=[house.join("me")])
        for senders in SENDERS:
            cost = Cost(server.pid)
            answer = load.measure(
                "acks", cost.begin, senders=senders, window=1, warm=0.5, seconds=stage.seconds, send=send
            )
            used = cost.end()
            answer["per_second"] = answer["acks"] / answer["seconds"]
            _add(figures, "socket", senders, answer)
            figures.add(case(senders), "server CPU µs each", "socket", used / answer["acks"] * 1e6)


def _http(stage: Stage, figures: Figures) -> None:
    body = '{"text":"#%n and what one says","cid":"http-%n"}'
    with _served(stage) as (people, server):
        for senders in SENDERS:
            clients = Clients(
                *(stage.cores, stage.work, server.port),
                **{"clients": senders, "seconds": stage.seconds, "method": "POST", "body": body},
                paths=[f"/api/v1/walls/{ROOM.removeprefix('wall:')}/posts"],
                tokens=people.tokens,
            )
            _add(figures, "http", senders, clients.measure())


def _empty(stage: Stage, figures: Figures) -> None:
    def command(port: int, work: Any) -> list[str]:
        return [sys.executable, "-m", "bench.limit.empty_view", str(port)]

    with started("empty", command, stage, {"PYTHONPATH": str(ROOT)}) as (_, port):
        for senders in SENDERS:
            clients = Clients(
                *(stage.cores, stage.work, port),
                **{"clients": senders, "seconds": stage.seconds, "method": "POST", "body": '{"text":"#%n"}'},
                paths=["/"],
            )
            _add(figures, "empty", senders, clients.measure())


def _sqlite(stage: Stage, figures: Figures) -> None:
    work = stage.work / "sqlite"
    work.mkdir(exist_ok=True)
    with pinned(stage.cores.server):
        for batch, measured in sqlite_commits.measure(work, stage.seconds).items():
            if int(batch) in SENDERS:
                figures.add(case(int(batch)), RATE, "sqlite", measured["rows_per_second"])
    for path in work.iterdir():
        path.unlink()


def _add(figures: Figures, who: str, senders: int, answer: dict[str, Any]) -> None:
    figures.add(case(senders), RATE, who, answer["per_second"])
    for percentile in ("p50", "p99"):
        figures.add(case(senders), f"{percentile} ms", who, answer[percentile])
    figures.add(case(senders), "load busy, of a core", who, answer["busy"])
