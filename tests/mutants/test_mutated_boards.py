"""Ways to show an older value, or to queue what nobody needs any more: each turns P3 red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.counts import only_in_soak
from tests.live.test_state_topics import LIMITS, watch_under_pressure
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.mark.parametrize(
    ("mutation", "fault"),
    [
        ("passes_nobody_over", "a queue grows"),
        pytest.param("keeps_what_was_first", "the quick one does not end with the newest", marks=only_in_soak),
    ],
)
def test_P3_a_board_that_does_not_tell_the_newest_alone_is_found(tmp_path: Path, mutation: str, fault: str) -> None:
    server = Mutant(mutation, tmp_path / "data", limits=LIMITS)
    try:
        server.start()
        assert fault in watch_under_pressure(server, 3.0)
    finally:
        server.kill9()
