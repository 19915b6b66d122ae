"""Token buckets and failure counters, shared by the HTTP side (threads) and the live connection (loop).

In memory and bounded: the oldest entry goes when there are too many. A restart forgives everybody, which is harmless.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from twidder.errors import RateLimited

Clock = Callable[[], float]


class Bucket:
    """``burst`` at once, then ``rate`` a second."""

    __slots__ = ("at", "level")

    def __init__(self, burst: float, now: float) -> None:
        self.level = burst
        self.at = now

    def take(self, burst: float, rate: float, now: float, cost: float = 1.0) -> float:
        """0.0 when taken, else the seconds until it could be."""
        self.level = min(burst, self.level + (now - self.at) * rate)
        self.at = now
        if self.level >= cost:
            self.level -= cost
            return 0.0
        return (cost - self.level) / rate


class Rates:
    """Buckets by key, e.g. ``rates.take("post", user_id, burst=10, rate=1)``. A ``cost`` is no more than the burst."""

    def __init__(self, entries: int, clock: Clock = time.monotonic) -> None:
        self._entries = entries
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, what: str, who: Hashable, *, burst: float, rate: float, cost: float = 1.0) -> None:
        """Raises RateLimited when the bucket is empty."""
        self._use(what, who, burst, rate, cost, keeps=False)

    def check(self, what: str, who: Hashable, *, burst: float, rate: float) -> None:
        """As ``take``, and nothing is taken: where only what fails later counts."""
        self._use(what, who, burst, rate, 1.0, keeps=True)

    def _use(self, what: str, who: Hashable, burst: float, rate: float, cost: float, *, keeps: bool) -> None:
        now = self._clock()
        with self._lock:
            bucket = self._buckets.get((what, who))
            if bucket is None:
                bucket = self._buckets[what, who] = Bucket(burst, now)
                if len(self._buckets) > self._entries:
                    self._buckets.popitem(last=False)
            else:
                self._buckets.move_to_end((what, who))
            wait = bucket.take(burst, rate, now, cost)
            if keeps and not wait:
                bucket.level += cost
        if wait:
            raise RateLimited(retry_ms=int(wait * 1000) + 1)


class Failures:
    """Counts failures by key within a window; after ``free`` of them each further try must wait, ever longer.

    Never a lock-out: the delay ends at ``delay_max`` seconds, and a success forgets everything.
    """

    def __init__(
        self,
        free: int,
        window: float,
        delay: float,
        delay_max: float,
        entries: int,
        clock: Clock = time.monotonic,
    ) -> None:
        self._free, self._window = free, window
        self._delay, self._delay_max = delay, delay_max
        self._entries = entries
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[Hashable, tuple[int, float, float]] = OrderedDict()  # how many, since when, the last

    def check(self, key: Hashable) -> None:
        """Raises RateLimited while ``key`` has to wait."""
        with self._lock:
            count, _, last = self._recent(key)
            if count < self._free:
                return
            delay = min(self._delay_max, self._delay * 2.0 ** min(count - self._free, 32))
            wait = last + delay - self._clock()
        if wait > 0:
            raise RateLimited(retry_ms=int(wait * 1000) + 1, code="too_many_attempts")

    def failed(self, key: Hashable) -> None:
        with self._lock:
            count, since, _ = self._recent(key)
            self._seen[key] = (count + 1, since, self._clock())
            self._seen.move_to_end(key)
            if len(self._seen) > self._entries:
                self._seen.popitem(last=False)

    def succeeded(self, key: Hashable) -> None:
        with self._lock:
            self._seen.pop(key, None)

    def _recent(self, key: Hashable) -> tuple[int, float, float]:
        now = self._clock()
        count, since, last = self._seen.get(key, (0, now, now))
        return (0, now, now) if now - since > self._window else (count, since, last)
