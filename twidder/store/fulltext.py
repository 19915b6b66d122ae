"""The index of texts: what somebody wrote is found by its words, from the commit that stores it on.

``texts`` holds each text once more, with what a search narrows by; an external-content FTS5 index stands beside it. An
id holds the time (``1024 * ms + …``), so newest first is the index's own order, a time is a bound of ids, and a search
ends as soon as its page is full. What changes the index waits in ``tx.indexing`` for the end of the writer's batch:
FTS5 writes a segment at every savepoint, and one for each text would cost four times as much.

On PostgreSQL the table is the same; its index is one of ``to_tsvector('simple', body)`` and follows by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Integer, Table, Text, UniqueConstraint, select

from twidder.store.schema import metadata
from twidder.store.tx import ReadTx, Tx

texts = Table(
    "texts",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),  # message | post
    Column("item_id", Integer, nullable=False),
    Column("place_id", Integer, nullable=False),  # the room, or whose wall
    Column("author_id", Integer, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("kind", "item_id"),
)


class Found(NamedTuple):
    """A text as it is now."""

    id: int
    kind: str
    item_id: int
    place_id: int
    author_id: int
    body: str


def put(tx: Tx, kind: str, item_id: int, place_id: int, author_id: int, at: int, text: str) -> None:
    """Make this text findable, in place of the item's earlier one. ``at``: ms since the epoch."""
    row_id = first_id(at) + (item_id * 2 + (kind == "post")) % _IDS_PER_MS
    while tx.driver.execute(_INSERT, (row_id, kind, item_id, place_id, author_id, text)).rowcount == 0:
        if earlier := _leave(tx, kind, item_id, _OLD):
            row_id = earlier
            tx.driver.execute(_REPLACE, (text, row_id))
            break
        row_id += 1  # somebody else's: the clock went back
    tx.indexing.append((_ADD, (row_id, text, place_id, author_id)))


def forget(tx: Tx, kind: str, item_id: int) -> None:
    """Nobody finds the item any more. Its words leave the file soon after (``purge``)."""
    _leave(tx, kind, item_id, _DELETE)


def flush(tx: Tx) -> None:
    """At the end of a batch, before its commit."""
    for statement, row in tx.indexing:
        tx.driver.execute(statement, row)
    tx.indexing.clear()


def _leave(tx: Tx, kind: str, item_id: int, statement: str) -> int:
    old = tx.driver.execute(statement, (kind, item_id)).fetchone()
    if old is None:
        return 0
    tx.indexing.append((_REMOVE, old))
    tx.driver.execute(_MARK, (_UNCLEAN,))
    return int(old[0])


def first_id(at: int) -> int:
    """No text of this time (ms since the epoch) or later has a smaller id."""
    return at * _IDS_PER_MS


_IDS_PER_MS = 1024  # ids of one ms differ by the item's own id: the writer stores no 512 in a ms
_INSERT = (
    "INSERT INTO texts (id, kind, item_id, place_id, author_id, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_OLD = "SELECT id, body, place_id, author_id FROM texts WHERE kind = ? AND item_id = ?"
_REPLACE = "UPDATE texts SET body = ? WHERE id = ?"
_DELETE = "DELETE FROM texts WHERE kind = ? AND item_id = ? RETURNING id, body, place_id, author_id"
_ADD = "INSERT INTO text_index (rowid, body, place_id, author_id) VALUES (?, ?, ?, ?)"
_REMOVE = "INSERT INTO text_index (text_index, rowid, body, place_id, author_id) VALUES ('delete', ?, ?, ?, ?)"


# What was said, and may not stay


def unclean(tx: ReadTx) -> bool:
    """Whether the index's file may still hold words of a text that was deleted or changed."""
    return tx.driver.execute(_MARKED, (_UNCLEAN, _MERGING)).fetchone() is not None


def purge(tx: Tx, pages: int) -> bool:
    """Rewrite about so many pages of the index without what was deleted; True when no more is to be done.

    FTS5 only notes that a row is gone; its words leave the file when segments are merged. A whole merge stands still
    for seconds where much was said, so it goes in steps. What is deleted meanwhile waits for the next one. (From
    SQLite 3.42 on the index could overwrite at once, but older ones refuse such a file, and a backup may meet one.)
    """
    merging = tx.driver.execute(_MARKED, (_MERGING, _MERGING)).fetchone() is not None
    if not merging:
        tx.driver.execute(_UNMARK, (_UNCLEAN,))
        tx.driver.execute(_MARK, (_MERGING,))
    before = tx.driver.total_changes
    tx.driver.execute(_MERGE, (pages if merging else -pages,))
    if tx.driver.total_changes - before >= 2:
        return False
    tx.driver.execute(_UNMARK, (_MERGING,))
    tx.scrub()
    return not unclean(tx)


_UNCLEAN, _MERGING = "text_index_unclean", "text_index_merging"
_MARK = "INSERT INTO settings (key, value) VALUES (?, '1') ON CONFLICT (key) DO NOTHING"
_UNMARK = "DELETE FROM settings WHERE key = ?"
_MARKED = "SELECT 1 FROM settings WHERE key IN (?, ?)"
_MERGE = "INSERT INTO text_index (text_index, rank) VALUES ('merge', ?)"


# Looking one up


def access(tx: ReadTx, kind: str, item_id: int) -> Found | None:
    """The text of an item, if it is there; whether one may see it is the feature's affair."""
    return by_items(tx, kind, [item_id]).get(item_id)


def by_items(tx: ReadTx, kind: str, item_ids: Collection[int]) -> dict[int, Found]:
    """The texts of these items, of those that are not deleted."""
    query = select(texts).where(texts.c.kind == kind, texts.c.item_id.in_(set(item_ids)))
    return {row.item_id: Found._make(row) for row in tx.execute(query)}
