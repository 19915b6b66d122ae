"""Editing, deleting and taking back; what moderators see of it; forgetting for good."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, insert, literal_column, select, update

from twidder import files, moderation
from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.rooms import notices
from twidder.rooms.access import Place, access_moderator, check_may_speak, check_open, rank_of
from twidder.rooms.mentions import encode_mentions, find_mentioned
from twidder.rooms.models import Deleted, Message, message_versions, messages, reactions
from twidder.rooms.paging import access_message
from twidder.rooms.shapes import as_message, load
from twidder.store import ReadTx, Tx, fulltext, log


class Version(msgspec.Struct, frozen=True):
    """``at``: when it was replaced."""

    text: str
    at: int


class History(msgspec.Struct, frozen=True):
    """The oldest first; the newest is the message itself."""

    items: list[Version]


def edit(tx: Tx, me: Caller, message_id: int, text: str, limits: Limits) -> Message:
    """By its author. Earlier events lose the text they carried; moderators find it in the history."""
    row, place = _access_living(tx, me, message_id)
    if row.author_id != me.user_id:
        raise Forbidden
    check_may_speak(place)
    if text == row.text:
        return as_message(tx, row)
    mentions, now, seq = find_mentioned(tx, me, place, text, limits), now_ms(), tx.next_seq(place.topic)
    tx.execute(insert(message_versions).values(message_id=row.id, text=row.text, at=now))
    _set(tx, row.id, text=text, edited_at=now, seq=seq, mentions=encode_mentions(mentions))
    edited = load(tx, [row.id])[0]
    log.redact(tx.driver, place.topic, row.seq, {"id": row.id, "author": edited.author, "edited": True})
    tx.emit(place.topic, "message.edited", edited, seq)
    fulltext.put(tx, "message", row.id, place.id, row.author_id, row.created_at, text)
    meant = set(mentions.values()) - set(msgspec.json.decode(row.mentions).values())
    notices.tell_mentioned(tx, edited.author, place, row.id, meant)
    return edited


def delete_message(tx: Tx, me: Caller, message_id: int, limits: Limits) -> Deleted:
    """By its author, or who looks after the room: gone at once for everybody. The deleter may restore it for some
    seconds."""
    row, place = _access_living(tx, me, message_id)
    check_open(place)
    if row.author_id != me.user_id and not rank_of(me, place):
        raise Forbidden
    now = now_ms()
    _set(tx, row.id, deleted_at=now, deleted_by=me.user_id)
    log.redact(tx.driver, place.topic, row.seq, load(tx, [row.id])[0])
    tx.emit(place.topic, "message.deleted", {"id": row.id, "deleted": True})
    fulltext.forget(tx, "message", row.id)
    files.detach(tx, message_id=row.id)
    if row.author_id != me.user_id:
        moderation.record(tx, me.user_id, "message.deleted", place.id, row.author_id, row.id)
    return Deleted(row.id, now + limits.undo_seconds * 1000)


def restore(tx: Tx, me: Caller, message_id: int, limits: Limits) -> Message:
    """By whoever deleted it. Raises NotFound, TwidderError (gone)."""
    row, place = access_message(tx, me, message_id)
    if row.deleted_at is None or row.deleted_by != me.user_id:
        raise NotFound
    check_open(place)
    if now_ms() > row.deleted_at + limits.undo_seconds * 1000:
        raise TwidderError(code="gone")
    seq = tx.next_seq(place.topic)
    _set(tx, row.id, deleted_at=None, deleted_by=None, seq=seq)
    files.restore(tx, message_id=row.id)
    back = load(tx, [row.id])[0]
    tx.emit(place.topic, "message.restored", back, seq)
    fulltext.put(tx, "message", row.id, place.id, row.author_id, row.created_at, row.text)
    return back


def history(tx: ReadTx, me: Caller, message_id: int, limit: int) -> History:
    """What a message said before it was edited, for those who look after the room; nothing of a deleted one."""
    row, _ = _access_living(tx, me, message_id)
    access_moderator(tx, me, row.room_id)
    query = select(message_versions).where(message_versions.c.message_id == row.id)
    rows = tx.execute(query.order_by(message_versions.c.id.desc()).limit(limit)).all()
    return History([Version(version.text, version.at) for version in reversed(rows)])


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether a deleted text has outlived its undo."""
    return tx.execute(select(messages.c.id).where(_outlived(limits)).limit(1)).first() is not None


def forget_deleted(tx: Tx, limits: Limits) -> None:
    """Overwrite the texts that nobody can restore any more, and what hung on them."""
    over = select(messages.c.id).where(_outlived(limits))
    tx.execute(delete(message_versions).where(message_versions.c.message_id.in_(over)))
    tx.execute(delete(reactions).where(reactions.c.message_id.in_(over)))
    tx.execute(update(messages).where(_outlived(limits)).values(text="", mentions="{}"))
    tx.scrub()


_FORGOTTEN: ColumnElement[str] = literal_column("''")  # as the index says it; a parameter could be anything


def _outlived(limits: Limits) -> ColumnElement[bool]:
    return (messages.c.deleted_at < now_ms() - limits.undo_seconds * 1000) & (messages.c.text != _FORGOTTEN)


def _access_living(tx: ReadTx, me: Caller, message_id: int) -> tuple[Any, Place]:
    row, place = access_message(tx, me, message_id)
    if row.deleted_at is not None:
        raise NotFound
    return row, place


def _set(tx: Tx, message_id: int, **values: Any) -> None:
    tx.execute(update(messages).where(messages.c.id == message_id).values(**values))
