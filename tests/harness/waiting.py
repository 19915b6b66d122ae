"""Waiting, always with an end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(look: Callable[[], T], timeout: float = 5.0, what: str = "it", every: float = 0.01) -> T:
    """What `look` returns, as soon as that is true. Fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise AssertionError(f"Waited {timeout:g} s for {what}; last seen: {seen!r}")
        time.sleep(every)
