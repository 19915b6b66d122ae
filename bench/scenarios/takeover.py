"""From a new sign-in's answer to the end of the old socket, beside thousands of idle ones; and sign-ins a second.

Both ends are seen by one process, so one clock tells: a sign-in is sent, its answer read, the old socket's ``bye``
and close read. The hub closes the old sockets before the sign-in is answered, so the difference may be negative: the
close came first.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from functools import partial
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from bench import house
from bench.contestants import Stage, rules_of_house
from bench.figures import Figures
from bench.load import crowd
from bench.machine import pinned
from bench.rounds import in_turn
from tests.harness.server import Server
from twidder import __version__

WATCHED = 100
CASE = "idle sockets"
P99 = "answer to close, p99 ms"
CHEAP = {"argon2_memory_kib": 64, "argon2_time": 1}  # hashing comes before the moment that is measured
_AT_ONCE = 8  # people who sign in
_SIGN_INS = 400


def case(stage: Stage) -> str:
    return f"beside {stage.most:,} {CASE}"


def run(stage: Stage) -> Figures:
    figures = Figures("takeover", "takeover: a new sign-in ends the old one's sockets; and sign-ins with hashing")
    figures.about = {
        "twidder": f"Twidder {__version__}",
        "hashing": f"Twidder {__version__}, argon2id as in production",
    }
    figures.note("Below 0 ms the old socket was closed before the new sign-in was answered.")
    parts = {"twidder": _takeovers, "hashing": _sign_ins}
    in_turn(stage, figures, {key: partial(part, stage, figures) for key, part in parts.items()})
    return figures


def _takeovers(stage: Stage, figures: Figures) -> None:
    people = house.community(stage.most + WATCHED, stage.work)
    with (
        house.serve(people, stage.cores, stage.work, CHEAP) as server,
        crowd(stage.cores, stage.work) as load,
        pinned(stage.cores.load),
    ):
        rules_of_house(load, '{"type":"event"')
        load.open(server.port, stage.most, path="/live", headers=people.headers(), hello=[house.join("me")])
        pairs = asyncio.run(_watch_all(server, people, stage.most))
    for name, which in (("answer to close", 0), ("request to close", 1)):
        cuts = statistics.quantiles([pair[which] * 1000 for pair in pairs], n=100)
        figures.add(case(stage), f"{name}, p50 ms", "twidder", cuts[49])
        figures.add(case(stage), f"{name}, p99 ms", "twidder", cuts[98])
    figures.add(
        case(stage), "closed before the answer, of all", "twidder", statistics.mean(pair[0] <= 0 for pair in pairs)
    )


async def _watch_all(server: Server, people: house.Community, start: int) -> list[tuple[float, float]]:
    async with httpx.AsyncClient(base_url=server.url + "/api/v1", timeout=60, trust_env=False) as http:
        return [await _take_over(http, server, people, which) for which in range(start, start + WATCHED)]


async def _take_over(
    http: httpx.AsyncClient, server: Server, people: house.Community, which: int
) -> tuple[float, float]:
    """(answer → close, request → close) in seconds."""
    async with await _connect(server, people.tokens[which]) as socket:

        async def watch() -> float:
            while (said := json.loads(await socket.recv()))["type"] == "heads":
                pass
            assert said["code"] == 4500
            await socket.wait_closed()
            return time.perf_counter()

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        asked = time.perf_counter()
        await _sign_in(http, which)
        answered = time.perf_counter()
        closed = await watching
    return closed - answered, closed - asked


async def _connect(server: Server, token: str) -> ClientConnection:
    connection = await connect(
        server.ws_url,
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        ping_interval=None,
    )
    assert json.loads(await connection.recv())["type"] == "hello"
    return connection


async def _sign_in(http: httpx.AsyncClient, which: int) -> dict[str, Any]:
    credentials = {"email": house.email(which), "password": house.PASSWORD, "transport": "token"}
    answer = await http.post("/session", json=credentials)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def _sign_ins(stage: Stage, figures: Figures) -> None:
    people = house.community(stage.most + WATCHED, stage.work)
    with house.serve(people, stage.cores, stage.work) as server, pinned(stage.cores.load):
        took = asyncio.run(_many_sign_ins(server))
    figures.add(f"{_AT_ONCE} people at a time", "sign-ins/s", "hashing", _SIGN_INS / took)


async def _many_sign_ins(server: Server) -> float:
    gate = asyncio.Semaphore(_AT_ONCE)
    limits = httpx.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
    async with httpx.AsyncClient(base_url=server.url + "/api/v1", limits=limits, timeout=60, trust_env=False) as http:

        async def one(which: int) -> None:
            async with gate:
                await _sign_in(http, which)

        start = time.perf_counter()
        await asyncio.gather(*map(one, range(_SIGN_INS)))
        return time.perf_counter() - start
