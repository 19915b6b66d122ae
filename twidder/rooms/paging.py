"""Pages of a conversation: the newest, both ways from a message, around one, from a date, from the first unread."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, select

from twidder.accounts import Caller
from twidder.errors import NotFound
from twidder.rooms.access import Place, access_room
from twidder.rooms.models import Message, messages
from twidder.rooms.shapes import as_message, as_messages, load
from twidder.store import ReadTx, log


class Where(msgspec.Struct, forbid_unknown_fields=True):
    """Of a conversation. At most one of: ``before`` and ``after`` (a message's id), ``around`` (likewise), ``at`` (ms
    since the epoch), ``unread`` (the first unread). None of them: the newest."""

    limit: int = 50
    before: int | None = None
    after: int | None = None
    around: int | None = None
    at: int | None = None
    unread: bool = False


class MessagesPage(msgspec.Struct, frozen=True):
    """Oldest first. ``older``, ``newer``: what to ask for ``before`` and ``after`` with; None at the ends. ``quoted``:
    what the items answer, where it is not among them. ``seq`` and ``epoch``: the position to join the topic from."""

    items: list[Message]
    older: int | None
    newer: int | None
    quoted: list[Message]
    seq: int
    epoch: str
    next: int | None


def page(tx: ReadTx, me: Caller, room_id: int, where: Where) -> MessagesPage:
    place = access_room(tx, me, room_id)
    rows, older, newer = _rows(tx, place, where)
    items = as_messages(tx, rows)
    here = {message.id for message in items}
    quoted = load(tx, {message.reply_to for message in items if message.reply_to} - here)
    before, after = (items[0].id if items and older else None), (items[-1].id if items and newer else None)
    return MessagesPage(items, before, after, quoted, log.head(tx.driver, place.topic), log.epoch(tx.driver), before)


def access_message(tx: ReadTx, me: Caller, message_id: int) -> tuple[Any, Place]:
    """The row, deleted ones too, and its room. Raises NotFound unless the caller may read it."""
    row = tx.execute(select(messages).where(messages.c.id == message_id)).first()
    if row is None:
        raise NotFound
    return row, access_room(tx, me, row.room_id)


def message(tx: ReadTx, me: Caller, message_id: int) -> Message:
    row, _ = access_message(tx, me, message_id)
    return as_message(tx, row)


Rows = tuple[list[Any], bool, bool]


def _rows(tx: ReadTx, place: Place, where: Where) -> Rows:
    """The rows, whether there are older ones, and newer ones."""
    if where.before is not None:
        return _before(tx, place, where.limit, where.before)
    if where.after is not None:
        return _after(tx, place, where.limit, where.after)
    middle = _middle(tx, place, where)
    return _before(tx, place, where.limit, None) if middle is None else _around(tx, place, where.limit, middle)


def _middle(tx: ReadTx, place: Place, where: Where) -> int | None:
    """The message in the midst of the page; None for the newest page."""
    if where.at is not None:  # by the time's own index, so that a clock that was set back is no trouble
        later = _ids_of(place).where(messages.c.created_at >= where.at)
        return tx.execute(later.order_by(messages.c.created_at).limit(1)).scalar()
    if where.unread and place.read_seq is not None:
        unread = _ids_of(place).where(messages.c.posted_seq > place.read_seq)
        return tx.execute(unread.order_by(messages.c.posted_seq).limit(1)).scalar()
    return where.around


def _before(tx: ReadTx, place: Place, limit: int, message_id: int | None) -> Rows:
    query = _of(place)
    if message_id is not None:
        query = query.where(messages.c.id < message_id)
    rows = list(tx.execute(query.order_by(messages.c.id.desc()).limit(limit + 1)))
    newer = message_id is not None and _is_newest_after(tx, place, rows, message_id)
    return rows[:limit][::-1], len(rows) > limit, newer


def _after(tx: ReadTx, place: Place, limit: int, message_id: int) -> Rows:
    rows = list(tx.execute(_of(place).where(messages.c.id > message_id).order_by(messages.c.id).limit(limit + 1)))
    older = tx.execute(_of(place).where(messages.c.id <= message_id).limit(1)).first() is not None
    return rows[:limit], older, len(rows) > limit


def _around(tx: ReadTx, place: Place, limit: int, message_id: int) -> Rows:
    """Half of the page before it; it is in the other half."""
    before, older, _ = _before(tx, place, limit // 2, message_id) if limit > 1 else ([], True, True)
    after, _, newer = _after(tx, place, limit - limit // 2, message_id - 1)
    return before + after, older, newer


def _is_newest_after(tx: ReadTx, place: Place, rows: list[Any], message_id: int) -> bool:
    return bool(rows) and tx.execute(_of(place).where(messages.c.id >= message_id).limit(1)).first() is not None


def _ids_of(place: Place) -> Select[tuple[int]]:
    return select(messages.c.id).where(messages.c.room_id == place.id)


def _of(place: Place) -> Select[Any]:
    return select(messages).where(messages.c.room_id == place.id)
