"""Files on messages and posts: the verbs that rooms and walls call within their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField
from twidder.files.models import File, files
from twidder.store import ReadTx, Tx


def attach(
    tx: Tx,
    me: Caller,
    file_ids: Sequence[str],
    *,
    message_id: int | None = None,
    post_id: int | None = None,
    room_id: int | None = None,
    wall_id: int | None = None,
) -> list[File]:
    """Hang my loose files, which I uploaded to that room or wall, on that message or post; their number was checked
    by ``check_ids``. Raises BadField."""
    if not file_ids:
        return []
    query = select(files).where(files.c.id.in_(file_ids), files.c.owner_id == me.user_id)
    query = query.where(files.c.message_id.is_(None), files.c.post_id.is_(None))
    query = query.where(files.c.room_id == room_id if room_id is not None else files.c.wall_id == wall_id)
    found = {row.id: row for row in tx.execute(query)}
    if len(found) < len(file_ids):
        raise BadField("files", "One of these files is not here any more. Add it again.")
    for position, file_id in enumerate(file_ids):
        values = {"message_id": message_id, "post_id": post_id, "position": position}
        tx.execute(update(files).where(files.c.id == file_id).values(values))
    return [as_file(found[file_id]) for file_id in file_ids]


def check_ids(file_ids: Sequence[str], limits: Limits) -> None:
    """Raises BadField."""
    if len(file_ids) > limits.files_of_message or len(set(file_ids)) < len(file_ids):
        raise BadField("files", f"A message has at most {limits.files_of_message} different files.")


def of_messages(tx: ReadTx, ids: Iterable[int]) -> dict[int, list[File]]:
    """Their files; a message without any, or a deleted one, is left out."""
    return _by_carrier(tx, files.c.message_id, ids)


def of_posts(tx: ReadTx, ids: Iterable[int]) -> dict[int, list[File]]:
    return _by_carrier(tx, files.c.post_id, ids)


def detach(tx: Tx, *, message_id: int | None = None, post_id: int | None = None) -> None:
    """With a deletion: out of everybody's sight now, off the disk when it cannot be undone any more."""
    tx.execute(update(files).where(_of(message_id, post_id)).values(detached_at=now_ms()))


def restore(tx: Tx, *, message_id: int | None = None, post_id: int | None = None) -> None:
    """With a deletion that is taken back."""
    tx.execute(update(files).where(_of(message_id, post_id)).values(detached_at=None))


def as_file(row: Any) -> File:
    return File(row.id, row.name, row.type, row.size, row.width, row.height)


def _by_carrier(tx: ReadTx, column: Any, ids: Iterable[int]) -> dict[int, list[File]]:
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(files, column.label("carrier")).where(column.in_(wanted), files.c.detached_at.is_(None))
    found: dict[int, list[File]] = {}
    for row in tx.execute(query.order_by(column, files.c.position)):
        found.setdefault(row.carrier, []).append(as_file(row))
    return found


def _of(message_id: int | None, post_id: int | None) -> Any:
    return files.c.message_id == message_id if message_id is not None else files.c.post_id == post_id
