"""L2: once the writing stops, every reader that is connected reaches the head, even if a push was lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.delivery.listeners import Listeners
from tests.faults.checker import check
from tests.faults.crowd import LIMITS
from tests.faults.members import sign_up
from tests.faults.plain import Door
from tests.faults.proxy import Fate, Proxy
from tests.harness.counts import count
from tests.harness.server import Server
from tests.mutants import Mutant
from tests.mutants.lost_events import EVERY

pytestmark = pytest.mark.faults

READERS = 5
RECHECK = {"recheck_seconds": 0.5}


async def lose_events(server: Server, number: int) -> Listeners:
    """What readers make of it when every seventh event gets lost on its way, the last one too."""
    door = Door(server.port, server.port)
    listeners = Listeners(door, await sign_up(door, "ada"), READERS)
    async with listeners.listening():
        seconds = await listeners.reach(await listeners.post(number * EVERY))
    print(f"{seconds:.2f} s; noticed by events {listeners.noticed('event')}, by heads {listeners.noticed('heartbeat')}")
    return listeners


async def lose_wires(server: Server, rng: random.Random) -> Listeners:
    """The same when each wire once falls silent in the middle of the events, with both ends open."""
    fates = [Fate("swallow", rng.randrange(2_000, 10_000)) for _ in range(READERS)]
    async with Proxy(server.port, lambda: fates.pop() if fates else Fate()) as proxy:
        door = Door(server.port, proxy.port)
        listeners = Listeners(door, await sign_up(door.through(server.port), "ada"), READERS)
        async with listeners.listening():
            seconds = await listeners.reach(await listeners.post(60))
        assert proxy.ended["swallow"] == READERS
    print(f"{seconds:.2f} s")
    return listeners


@pytest.mark.parametrize("where", ["loses_events", "loses_news"])
def test_L2_an_event_that_was_lost_is_noticed_and_fetched(tmp_path: Path, where: str) -> None:
    """On its way to the members, or to the hub: by the next event, which is not the next in number; and the last one by
    the head in a heartbeat, since the heads are compared with the log."""
    with Mutant(where, tmp_path / "data", limits=LIMITS | RECHECK) as server:
        listeners = asyncio.run(lose_events(server, count(200)))
    assert check(listeners.history) == []
    assert all(listeners.noticed("event"))
    assert all(listeners.noticed("heartbeat"))


def test_L2_a_wire_that_falls_silent_is_noticed(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """A heartbeat that does not come is one, too: the reader comes back with its position."""
    listeners = asyncio.run(lose_wires(fresh_server(limits=LIMITS), rng))
    assert check(listeners.history) == []
