"""A place that is looked at first and taken then is given away twice, and the race for it shows that."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.mutants import Mutant
from tests.pairup.racing import RACING
from tests.pairup.test_x_places import TEAMS, furnished, race

pytestmark = pytest.mark.slow


def test_X1_looking_before_taking_is_found(tmp_path: Path, rng: random.Random) -> None:
    """Without the condition on the place's row, several of sixty are told that they have it."""
    round_, _ = furnished(tmp_path / "data", teams=TEAMS, size=1, seats=[1, 3])
    with Mutant("looks_then_takes", tmp_path / "data", limits=RACING) as server:
        assert "slot-overbooked" in str(race(server, round_, rng, 2))
