"""kill -9 in the middle of posting, again and again."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable

import pytest

from tests.faults.checker import check
from tests.faults.crowd import LIMITS, run_crowd
from tests.faults.history import History
from tests.harness.counts import count
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]


async def kill_often(server: Server, rng: random.Random, kills: int) -> History:
    """The history of a crowd whose server was killed ``kills`` times, at any moment."""

    async def nemesis(cut: Callable[[], None]) -> None:
        for _ in range(kills):
            await asyncio.sleep(rng.uniform(0.2, 1.0))  # chance, not synchronisation
            await asyncio.to_thread(server.restart, kill=True)

    return await run_crowd(server, rng, nemesis)


def test_D1_D5_D6_D7_D8_L1_nothing_acknowledged_is_lost_by_kill_9(
    fresh_server: Callable[..., Server], rng: random.Random
) -> None:
    """Each acknowledged post is there once, each refused one nowhere, the log is dense, and every reader's view is
    whole and in order after it came back by itself."""
    kills = count(200)
    server = fresh_server(limits=LIMITS)
    history = asyncio.run(kill_often(server, rng, kills))
    print(history)
    assert check(history) == []
    assert len(history.acks) > 10 * kills
    assert history.reconnects >= kills, "the kills were not noticed"
    server.terminate()
    with sqlite3.connect(f"file:{server.data / 'twidder.db'}?mode=ro", uri=True) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
