"""How often: `make soak` runs the whole count, `make test` a tenth of it."""

from __future__ import annotations

import os

import pytest

SOAK = os.environ.get("TWIDDER_SOAK", "") not in ("", "0")


def count(whole: int) -> int:
    return whole if SOAK else max(1, whole // 10)


# For what makes the suite longer than it may be, and shows that a test of a lesser promise can fail.
only_in_soak = pytest.mark.skipif(not SOAK, reason="only in make soak")
