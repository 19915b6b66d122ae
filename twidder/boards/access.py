"""Who may see a board, and who may change it. Every verb begins here."""

from __future__ import annotations

from typing import Any, NamedTuple

from twidder import rooms
from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import Forbidden, NotFound
from twidder.store import ReadTx

_BOARD = """
SELECT id, slug, name, description, owner_id, created_at, audience, room_id, tiles, version, built_in, updates,
    link_hash, link_expires_at
FROM boards WHERE {} AND deleted_at IS NULL
"""
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
    if me.user_id < 0:
        may = place.id == -me.user_id and place.is_public and place.link_hash == me.token_hash
    elif me.guest_of is None and (place.audience == "members" or place.owner_id == me.user_id):
        may = True
    else:
        may = place.audience != "me" and place.room_id is not None and _may_read(tx, me, place.room_id)
    if not may:
        raise NotFound
    return place


def access_to_arrange(tx: ReadTx, me: Caller, ref: int | str) -> Place:
    """The board, for those who may change it: whoever made it, and staff who may see it. Raises NotFound, Forbidden."""
    place = access_board(tx, me, ref)
    if me.guest_of is not None or place.built_in or not (place.owner_id == me.user_id or me.is_staff):
        raise Forbidden
    return place


def _may_read(tx: ReadTx, me: Caller, room_id: int) -> bool:
    try:
        rooms.access_room(tx, me, room_id)
    except NotFound:
        return False
    return True
