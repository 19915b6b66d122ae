"""An account is closed: its person leaves every room and conversation, and no room is left without a hand."""

from __future__ import annotations

from twidder import moderation
from twidder.rooms import membership
from twidder.rooms.access import PLACE, Place
from twidder.store import Tx


def leave_everything(tx: Tx, user_id: int) -> None:
    """As a hook of ``accounts.service.when_closed``. Invitations end, too."""
    for (room_id,) in tx.driver.execute(_THEIRS, (user_id,)).fetchall():
        place = Place(*tx.driver.execute(PLACE, (user_id, room_id)).fetchone())
        membership.leave(tx, place, user_id, "left", "left")
        if place.role == "owner" and place.is_in:
            _find_heir(tx, place)


def _find_heir(tx: Tx, place: Place) -> None:
    """Where no other owner is left the longest-serving moderator becomes one. Without any, the staff of the place look
    after a room that they see; one that they do not see goes to whoever has been in it longest."""
    user_id, role = tx.driver.execute(_NEXT, (place.id,)).fetchone() or (None, "owner")
    if user_id is None or role == "owner" or (role == "member" and place.kind != "members"):
        return
    membership.set_columns(tx, place.id, user_id, role="owner")
    membership.changed(tx, place, user_id)
    moderation.record(tx, None, "member.role", place.id, user_id, "owner")


_THEIRS = "SELECT room_id FROM room_members WHERE user_id = ? AND state IN ('in', 'invited') ORDER BY room_id"
_NEXT = """
SELECT user_id, role FROM room_members WHERE room_id = ? AND state = 'in' AND role <> 'guest'
ORDER BY role <> 'owner', role <> 'moderator', joined_at, user_id LIMIT 1
"""
