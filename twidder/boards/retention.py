"""What is dropped, and when, by housekeeping, in steps that hold the writer for some milliseconds:

* values after a day, and the oldest of a series or a board that has too many;
* what they came to by the minute after two weeks, by the hour after two years;
* what is left of deleted series and boards, and producers that were revoked;
* phones whose link has ended, but for each board's last: numbers are not given twice;
* answers to pushes after a day, and the oldest where there are too many.

Each look concerns a part of the series; all have had their turn within a minute or two.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from twidder.boards.models import HOUR, MINUTE
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.store import Database, ReadTx, Tx

_TURNS = 12  # looks until each series has been looked at
_LOOK_MS = 5_000  # between two looks
_ROWS = 2_000  # dropped in one transaction: each is overwritten in the file, some 5 ms together
_STEPS = 20  # … so often in one look
_RECENT_MS = 4 * _TURNS * _LOOK_MS  # what has had no value since is no larger than at the last look
_DAY_MS = 86_400_000
_ALL = 2**53

_OF_TURN = "FROM series s JOIN boards b ON b.id = s.board_id WHERE s.id % ?1 = ?2 AND"
_LIVING = f"{_OF_TURN} s.type <> 'gone' AND b.deleted_at IS NULL AND"
_OLD_POINTS = f"SELECT s.id {_LIVING} EXISTS (SELECT 1 FROM points WHERE series_id = s.id AND at < ?3)"
_OLD_ROLLUPS = f"""
SELECT s.id {_LIVING} EXISTS (SELECT 1 FROM rollups WHERE series_id = s.id AND step = ?3 AND at < ?4)
"""
_MOVING = f"SELECT s.id {_LIVING} s.seen_at > ?3"
_DEAD = f"SELECT s.id, s.type, s.key, s.seen_at, b.deleted_at {_OF_TURN} (s.type = 'gone' OR b.deleted_at < ?3)"
_MOVING_BOARDS = """
SELECT id FROM boards WHERE id % ?1 = ?2 AND deleted_at IS NULL
AND EXISTS (SELECT 1 FROM series s WHERE s.board_id = boards.id AND s.seen_at > ?3)
"""
_COUNTS = "SELECT s.id, (SELECT COUNT(*) FROM points WHERE series_id = s.id) FROM series s WHERE s.board_id = ?"
_BEYOND = "SELECT at FROM points WHERE series_id = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
_OLD_PUSHES = "SELECT 1 FROM pushes WHERE at < ? LIMIT 1"
_PUSH_BEYOND = "SELECT at FROM pushes ORDER BY at DESC LIMIT 1 OFFSET ?"
_IDLE = """
FROM producers WHERE NOT EXISTS (SELECT 1 FROM pushes WHERE producer_id = producers.id) AND (revoked_at < ?1
OR EXISTS (SELECT 1 FROM boards b WHERE b.id = producers.board_id AND b.deleted_at < ?1))
"""

_POINTS = """
DELETE FROM points WHERE series_id = ?1
AND at IN (SELECT at FROM points WHERE series_id = ?1 AND at < ?2 ORDER BY at LIMIT ?3)
"""
_ROLLUPS = """
DELETE FROM rollups WHERE series_id = ?1 AND step = ?2
AND at IN (SELECT at FROM rollups WHERE series_id = ?1 AND step = ?2 AND at < ?3 ORDER BY at LIMIT ?4)
"""
_PUSHES = "DELETE FROM pushes WHERE at IN (SELECT at FROM pushes WHERE at < ? ORDER BY at LIMIT ?)"
_EMPTY = """
DELETE FROM series WHERE id = ? AND NOT EXISTS (SELECT 1 FROM points WHERE series_id = id)
AND NOT EXISTS (SELECT 1 FROM rollups WHERE series_id = id) AND ? > 0
"""
_PRODUCERS = f"DELETE FROM producers WHERE id IN (SELECT id {_IDLE} LIMIT ?2)"

_ENDED = "(l.expires_at < ?1 OR l.revoked_at < ?1 OR b.deleted_at < ?1)"
_OLD_PHONES = f"""
SELECT s.id FROM sensors s JOIN sensor_links l ON l.id = s.link_id JOIN boards b ON b.id = l.board_id JOIN (
    SELECT y.board_id AS board_id, MAX(x.number) AS number FROM sensors x JOIN sensor_links y ON y.id = x.link_id
    GROUP BY y.board_id
) newest ON newest.board_id = b.id
WHERE {_ENDED} AND (b.deleted_at < ?1 OR s.number < newest.number)
"""
_OLD_LINKS = f"""
SELECT l.id FROM sensor_links l JOIN boards b ON b.id = l.board_id
WHERE {_ENDED} AND NOT EXISTS (SELECT 1 FROM sensors WHERE link_id = l.id)
"""
_PHONES = f"DELETE FROM sensors WHERE id IN ({_OLD_PHONES} LIMIT ?2)"
_LINKS = f"DELETE FROM sensor_links WHERE id IN ({_OLD_LINKS} LIMIT ?2)"


class Drop(NamedTuple):
    """A statement that deletes as many rows as its last parameter says, oldest first."""

    statement: str
    parameters: tuple[Any, ...]


def sweep(store: Database, limits: Limits, turn: int | None = None) -> None:
    """One look, at the ``turn``-th part of the series (of ``_TURNS``; by the clock when left out). Blocks."""
    now = now_ms()
    of = now // _LOOK_MS % _TURNS if turn is None else turn
    drops = store.read(lambda tx: _find(tx, now, of, limits))
    for _ in range(_STEPS):
        if not drops:
            return
        drops = store.write(lambda tx, drops=drops: _carry_out(tx, drops))  # type: ignore[misc]


def _carry_out(tx: Tx, drops: list[Drop]) -> list[Drop]:
    """As much as one transaction may; the rest comes back."""
    left = _ROWS
    for place, drop in enumerate(drops):
        left -= tx.driver.execute(drop.statement, (*drop.parameters, left)).rowcount
        if left <= 0:
            return drops[place:]
    return []


def _find(tx: ReadTx, now: int, turn: int, limits: Limits) -> list[Drop]:
    return [
        *_too_old(tx, now, turn, limits),
        *_too_many(tx, now, turn, limits),
        *_too_many_of_boards(tx, now, turn, limits),
        *_dead(tx, now, turn, limits),
        *_answers(tx, now, limits),
        *_phones(tx, now),
    ]


def _too_old(tx: ReadTx, now: int, turn: int, limits: Limits) -> list[Drop]:
    raw = now - limits.raw_seconds * 1000
    raw -= raw % MINUTE  # whole minutes, so that what is there of one is all of it
    found = [Drop(_POINTS, (series_id, raw)) for (series_id,) in tx.driver.execute(_OLD_POINTS, (_TURNS, turn, raw))]
    for step, seconds in ((MINUTE, limits.minute_seconds), (HOUR, limits.hour_seconds)):
        before = now - seconds * 1000 - step
        rows = tx.driver.execute(_OLD_ROLLUPS, (_TURNS, turn, step, before))
        found += [Drop(_ROLLUPS, (series_id, step, before)) for (series_id,) in rows]
    return found


def _too_many(tx: ReadTx, now: int, turn: int, limits: Limits) -> list[Drop]:
    rows = tx.driver.execute(_MOVING, (_TURNS, turn, now - _RECENT_MS)).fetchall()
    return [drop for (series_id,) in rows for drop in _beyond(tx, series_id, limits.raw_points)]


def _too_many_of_boards(tx: ReadTx, now: int, turn: int, limits: Limits) -> list[Drop]:
    found: list[Drop] = []
    for (board_id,) in tx.driver.execute(_MOVING_BOARDS, (_TURNS, turn, now - _RECENT_MS)).fetchall():
        counts = dict(tx.driver.execute(_COUNTS, (board_id,)).fetchall())
        level = fair_level(list(counts.values()), limits.board_points)
        found += [drop for one, count in counts.items() if count > level for drop in _beyond(tx, one, level)]
    return found


def fair_level(counts: list[int], most: int) -> int:
    """How many each may keep, so that together they keep ``most``: the small ones all of theirs."""
    left, level = most, max(counts, default=0)
    for place, count in enumerate(sorted(counts)):
        level = left // (len(counts) - place)
        if count > level:
            return level
        left -= count
    return max(counts, default=0)


def _beyond(tx: ReadTx, series_id: int, most: int) -> list[Drop]:
    row = tx.driver.execute(_BEYOND, (series_id, most)).fetchone()
    return [Drop(_POINTS, (series_id, row[0] + 1))] if row else []


def _dead(tx: ReadTx, now: int, turn: int, limits: Limits) -> list[Drop]:
    """Of deleted series the row stays for as long as somebody may come back who has not heard of it."""
    found: list[Drop] = []
    undone = now - limits.undo_seconds * 1000
    heard = now - limits.session_seconds * 1000
    for series_id, kind, key, seen_at, deleted_at in tx.driver.execute(_DEAD, (_TURNS, turn, undone)).fetchall():
        found += [
            Drop(_POINTS, (series_id, _ALL)),
            *(Drop(_ROLLUPS, (series_id, step, _ALL)) for step in (MINUTE, HOUR)),
        ]
        if deleted_at is not None or (kind == "gone" and (key[0] == "$" or seen_at < heard)):
            found.append(Drop(_EMPTY, (series_id,)))
    return found


def _answers(tx: ReadTx, now: int, limits: Limits) -> list[Drop]:
    before = now - limits.push_key_seconds * 1000
    beyond = tx.driver.execute(_PUSH_BEYOND, (limits.push_keys,)).fetchone()
    before = max(before, beyond[0] + 1) if beyond else before
    found = [Drop(_PUSHES, (before,))] if tx.driver.execute(_OLD_PUSHES, (before,)).fetchone() else []
    idle = now - _DAY_MS
    if tx.driver.execute(f"SELECT 1 {_IDLE} LIMIT 1", (idle,)).fetchone():
        found.append(Drop(_PRODUCERS, (idle,)))
    return found


def _phones(tx: ReadTx, now: int) -> list[Drop]:
    ended = now - _DAY_MS
    looked_for = (_OLD_PHONES, _PHONES), (_OLD_LINKS, _LINKS)
    return [
        Drop(drop, (ended,)) for find, drop in looked_for if tx.driver.execute(f"{find} LIMIT 1", (ended,)).fetchone()
    ]
