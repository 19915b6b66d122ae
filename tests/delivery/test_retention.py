"""L5: who was away for too much is told so, and never jumps: it reads the pages, and goes on from there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.delivery.listeners import Listeners
from tests.faults.checker import check
from tests.faults.crowd import LIMITS
from tests.faults.members import sign_up
from tests.faults.plain import Door
from tests.harness.server import Server
from twidder.config import Limits

pytestmark = pytest.mark.faults

MOST = Limits().missed_events
BEFORE, AFTER = 5, 20
GREAT = "x" * 3_900  # so that fewer than MOST of them are more than missed_bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("retention") / "data", limits=LIMITS) as one:
        yield one


async def go_away(server: Server, missed: int, text: str = "") -> Listeners:
    """What a reader makes of it that was away for ``missed`` posts, and comes back while the posting goes on."""
    door = Door(server.port, server.port)
    listeners = Listeners(door, await sign_up(door, f"ada{missed}"), 1)
    async with listeners.listening():
        await listeners.reach(await listeners.post(BEFORE))
    await listeners.post(missed, text)
    async with listeners.listening():
        await listeners.reach(await listeners.post(AFTER))
    print(f"{len(listeners.history.seen)} seen; resets {listeners.noticed('reset')}")
    return listeners


@pytest.mark.parametrize(
    ("missed", "text", "resets"), [(MOST, "", 0), (MOST + 1, "", 1), (500, "", 1), (60, GREAT, 0), (80, GREAT, 1)]
)
def test_L5_too_much_missed_is_a_reset_and_then_a_dense_tail(
    server: Server, missed: int, text: str, resets: int
) -> None:
    """In number or in bytes: one reset, the pages, and what comes after; all of it once and in order."""
    listeners = asyncio.run(go_away(server, missed, text))
    assert check(listeners.history) == []
    assert len(listeners.history.seen) == BEFORE + missed + AFTER
    assert listeners.noticed("reset") == [resets]
