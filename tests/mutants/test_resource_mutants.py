"""Whoever lets strangers have time, memory or descriptors turns a test red."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GENEROUS
from tests.faults import test_descriptors, test_signin_flood, test_slow_requests, test_stops
from tests.faults.test_churn import grown
from tests.faults.test_half_open import fall_silent
from tests.harness.api import Api
from tests.harness.counts import only_in_soak
from tests.harness.people import BERT
from tests.hostile.stage import Stage
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.slow]

Make = Callable[..., Mutant]


@pytest.fixture
def mutant(tmp_path: Path) -> Iterator[Make]:
    """Starts a mutant by name. How it ends does not matter."""
    with ExitStack() as stack:

        def make(mutation: str, **options: Any) -> Mutant:
            new = Mutant(mutation, tmp_path / mutation, **options)
            stack.callback(new.kill9)
            new.start()
            return new

        yield make


@only_in_soak
def test_R6_endless_patience_is_found(mutant: Make) -> None:
    """Without deadlines the slow stay, whatever they are slow with."""
    stage = Stage(mutant("never_hurries", limits=test_slow_requests.HURRIED))
    slow = test_slow_requests.slow_headers(stage)
    said = asyncio.run(test_slow_requests.drip_all(stage, slow, len(slow), patience=2.0))
    assert said.count(None) >= len(slow) - 1
    test_slow_requests.fill_wall(stage)
    with pytest.raises(AssertionError, match="let go"):
        test_slow_requests.stuck_readers(stage, 2.0)


def test_R6_a_worker_that_waits_for_a_body_is_found(mutant: Make) -> None:
    """A request finds every place taken until the slow ones end."""
    stage = Stage(mutant("holds_workers", limits=test_slow_requests.HURRIED))
    assert test_slow_requests.served_meanwhile(stage, 100)[1] < 100


def test_R3_pipelining_without_a_bound_is_found(mutant: Make) -> None:
    """All two hundred are served where there may be a million."""
    limits = test_slow_requests.HURRIED | {"pipelined_requests": 1_000_000}
    texts, last = test_slow_requests.posts_ahead(Stage(mutant("never_hurries", limits=limits)), 200)
    assert (len(texts), last) == (200, None)


@pytest.mark.needs("prlimit")
def test_R8_a_house_without_descriptors_of_its_own_is_found(mutant: Make) -> None:
    """Those who are inside cannot go on when the crowd has taken everything."""
    limits = {**test_descriptors.LIMITS, "work_running": 8}  # each view that runs beside others opens a file
    server = mutant("takes_everybody", limits=limits, prefix=test_descriptors.PREFIX)
    with pytest.raises(AssertionError, match="instead of 20"):
        test_descriptors.go_on_in_a_crowd(server)


@only_in_soak
def test_R9_hashing_on_the_loop_is_found(mutant: Make) -> None:
    """Pongs wait for strangers' passwords."""
    server = mutant("hashes_on_the_loop", limits=test_signin_flood.EARNEST, args=["--proxies", "1"])
    _, lag = test_signin_flood.lag_in_a_flood(server, 1, test_signin_flood.many_addresses())
    assert lag > 10 * test_signin_flood.LAG


@only_in_soak
def test_R7_R10_a_house_that_keeps_the_gone_is_found(mutant: Make, rng: random.Random) -> None:
    """A dead line stays, and each visit costs a descriptor."""
    server = mutant("keeps_the_gone", limits={**GENEROUS, "heartbeat_seconds": 1.0, "idle_seconds": 1.0})
    with pytest.raises(TimeoutError):
        asyncio.run(fall_silent(server, 3.5))
    assert grown(server, rng, 200)[0] > 16


def test_R14_leaving_without_a_goodbye_is_found(mutant: Make) -> None:
    """The listener was told nothing."""
    server = mutant("stops_at_once", limits=GENEROUS)
    person = BERT.unique()
    with Api(server) as api:
        api.sign_up(person)
    with pytest.raises(AssertionError):
        test_stops.stop(server, person, crowded=False)


@only_in_soak
def test_R14_a_deaf_ear_to_the_second_signal_is_found(mutant: Make) -> None:
    """It is held up by somebody who does not read, and in the end leaves as if it had been asked once."""
    server = mutant("hears_one_signal", limits={**GENEROUS, "shutdown_seconds": 2})
    seconds, code, _ = test_stops.posts_then_is_told_twice(server)
    assert (code, seconds > 1.0) == (0, True)
