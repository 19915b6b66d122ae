"""The Following feed: the newest posts on the walls of those I follow."""

from __future__ import annotations

import json

from sqlalchemy import select

from twidder.accounts import Caller, follows
from twidder.store import ReadTx
from twidder.walls.audience import visible_walls
from twidder.walls.models import Post, posts
from twidder.walls.service import as_page

# From each wall no more than could stand on the page: the work is bounded by the follows, not by the posts.
_NEWEST = """
SELECT p.id FROM json_each(?) AS wall JOIN posts p ON p.id IN (
    SELECT id FROM posts WHERE wall_id = wall.value AND deleted_at IS NULL AND id < ? ORDER BY id DESC LIMIT ?
) ORDER BY p.id DESC LIMIT ?
"""
_BEYOND = 2**63 - 1


def feed_page(tx: ReadTx, me: Caller, *, limit: int, before: int | None = None) -> tuple[list[Post], int | None]:
    """Newest first, of the walls that I may see; and the id to ask for the next page with."""
    mine = visible_walls(tx, me).where(follows.is_followed_by(me.user_id))
    walls = json.dumps(list(tx.execute(mine).scalars()))
    newest = tx.driver.execute(_NEWEST, (walls, before or _BEYOND, limit + 1, limit + 1)).fetchall()
    wanted = select(posts).where(posts.c.id.in_([post_id for (post_id,) in newest]))
    return as_page(tx, tx.execute(wanted.order_by(posts.c.id.desc())).all(), limit)
