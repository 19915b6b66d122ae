"""Who sees my wall, and who may write to me."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlalchemy import Select, select, update

from twidder.accounts.follows import are_mutual
from twidder.accounts.models import Caller, users
from twidder.accounts.models import follows as follows_table
from twidder.errors import BadField
from twidder.store import ReadTx, Tx

AUDIENCES = ("members", "mutual")
WRITERS = ("everyone", "known", "mutual", "nobody")  # known: in a common room, or mutual

# Called with (tx, user id) when fewer people than before may see a wall.
when_narrowed: list[Callable[[Tx, int], None]] = []


class Privacy(msgspec.Struct, frozen=True):
    """``wall``: members or mutual. ``write_to_me``: everyone, known (a common room, or mutual), mutual or nobody."""

    wall: str
    write_to_me: str


class PrivacyChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed."""

    wall: str | None = None
    write_to_me: str | None = None


def access_privacy(tx: ReadTx, me: Caller) -> Privacy:
    query = select(users.c.wall_audience, users.c.write_to_me).where(users.c.id == me.user_id)
    row = tx.execute(query).one()
    return Privacy(row.wall_audience, row.write_to_me)


def change_privacy(tx: Tx, me: Caller, change: PrivacyChange) -> Privacy:
    """In force at once: whoever may no longer see the wall is no longer told of it. Raises BadField."""
    before = access_privacy(tx, me)
    after = Privacy(change.wall or before.wall, change.write_to_me or before.write_to_me)
    if after.wall not in AUDIENCES:
        raise BadField("wall", "A wall is for members or mutual.")
    if after.write_to_me not in WRITERS:
        raise BadField("write_to_me", "The choice is everyone, known, mutual or nobody.")
    if after == before:
        return before
    values = {"wall_audience": after.wall, "write_to_me": after.write_to_me}
    tx.execute(update(users).where(users.c.id == me.user_id).values(**values))
    tx.emit(f"me:{me.user_id}", "privacy.changed", after)
    if (before.wall, after.wall) == ("members", "mutual"):
        for told in when_narrowed:
            told(tx, me.user_id)
    return after


def select_wall_owners(user_id: int) -> Select[tuple[int]]:
    """A select of the ids of all members whose walls this one may see."""
    mine, theirs = follows_table.alias("mine"), follows_table.alias("theirs")
    mutual = (
        select(mine.c.followed_id)
        .join(theirs, (theirs.c.follower_id == mine.c.followed_id) & (theirs.c.followed_id == mine.c.follower_id))
        .where(mine.c.follower_id == user_id)
    )
    open_to_me = (users.c.wall_audience == "members") | (users.c.id == user_id) | users.c.id.in_(mutual)
    return select(users.c.id).where(open_to_me, users.c.closed_at.is_(None), users.c.role != "guest")


def may_write_to(tx: ReadTx, me: Caller, user_id: int, *, share_a_room: Callable[[ReadTx, int, int], bool]) -> bool:
    """Whether ``me`` may begin a conversation with this member. False for who is not there."""
    query = select(users.c.write_to_me).where(
        users.c.id == user_id, users.c.closed_at.is_(None), users.c.role != "guest"
    )
    wish = tx.execute(query).scalar()
    if wish in (None, "nobody") or me.guest_of is not None:
        return False
    if wish == "everyone" or are_mutual(tx, me.user_id, user_id):
        return True
    return wish == "known" and share_a_room(tx, me.user_id, user_id)
