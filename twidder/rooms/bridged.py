"""Which rooms other people's chat clients may come into."""

from __future__ import annotations

from twidder.errors import NotFound
from twidder.rooms.fields import name_key
from twidder.store import ReadTx

FIRST_ROOM = 1

_CLOSED = "There is no such room, or chat clients may not come into it."  # strangers do not learn which
_BY_NAME = "SELECT id FROM rooms WHERE name_key = ?"
_OPEN = "SELECT gateways, created_by IS NULL FROM rooms WHERE id = ?"


def find_room(tx: ReadTx, name: str) -> int:
    """Raises NotFound."""
    row = tx.driver.execute(_BY_NAME, (name_key(name.strip()),)).fetchone()
    if row is None:
        raise NotFound(_CLOSED)
    return int(row[0])


def check_bridged(tx: ReadTx, room_id: int, *, first_room: bool) -> None:
    """Its host has opened it to them. Nobody has chosen so for the room that is there from the beginning, whose switch
    counts where ``first_room`` says. Raises NotFound."""
    row = tx.driver.execute(_OPEN, (room_id,)).fetchone()
    if row is None or not row[0] or (row[1] and not first_room):
        raise NotFound(_CLOSED)
