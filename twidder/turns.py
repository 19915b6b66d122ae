"""So many worker threads run at a time; who waits for the disk gives the turn away meanwhile.

Python lets one thread run, and a thread that wants to stands in line behind all others that do. Were eight views
running, the loop would be behind eight of them at every turn: a broadcast's p99 beside eight busy readers is 40 ms with
eight running, 26 with two, 20 with one, which costs the readers a fifth of their rate (``make bench ARGS=beside``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Turns:
    def __init__(self, most: int) -> None:
        self._free = threading.Semaphore(most)
        self._mine = threading.local()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Waits until it is this thread's turn."""
        with self._free:
            self._mine.taken = True
            try:
                yield
            finally:
                self._mine.taken = False

    @contextlib.contextmanager
    def given_away(self) -> Iterator[None]:
        """While this thread waits for something. Nothing happens for a thread that has not taken one."""
        if not getattr(self._mine, "taken", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
