"""The verbs of a wall. Each runs inside one transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import select, update

from twidder import files
from twidder.accounts import Author, Me, access_author, authors
from twidder.accounts.fields import is_visible
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.core import Core
from twidder.errors import BadField, Conflict, Forbidden, NotFound, TwidderError
from twidder.rates import Rates
from twidder.store import ReadTx, Tx, fulltext, log
from twidder.walls.audience import access_wall, topic
from twidder.walls.models import Deleted, NewPost, Post, posts

# Called with (core, who, whose wall) when somebody looks at a wall; must return at once.
when_visited: list[Callable[[Core, Me, int], None]] = []
_CID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def check_post(new: NewPost, limits: Limits) -> NewPost:
    """The same, with a client id. A post may be files alone. Raises BadField."""
    files.check_ids(new.files, limits)
    if not is_visible(new.text) and not (new.files and not new.text):
        raise BadField("text", "Write something first.")
    if len(new.text) > limits.post_length or len(new.text.encode("utf-8", "replace")) > limits.post_bytes:
        raise BadField("text", f"A post has at most {limits.post_length:,} characters.")
    if "\0" in new.text:
        raise BadField("text", "The text holds a character that is not text.")
    if new.cid is not None and not _CID.fullmatch(new.cid):
        raise BadField("cid", "A client id has 8 to 64 letters, digits, or any of . _ : -")
    return NewPost(new.text, new.cid or uuid.uuid4().hex, new.files)


def take_turn(rates: Rates, me: Me, limits: Limits) -> None:
    """One post of ``me``'s rate, whichever door it came by. Raises RateLimited."""
    rates.take("post", me.user_id, burst=limits.posts_burst, rate=limits.posts_per_second)


def take_edit(rates: Rates, me: Me, limits: Limits) -> None:
    """One deletion or restoration: the log keeps each for ever. Raises RateLimited."""
    rates.take("edit", me.user_id, burst=limits.edits_per_minute, rate=limits.edits_per_minute / 60)


def visited(core: Core, me: Me, wall_id: int) -> None:
    """Somebody who may has looked at the wall."""
    for call in when_visited:
        call(core, me, wall_id)


def post(tx: Tx, me: Me, wall_id: int, new: NewPost) -> tuple[Post, bool]:
    """Store a checked post; (the post, whether it is new). The same client id again gives the first answer."""
    assert new.cid is not None
    access_wall(tx, me, wall_id)
    earlier = tx.driver.execute(_EARLIER, (me.user_id, new.cid)).fetchone()
    author = access_author(tx, me.user_id)
    if earlier is not None:
        return _first_answer(tx, author, wall_id, new, earlier), False
    at, seq = now_ms(), tx.next_seq(topic(wall_id))
    row = (wall_id, me.user_id, new.cid, new.text, at, seq)
    (post_id,) = tx.driver.execute(_INSERT, row).fetchone()
    attached = files.attach(tx, me, new.files, post_id=post_id, wall_id=wall_id)
    made = Post(post_id, wall_id, author, new.text, at, new.cid, seq, attached)
    tx.emit(topic(wall_id), "post.created", made, seq)
    fulltext.put(tx, "post", post_id, wall_id, me.user_id, at, new.text)
    return made, True


_EARLIER = "SELECT id, wall_id, text, created_at, seq, deleted_at FROM posts WHERE author_id = ? AND cid = ?"
_INSERT = "INSERT INTO posts (wall_id, author_id, cid, text, created_at, seq) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"


def _first_answer(tx: ReadTx, author: Author, wall_id: int, new: NewPost, earlier: Any) -> Post:
    post_id, stored_wall, text, at, seq, deleted_at = earlier
    if stored_wall != wall_id or (deleted_at is None and text != new.text):
        raise Conflict
    assert new.cid is not None
    attached = files.of_posts(tx, [post_id]).get(post_id, [])
    return Post(post_id, wall_id, author, "" if deleted_at else text, at, new.cid, seq, attached)


