"""Questions of a turn of the loop, answered together in threads.

A thread's wake-up costs 80 µs beside a busy loop, and a read's snapshot 30. When five thousand come back together they
must not be paid five thousand times.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Batches(Generic[T]):
    """``do(items)`` in one of ``threads`` threads, at most ``most`` items at a time.

    Not bounded by itself: each connection has few questions without an answer.
    """

    def __init__(self, name: str, threads: int, most: int, do: Callable[[list[T]], None]) -> None:
        self._do = do
        self._most = most
        self._gathered: list[T] = []
        self._waiting: queue.SimpleQueue[list[T]] = queue.SimpleQueue()
        self._stopping = False
        self._threads = [threading.Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def put(self, item: T) -> None:
        """On the loop. Nothing happens before ``hand_over``."""
        self._gathered.append(item)

    def hand_over(self) -> None:
        """What this turn has gathered, to the threads."""
        for start in range(0, len(self._gathered), self._most):
            self._waiting.put(self._gathered[start : start + self._most])
        self._gathered.clear()

    def stop(self) -> None:
        """What has begun is finished; what waits is dropped."""
        self._stopping = True
        for _ in self._threads:
            self._waiting.put([])
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (batch := self._waiting.get()) and not self._stopping:
            try:
                self._do(batch)
            except Exception:
                logger.exception("%d questions could not be answered", len(batch))
