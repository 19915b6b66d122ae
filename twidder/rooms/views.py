"""Rooms as the struct that leaves the feature, with the caller's own side and the newest message."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from twidder.accounts import Author, authors
from twidder.config import Limits
from twidder.rooms.models import Message, Mine, Room
from twidder.rooms.shapes import load
from twidder.store import ReadTx

# Counts are bounded and go by indexes: this is asked of all rooms of a person at once.
_ROOMS = """
SELECT r.id, r.kind, r.name, r.description, r.created_at,
    (SELECT count(*) FROM room_members c WHERE c.room_id = r.id AND c.state = 'in'),
    r.archived_at IS NOT NULL, r.slow_seconds, r.knock, r.gateways,
    m.role, m.state, m.level, m.read_seq, m.muted_until,
    COALESCE((SELECT head FROM topics WHERE topic = CASE r.kind WHEN 'dm' THEN 'dm:' ELSE 'room:' END || r.id), 0),
    (SELECT count(*) FROM (SELECT 1 FROM (SELECT u.author_id FROM messages u
        WHERE u.room_id = r.id AND u.posted_seq > m.read_seq ORDER BY u.posted_seq LIMIT {scanned}) x
        WHERE x.author_id <> m.user_id LIMIT {most}))
FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = ?
WHERE r.id IN (SELECT value FROM json_each(?))
"""
_LAST = """
SELECT (SELECT m.id FROM messages m WHERE m.room_id = value ORDER BY m.id DESC LIMIT 1) FROM json_each(?)
"""
_MENTIONS = """
SELECT n.room_id, count(*) FROM
    (SELECT room_id, message_id, kind FROM notices WHERE user_id = ? ORDER BY id DESC LIMIT ?) n
    JOIN messages m ON m.id = n.message_id
    JOIN room_members r ON r.room_id = n.room_id AND r.user_id = ?
WHERE n.kind IN ('mention', 'reply') AND m.posted_seq > r.read_seq GROUP BY n.room_id
"""
_PEOPLE = """
SELECT room_id, user_id FROM room_members WHERE user_id <> ? AND room_id IN (SELECT value FROM json_each(?))
ORDER BY room_id, user_id
"""


def as_rooms(tx: ReadTx, user_id: int, room_ids: Collection[int], limits: Limits, *, last: bool = True) -> list[Room]:
    """As this user sees them, in no order. ``last`` False: without a text, for an event."""
    ids = _json(room_ids)
    query = _ROOMS.format(most=limits.unread_counted, scanned=limits.unread_scanned)
    rows = tx.driver.execute(query, (user_id, ids)).fetchall()
    marks = dict(tx.driver.execute(_MENTIONS, (user_id, limits.unread_scanned, user_id)).fetchall())
    people = _people(tx, user_id, [row[0] for row in rows if row[1] == "dm"])
    readable = [row[0] for row in rows if last and row[11] == "in"]
    newest = {message.room: message for message in _newest(tx, readable)}
    return [_as_room(row, marks.get(row[0], 0), people.get(row[0], []), newest.get(row[0])) for row in rows]


def as_room(tx: ReadTx, user_id: int, room_id: int, limits: Limits, *, last: bool = True) -> Room:
    return as_rooms(tx, user_id, [room_id], limits, last=last)[0]


def as_everybody_sees(room: Room) -> Room:
    """Without what is one person's own."""
    return msgspec.structs.replace(room, mine=None, last=None, people=[])


def names(tx: ReadTx, room_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """(name, kind) of these rooms; a conversation has no name."""
    query = "SELECT id, name, kind FROM rooms WHERE id IN (SELECT value FROM json_each(?))"
    return {room_id: (name, kind) for room_id, name, kind in tx.driver.execute(query, (_json(room_ids),))}


def _as_room(row: Any, marks: int, people: list[Author], last: Message | None) -> Room:
    room_id, kind, name, description, created_at, members, archived, slow_seconds, knock, gateways, *side = row
    return Room(
        room_id,
        kind,
        name,
        description,
        created_at,
        members,
        bool(archived),
        slow_seconds,
        bool(knock),
        bool(gateways),
        people,
        _as_mine(side, marks),
        last,
    )


def _as_mine(side: list[Any], marks: int) -> Mine | None:
    """Who waits at the door learns nothing of what is said inside."""
    role, state, level, read_seq, muted_until, head, unread = side
    if state == "in":
        return Mine(role, state, level, read_seq, head, unread, marks, muted_until)
    return Mine(role, state, level, 0, 0, 0, 0, muted_until) if state in ("invited", "knocking") else None


def _newest(tx: ReadTx, room_ids: list[int]) -> list[Message]:
    found = tx.driver.execute(_LAST, (_json(room_ids),)).fetchall()
    return load(tx, [message_id for (message_id,) in found if message_id is not None])


def _people(tx: ReadTx, user_id: int, room_ids: list[int]) -> dict[int, list[Author]]:
    """The others of direct conversations, those who have left included: it is about them, too."""
    if not room_ids:
        return {}
    pairs = tx.driver.execute(_PEOPLE, (user_id, _json(room_ids))).fetchall()
    names = authors(tx, {other for _, other in pairs})
    found: dict[int, list[Author]] = {}
    for room_id, other in pairs:
        found.setdefault(room_id, []).append(names[other])
    return found


def _json(ids: Collection[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()
