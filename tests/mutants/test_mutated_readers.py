"""The ways to serve readers that look right until one of them stops reading: each turns R1, R2 or R13 red."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.test_rooms_apart import LATE, beside
from tests.faults.test_stuck_readers import HURRIED, RATE, Seen, stop_reading
from tests.harness.counts import only_in_soak
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.slow]

READERS = 10
PATIENCE = 5.0  # the real server needs about three seconds to fill a queue and close it
MORE = 25.0  # for five servers on a busy machine
NO_BOUND = HURRIED | {"kernel_bytes": 1_000_000}

WRONG = {
    "never_congested": {"memory", "open"},
    "queue_per_reader": {"open"},  # it is references that pile up: slowly, but for ever
    "task_per_message": {"memory", "open"},
    "waits_for_each": {"late", "open"},
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Of all of them, at the same time. In the last the kernel may also hold what it likes."""
    data = tmp_path_factory.mktemp("readers")
    mutants = {name: Mutant(name, data / name, limits=HURRIED) for name in WRONG}
    mutants["kernel"] = Mutant("never_congested", data / "kernel", limits=NO_BOUND)
    with ThreadPoolExecutor(len(mutants)) as together:
        return dict(zip(mutants, together.map(_try, mutants, mutants.values()), strict=True))


def _try(name: str, mutant: Mutant) -> Seen:
    more = MORE if "memory" in WRONG.get(name, ()) else 0.0
    try:
        mutant.start()
        return asyncio.run(stop_reading(mutant, READERS, RATE, reading=1.0, patience=PATIENCE, late=1.0, more=more))
    finally:
        mutant.kill9()


@pytest.mark.parametrize("mutation", WRONG)
def test_R1_another_way_to_serve_readers_is_found(seen: dict[str, Seen], mutation: str) -> None:
    print(seen[mutation])
    assert WRONG[mutation] <= seen[mutation].wrong(), seen[mutation]


def test_R2_a_kernel_that_holds_what_it_likes_is_found(seen: dict[str, Seen]) -> None:
    print(seen["kernel"])
    assert "queue" in seen["kernel"].wrong(), seen["kernel"]


@only_in_soak
def test_R13_a_small_room_that_waits_for_a_great_one_is_found(tmp_path: Path) -> None:
    mutant = Mutant("waits_for_each", tmp_path / "data", limits=HURRIED | {"kernel_bytes": 4_096})
    try:
        mutant.start()
        apart = asyncio.run(beside(mutant, READERS, 1.0, rate=RATE, stuck=True))
    finally:
        mutant.kill9()
    print(apart)
    assert apart.p99[1] > LATE
