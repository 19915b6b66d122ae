"""L6: everybody comes back at once after a restart, and is caught up."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.faults.checker import check
from tests.faults.costs import cpu_seconds
from tests.faults.crowd import LIMITS
from tests.faults.history import History, Stored
from tests.faults.members import Member, sign_in, sign_up
from tests.faults.plain import Door, ask
from tests.faults.reader import Reader, read_wall
from tests.harness.counts import count
from tests.harness.server import Server
from twidder.config import Limits

pytestmark = [pytest.mark.faults, pytest.mark.slow]

TABS = 10  # of each member: sockets of one session
BEFORE, AWAY = 5, 20  # posts
SIGN_INS = 5
DEADLINE = 110.0  # the bound is 30 s
# Passwords cost what they do in earnest: were one hashed for everybody who comes back, it would show.
HASHES = {name: getattr(Limits(), name) for name in ("argon2_time", "argon2_memory_kib")}


class Storm(NamedTuple):
    history: History
    readers: list[Reader]
    processor: float  # seconds that the server took for all of them …
    hashing: float  # … and takes for one sign-in


async def come_back(server: Server, clients: int, *, kill: bool) -> Storm:
    """What ``clients`` have seen whose server went and came back; some posts were written as soon as it was there."""
    history, door = History(), Door(server.port, server.port)
    members = [await sign_up(door, f"member{number}") for number in range(max(1, clients // TABS))]
    wall = members[0].id
    readers = [
        Reader(f"reader {number}", members[number % len(members)], door, [wall], history, silence=60.0, patience=10.0)
        for number in range(clients)
    ]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(reader.run()) for reader in readers]
        await post(door, members[0], BEFORE)
        await until(lambda: all(reader.last[f"wall:{wall}"] == BEFORE for reader in readers))
        await asyncio.to_thread(server.restart, kill=kill)
        begin, started = time.monotonic(), cpu_seconds(server)
        await post(door, members[0], AWAY)
        await until(lambda: all(reader.last[f"wall:{wall}"] == BEFORE + AWAY for reader in readers))
        seconds, processor = time.monotonic() - begin, cpu_seconds(server) - started
        for task in tasks:
            task.cancel()
    print(f"{clients} clients back and caught up after {seconds:.2f} s, for {processor:.2f} s of processor")
    for one in await read_wall(door, members[0].token, f"wall:{wall}"):
        history.stored.append(Stored(f"wall:{wall}", one["seq"], one["author"]["id"], one["cid"], one["text"]))
    started = cpu_seconds(server)
    for _ in range(SIGN_INS):
        await sign_in(door, members[0].email)
    return Storm(history, readers, processor, (cpu_seconds(server) - started) / SIGN_INS)


async def post(door: Door, member: Member, number: int) -> None:
    for place in range(number):
        body = {"text": f"post {place}", "cid": str(uuid.uuid4())}
        answer = await ask(door, "POST", f"/walls/{member.id}/posts", body, token=member.token, timeout=DEADLINE)
        assert answer.status == 201, answer


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not ready():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("kill", [True, False], ids=["kill-9", "SIGTERM"])
def test_L6_everybody_is_back_and_caught_up(fresh_server: Callable[..., Server], kill: bool) -> None:
    """With their tokens, and no password hashed; nobody is refused twice; nothing is lost or doubled on the way."""
    server = fresh_server(limits=LIMITS | HASHES)
    storm = asyncio.run(come_back(server, count(1_000), kill=kill))
    assert check(storm.history) == []
    assert max(reader.refused for reader in storm.readers) <= 1
    assert {reader.greetings for reader in storm.readers} == {2}, "in, out, and in again"
    assert storm.processor < count(1_000) * storm.hashing / 3
