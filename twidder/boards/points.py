"""Reading windows of values: as they were sent, by the minute or by the hour, and never more points than asked for."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec

from twidder.boards.fields import is_key
from twidder.boards.models import GONE, HOUR, MINUTE
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField
from twidder.store import ReadTx

_READ = 50_000  # rows that one answer looks at, where something coarser would do: about 60 ms …
_READ_HOURS = 100_000  # … and where nothing is coarser, some 100 ms: eleven series of a year
_TOLD = 10_000  # values in one answer: as a table, 50 ms …
_TEXTS = 2_000  # … of which so many are texts: 4 MB, when each is as long as it may be
_LATEST = 2**53
_SERIES = "SELECT id, key, type FROM series WHERE board_id = ? AND key = ?"
_OLDEST = "SELECT MIN(at) FROM points WHERE series_id = ?"
_OLDEST_OF = "SELECT MIN(at) FROM rollups WHERE series_id = ? AND step = ?"
_ANY = "SELECT 1 FROM rollups WHERE series_id = ? AND step = ? AND at >= ? AND at < ? LIMIT 1"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM points WHERE series_id = ? AND at >= ? AND at < ? LIMIT ?)"
_COUNT_OF = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM rollups WHERE series_id = ? AND step = ? AND at >= ? AND at < ? LIMIT ?)"
)
_NEWEST = "SELECT at, {} FROM points WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?"
_SAMPLED = """
SELECT ?1 + (at - ?1) / ?2 * ?2, MIN(number), MAX(number), AVG(number) FROM points
WHERE series_id = ?3 AND at >= ?4 AND at < ?5 GROUP BY 1 ORDER BY 1
"""
_ROLLED = """
SELECT ?1 + (at - ?1) / ?2 * ?2, MIN(low), MAX(high), SUM(total) / SUM(count) FROM rollups
WHERE series_id = ?3 AND step = ?6 AND at >= ?4 AND at < ?5 GROUP BY 1 ORDER BY 1
"""


class Window(NamedTuple):
    """``since`` ≤ at < ``until``, ms. ``most``: points of each series; fewer where there are many series."""

    keys: list[str]
    since: int
    until: int
    most: int


class Line(msgspec.Struct, frozen=True):
    """A series in a window, oldest first. ``step`` 0: ``items`` are ``[at, value]``; else each stands for so many ms
    from ``at``: ``[at, low, high, mean]``."""

    type: str
    step: int
    items: list[Any]


def check_window(series: str, since: int | None, until: int | None, most: int, limits: Limits) -> Window:
    """The last hour, when neither end is told. Raises BadField."""
    keys = list(dict.fromkeys(series.split(",")))
    if len(keys) > limits.tile_series:
        raise BadField("series", f"That is more than {limits.tile_series} series.")
    if not all(is_key(key, limits) for key in keys):
        raise BadField("series", "Series are named by their keys, with commas between them.")
    if not 1 <= most <= limits.points_shown:
        raise BadField("most", f"There are 1 to {limits.points_shown:,} points of each series.")
    for name, at in (("since", since), ("until", until)):
        if at is not None and not 0 <= at < _LATEST:
            raise BadField(name, "A time is a whole number of milliseconds since 1970.")
    until = now_ms() + limits.future_seconds * 1000 if until is None else until
    since = max(0, min(until, now_ms()) - HOUR) if since is None else since
    if since >= until:
        raise BadField("since", "A window begins before it ends.")
    hours = (until - max(since, now_ms() - limits.hour_seconds * 1000)) // HOUR
    if len(keys) * hours > _READ_HOURS:
        raise BadField("series", "Ask for fewer series at a time, or for a shorter window.")
    return Window(keys, since, until, most)


def window(tx: ReadTx, board_id: int, wanted: Window) -> dict[str, Line]:
    """The series that there are, of those asked for."""
    rows = [tx.driver.execute(_SERIES, (board_id, key)).fetchone() for key in wanted.keys]
    found = [row for row in rows if row is not None and row[2] != GONE]
    many = max(1, len(found))
    budget = _READ // many
    return {key: _read(tx, series_id, kind, _share(wanted, kind, many), budget) for series_id, key, kind in found}


def _share(wanted: Window, kind: str, many: int) -> Window:
    """The same, with as many points as each of so many series may have."""
    return wanted._replace(most=min(wanted.most, (_TEXTS if kind == "text" else _TOLD) // many))


def _read(tx: ReadTx, series_id: int, kind: str, wanted: Window, budget: int) -> Line:
    if kind != "number":
        return Line(kind, 0, _newest(tx, series_id, kind, wanted))
    step = _finest(tx, series_id, wanted, budget)
    if step:
        return _rolled(tx, series_id, wanted, step)
    return _sampled(tx, series_id, wanted)


def _newest(tx: ReadTx, series_id: int, kind: str, wanted: Window) -> list[Any]:
    query = _NEWEST.format("text" if kind == "text" else "number")
    rows = tx.driver.execute(query, (series_id, wanted.since, wanted.until, wanted.most)).fetchall()
    return [(at, bool(value) if kind == "flag" else value) for at, value in reversed(rows)]


def _finest(tx: ReadTx, series_id: int, wanted: Window, budget: int) -> int:
    """How fine it can be told: 0 (each value), MINUTE or HOUR. As fine as anything reaches back as far as the window
    does, and is not more than can be read."""
    since, until = wanted.since, min(wanted.until, _LATEST)
    oldest = tx.driver.execute(_OLDEST, (series_id,)).fetchone()[0]
    whole = not any(_reaches_further(tx, series_id, step, since, oldest) for step in (MINUTE, HOUR))
    if whole and tx.driver.execute(_COUNT, (series_id, since, until, budget + 1)).fetchone()[0] <= budget:
        return 0
    oldest = tx.driver.execute(_OLDEST_OF, (series_id, MINUTE)).fetchone()[0]
    if _reaches_further(tx, series_id, HOUR, since, oldest):
        return HOUR
    count = tx.driver.execute(_COUNT_OF, (series_id, MINUTE, since, until, budget + 1)).fetchone()[0]
    return MINUTE if count <= budget else HOUR


def _reaches_further(tx: ReadTx, series_id: int, step: int, since: int, oldest: int | None) -> bool:
    """Whether the coarser ``step`` tells of something in the window before ``oldest``."""
    end = _LATEST if oldest is None else oldest - oldest % step
    return tx.driver.execute(_ANY, (series_id, step, since - since % step, end)).fetchone() is not None


def _sampled(tx: ReadTx, series_id: int, wanted: Window) -> Line:
    key = series_id, wanted.since, wanted.until
    if tx.driver.execute(_COUNT, (*key, wanted.most + 1)).fetchone()[0] <= wanted.most:
        return Line("number", 0, _newest(tx, series_id, "number", wanted))
    step = -(-(wanted.until - wanted.since) // wanted.most)
    rows = tx.driver.execute(_SAMPLED, (wanted.since, step, *key))
    return Line("number", step, [_as_item(*row) for row in rows])


def _rolled(tx: ReadTx, series_id: int, wanted: Window, base: int) -> Line:
    since = wanted.since - wanted.since % base
    step = -(-(wanted.until - since) // (wanted.most * base)) * base
    rows = tx.driver.execute(_ROLLED, (since, step, series_id, since, wanted.until, base))
    return Line("number", step, [_as_item(*row) for row in rows])


def _as_item(at: int, low: float, high: float, mean: float | None) -> tuple[int, float, float, float]:
    """Of huge numbers the sum may be none."""
    fit = mean is not None and math.isfinite(mean)
    return at, low, high, min(high, max(low, mean)) if fit else low / 2 + high / 2  # type: ignore[type-var,return-value]
