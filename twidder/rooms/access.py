"""Who may see a room, write in it, and look after it. Every verb begins here."""

from __future__ import annotations

from typing import NamedTuple

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.store import ReadTx

RANKS = {"owner": 2, "moderator": 1}  # nobody acts on whoever ranks as high as themselves
_STAFF_RANK = 3


class Place(NamedTuple):
    """A room and the caller's side of it. ``role``, ``state`` …: None for whoever has never been in it."""

    id: int
    kind: str
    name: str
    description: str
    created_at: int
    archived_at: int | None
    slow_seconds: int
    knock: bool
    gateways: bool
    role: str | None
    state: str | None
    level: str | None
    read_seq: int | None
    muted_until: int | None

    @property
    def topic(self) -> str:
        return topic(self.kind, self.id)

    @property
    def is_in(self) -> bool:
        return self.state == "in"


# A plain statement: every post, join and read position asks for it.
PLACE = """
SELECT r.id, r.kind, r.name, r.description, r.created_at, r.archived_at, r.slow_seconds, r.knock, r.gateways,
    m.role, m.state, m.level, m.read_seq, m.muted_until
FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = ? WHERE r.id = ?
"""


def topic(kind: str, room_id: int) -> str:
    return f"{'dm' if kind == 'dm' else 'room'}:{room_id}"


def access_room(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, for somebody who may read it. Raises NotFound."""
    place = find_place(tx, me, room_id)
    if place.is_in or (place.kind in ("open", "walkin") and me.guest_of is None and place.state != "banned"):
        return place
    raise NotFound


def access_door(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, for somebody who may read it, was invited, or knocks. Raises NotFound."""
    place = find_place(tx, me, room_id)
    return place if place.state in ("invited", "knocking") else access_room(tx, me, room_id)


def access_inside(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, for somebody who is in it. Raises NotFound, Forbidden (not_a_member)."""
    place = access_room(tx, me, room_id)
    if not place.is_in:
        raise Forbidden(code="not_a_member")
    return place


def access_to_speak(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, for somebody who may say something in it now. Raises NotFound, Forbidden (not_a_member, archived,
    muted)."""
    place = access_room(tx, me, room_id)
    check_may_speak(place)
    return place


def access_moderator(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, for those who look after it: its owners and moderators, and staff who may see it. Raises NotFound,
    Forbidden."""
    place = access_room(tx, me, room_id)
    if rank_of(me, place) < RANKS["moderator"]:
        raise Forbidden
    return place


def rank_of(me: Caller, place: Place) -> int:
    """0 for whoever just takes part. In a direct conversation nobody is above the others."""
    if place.kind == "dm":
        return 0
    return rank((place.role if place.is_in else None) or "", staff=me.is_staff)


def rank(role: str, *, staff: bool) -> int:
    """``role``: in a room, empty for whoever is not in it. The staff of the place rank above everybody in every room:
    nobody gets rid of them by making a room."""
    return _STAFF_RANK if staff else RANKS.get(role, 0)


def check_open(place: Place) -> None:
    """Raises Forbidden (archived): then nothing in it can be changed."""
    if place.archived_at is not None:
        raise Forbidden(code="archived")


def check_may_speak(place: Place) -> None:
    """Raises Forbidden (not_a_member, archived, muted)."""
    if not place.is_in:
        raise Forbidden(code="not_a_member")
    check_open(place)
    if place.muted_until and place.muted_until > now_ms():
        raise TwidderError(code="muted", until=place.muted_until)


def visible_rooms(tx: ReadTx, me: Caller) -> list[int]:
    """The ids of all rooms and conversations whose messages the caller may read now."""
    if me.guest_of is not None:
        query = "SELECT room_id FROM room_members WHERE user_id = ? AND room_id = ? AND state = 'in'"
        return [room_id for (room_id,) in tx.driver.execute(query, (me.user_id, me.guest_of))]
    return [room_id for (room_id,) in tx.driver.execute(_VISIBLE, (me.user_id,))]


_VISIBLE = """
SELECT r.id FROM rooms r LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = ?
WHERE m.state = 'in' OR (r.kind IN ('open', 'walkin') AND COALESCE(m.state, '') <> 'banned')
"""


def readers(tx: ReadTx, room_id: int) -> frozenset[int]:
    """The ids of all who may read the room now."""
    return frozenset(user_id for (user_id,) in tx.driver.execute(_READERS, (room_id,)))


_READERS = """
SELECT u.id FROM rooms r JOIN users u ON u.closed_at IS NULL
LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = u.id
WHERE r.id = ? AND (m.state = 'in'
    OR (r.kind IN ('open', 'walkin') AND u.role <> 'guest' AND COALESCE(m.state, '') <> 'banned'))
"""


def moderates(tx: ReadTx, me: Caller, room_id: int) -> bool:
    """Whether the caller looks after this room."""
    try:
        access_moderator(tx, me, room_id)
    except TwidderError:
        return False
    return True


def doors_of(tx: ReadTx, me: Caller) -> set[int]:
    """The ids of the rooms that the caller is invited to: what stands on their doors is theirs to read."""
    query = "SELECT room_id FROM room_members WHERE user_id = ? AND state = 'invited'"
    return {room_id for (room_id,) in tx.driver.execute(query, (me.user_id,))}


def find_place(tx: ReadTx, me: Caller, room_id: int) -> Place:
    """The room, whatever the caller may there; a guest finds none but their own. Raises NotFound."""
    row = None
    if me.guest_of in (None, room_id):
        row = tx.driver.execute(PLACE, (me.user_id, room_id)).fetchone()
    if row is None:
        raise NotFound
    return Place(*row)
