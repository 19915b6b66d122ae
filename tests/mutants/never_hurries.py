"""Waits for requests, and for whoever does not read an answer, as long as they like (R6)."""

from typing import Any

from twidder.cli import main
from twidder.web.http import GuardedHttp


def _wait(self: GuardedHttp) -> Any:
    return None


if __name__ == "__main__":
    GuardedHttp._arm = _wait  # type: ignore[method-assign]
    GuardedHttp._arm_reading = _wait  # type: ignore[method-assign]
    main()
