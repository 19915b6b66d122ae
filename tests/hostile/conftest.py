"""Fixtures of the hostile tests: somebody to attack from, and somebody beside who must notice nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import GENEROUS
from tests.harness.server import Server
from tests.hostile.bystander import DEADLINE, Bystander
from tests.hostile.stage import Stage

# Patience cut short, so that what a server waits for can be waited for.
IMPATIENT: dict[str, float] = {
    **GENEROUS,
    "body_seconds": 0.5,
    "authenticate_seconds": 0.5,
    "fragment_seconds": 0.5,
    "heartbeat_seconds": 1.0,
    "idle_seconds": 3.0,
    "stuck_seconds": 1.0,
}


@pytest.fixture(scope="module")
def hostile_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for this module's attacks, impatient if the module says so; at the end its log must be clean."""
    limits = IMPATIENT if getattr(request.module, "IMPATIENT", False) else GENEROUS
    with Server(tmp_path_factory.mktemp("hostile") / "data", limits=limits) as server:
        yield server


@pytest.fixture(scope="module")
def bystander(hostile_server: Server) -> Iterator[Bystander]:
    beside = Bystander(hostile_server)
    try:
        yield beside
        beside.noticed_nothing()
        assert beside.p99() < DEADLINE / 5, f"p99 of {len(beside.seconds)} rounds: {beside.p99():.3f} s"
    finally:
        beside.close()


@pytest.fixture(scope="module")
def stage(hostile_server: Server) -> Stage:
    """Ada and Bert, who have accounts, sessions and a post each."""
    return Stage(hostile_server)
