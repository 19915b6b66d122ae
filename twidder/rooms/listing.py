"""Lists of rooms: mine, those that I could join; and one as it is now."""

from __future__ import annotations

import msgspec

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.rooms.access import access_door
from twidder.rooms.fields import name_key
from twidder.rooms.models import Room
from twidder.rooms.views import as_room, as_rooms
from twidder.store import ReadTx, log


class RoomsPage(msgspec.Struct, frozen=True):
    """``seq`` and ``epoch``: the position from which to join the topic ``me`` without a hole."""

    items: list[Room]
    seq: int
    epoch: str


class RoomNow(Room, frozen=True, omit_defaults=True, kw_only=True):
    """A room, with the position to join its topic from."""

    seq: int
    epoch: str


# By their own newest message: an index's last entry.
_MINE = """
SELECT r.id FROM room_members m JOIN rooms r ON r.id = m.room_id
WHERE m.user_id = ? AND m.state IN ('in', 'invited') AND (? = '' OR r.kind = ?)
ORDER BY COALESCE((SELECT MAX(t.id) FROM messages t WHERE t.room_id = r.id), 0) DESC, m.joined_at DESC LIMIT ?
"""
_BROWSE = """
SELECT r.id FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = ?
WHERE r.kind IN ('open', 'walkin') AND r.archived_at IS NULL AND COALESCE(m.state, '') NOT IN ('in', 'banned')
    AND r.name_key LIKE ? ESCAPE '\\' ORDER BY r.name_key LIMIT ?
"""


def mine(tx: ReadTx, me: Caller, limits: Limits, *, kind: str = "") -> RoomsPage:
    """Newest activity first."""
    return _page(tx, me, tx.driver.execute(_MINE, (me.user_id, kind, kind, limits.rooms_listed)).fetchall(), limits)


def browse(tx: ReadTx, me: Caller, query: str, limits: Limits) -> RoomsPage:
    """By name."""
    escaped = name_key(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _page(tx, me, tx.driver.execute(_BROWSE, (me.user_id, f"%{escaped}%", limits.page_size)).fetchall(), limits)


def one(tx: ReadTx, me: Caller, room_id: int, limits: Limits) -> RoomNow:
    place = access_door(tx, me, room_id)
    room = as_room(tx, me.user_id, room_id, limits)
    seq = 0 if place.state in ("invited", "knocking") else log.head(tx.driver, place.topic)
    return RoomNow(**msgspec.structs.asdict(room), seq=seq, epoch=log.epoch(tx.driver))


def _page(tx: ReadTx, me: Caller, ids: list[tuple[int]], limits: Limits) -> RoomsPage:
    order = {room_id: place for place, (room_id,) in enumerate(ids)}
    items = sorted(as_rooms(tx, me.user_id, order, limits), key=lambda room: order[room.id])
    return RoomsPage(items, log.head(tx.driver, f"me:{me.user_id}"), log.epoch(tx.driver))
