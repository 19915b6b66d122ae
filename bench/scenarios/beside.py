"""The delay of a broadcast while others keep the same process busy with requests, or with hashing."""

from __future__ import annotations

from functools import partial

from bench import house
from bench.contestants import ROOM, Stage, rules_of_house
from bench.figures import Figures
from bench.load import crowd
from bench.requests import Clients
from bench.rounds import in_turn
from twidder import __version__

MEMBERS = 1000
RATE = 100
IDLE, ONE, EIGHT, HASHING = "nothing else", "1 busy reader", "8 busy readers", "8 sign-ins hashing"
_NEWCOMERS = 8  # who sign in, and have no socket to lose


def run(stage: Stage) -> Figures:
    figures = Figures(
        "beside", f"beside requests: {RATE} messages/s to {MEMBERS:,} members, the delay of each delivery"
    )
    figures.about = {case: f"Twidder {__version__}, beside {case}" for case in (IDLE, ONE, EIGHT, HASHING)}
    figures.note("The load's core also makes the requests.")
    in_turn(stage, figures, {case: partial(_measure, stage, figures, case) for case in (IDLE, ONE, EIGHT, HASHING)})
    return figures


def _measure(stage: Stage, figures: Figures, case: str) -> None:
    members = min(MEMBERS, max(stage.sizes))
    people = house.community(members + _NEWCOMERS, stage.work)
    with house.serve(people, stage.cores, stage.work) as server, crowd(stage.cores, stage.work) as load:
        rules_of_house(load, '{"type":"typing"')
        load.open(server.port, members, path="/live", headers=people.headers(), hello=[house.join("me", ROOM)])
        others = _others(stage, people, server.port, case, members)
        if others:
            others.start()
        try:
            send = f'{{"type":"typing","topic":"{ROOM}"}}'
            answer = load.measure("paced", rate=RATE, warm=1, seconds=2 * stage.seconds, send=send, spin=0)
        finally:
            if others:
                done = others.finish()
                figures.add(case, "their requests/s", "twidder", done["per_second"])
                if done["refused"]:
                    figures.note(f"{case}: {done['refused']} of {done['requests']} requests were refused")
        for percentile in ("p50", "p99"):
            figures.add(case, f"{percentile} ms", "twidder", answer[percentile])
        figures.add(case, "load busy, of a core", "twidder", answer["busy"])


def _others(stage: Stage, people: house.Community, port: int, case: str, members: int) -> Clients | None:
    seconds = 2 * stage.seconds + 2
    if case == IDLE:
        return None
    if case == HASHING:
        body = f'{{"email":"{house.email(members)}","password":"{house.PASSWORD}","transport":"token"}}'
        return Clients(
            *(stage.cores, stage.work, port),
            **{"clients": 8, "seconds": seconds, "method": "POST", "body": body},
            paths=["/api/v1/session"],
        )
    return Clients(
        *(stage.cores, stage.work, port),
        clients=1 if case == ONE else 8,
        seconds=seconds,
        paths=["/api/v1/users?limit=100"],
        tokens=people.tokens[members:],
    )
