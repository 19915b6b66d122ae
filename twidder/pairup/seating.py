"""The rows of places, where two who want the same meet: one conditional UPDATE decides, and who gets no row back lost.

These change rows and tell nobody; ``places``, ``waiting`` and ``swaps`` do. The order is always: give up the old row,
claim the new one, raise if that failed; the store undoes the whole of a change that raises.
"""

from __future__ import annotations

from twidder.pairup.access import Place
from twidder.pairup.models import places
from twidder.pairup.rows import Rows
from twidder.store import ReadTx, Tx


def booking_of(tx: ReadTx, team_id: int) -> Place | None:
    return _BOOKING.one(tx, team_id)


def claim(tx: Tx, place_id: int, team_id: int, now: int, *, kept_too: bool = False) -> Place | None:
    """The team has the place from now on; None = somebody else has or holds it. Its old booking is given up before."""
    return _CLAIM.one(tx, team_id, place_id, now, team_id, kept_too)


def hold(tx: Tx, place_id: int, team_id: int, now: int, until: int) -> Place | None:
    """As ``claim``, until then. Its old hold is dropped before; its booking stays."""
    return _HOLD.one(tx, team_id, until, place_id, now, team_id)


def confirm(tx: Tx, place_id: int, team_id: int, fence: int, now: int) -> Place | None:
    """What is held becomes a booking, if it is that hold, and still in time."""
    return _CONFIRM.one(tx, place_id, team_id, fence, now)


def vacate(tx: Tx, team_id: int) -> Place | None:
    """The place that was theirs, if they had one."""
    return _VACATE.one(tx, team_id)


def drop_hold(tx: Tx, team_id: int) -> Place | None:
    """The place that was held for them, if there was one."""
    return _DROP_HOLD.one(tx, team_id)


def expire(tx: Tx, place: Place, now: int) -> bool:
    """Whether the hold was past its time; then it is gone."""
    return _EXPIRE.one(tx, place.id, place.fence, now) is not None


def exchange(tx: Tx, ours: Place, theirs: Place) -> bool:
    """Two bookings change places, if both are still as they were. In three steps: at no statement has a team two."""
    emptied = _of_team(tx, ours, ours.team_id, None, ours.fence)
    given = emptied and _of_team(tx, theirs, theirs.team_id, ours.team_id, theirs.fence + 1)
    return given and _of_team(tx, ours, None, theirs.team_id, ours.fence + 1)


def _of_team(tx: Tx, place: Place, old: int | None, new: int | None, fence: int) -> bool:
    return _OF_TEAM.one(tx, new, fence, place.id, place.fence, old or 0) is not None


def _rows(statement: str) -> Rows:
    return Rows(places, f"{statement} RETURNING *", Place)


# A hold past its time is nobody's, whether or not the keeper has come by.
_NOBODY_ELSE = "id = ? AND team_id IS NULL AND (held_by IS NULL OR held_until <= ? OR held_by = ?)"
_NO_HOLD = "held_by = NULL, held_until = NULL"

_BOOKING = Rows(places, "SELECT * FROM pairup_places WHERE team_id = ?", Place)
_CLAIM = _rows(
    f"UPDATE pairup_places SET team_id = ?, {_NO_HOLD}, fence = fence + 1 WHERE {_NOBODY_ELSE} AND (? OR NOT kept)"
)
_HOLD = _rows(
    f"UPDATE pairup_places SET held_by = ?, held_until = ?, fence = fence + 1 WHERE {_NOBODY_ELSE} AND NOT kept"
)
_CONFIRM = _rows(
    f"UPDATE pairup_places SET team_id = held_by, {_NO_HOLD} "
    "WHERE id = ? AND held_by = ? AND fence = ? AND held_until > ?"
)
_VACATE = _rows("UPDATE pairup_places SET team_id = NULL WHERE team_id = ?")
_DROP_HOLD = _rows(f"UPDATE pairup_places SET {_NO_HOLD} WHERE held_by = ?")
_EXPIRE = _rows(f"UPDATE pairup_places SET {_NO_HOLD} WHERE id = ? AND fence = ? AND held_until <= ?")
_OF_TEAM = _rows(
    "UPDATE pairup_places SET team_id = ?, fence = ? WHERE id = ? AND fence = ? AND COALESCE(team_id, 0) = ?"
)