def posts_page(
    tx: ReadTx, me: Me, wall_id: int, *, limit: int, before: int | None = None
) -> tuple[list[Post], int | None]:
    """Newest first; and the id to ask for the next page with."""
    query = select(posts).where(posts.c.wall_id == wall_id, posts.c.deleted_at.is_(None))
    if before is not None:
        query = query.where(posts.c.id < before)
    return as_page(tx, tx.execute(query.order_by(posts.c.id.desc()).limit(limit + 1)).all(), limit)


def as_page(tx: ReadTx, rows: Sequence[Any], limit: int) -> tuple[list[Post], int | None]:
    """The first ``limit`` rows as posts; and the id to ask for the next page with, if there are more rows."""
    names = authors(tx, {row.author_id for row in rows})
    attached = files.of_posts(tx, [row.id for row in rows[:limit]])
    page = [_as_post(row, names[row.author_id], attached.get(row.id, [])) for row in rows[:limit]]
    return page, page[-1].id if len(rows) > limit else None


def load(tx: ReadTx, post_ids: Collection[int]) -> list[Post]:
    """Those that are there, in no order; the caller knows who may see them."""
    rows = tx.execute(select(posts).where(posts.c.id.in_(set(post_ids)), posts.c.deleted_at.is_(None))).all()
    return as_page(tx, rows, len(rows))[0]


def delete(tx: Tx, me: Me, post_id: int, limits: Limits) -> Deleted:
    """Gone at once for everybody; the deleter may restore it for some seconds."""
    row = _access_post(tx, me, post_id)
    if row.deleted_at is not None:
        raise NotFound
    if me.user_id not in (row.author_id, row.wall_id):
        raise Forbidden
    now = now_ms()
    tx.execute(update(posts).where(posts.c.id == post_id).values(deleted_at=now, deleted_by=me.user_id))
    gone = {"id": post_id, "deleted": True}
    log.redact(tx.driver, topic(row.wall_id), row.seq, gone)
    tx.emit(topic(row.wall_id), "post.deleted", gone)
    fulltext.forget(tx, "post", post_id)
    files.detach(tx, post_id=post_id)
    return Deleted(post_id, now + limits.undo_seconds * 1000)


def restore(tx: Tx, me: Me, post_id: int, limits: Limits) -> Post:
    row = _access_post(tx, me, post_id)
    if row.deleted_at is None or row.deleted_by != me.user_id:
        raise NotFound
    if now_ms() > row.deleted_at + limits.undo_seconds * 1000:
        raise TwidderError(code="gone")
    seq = tx.next_seq(topic(row.wall_id))
    tx.execute(update(posts).where(posts.c.id == post_id).values(deleted_at=None, deleted_by=None, seq=seq))
    files.restore(tx, post_id=post_id)
    attached = files.of_posts(tx, [post_id]).get(post_id, [])
    back = _as_post(row, authors(tx, [row.author_id])[row.author_id], attached, seq)
    tx.emit(topic(row.wall_id), "post.restored", back, seq)
    fulltext.put(tx, "post", post_id, row.wall_id, row.author_id, row.created_at, row.text)
    return back


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether a deleted text has outlived its undo."""
    query = select(posts.c.id).where(_outlived(limits)).limit(1)
    return tx.execute(query).first() is not None


def forget_deleted(tx: Tx, limits: Limits) -> None:
    """Overwrite the texts that nobody can restore any more."""
    tx.execute(update(posts).where(_outlived(limits)).values(text=""))
    tx.scrub()


def _outlived(limits: Limits) -> Any:
    return (posts.c.deleted_at < now_ms() - limits.undo_seconds * 1000) & (posts.c.text != "")


def _access_post(tx: ReadTx, me: Me, post_id: int) -> Any:
    row = tx.execute(select(posts).where(posts.c.id == post_id)).first()
    if row is None:
        raise NotFound
    access_wall(tx, me, row.wall_id)
    return row


def _as_post(row: Any, author: Author, attached: list[files.File], seq: int | None = None) -> Post:
    return Post(row.id, row.wall_id, author, row.text, row.created_at, row.cid, seq or row.seq, attached)
