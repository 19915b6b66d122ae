"""The log: what happened, per topic, numbered without holes.

The append is two plain driver statements: through SQLAlchemy Core the same work takes eight times as long, and this
is the one place where that is the limit of the whole server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from twidder.clock import now_ms

encode = msgspec.json.Encoder().encode


class Event(NamedTuple):
    """One row of the log. ``data`` is JSON, as it goes on the wire."""

    topic: str
    seq: int
    at: int
    event: str
    data: bytes


class CatchUp(NamedTuple):
    """What somebody at ``position`` has missed. ``events`` None = too much, or another epoch: load the page anew."""

    seq: int
    events: list[Event] | None


_NEXT_SEQ = (
    "INSERT INTO topics (topic, head) VALUES (?, 1) ON CONFLICT (topic) DO UPDATE SET head = head + 1 RETURNING head"
)
_APPEND = "INSERT INTO events (topic, seq, at, event, data) VALUES (?, ?, ?, ?, ?)"
_NAMED = "SELECT seq, data FROM events WHERE topic = ? AND event = ?"
_REDACT = "UPDATE events SET data = ? WHERE topic = ? AND seq = ?"
_OF_BOARDS = """
SELECT seq, data FROM events INDEXED BY ix_events_boards WHERE topic = ? AND event >= 'board.' AND event < 'board/'
"""
_NEWEST_OF_BOARDS = """
SELECT at FROM events INDEXED BY ix_events_boards WHERE topic = ? AND event >= 'board.' AND event < 'board/'
ORDER BY seq DESC LIMIT 1 OFFSET ?
"""
_HEAD = "SELECT head FROM topics WHERE topic = ?"
_AHEAD = "SELECT topic, head FROM json_each(?) JOIN topics ON topic = key WHERE head > value"
_SINCE = "SELECT topic, seq, at, event, data FROM events WHERE topic = ? AND seq > ? ORDER BY seq LIMIT ?"
_EPOCH = "SELECT value FROM settings WHERE key = 'epoch'"


def next_seq(driver: Any, topic: str) -> int:
    """Take the topic's next number; it is used up by ``append`` in the same transaction."""
    (seq,) = driver.execute(_NEXT_SEQ, (topic,)).fetchone()
    return int(seq)


def append(driver: Any, topic: str, seq: int, event: str, data: bytes) -> Event:
    row = Event(topic, seq, now_ms(), event, data)
    driver.execute(_APPEND, row)
    return row


def redact(driver: Any, topic: str, seq: int, data: Any) -> None:
    """Overwrite what an earlier event said: nobody who resumes may read what was deleted."""
    driver.execute(_REDACT, (encode(data), topic, seq))


def named(driver: Any, topic: str, event: str) -> list[tuple[int, bytes]]:
    """All events of that name: each one's seq and data. Walks through the whole topic: for what is rare."""
    return driver.execute(_NAMED, (topic, event)).fetchall()  # type: ignore[no-any-return]


def of_boards(driver: Any, topic: str) -> list[tuple[int, bytes]]:
    """What the topic's log says of boards, in a room of many messages: each event's seq and data."""
    return driver.execute(_OF_BOARDS, (topic,)).fetchall()  # type: ignore[no-any-return]


def newest_of_boards(driver: Any, topic: str, number: int) -> int | None:
    """When the ``number``-th newest event of boards was, in ms; None: there are fewer."""
    row = driver.execute(_NEWEST_OF_BOARDS, (topic, number - 1)).fetchone()
    return row[0] if row else None


def head(driver: Any, topic: str) -> int:
    row = driver.execute(_HEAD, (topic,)).fetchone()
    return row[0] if row else 0


def ahead_of(driver: Any, heads: Mapping[str, int]) -> dict[str, int]:
    """The heads of those of the topics that have got further than is said here."""
    return dict(driver.execute(_AHEAD, (encode(heads).decode(),)).fetchall())


def epoch(driver: Any) -> str:
    """The random name of this log, that positions carry: those of another log mean nothing here."""
    (value,) = driver.execute(_EPOCH).fetchone()
    return str(value)


def catch_up(driver: Any, topic: str, position: int | None, of_epoch: str | None, most: int) -> CatchUp:
    """What ``topic`` has had since ``position``; None = from now on. More than ``most`` events, a position ahead of the
    head, or one of another epoch: a reset."""
    now = head(driver, topic)
    if position is None:
        return CatchUp(now, [])
    if position > now or now - position > most or of_epoch not in (None, epoch(driver)):
        return CatchUp(now, None)
    rows = driver.execute(_SINCE, (topic, position, most)).fetchall()
    return CatchUp(now, [Event(*row) for row in rows])
