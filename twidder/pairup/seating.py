"""The rows of places, where two who want the same meet: one conditional UPDATE decides, and who gets no row back lost.

These change rows and tell nobody; ``places``, ``waiting`` and ``swaps`` do. The order is always: give up the old row,
claim the new one, raise if that failed; the store undoes the whole of a change that raises.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Update, or_, select, update

from twidder.pairup.access import Place
from twidder.pairup.models import places
from twidder.store import ReadTx, Tx

_NOBODY = {"held_by": None, "held_until": None}


def _one(tx: Tx, statement: Update) -> Place | None:
    row = tx.execute(statement.returning(*places.c)).first()
    return Place(*tuple(row)) if row is not None else None


def booking_of(tx: ReadTx, team_id: int) -> Place | None:
    row = tx.execute(select(places).where(places.c.team_id == team_id)).first()
    return Place(*tuple(row)) if row is not None else None


def _nobody_else(place_id: int, team_id: int, now: int) -> tuple[Any, ...]:
    """A hold past its time is nobody's, whether or not the keeper has come by."""
    unheld = or_(places.c.held_by.is_(None), places.c.held_until <= now, places.c.held_by == team_id)
    return places.c.id == place_id, places.c.team_id.is_(None), unheld


def claim(tx: Tx, place_id: int, team_id: int, now: int, *, kept_too: bool = False) -> Place | None:
    """The team has the place from now on; None = somebody else has or holds it. Its old booking is given up before."""
    where = _nobody_else(place_id, team_id, now)
    may = where if kept_too else (*where, places.c.kept.is_(False))
    return _one(tx, update(places).where(*may).values(team_id=team_id, fence=places.c.fence + 1, **_NOBODY))


def hold(tx: Tx, place_id: int, team_id: int, now: int, until: int) -> Place | None:
    """As ``claim``, until then. Its old hold is dropped before; its booking stays."""
    where = *_nobody_else(place_id, team_id, now), places.c.kept.is_(False)
    values = {"held_by": team_id, "held_until": until, "fence": places.c.fence + 1}
    return _one(tx, update(places).where(*where).values(values))


def confirm(tx: Tx, place_id: int, team_id: int, fence: int, now: int) -> Place | None:
    """What is held becomes a booking, if it is that hold, and still in time."""
    is_it = places.c.id == place_id, places.c.held_by == team_id, places.c.fence == fence, places.c.held_until > now
    return _one(tx, update(places).where(*is_it).values(team_id=team_id, **_NOBODY))


def vacate(tx: Tx, team_id: int) -> Place | None:
    """The place that was theirs, if they had one."""
    return _one(tx, update(places).where(places.c.team_id == team_id).values(team_id=None))


def drop_hold(tx: Tx, team_id: int) -> Place | None:
    """The place that was held for them, if there was one."""
    return _one(tx, update(places).where(places.c.held_by == team_id).values(**_NOBODY))


def expire(tx: Tx, place: Place, now: int) -> bool:
    """Whether the hold was past its time; then it is gone."""
    where = places.c.id == place.id, places.c.fence == place.fence, places.c.held_until <= now
    return _one(tx, update(places).where(*where).values(**_NOBODY)) is not None


def exchange(tx: Tx, ours: Place, theirs: Place) -> bool:
    """Two bookings change places, if both are still as they were. In three steps: at no statement has a team two."""
    emptied = _of_team(tx, ours, ours.team_id, None, ours.fence)
    given = emptied and _of_team(tx, theirs, theirs.team_id, ours.team_id, theirs.fence + 1)
    return given and _of_team(tx, ours, None, theirs.team_id, ours.fence + 1)


def _of_team(tx: Tx, place: Place, old: int | None, new: int | None, fence: int) -> bool:
    team = places.c.team_id
    where = places.c.id == place.id, places.c.fence == place.fence, team.is_(None) if old is None else team == old
    return _one(tx, update(places).where(*where).values(team_id=new, fence=fence)) is not None
