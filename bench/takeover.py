"""From a new sign-in's answer to the end of the old socket, beside many idle sockets.

Both ends are seen by one process, so one clock tells: a sign-in is sent, its answer read, the old socket's ``bye``
and close read. The hub closes the old sockets before the sign-in is answered, so the difference may be negative: the
close came first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.harness.people import ADA, Person
from tests.harness.server import Server

SOCKETS = int(os.environ.get("BENCH_SOCKETS", "1000"))
TAKEOVERS = 300
ROUNDS = 3
SEED = 20

# Human rates are raised and hashing is made cheap: it comes before the moment that is measured.
LIMITS = {"signups_per_minute": 1_000_000, "argon2_memory_kib": 64, "argon2_time": 1, "work_queue": 4_096}


def run() -> dict[str, Any]:
    cores = sorted(os.sched_getaffinity(0))
    server_core, load_core = cores[0], cores[-1]
    with tempfile.TemporaryDirectory() as data:
        prefix = ["taskset", "-c", str(server_core)]
        with Server(Path(data) / "data", limits=LIMITS, prefix=prefix) as server:
            os.sched_setaffinity(0, {load_core})
            try:
                return asyncio.run(_measure(server))
            finally:
                os.sched_setaffinity(0, cores)


async def _measure(server: Server) -> dict[str, Any]:
    chance = random.Random(SEED)
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
    async with (
        httpx.AsyncClient(base_url=server.url + "/api/v1", limits=limits, timeout=60, trust_env=False) as http,
        contextlib.AsyncExitStack() as sockets,
    ):
        people = [ADA.unique() for _ in range(SOCKETS)]
        started = time.perf_counter()
        opened = await _each(people, lambda person: _arrive(http, server, person))
        arriving = time.perf_counter() - started
        for connection in opened:
            sockets.push_async_callback(connection.close)
        holders = dict(zip(people, opened, strict=True))
        rounds = []
        for _ in range(ROUNDS):
            chosen = chance.sample(people, min(TAKEOVERS, SOCKETS))
            rounds.append([await _take_over(http, server, person, holders) for person in chosen])
        return {
            "what": f"{SOCKETS} idle sockets, {ROUNDS} rounds of {len(rounds[0])} sign-ins that replace a session",
            "answer to close, ms p50": _summary(rounds, 0, 50),
            "answer to close, ms p99": _summary(rounds, 0, 99),
            "request to close, ms p50": _summary(rounds, 1, 50),
            "request to close, ms p99": _summary(rounds, 1, 99),
            "close before the answer, of all": f"{_share_before(rounds):.0%}",
            "sign up, sign in and connect, per s": round(SOCKETS / arriving),
        }


async def _each(people: list[Person], act: Any) -> list[ClientConnection]:
    gate = asyncio.Semaphore(16)

    async def one(person: Person) -> ClientConnection:
        async with gate:
            connection: ClientConnection = await act(person)
            return connection

    return await asyncio.gather(*map(one, people))


async def _arrive(http: httpx.AsyncClient, server: Server, person: Person) -> ClientConnection:
    (await http.post("/users", json=person.fields())).raise_for_status()
    return await _connect(server, await _sign_in(http, person))


async def _sign_in(http: httpx.AsyncClient, person: Person) -> str:
    answer = await http.post("/session", json=person.credentials() | {"transport": "token"})
    answer.raise_for_status()
    return str(answer.json()["token"])


async def _connect(server: Server, token: str) -> ClientConnection:
    connection = await connect(
        server.url.replace("http", "ws") + "/live",
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        ping_interval=None,
    )
    assert json.loads(await connection.recv())["type"] == "hello"
    return connection


async def _take_over(
    http: httpx.AsyncClient, server: Server, person: Person, holders: dict[Person, ClientConnection]
) -> tuple[float, float]:
    """(answer → close, request → close) in ms. Then the person connects anew, so that the number of sockets stays."""

    async def watch() -> float:
        assert json.loads(await holders[person].recv())["code"] == 4500
        await holders[person].wait_closed()
        return time.perf_counter()

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    asked = time.perf_counter()
    token = await _sign_in(http, person)
    answered = time.perf_counter()
    closed = await watching
    holders[person] = await _connect(server, token)
    return (closed - answered) * 1000, (closed - asked) * 1000


def _summary(rounds: list[list[tuple[float, float]]], which: int, percent: int) -> str:
    """The median of the rounds, and their range."""
    each = sorted(statistics.quantiles([one[which] for one in values], n=100)[percent - 1] for values in rounds)
    return f"{statistics.median(each):.2f} ({each[0]:.2f} to {each[-1]:.2f})"


def _share_before(rounds: list[list[tuple[float, float]]]) -> float:
    return statistics.mean(one[0] <= 0 for values in rounds for one in values)
