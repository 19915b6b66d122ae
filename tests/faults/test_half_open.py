"""R7: somebody whose line went dead is gone soon, for everybody."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import peers
from tests.faults.members import sign_up
from tests.faults.plain import Door, ask, live, take_type
from tests.faults.proxy import Fate, Proxy
from tests.harness.counts import SOAK
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BOUND = 45.0  # seconds, with the real heartbeat (25) and patience (40)
AFTER = 1_000  # bytes of the server's: the hello, and some of what comes later


async def fall_silent(server: Server, patience: float) -> float:
    """How long the server still counted somebody whose line swallows everything; beside them is one whose does not."""
    door = Door(server.port, server.port)
    dead, well = await sign_up(door, "dead"), await sign_up(door, "well")
    async with contextlib.AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(Proxy(server.port, lambda: Fate("swallow", AFTER)))
        beside = await stack.enter_async_context(live(door, well.token))
        silent = await stack.enter_async_context(live(door.through(proxy.port), dead.token))
        listening = asyncio.create_task(take_type(beside, "never", patience + 5.0))
        stack.callback(listening.cancel)
        await take_type(silent, "hello")
        assert await _people_here(door) == 2
        async with asyncio.timeout(patience):
            while len(theirs := peers(server)) > 2:  # the question's own connection may not be gone yet
                await asyncio.sleep(0.01)
        while not proxy.ended["swallow"]:  # whatever makes the server talk until the line goes dead
            await silent.send(json.dumps({"type": "join", "id": 1, "topics": {f"wall:{dead.id}": None}}))
            await asyncio.sleep(0.01)
        begin = time.monotonic()
        async with asyncio.timeout(patience):
            while await _people_here(door) == 2:
                await asyncio.sleep(0.05)
        seconds = time.monotonic() - begin
        assert len(theirs - peers(server)) == 1, "its socket is still there"
        assert not listening.done(), "the healthy one was let go, too"
    return seconds


async def _people_here(door: Door) -> int:
    answer = await ask(door, "GET", "/community")
    return int(answer.body["people_here"])


def test_R7_a_dead_line_is_noticed(fresh_server: Callable[..., Server]) -> None:
    """The socket is gone, and with it the presence. `make test` waits for a twelfth of the real times."""
    faster = {} if SOAK else {"heartbeat_seconds": 2.0, "idle_seconds": 3.2}
    seconds = asyncio.run(fall_silent(fresh_server(limits={**GENEROUS, **faster}), 10 * BOUND if SOAK else BOUND))
    print(f"gone after {seconds:.1f} s")
