"""Wires that are cut: answers get lost on the way, readers fall off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from tests.faults.checker import check
from tests.faults.crowd import LIMITS, run_crowd
from tests.faults.history import History
from tests.faults.proxy import Fate
from tests.harness.counts import count
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_LOST_ACKS = 0.3


def for_writers(rng: random.Random) -> Callable[[], Fate]:
    """Three requests in ten lose their answer: before it, in the middle of it, or on a wire gone half-open. A socket
    (its hello has some 450 bytes, an ack 300) lives for a few answers."""

    def fate() -> Fate:
        if rng.random() < _LOST_ACKS:
            return Fate("swallow" if rng.random() < 0.1 else "reset", rng.randrange(500))
        return Fate("reset", rng.randrange(1_000, 2_500))

    return fate


def for_readers(rng: random.Random) -> Callable[[], Fate]:
    """Long enough to get further each time."""
    return lambda: Fate("swallow" if rng.random() < 0.1 else "reset", rng.randrange(20_000, 60_000))


async def cut_often(server: Server, rng: random.Random, seconds: float) -> History:
    """The history of a crowd whose answers get lost, and whose wires are all cut at once now and then."""

    async def nemesis(cut: Callable[[], None]) -> None:
        for _ in range(int(seconds)):
            await asyncio.sleep(1.0)  # how long it lasts
            cut()

    return await run_crowd(server, rng, nemesis, writers_fate=for_writers(rng), readers_fate=for_readers(rng))


def test_D6_L1_L8_lost_answers_double_nothing(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """With three answers in ten lost, and the same client id sent until one comes, each post is stored once, under one
    seq for ever; readers that were reset or silenced get all of it, once each, in order."""
    server = fresh_server(limits=LIMITS)
    history = asyncio.run(cut_often(server, rng, count(100)))
    print(history)
    assert check(history) == []
    assert history.lost_answers > 0.15 * history.attempts, "the wires were not bad enough"
    assert history.reconnects > 10
    assert history.read_back
