"""Follows: whose walls I want to hear of. Two who follow each other are mutual, which opens some doors."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, delete, func, insert, select

from twidder.accounts.models import Author, Caller, follows, users
from twidder.accounts.service import access_author, check_member, when_closed
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, TwidderError
from twidder.store import ReadTx, Tx

# Called with (tx, who follows, whom): when a follow begins, and when one ends.
when_followed: list[Callable[[Tx, int, int], None]] = []
when_unfollowed: list[Callable[[Tx, int, int], None]] = []

_BOTH = (
    "SELECT count(*) FROM follows WHERE (follower_id = ? AND followed_id = ?) OR (follower_id = ? AND followed_id = ?)"
)


def is_follower(tx: ReadTx, follower_id: int, followed_id: int) -> bool:
    pair = (follows.c.follower_id == follower_id) & (follows.c.followed_id == followed_id)
    return tx.execute(select(follows.c.at).where(pair)).first() is not None


def are_mutual(tx: ReadTx, one: int, other: int) -> bool:
    (both,) = tx.driver.execute(_BOTH, (one, other, other, one)).fetchone()
    return bool(both == 2)


def follow(tx: Tx, me: Caller, user_id: int, limits: Limits) -> None:
    """Raises NotFound, BadField (user) for oneself, TwidderError (full)."""
    check_member(tx, user_id)
    if user_id == me.user_id:
        raise BadField("user", "Nobody needs to follow themselves.")
    if is_follower(tx, me.user_id, user_id):
        return
    mine = select(func.count()).select_from(follows).where(follows.c.follower_id == me.user_id)
    if tx.execute(mine).scalar_one() >= limits.follows_of_user:
        raise TwidderError(f"One can follow {limits.follows_of_user:,} people.", code="full")
    tx.execute(insert(follows).values(follower_id=me.user_id, followed_id=user_id, at=now_ms()))
    _tell_both(tx, me.user_id, user_id)
    for told in when_followed:
        told(tx, me.user_id, user_id)


def unfollow(tx: Tx, me: Caller, user_id: int) -> None:
    """Nothing happens where there was no follow. Raises NotFound."""
    check_member(tx, user_id)
    pair = (follows.c.follower_id == me.user_id) & (follows.c.followed_id == user_id)
    if tx.execute(delete(follows).where(pair)).rowcount == 0:
        return
    _tell_both(tx, me.user_id, user_id)
    for told in when_unfollowed:
        told(tx, me.user_id, user_id)


def end_all(tx: Tx, user_id: int) -> None:
    """Their account is closed: nobody follows them, nor they anybody, and the others' lists hear of it."""
    theirs = (follows.c.follower_id == user_id) | (follows.c.followed_id == user_id)
    pairs = tx.execute(select(follows.c.follower_id, follows.c.followed_id).where(theirs)).all()
    tx.execute(delete(follows).where(theirs))
    for other in sorted({one for pair in pairs for one in pair} - {user_id}):
        _tell(tx, other, user_id)


when_closed.append(end_all)


def followed_by(tx: ReadTx, user_id: int) -> list[Author]:
    """Whom they follow, the newest first."""
    return _people(tx, follows.c.followed_id, follows.c.follower_id, user_id, None)


def followers_of(tx: ReadTx, user_id: int, limits: Limits) -> list[Author]:
    """Who follows them, the newest first; as many as one could follow back."""
    return _people(tx, follows.c.follower_id, follows.c.followed_id, user_id, limits.follows_of_user)


def is_followed_by(user_id: int) -> ColumnElement[bool]:
    """A condition on a select of users: this one follows them."""
    return users.c.id.in_(select(follows.c.followed_id).where(follows.c.follower_id == user_id))


def mutual_ids(tx: ReadTx, user_id: int) -> set[int]:
    """Everybody who follows them and is followed by them."""
    back = follows.alias("back")
    query = (
        select(follows.c.followed_id)
        .join(back, (back.c.follower_id == follows.c.followed_id) & (back.c.followed_id == follows.c.follower_id))
        .where(follows.c.follower_id == user_id)
    )
    return set(tx.execute(query).scalars())


def _people(
    tx: ReadTx, wanted: ColumnElement[int], of: ColumnElement[int], user_id: int, most: int | None
) -> list[Author]:
    query = select(users.c.id, users.c.firstname, users.c.familyname).join(follows, users.c.id == wanted)
    query = query.where(of == user_id, users.c.closed_at.is_(None)).order_by(follows.c.at.desc(), users.c.id)
    return [Author(row.id, row.firstname, row.familyname) for row in tx.execute(query.limit(most))]


def _tell_both(tx: Tx, one: int, other: int) -> None:
    _tell(tx, one, other)
    _tell(tx, other, one)


def _tell(tx: Tx, mine: int, theirs: int) -> None:
    tx.emit(
        f"me:{mine}",
        "follow.changed",
        {
            "user": access_author(tx, theirs),
            "following": is_follower(tx, mine, theirs),
            "followed_by": is_follower(tx, theirs, mine),
        },
    )
