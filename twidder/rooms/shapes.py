"""Rows of messages as the struct that leaves the feature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import select

from twidder import files
from twidder.accounts import Author, authors
from twidder.rooms.models import Message, Reaction, messages, reactions
from twidder.store import ReadTx

_decode_mentions = msgspec.json.Decoder(dict[str, int]).decode


def as_messages(tx: ReadTx, rows: Iterable[Any]) -> list[Message]:
    """With reactions and files, in three statements however many there are. Of a deleted one nothing is left but who
    wrote it, and when."""
    rows = list(rows)
    living = [row.id for row in rows if row.deleted_at is None]
    names = authors(tx, {row.author_id for row in rows})
    marks, attached = _reactions(tx, living), files.of_messages(tx, living)
    return [_as_message(row, names[row.author_id], marks, attached) for row in rows]


def as_message(tx: ReadTx, row: Any) -> Message:
    return as_messages(tx, [row])[0]


def load(tx: ReadTx, message_ids: Iterable[int]) -> list[Message]:
    """Those that are there, oldest first."""
    wanted = set(message_ids)
    if not wanted:
        return []
    return as_messages(tx, tx.execute(select(messages).where(messages.c.id.in_(wanted)).order_by(messages.c.id)))


def _as_message(
    row: Any, author: Author, marks: dict[int, list[Reaction]], attached: dict[int, list[files.File]]
) -> Message:
    head = (row.id, row.room_id, author)
    if row.deleted_at is not None:
        return Message(*head, "", row.created_at, row.cid, row.seq, deleted=True)
    return Message(
        *head,
        row.text,
        row.created_at,
        row.cid,
        row.seq,
        edited_at=row.edited_at,
        reply_to=row.reply_to,
        mentions=_decode_mentions(row.mentions),
        reactions=marks.get(row.id, []),
        files=attached.get(row.id, []),
    )


def _reactions(tx: ReadTx, message_ids: list[int]) -> dict[int, list[Reaction]]:
    """By message, in the order in which each emoji, and each of its people, came."""
    query = (
        select(reactions)
        .where(reactions.c.message_id.in_(message_ids))
        .order_by(reactions.c.message_id, reactions.c.at, reactions.c.user_id)
    )
    found: dict[int, dict[str, list[int]]] = {}
    for row in tx.execute(query):
        found.setdefault(row.message_id, {}).setdefault(row.emoji, []).append(row.user_id)
    return {message: [Reaction(*pair) for pair in marks.items()] for message, marks in found.items()}
