"""What numbers come to, by minute and by hour. Written with the numbers themselves, in one transaction."""

from __future__ import annotations

import math
from typing import Any

from twidder.boards.models import HOUR, MINUTE
from twidder.store import Tx

_COUNTED = 20_000  # values that one push has counted again: 10 ms of the writer
_HUGE = 1.7e308  # sums end here: infinity less infinity is no number, and no row can hold it
_ADD = f"""
INSERT INTO rollups (series_id, step, at, count, low, high, total, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (series_id, step, at) DO UPDATE SET
    count = count + excluded.count, low = MIN(low, excluded.low), high = MAX(high, excluded.high),
    total = MAX(-{_HUGE}, MIN({_HUGE}, total + excluded.total)),
    last = CASE WHEN ?9 THEN excluded.last ELSE COALESCE((
        SELECT number FROM points WHERE series_id = ?1 AND at >= ?3 AND at < ?3 + ?2 ORDER BY at DESC LIMIT 1
    ), last) END
"""
_OF_MINUTE = """
SELECT COUNT(*), MIN(number), MAX(number), TOTAL(number),
    (SELECT number FROM points WHERE series_id = ?1 AND at >= ?2 AND at < ?2 + 60000 ORDER BY at DESC LIMIT 1)
FROM points WHERE series_id = ?1 AND at >= ?2 AND at < ?2 + 60000
"""
_OF_HOUR = """
SELECT TOTAL(count), MIN(low), MAX(high), TOTAL(total),
    (SELECT last FROM rollups WHERE series_id = ?1 AND step = 60000 AND at >= ?2 AND at < ?2 + 3600000
        ORDER BY at DESC LIMIT 1)
FROM rollups WHERE series_id = ?1 AND step = 60000 AND at >= ?2 AND at < ?2 + 3600000
"""
_COUNT = "SELECT count FROM rollups WHERE series_id = ? AND step = ? AND at = ?"
_WRITE = "UPDATE rollups SET low = ?, high = ?, total = ?, last = ? WHERE series_id = ? AND step = ? AND at = ?"
_WIDEN = f"""
UPDATE rollups SET low = MIN(low, ?4), high = MAX(high, ?4), total = MAX(-{_HUGE}, MIN({_HUGE}, total + ?4 - ?5))
WHERE series_id = ?1 AND step = ?2 AND at = ?3
"""


class Sums:
    """What one push changes. ``minute``: nothing older is kept by the minute."""

    def __init__(self, minute: int) -> None:
        self._minute = minute
        self._added: dict[tuple[int, int, int], list[Any]] = {}
        self._replaced: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def add(self, series_id: int, at: int, number: float, newest: bool) -> None:
        """In the order of their times. ``newest``: nothing of the series that is stored is later."""
        for step in (MINUTE, HOUR) if at >= self._minute else (HOUR,):
            key = (series_id, step, at - at % step)
            sums = self._added.get(key)
            if sums is None:
                self._added[key] = [1, number, number, number, number, newest]
            else:
                sums[0] += 1
                sums[1], sums[2] = min(sums[1], number), max(sums[2], number)
                sums[3], sums[4], sums[5] = _bounded(sums[3] + number), number, newest

    def replace(self, series_id: int, at: int, old: float, new: float) -> None:
        """A number that is stored already becomes another; ``store`` is called after the points are written."""
        if old != new:
            self._replaced.setdefault((series_id, at - at % MINUTE), []).append((old, new))

    def store(self, tx: Tx) -> None:
        tx.driver.executemany(_ADD, [(*key, *sums) for key, sums in self._added.items()])
        left = _COUNTED
        for (series_id, minute), changes in self._replaced.items():
            left -= _count_again(tx, (series_id, MINUTE, minute), _OF_MINUTE, changes, left)
        hours = {(series_id, minute - minute % HOUR) for series_id, minute in self._replaced}
        for series_id, hour in hours:
            within = [
                change
                for (other, minute), changes in self._replaced.items()
                if other == series_id and minute - minute % HOUR == hour
                for change in changes
            ]
            _count_again(tx, (series_id, HOUR, hour), _OF_HOUR, within)


def _count_again(
    tx: Tx, key: tuple[int, int, int], query: str, changes: list[tuple[float, float]], most: float = math.inf
) -> int:
    """From what it is made of, where all of that is still there and not more than ``most`` values; else it is made wide
    enough. How many values were looked at."""
    series_id, _, at = key
    (known,) = tx.driver.execute(_COUNT, key).fetchone() or (0,)
    if known > most:
        tx.driver.executemany(_WIDEN, [(*key, new, old) for old, new in changes])
        return 0
    count, low, high, total, last = tx.driver.execute(query, (series_id, at)).fetchone()
    if count == known:
        tx.driver.execute(_WRITE, (low, high, _bounded(total), last, *key))
    else:
        tx.driver.executemany(_WIDEN, [(*key, new, old) for old, new in changes])
    return int(count)


def _bounded(total: float | None) -> float:
    """None is what SQLite makes of infinity less infinity."""
    return max(-_HUGE, min(_HUGE, total or 0.0))
