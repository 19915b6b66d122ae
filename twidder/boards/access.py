"""Who may see a board, and who may change it. Every verb begins here."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from twidder import rooms
from twidder.accounts import Caller, members
from twidder.clock import now_ms
from twidder.errors import Forbidden, NotFound
from twidder.store import ReadTx

_BOARD = """
SELECT id, slug, name, description, owner_id, created_at, audience, room_id, tiles, version, built_in, updates,
    link_hash, link_expires_at
FROM boards WHERE {} AND deleted_at IS NULL
"""
_IN_ROOM = _BOARD.format("room_id = ?") + "ORDER BY id DESC"
_VISIBLE = (
    _BOARD.format(
        "(audience = 'members' OR owner_id = ? OR (audience <> 'me' AND room_id IN (SELECT value FROM json_each(?))))"
    )
    + "ORDER BY id DESC LIMIT ?"
)
BY_ID, BY_SLUG = _BOARD.format("id = ?"), _BOARD.format("slug = ?")


class Place(NamedTuple):
    """A board's row. ``tiles``: JSON."""

    id: int
    slug: str
    name: str
    description: str
    owner_id: int | None
    created_at: int
    audience: str
    room_id: int | None
    tiles: str
    version: int
    built_in: bool
    updates: bool
    link_hash: str | None
    link_expires_at: int | None

    @property
    def topic(self) -> str:
        return topic(self.id)

    @property
    def is_public(self) -> bool:
        """Whether its link is in force."""
        return self.link_hash is not None and (self.link_expires_at or 0) > now_ms()


def topic(board_id: int) -> str:
    return f"board:{board_id}"


def find_place(tx: ReadTx, ref: int | str) -> Place:
    """The board, whoever asks: by its id, as a number or digits, or its slug. Raises NotFound."""
    by_id = isinstance(ref, int) or ref.isdigit()
    row: Any = None
    if not by_id or 0 < int(ref) < 2**63:
        row = tx.driver.execute(BY_ID if by_id else BY_SLUG, (int(ref) if by_id else ref,)).fetchone()
    if row is None:
        raise NotFound
    return Place(*row)


def access_board(tx: ReadTx, me: Caller, ref: int | str) -> Place:
    """The board, for somebody who may see it: members by its audience, who may read the room that it is shown in, and
    who looks on by its link. Raises NotFound."""
    place = find_place(tx, ref)
    if not may_see(tx, me, place):
        raise NotFound
    return place


def may_see(tx: ReadTx, me: Caller, place: Place) -> bool:
    if me.user_id < 0:
        return place.id == -me.user_id and place.is_public and place.link_hash == me.token_hash
    if me.guest_of is None and (place.audience == "members" or place.owner_id == me.user_id):
        return True
    return place.audience != "me" and place.room_id is not None and _may_read(tx, me, place.room_id)


def audience(tx: ReadTx, place: Place) -> frozenset[int]:
    """The ids of all who may see the board now; that of its onlookers too."""
    own = frozenset({place.owner_id}) if place.owner_id is not None else frozenset()
    viewers = frozenset({-place.id}) if place.is_public else frozenset()
    everybody = members(tx) if place.audience == "members" else frozenset()
    inside = rooms.readers(tx, place.room_id) if place.audience != "me" and place.room_id else frozenset()
    return own | viewers | everybody | inside


def access_to_arrange(tx: ReadTx, me: Caller, ref: int | str) -> Place:
    """The board, for those who may change it: whoever made it, and staff who may see it. Raises NotFound, Forbidden."""
    place = access_board(tx, me, ref)
    if not may_arrange(me, place):
        raise Forbidden
    return place


def may_arrange(me: Caller, place: Place) -> bool:
    """Of a board that they see."""
    return me.guest_of is None and not place.built_in and (place.owner_id == me.user_id or me.is_staff)


def shown_in(tx: ReadTx, room_id: int) -> list[Place]:
    """The boards of a room, the newest first."""
    return [Place(*row) for row in tx.driver.execute(_IN_ROOM, (room_id,))]


def visible(tx: ReadTx, me: Caller, most: int) -> list[Place]:
    """The boards that a member may see, the newest first."""
    may_read = json.dumps(rooms.visible_rooms(tx, me))
    return [Place(*row) for row in tx.driver.execute(_VISIBLE, (me.user_id, may_read, most))]


def _may_read(tx: ReadTx, me: Caller, room_id: int) -> bool:
    try:
        rooms.access_room(tx, me, room_id)
    except NotFound:
        return False
    return True
