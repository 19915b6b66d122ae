"""R13: what is said in a great room does not hold up a small one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.faults.audience import Audience
from tests.faults.busy_room import BusyRoom
from tests.faults.members import sign_up
from tests.faults.plain import Door
from tests.faults.test_stuck_readers import LIMITS
from tests.harness.counts import SOAK, count
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

RATE = 20.0
LATE = 3.0  # seconds: ten times the bound of the small room's p99


class Apart(NamedTuple):
    """Seconds in the small room: alone, and beside the great one."""

    p50: tuple[float, float]
    p99: tuple[float, float]

    def __str__(self) -> str:
        p50, p99 = (" → ".join(f"{1000 * seconds:.0f}" for seconds in pair) for pair in self)
        return f"the small room's p50 {p50} ms, p99 {p99} ms"


async def beside(server: Server, members: int, seconds: float, *, rate: float = RATE, stuck: bool = False) -> Apart:
    """A small room for so many seconds alone, and then as long beside one of ``members`` sockets, which read what comes
    or do not (``stuck``)."""
    door = Door(server.port, server.port)
    host, neighbour = await sign_up(door, f"host-{stuck}"), await sign_up(door, f"neighbour-{stuck}")
    great, small = BusyRoom(door, host, rate, readers=1), BusyRoom(door, neighbour, RATE)
    with await asyncio.to_thread(Audience, door, host.token, [great.topic], members) as audience:
        if stuck:
            audience.stop()
        async with small.open():
            begin = time.monotonic()
            await asyncio.sleep(seconds)  # what is measured
            opened = time.monotonic()
            async with great.open():
                await asyncio.sleep(seconds)
                await small.fall_silent(LATE)
    assert not small.faults
    p50, p99 = ((small.late(share, begin, opened), small.late(share, opened)) for share in (0.5, 0.99))
    return Apart(p50, p99)


def test_R13_a_great_room_does_not_hold_up_a_small_one(fresh_server: Callable[..., Server]) -> None:
    """A thousand members at twenty messages a second beside three at as many; whether they read or not."""
    server = fresh_server(limits=LIMITS)
    for stuck in (False, True) if SOAK else (False,):
        apart = asyncio.run(beside(server, count(1_000), 15.0 if SOAK else 1.5, stuck=stuck))
        print(apart)
        assert apart.p99[1] < LATE
