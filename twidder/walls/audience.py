"""Who may see a wall: members, or only those who follow its owner and are followed back. It holds live, too."""

from __future__ import annotations

from sqlalchemy import Select

from twidder.accounts import Caller, follows, privacy
from twidder.errors import NotFound
from twidder.live.channel import AccessNarrowed, AccessRevoked
from twidder.store import ReadTx, Tx

# Every post and every join asks: one plain statement, which looks at follows only where the wall is for few.
_AUDIENCE = "SELECT wall_audience FROM users WHERE id = ? AND closed_at IS NULL AND role <> 'guest'"


def topic(wall_id: int) -> str:
    return f"wall:{wall_id}"


def access_wall(tx: ReadTx, me: Caller, user_id: int) -> None:
    """Raises NotFound for a wall that is not there or not for ``me``."""
    row = tx.driver.execute(_AUDIENCE, (user_id,)).fetchone()
    if row is None or me.guest_of is not None:
        raise NotFound
    if row[0] == "mutual" and me.user_id != user_id and not follows.are_mutual(tx, me.user_id, user_id):
        raise NotFound


def visible_walls(tx: ReadTx, me: Caller) -> Select[tuple[int]]:
    """A select of the ids of all walls that ``me`` may see now."""
    return privacy.select_wall_owners(me.user_id)


def close_to_former(tx: Tx, follower_id: int, followed_id: int) -> None:
    """A follow ended, and being mutual with it: a wall that was for mutual follows is closed to the other."""
    for owner, former in ((follower_id, followed_id), (followed_id, follower_id)):
        if tx.driver.execute(_AUDIENCE, (owner,)).fetchone() == ("mutual",):
            tx.tell(AccessRevoked(topic(owner), former, "audience"))


def close_to_others(tx: Tx, owner_id: int) -> None:
    """The wall is for mutual follows from now on."""
    may_stay = follows.mutual_ids(tx, owner_id) | {owner_id}
    tx.tell(AccessNarrowed(topic(owner_id), frozenset(may_stay), "audience"))


follows.when_unfollowed.append(close_to_former)
privacy.when_narrowed.append(close_to_others)
