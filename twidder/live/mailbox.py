"""From threads to the loop: calls in order, one wake-up for however many are waiting."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


class Mailbox:
    """``wake(fn)`` schedules ``fn`` on the loop, from any thread (``loop.call_soon_threadsafe``).

    Not bounded by itself: what is put here is bounded by its senders (the writer's queue, requests per connection).
    """

    def __init__(self, wake: Callable[[Callable[[], None]], Any]) -> None:
        self._wake = wake
        self._letters: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._awake = False

    def put(self, call: Callable[..., None], *args: Any) -> None:
        self._letters.append((call, args))
        if not self._awake:  # two threads at once may both wake the loop: harmless
            self._awake = True
            self._wake(self._deliver)

    def _deliver(self) -> None:
        self._awake = False
        for _ in range(len(self._letters)):
            call, args = self._letters.popleft()
            try:
                call(*args)
            except Exception:  # the letters behind it are other people's
                logger.exception("a letter could not be delivered")
