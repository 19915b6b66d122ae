"""How often: `make soak` runs the whole count, `make test` a tenth of it."""

from __future__ import annotations

import os

SOAK = os.environ.get("TWIDDER_SOAK", "") not in ("", "0")


def count(whole: int) -> int:
    return whole if SOAK else max(1, whole // 10)
