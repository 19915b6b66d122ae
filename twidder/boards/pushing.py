"""Storing what a producer sends: its points, what they come to by minute and hour, and each series' newest value.

Plain driver statements, and many rows to a statement: a push of one value is to take less than 0.1 ms of the writer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from twidder.boards import rollups
from twidder.boards.access import topic
from twidder.boards.freshness import tell_room
from twidder.boards.models import GONE, Value
from twidder.boards.parsing import Point, Refusal
from twidder.boards.state import encode, tell
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.store import ReadTx, Tx

_SHIFTS = 5  # so many ms are tried for a text that was sent for the time of another
_NEAR_MS = 1_000  # a program that prints a hundred lines at once
_COLUMNS = "id, key, type, unit, every_ms, value, at, freshness, past_seq"
_ONE = f"SELECT {_COLUMNS} FROM series WHERE board_id = ? AND key = ?"
_MANY = f"SELECT {_COLUMNS} FROM series WHERE board_id = ? AND key IN (SELECT value FROM json_each(?))"
_COUNT = "SELECT COUNT(*), TOTAL(type <> 'gone') FROM series WHERE board_id = ?"
_NEW = """
INSERT INTO series (board_id, key, type, unit, created_at, value, at, seen_at, seq, past_seq)
VALUES (?, ?, ?, '', ?, '', 0, 0, 0, 0) RETURNING id
"""
_UPDATE = """
UPDATE series SET unit = ?, every_ms = ?, value = ?, at = ?, seen_at = ?, freshness = ?, seq = ?, past_seq = ?
WHERE id = ?
"""
_POINT = """
INSERT INTO points (series_id, at, number, text) VALUES (?, ?, ?, ?)
ON CONFLICT (series_id, at) DO UPDATE SET number = excluded.number, text = excluded.text
"""
_POINT_AT = "SELECT number, text FROM points WHERE series_id = ? AND at = ?"
_AWAY = "UPDATE series SET key = '$' || id WHERE id = ?"


class _Series:
    """A series and what this push brings it. ``newest``: time of the newest value that was stored before."""

    __slots__ = ("at", "every", "freshness", "id", "key", "newest", "past", "points", "type", "unit", "value")

    def __init__(self, row: Any) -> None:
        self.id, self.key, self.type, self.unit, self.every, value, self.at, self.freshness, self.past = row
        self.value: Any = msgspec.Raw(value.encode())
        self.newest: int = self.at
        self.points: list[tuple[int, Any]] = []


class _Times(NamedTuple):
    now: int
    raw: int  # older values are not kept one by one
    minute: int  # … nor by the minute

    @classmethod
    def of(cls, now: int, limits: Limits) -> _Times:
        return cls(now, now - limits.raw_seconds * 1000, now - limits.minute_seconds * 1000)


def store(tx: Tx, board_id: int, points: list[Point], limits: Limits) -> list[Refusal]:
    """Store the points, and tell those who follow the board. What could not be taken comes back."""
    times = _Times.of(now_ms(), limits)
    changed, refused = _sort(tx, board_id, points, times, limits)
    if changed:
        seq = tx.next_seq(topic(board_id))
        sums = rollups.Sums(times.minute)
        rows = [row for one in changed for row in _settle(tx, one, times, sums)]
        tx.driver.executemany(_POINT, rows)
        sums.store(tx)
        for one in changed:
            _take_newest(tx, board_id, one, seq, limits)
        tx.driver.executemany(_UPDATE, [_as_row(one, times.now, seq) for one in changed])
        tell(tx, board_id, {one.key: _as_value(one, times.now) for one in changed}, seq)
    return refused


def _sort(
    tx: Tx, board_id: int, points: list[Point], times: _Times, limits: Limits
) -> tuple[list[_Series], list[Refusal]]:
    """Each point to its series, which may be a new one."""
    known = _find(tx, board_id, points)
    left = _Space(tx, board_id, limits)
    refused: list[Refusal] = []
    for point in points:
        kind = "flag" if isinstance(point.value, bool) else "text" if isinstance(point.value, str) else "number"
        one = known.get(point.key)
        is_new = one is None or one.type == GONE
        if one is not None and one.type not in (kind, GONE):
            refused.append(_refuse(point, "wrong_type", f"This series is of type {one.type}."))
        elif kind != "number" and point.at is not None and point.at < times.raw:
            refused.append(_refuse(point, "too_old", "Texts and flags are kept for a day."))
        elif is_new and not left.take():
            refused.append(_refuse(point, "too_many_series", f"A board has at most {limits.board_series:,} series."))
        else:
            if one is None or one.type == GONE:
                one = known[point.key] = _begin(tx, board_id, point.key, kind, one, times.now)
            _add(one, point, times.now)
    return [one for one in known.values() if one.points], refused


def _find(tx: ReadTx, board_id: int, points: list[Point]) -> dict[str, _Series]:
    keys = {point.key for point in points}
    if len(keys) == 1:
        rows = tx.driver.execute(_ONE, (board_id, *keys))
    else:
        rows = tx.driver.execute(_MANY, (board_id, encode(list(keys)).decode()))
    return {row[1]: _Series(row) for row in rows.fetchall()}


class _Space:
    """How many series more the board takes; asked when there is a new one. Deleted ones that are not swept up yet count
    from twice as many on."""

    def __init__(self, tx: ReadTx, board_id: int, limits: Limits) -> None:
        self._tx, self._board_id, self._most = tx, board_id, limits.board_series
        self._left: int | None = None

    def take(self) -> bool:
        if self._left is None:
            rows, living = self._tx.driver.execute(_COUNT, (self._board_id,)).fetchone()
            self._left = min(self._most - int(living), 2 * self._most - rows)
        self._left -= 1
        return self._left >= 0


def _begin(tx: Tx, board_id: int, key: str, kind: str, gone: _Series | None, now: int) -> _Series:
    """A new series. One of that key that was deleted goes out of the way: its values wait for housekeeping."""
    if gone is not None:
        tx.driver.execute(_AWAY, (gone.id,))
    (series_id,) = tx.driver.execute(_NEW, (board_id, key, kind, now)).fetchone()
    return _Series((series_id, key, kind, "", None, "", -1, None, 0))


def _add(one: _Series, point: Point, now: int) -> None:
    one.points.append((now if point.at is None else point.at, point.value))
    one.unit = one.unit if point.unit is None else point.unit
    one.every = one.every if point.every is None else point.every


def _settle(tx: Tx, one: _Series, times: _Times, sums: rollups.Sums) -> list[tuple[Any, ...]]:
    """The rows of ``points`` to write; numbers are added to the sums. Of the same time the later number replaces the
    earlier; a text never does, it moves on by a millisecond."""
    one.points.sort(key=lambda point: point[0])
    if one.type == "text":
        one.points = _spread(tx, one)
        return [(one.id, at, None, text) for at, text in one.points]
    one.points = list(dict(one.points).items())
    if one.type == "number":
        for at, number in one.points:
            old = tx.driver.execute(_POINT_AT, (one.id, at)).fetchone() if times.raw <= at <= one.newest else None
            if old is None:
                sums.add(one.id, at, number, at > one.newest)
            else:
                sums.replace(one.id, at, old[0], number)
    return [(one.id, at, float(number), None) for at, number in one.points if at >= times.raw]


def _spread(tx: ReadTx, one: _Series) -> list[tuple[int, str]]:
    """The texts, each with a time of its own."""
    spread: list[tuple[int, str]] = []
    last = -1
    for at, text in one.points:
        last = max(at, last + 1)
        if last <= one.newest:
            last = _find_place(tx, one, last, text)
        spread.append((last, text))
    return spread


def _find_place(tx: ReadTx, one: _Series, at: int, text: str) -> int:
    """Where nothing is yet, or this very text: it was sent again. In a crowd it goes to the end, where that is near;
    else one gives way."""
    for place in range(at, at + _SHIFTS):
        there = tx.driver.execute(_POINT_AT, (one.id, place)).fetchone()
        if there is None or there[1] == text:
            return place
    return one.newest + 1 if one.newest - at < _NEAR_MS else place


def _take_newest(tx: Tx, board_id: int, one: _Series, seq: int, limits: Limits) -> None:
    if one.points[0][0] < one.newest:
        one.past = seq
    if one.points[-1][0] >= one.newest:
        one.at, one.value = one.points[-1]
    if one.freshness == "silent":
        tell_room(tx, board_id, "board.back", {"key": one.key}, limits)
    one.freshness = None if one.every is None else "fresh"


def _as_row(one: _Series, now: int, seq: int) -> tuple[Any, ...]:
    value = encode(one.value).decode()
    return one.unit, one.every, value, one.at, now, one.freshness, seq, one.past, one.id


def _as_value(one: _Series, now: int) -> Value:
    return Value(one.value, one.at, now, one.type, one.unit, one.every, one.freshness, one.past)


def _refuse(point: Point, code: str, detail: str) -> Refusal:
    return Refusal(point.place, point.key, code, detail)
