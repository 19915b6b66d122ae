"""The verbs of a file's own life: it is added, fetched, and forgotten. Each runs inside one transaction."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import delete, func, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import NotFound, TwidderError
from twidder.files.attaching import as_file
from twidder.files.models import File, files
from twidder.files.places import places
from twidder.store import ReadTx, Tx

Kind = Literal["room", "wall"]
_FORGOTTEN_AT_ONCE = 500  # rows of one transaction; the rest has its turn some seconds later


class NewFile(NamedTuple):
    """What lies on the disk already. Sizes in bytes; ``thumbnail_size`` and the sides are 0 where there are none."""

    id: str
    name: str
    type: str
    size: int
    thumbnail_size: int = 0
    width: int = 0
    height: int = 0


def check_may_add(tx: ReadTx, me: Caller, kind: Kind, place_id: int, limits: Limits, size: int = 0) -> None:
    """Whether ``me`` may add a file of ``size`` bytes there. Raises NotFound, Forbidden, TwidderError (no_quota)."""
    places[kind].write(tx, me, place_id)
    if bytes_of(tx, me.user_id) + size > limits.files_bytes_user:
        raise TwidderError(code="no_quota")


def bytes_of(tx: ReadTx, user_id: int) -> int:
    """What somebody's files take up on the disk."""
    query = select(func.coalesce(func.sum(files.c.size + files.c.thumbnail_size), 0))
    return int(tx.execute(query.where(files.c.owner_id == user_id)).scalar_one())


def add(tx: Tx, me: Caller, kind: Kind, place_id: int, new: NewFile, limits: Limits) -> File:
    """Raises as ``check_may_add``: of many uploads at once, those that still fit are let in."""
    check_may_add(tx, me, kind, place_id, limits, new.size + new.thumbnail_size)
    where = {f"{kind}_id": place_id, "owner_id": me.user_id, "position": 0, "created_at": now_ms()}
    tx.execute(files.insert().values(**new._asdict(), **where))
    return File(new.id, new.name, new.type, new.size, new.width, new.height)


def access_file(tx: ReadTx, me: Caller, file_id: str) -> tuple[File, bool]:
    """The file, and whether it has a thumbnail, for those who may have it now. Raises NotFound."""
    row = tx.execute(select(files).where(files.c.id == file_id)).first()
    if row is None or row.detached_at is not None:
        raise NotFound
    is_loose = row.message_id is None and row.post_id is None
    if is_loose and row.owner_id != me.user_id:
        raise NotFound
    if row.room_id is not None:
        places["room"].read(tx, me, row.room_id)
    else:
        places["wall"].read(tx, me, row.wall_id)
    return as_file(row), row.thumbnail_size > 0


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether there is a file that nobody can want any more."""
    return tx.execute(select(files.c.id).where(_outlived(limits)).limit(1)).first() is not None


def forget(tx: Tx, limits: Limits) -> list[str]:
    """Remove their rows; the ids of those whose bytes can go once this is committed."""
    query = select(files.c.id).where(_outlived(limits)).limit(_FORGOTTEN_AT_ONCE)
    ids = list(tx.execute(query).scalars())
    tx.execute(delete(files).where(files.c.id.in_(ids)))
    tx.scrub()  # names are somebody's words, too
    return ids


def all_ids(tx: ReadTx) -> set[str]:
    return set(tx.execute(select(files.c.id)).scalars())


def _outlived(limits: Limits) -> Any:
    now = now_ms()
    is_loose = files.c.message_id.is_(None) & files.c.post_id.is_(None)
    never_sent = is_loose & (files.c.created_at < now - limits.loose_file_seconds * 1000)
    return never_sent | (files.c.detached_at < now - limits.undo_seconds * 1000)
