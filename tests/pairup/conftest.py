"""What tests of Pair-Up share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.harness.api import Api
from tests.harness.server import Server
from tests.pairup.school import School, open_school
from twidder.config import Limits
from twidder.store import Store, open_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store without a server, which tests share: each furnishes a round of its own."""
    opened = open_store(tmp_path_factory.mktemp("pairup") / "twidder.db", Limits(), lambda _batch: None)
    yield opened
    opened.close()


@pytest.fixture
def school(server: Server, client: Callable[..., Api]) -> School:
    """On the server that tests share: a teacher of the test's own, who makes rounds."""
    return open_school(server, client)
