"""Posting: the way that every message takes, whichever door it came by. Plain statements, since it is the hot one."""

from __future__ import annotations

from typing import Any

from twidder import files
from twidder.accounts import Caller, access_author
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Conflict, RateLimited
from twidder.rates import Rates
from twidder.rooms import notices
from twidder.rooms.access import Place, access_room, check_may_speak, rank_of
from twidder.rooms.dms import check_heard
from twidder.rooms.mentions import encode_mentions, find_mentioned
from twidder.rooms.models import Message, NewMessage
from twidder.rooms.shapes import load
from twidder.store import ReadTx, Tx, fulltext


def take_edit(rates: Rates, me: Caller, limits: Limits) -> None:
    """One change of something that is there: the log keeps each for ever. Raises RateLimited."""
    rates.take("edit", me.user_id, burst=limits.edits_per_minute, rate=limits.edits_per_minute / 60)


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """One message of ``me``'s rate, whichever door it came by. Raises RateLimited."""
    if me.guest_of is None:
        rates.take("message", me.user_id, burst=limits.messages_burst, rate=limits.messages_per_second)
    else:
        rates.take("message", me.user_id, burst=limits.guest_burst, rate=limits.guest_per_second)


def post(tx: Tx, me: Caller, room_id: int, new: NewMessage, limits: Limits) -> tuple[Message, bool]:
    """Store a checked message; (the message, whether it is new). The same client id again gives the first answer."""
    assert new.cid is not None
    place = access_room(tx, me, room_id)
    earlier = tx.driver.execute(_EARLIER, (me.user_id, new.cid)).fetchone()
    if earlier is not None:
        return _first_answer(tx, room_id, new, earlier), False
    check_may_speak(place)
    check_heard(tx, place)
    _check_pace(tx, me, place)
    replied = _access_replied(tx, room_id, new.reply_to)
    made = _store(tx, me, place, new, find_mentioned(tx, me, place, new.text, limits))
    notices.tell_mentioned(tx, made.author, place, made.id, set(made.mentions.values()), replied)
    return made, True


_EARLIER = "SELECT id, room_id, text, reply_to, deleted_at FROM messages WHERE author_id = ? AND cid = ?"
_INSERT = """
INSERT INTO messages (room_id, author_id, cid, text, created_at, posted_seq, seq, reply_to, mentions)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""


def _store(tx: Tx, me: Caller, place: Place, new: NewMessage, mentions: dict[str, int]) -> Message:
    assert new.cid is not None
    at, seq = now_ms(), tx.next_seq(place.topic)
    row = (place.id, me.user_id, new.cid, new.text, at, seq, seq, new.reply_to, encode_mentions(mentions))
    (message_id,) = tx.driver.execute(_INSERT, row).fetchone()
    attached = files.attach(tx, me, new.files, message_id=message_id, room_id=place.id)
    made = Message(
        message_id,
        place.id,
        access_author(tx, me.user_id),
        new.text,
        at,
        new.cid,
        seq,
        reply_to=new.reply_to,
        mentions=mentions,
        files=attached,
    )
    tx.emit(place.topic, "message.posted", made, seq)
    fulltext.put(tx, "message", message_id, place.id, me.user_id, at, new.text)
    return made


def _first_answer(tx: ReadTx, room_id: int, new: NewMessage, earlier: Any) -> Message:
    message_id, stored_room, text, reply_to, deleted_at = earlier
    changed = deleted_at is None and (text, reply_to) != (new.text, new.reply_to) and not _was(tx, message_id, new.text)
    if stored_room != room_id or changed:
        raise Conflict
    return load(tx, [message_id])[0]


def _was(tx: ReadTx, message_id: int, text: str) -> bool:
    """Whether the message began with this text, and was edited since."""
    query = "SELECT text FROM message_versions WHERE message_id = ? ORDER BY id LIMIT 1"
    first = tx.driver.execute(query, (message_id,)).fetchone()
    return first is not None and bool(first[0] == text)


def _check_pace(tx: ReadTx, me: Caller, place: Place) -> None:
    """Slow mode. Raises RateLimited."""
    if not place.slow_seconds or rank_of(me, place):
        return
    now, pause = now_ms(), place.slow_seconds * 1000
    query = "SELECT MAX(created_at) FROM messages WHERE room_id = ? AND created_at > ? AND author_id = ?"
    (last,) = tx.driver.execute(query, (place.id, now - pause, me.user_id)).fetchone()
    if last is not None:
        raise RateLimited(retry_ms=last + pause - now + 1)


def _access_replied(tx: ReadTx, room_id: int, message_id: int | None) -> int | None:
    """Whom a message answers. Raises BadField unless that is there, in the same room."""
    if message_id is None:
        return None
    query = "SELECT author_id FROM messages WHERE id = ? AND room_id = ? AND deleted_at IS NULL"
    row = tx.driver.execute(query, (message_id, room_id)).fetchone() if 0 < message_id < 2**63 else None
    if row is None:
        raise BadField("reply_to", "There is no such message in this room.")
    return int(row[0])
