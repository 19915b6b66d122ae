"""Ways to lose what somebody missed, or to keep those who come back out: each turns L2, L5 or L6 red."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.delivery.test_heads import lose_events
from tests.delivery.test_retention import MOST, go_away
from tests.faults.checker import kinds
from tests.faults.crowd import LIMITS
from tests.faults.test_storm import come_back
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture
def mutant(tmp_path: Path) -> Iterator[Callable[[str], Mutant]]:
    """Starts a mutant by name. How it ends does not matter."""
    with ExitStack() as stack:

        def make(mutation: str) -> Mutant:
            new = Mutant(mutation, tmp_path / "data", limits=LIMITS)
            stack.callback(new.kill9)
            new.start()
            return new

        yield make


def test_L2_heartbeats_without_heads_are_found(mutant: Callable[[str], Mutant]) -> None:
    """Nobody learns that the last event was lost."""
    listeners = asyncio.run(lose_events(mutant("keeps_heads_to_itself"), 2))
    assert kinds(listeners.history) == {"unseen"}


@pytest.mark.parametrize(("mutation", "kind"), [("jumps", "unseen"), ("keeps_the_newest", "skipped")])
def test_L5_a_silent_jump_is_found(mutant: Callable[[str], Mutant], mutation: str, kind: str) -> None:
    """The view ends before the hole, or has it."""
    listeners = asyncio.run(go_away(mutant(mutation), MOST + 1))
    assert kinds(listeners.history) == {kind}


def test_L6_a_server_that_lets_in_few_at_a_time_is_found(mutant: Callable[[str], Mutant]) -> None:
    """Somebody is refused again and again."""
    storm = asyncio.run(come_back(mutant("lets_in_few"), 40, kill=True))
    assert max(reader.refused for reader in storm.readers) > 1
