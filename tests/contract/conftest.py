"""An open store of each back end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.backends import BACKENDS, House
from twidder.config import Limits


@pytest.fixture(params=BACKENDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A store that was empty, and closes itself."""
    backend, batches = BACKENDS[request.param](tmp_path), list[list[object]]()
    limits = Limits()
    opened = House(backend, backend.open(limits, lambda batch: batches.append(list(batch))), batches, limits)
    yield opened
    opened.store.close()
