"""So many worker threads run at a time; who waits for the disk gives the turn away meanwhile.

Python lets one thread run, and a thread that wants to stands in line behind all others that do. Were eight views
running, the loop would be behind eight of them at every turn: a broadcast's p99 beside eight busy readers is 40 ms with
eight running, 26 with two, 20 with one, which costs the readers a fifth of their rate (``make bench ARGS=beside``).
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator


class Turns:
    """First come, first served: a plain semaphore lets the thread that has just finished go first again and again,
    and a request that another has taken up waits half a second."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._line: deque[threading.Lock] = deque()
        self._door = threading.Lock()
        self._mine = threading.local()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Waits until it is this thread's turn."""
        self._take(first=False)
        self._mine.taken = True
        try:
            yield
        finally:
            self._mine.taken = False
            self._give()

    @contextlib.contextmanager
    def given_away(self) -> Iterator[None]:
        """While this thread waits for something. Nothing happens for a thread that has not taken one."""
        if not getattr(self._mine, "taken", False):
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take(first=True)  # its request is older than those that wait

    def _take(self, *, first: bool) -> None:
        with self._door:
            if self._free:
                self._free -= 1
                return
            called = threading.Lock()
            called.acquire()
            (self._line.appendleft if first else self._line.append)(called)
        called.acquire()

    def _give(self) -> None:
        with self._door:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1
