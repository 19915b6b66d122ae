"""The inbox: my notices, with what their messages say now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import func, select, update

from twidder.accounts import Author, Caller, authors
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.rooms.access import doors_of, visible_rooms
from twidder.rooms.models import messages, notices
from twidder.rooms.views import names
from twidder.store import ReadTx, Tx, log


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A notice. ``text``: how the message begins, as it is now; empty when it is deleted, or not for me any more. So is
    ``room_name``."""

    id: int
    kind: str
    by: Author
    at: int
    room: int | None = None
    message: int | None = None
    read: bool = False
    text: str = ""
    room_name: str = ""


class InboxPage(msgspec.Struct, frozen=True):
    """Newest first. ``unread``: how many, counted to 100. ``seq``, ``epoch``: the position to join ``me`` from."""

    items: list[Entry]
    unread: int
    next: int | None
    seq: int
    epoch: str


def page(tx: ReadTx, me: Caller, limits: Limits, *, before: int | None, limit: int) -> InboxPage:
    query = select(notices).where(notices.c.user_id == me.user_id)
    if before is not None:
        query = query.where(notices.c.id < before)
    rows = tx.execute(query.order_by(notices.c.id.desc()).limit(limit + 1)).all()
    older = rows[limit - 1].id if len(rows) > limit else None
    unread = _unread(tx, me, limits)
    return InboxPage(
        _entries(tx, me, rows[:limit], limits),
        unread,
        older,
        log.head(tx.driver, f"me:{me.user_id}"),
        log.epoch(tx.driver),
    )


def read_up_to(tx: Tx, me: Caller, notice_id: int) -> None:
    """All notices up to this one have been read."""
    unread = (notices.c.user_id == me.user_id) & notices.c.read_at.is_(None) & (notices.c.id <= notice_id)
    if tx.execute(update(notices).where(unread).values(read_at=now_ms())).rowcount:
        tx.emit(f"me:{me.user_id}", "notices.read", {"up_to": notice_id})


def _unread(tx: ReadTx, me: Caller, limits: Limits) -> int:
    some = select(notices.c.id).where(notices.c.user_id == me.user_id, notices.c.read_at.is_(None))
    return int(tx.execute(select(func.count()).select_from(some.limit(limits.unread_counted).subquery())).scalar_one())


def _entries(tx: ReadTx, me: Caller, rows: Sequence[Any], limits: Limits) -> list[Entry]:
    people = authors(tx, {row.by_id for row in rows})
    known = set(visible_rooms(tx, me))
    called = names(tx, (known | doors_of(tx, me)) & {row.room_id for row in rows})
    texts = _texts(tx, known, {row.message_id for row in rows if row.message_id is not None}, limits)
    return [
        Entry(
            row.id,
            row.kind,
            people[row.by_id],
            row.at,
            row.room_id,
            row.message_id,
            row.read_at is not None,
            texts.get(row.message_id, ""),
            called[row.room_id][0] if row.room_id in called else "",
        )
        for row in rows
    ]


def _texts(tx: ReadTx, visible: set[int], message_ids: set[int], limits: Limits) -> dict[int, str]:
    """How the messages begin; of those alone that I may still read."""
    if not message_ids:
        return {}
    beginning = func.substr(messages.c.text, 1, limits.preview_length).label("beginning")
    query = select(messages.c.id, messages.c.room_id, beginning)
    rows = tx.execute(query.where(messages.c.id.in_(message_ids), messages.c.deleted_at.is_(None)))
    return {row.id: row.beginning for row in rows if row.room_id in visible}
