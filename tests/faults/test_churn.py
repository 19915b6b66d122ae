"""R10: people come and go all day, and leave nothing behind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import threads
from tests.faults.members import Member, sign_up
from tests.faults.plain import Door, ask, live, take_type
from tests.harness.counts import count
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.slow]

AT_ONCE = 20
MORE = 16 * 1_048_576
LAZY = 16  # readers and threads that are opened as they are needed; a leak would be of thousands


async def come_and_go(server: Server, rng: random.Random, times: int) -> None:
    """Sockets and requests, half of them without a goodbye, some before they were let in."""
    door = Door(server.port, server.port)
    members = [await sign_up(door, f"m{rng.getrandbits(40)}") for _ in range(4)]
    turns = iter(range(times))

    async def visitor() -> None:
        for _ in turns:
            await _visit(door, rng.choice(members), rng.random())

    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))


async def _visit(door: Door, member: Member, chance: float) -> None:
    if chance < 0.1:
        _, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET / HTTP/1.1\r\n")
        writer.transport.abort()
    elif chance < 0.5:
        answer = await ask(door, "GET", "/me", token=member.token, timeout=30.0)
        assert answer.status == 200, answer
    else:
        async with live(door, member.token, timeout=30.0) as socket:
            await take_type(socket, "hello", timeout=30.0)
            await socket.send('{"type":"join","id":1,"topics":{"me":null}}')
            if chance < 0.75:
                socket.transport.abort()


def grown(server: Server, rng: random.Random, times: int) -> tuple[int, int, int]:
    """By how many descriptors, threads and bytes a warm server has grown after so many visits."""
    asyncio.run(come_and_go(server, rng, 300))
    wait_for(lambda: _nobody_here(server), 30.0, "everybody to be gone")
    before = server.descriptors(), threads(server), server.memory()
    asyncio.run(come_and_go(server, rng, times))
    wait_for(lambda: _nobody_here(server), 30.0, "everybody to be gone")
    return server.descriptors() - before[0], threads(server) - before[1], server.memory() - before[2]


def _nobody_here(server: Server) -> bool:
    answer = asyncio.run(ask(Door(server.port, server.port), "GET", "/community"))
    return bool(answer.body["people_here"] == 0)


def test_R10_coming_and_going_leaves_nothing(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """As many descriptors and threads as before, and hardly more memory."""
    server = fresh_server(limits=GENEROUS | {"sockets_per_session": 100})
    descriptors, more_threads, memory = grown(server, rng, count(20_000))
    print(f"{descriptors} descriptors, {more_threads} threads, {memory / 1e6:.1f} MB more")
    assert descriptors <= LAZY
    assert more_threads <= LAZY
    assert memory <= MORE
