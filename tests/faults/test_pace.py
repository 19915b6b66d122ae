"""L4: how long a message takes in a busy room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.busy_room import BusyRoom
from tests.faults.members import sign_up
from tests.faults.plain import Door, ask
from tests.faults.test_stuck_readers import LIMITS
from tests.harness.counts import SOAK, count
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

RATE = 300.0 if SOAK else 100.0  # messages a second
SECONDS = 10.0 if SOAK else 1.0
# Ten times the bounds of a quiet machine: 0.1 s until the answer, 0.25 s until everybody has it.
ANSWERED, SEEN = 1.0, 2.5


async def talk(server: Server) -> BusyRoom:
    door = Door(server.port, server.port)
    host = await sign_up(door, "host")
    answer = await ask(door, "POST", "/rooms", {"name": "busy", "kind": "open"}, token=host.token)
    room = BusyRoom(door, host, RATE, readers=count(200), topic=f"room:{answer.body['id']}")
    async with room.open():
        await asyncio.sleep(SECONDS)  # what is measured
        await room.fall_silent(SEEN)
    return room


def test_L4_a_busy_room_is_answered_and_heard_in_time(fresh_server: Callable[..., Server]) -> None:
    """Of messages that come by the hundred a second the slowest hundredth, at the slowest reader."""
    limits = {**LIMITS, "messages_burst": 100_000, "messages_per_second": 100_000}
    room = asyncio.run(talk(fresh_server(limits=limits)))
    answered = sorted(room.acknowledged)[int(len(room.acknowledged) * 0.99)]
    print(f"p99: answered after {1000 * answered:.0f} ms, seen after {1000 * room.late(0.99, 0):.0f} ms")
    assert not room.faults
    assert answered < ANSWERED
    assert room.late(0.99, 0) < SEEN
