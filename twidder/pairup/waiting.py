"""The waiting list of a lab that is full. What becomes free in it goes to the first who waits, in the same
transaction: nobody can be quicker, and no free place has somebody waiting for it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from sqlalchemy import delete, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import TwidderError
from twidder.pairup import seating, telling
from twidder.pairup.access import Place, access_lab, check_open, check_seats_open
from twidder.pairup.models import labs, places, waiting
from twidder.pairup.offers import end_offers, tell_teams
from twidder.pairup.rows import Rows
from twidder.pairup.sides import check_may_take, check_unlocked, own_side
from twidder.store import ReadTx, Tx


def wait(tx: Tx, me: Caller, lab_id: int) -> None:
    """My team stands at the end of the list; once in it, it stays where it is. Raises TwidderError (gone) where there
    is a free place, (taken) where they have one."""
    seat, _ = access_lab(tx, me, lab_id)
    side = own_side(tx, seat)
    if _waits(tx, lab_id, side.team.id):
        return
    check_seats_open(seat)
    check_may_take(side, seat.round)
    telling.tell_places(tx, seat.round.id, sweep(tx, seat.round, lab_id))
    if _free_place(tx, lab_id, now_ms()) is not None:
        raise TwidderError("There is a free place in this lab. Take it.", code="gone")
    if _has_place(tx, lab_id, side.team.id):
        raise TwidderError("Your team has a place in this lab.", code="taken")
    tx.driver.execute(_WAIT, (lab_id, side.team.id, now_ms()))
    telling.tell_lab(tx, seat.round.id, lab_id)
    tell_teams(tx, side.team.id)
    telling.record(tx, seat.round.id, me.user_id, "wait", lab=lab_id, team=side.team.id)


def stop(tx: Tx, me: Caller, lab_id: int) -> None:
    """My team waits no longer for this lab."""
    seat, _ = access_lab(tx, me, lab_id)
    side = own_side(tx, seat)
    check_open(seat)
    check_unlocked(side)
    if leave_lists(tx, seat.round, side.team.id, lab_id):
        telling.record(tx, seat.round.id, me.user_id, "stop_waiting", lab=lab_id, team=side.team.id)


def leave_lists(tx: Tx, round_row: Any, team_id: int, lab_id: int | None = None) -> set[int]:
    """The list of one lab, or all; which they were in. Tells."""
    left = _strike(tx, team_id, lab_id)
    _tell_left(tx, round_row, {team_id}, left)
    return set(left)


def _strike(tx: Tx, team_id: int, lab_id: int | None = None) -> dict[int, int]:
    """lab → the turn that they had there."""
    gone = tx.driver.execute(_LEAVE, (team_id,)) if lab_id is None else tx.driver.execute(_LEAVE_ONE, (team_id, lab_id))
    return dict(gone.fetchall())


def _tell_left(tx: Tx, round_row: Any, team_ids: set[int], left: dict[int, int]) -> None:
    """``left``: lab → the first turn that there is no more; whoever waits behind it has moved up."""
    for lab_id in sorted(left):
        telling.tell_lab(tx, round_row.id, lab_id)
    behind = {team for turn in left.items() for (team,) in tx.driver.execute(_BEHIND, turn).fetchall()}
    if left:
        tell_teams(tx, *team_ids | behind)


_WAIT = "INSERT INTO pairup_waiting (lab_id, team_id, at) VALUES (?, ?, ?)"
_WAITS = "SELECT 1 FROM pairup_waiting WHERE lab_id = ? AND team_id = ?"
_LEAVE = "DELETE FROM pairup_waiting WHERE team_id = ? RETURNING lab_id, id"
_LEAVE_ONE = "DELETE FROM pairup_waiting WHERE team_id = ? AND lab_id = ? RETURNING lab_id, id"
_BEHIND = "SELECT team_id FROM pairup_waiting WHERE lab_id = ? AND id > ?"


def _waits(tx: ReadTx, lab_id: int, team_id: int) -> bool:
    return tx.driver.execute(_WAITS, (lab_id, team_id)).fetchone() is not None


def _has_place(tx: ReadTx, lab_id: int, team_id: int) -> bool:
    """Booked or held: what they gave back would come to them again."""
    return tx.driver.execute(_HAS_PLACE, (lab_id, team_id, team_id)).fetchone() is not None


_HAS_PLACE = "SELECT 1 FROM pairup_places WHERE lab_id = ? AND (team_id = ? OR held_by = ?)"


# What becomes free


def sweep(tx: Tx, round_row: Any, lab_id: int) -> set[int]:
    """Holds of the lab that are past their time end, and who waits gets what they held. The ids of places that changed:
    the caller tells."""
    now = now_ms()
    expired = _EXPIRED.all(tx, lab_id, now)
    gone = {place.id for place in expired if _expire(tx, place, now)}
    return gone | promote(tx, round_row, lab_id) if gone else gone


_EXPIRED = Rows(
    places, "SELECT * FROM pairup_places WHERE lab_id = ? AND held_until <= ? ORDER BY starts_at, id", Place
)


def _expire(tx: Tx, place: Place, now: int) -> bool:
    if not seating.expire(tx, place, now):
        return False
    assert place.held_by is not None
    members = telling.members_of(tx, [place.held_by])[place.held_by]
    telling.notify(tx, [one.id for one in members], "freed", {"place": place.id, "why": "expired"})
    telling.record(tx, place.round_id, None, "expire", place=place.id, team=place.held_by)
    return True


def promote(tx: Tx, round_row: Any, lab_id: int) -> set[int]:
    """Gives the lab's free places to those who wait, until there are none of either. Who gets one gives up the place
    that they had, and waits nowhere any more: so it ends after as many steps as there are teams that wait. The ids of
    places that changed: the caller tells."""
    changed: set[int] = set()
    served: set[int] = set()
    left: dict[int, int] = {}
    open_labs = deque([lab_id])
    while open_labs:
        lab = open_labs.popleft()
        while (place := _free_place(tx, lab, now_ms())) and (team_id := _first(tx, round_row, lab)):
            old = _promote(tx, round_row, place, team_id)
            for where, turn in _strike(tx, team_id).items():
                left[where] = min(turn, left.get(where, turn))
            served.add(team_id)
            changed.add(place.id)
            if old is not None:
                changed.add(old.id)
                open_labs.append(old.lab_id)
    _tell_left(tx, round_row, served, left)
    return changed


def serve(tx: Tx, round_row: Any, team_id: int) -> None:
    """A team that was passed over may have a place again: what is free where they wait is theirs. Tells."""
    for (lab_id,) in tx.driver.execute(_LABS, (team_id,)).fetchall():
        telling.tell_places(tx, round_row.id, promote(tx, round_row, lab_id))


_LABS = "SELECT lab_id FROM pairup_waiting WHERE team_id = ?"


def serve_round(tx: Tx, round_row: Any) -> None:
    """The round asks for other sizes: teams that were passed over may have a place again. Tells."""
    of_round = select(waiting.c.lab_id).join(labs, labs.c.id == waiting.c.lab_id).where(labs.c.round_id == round_row.id)
    changed: set[int] = set()
    for lab_id in tx.execute(of_round.distinct()).scalars().all():
        changed |= promote(tx, round_row, lab_id)
    telling.tell_places(tx, round_row.id, changed)


def end_lists(tx: Tx, round_row: Any) -> None:
    """Its places are drawn from now on: nobody waits for one. Tells."""
    of_round = waiting.c.lab_id.in_(select(labs.c.id).where(labs.c.round_id == round_row.id))
    gone = tx.execute(delete(waiting).where(of_round).returning(waiting.c.lab_id, waiting.c.team_id)).all()
    for lab_id in sorted({one.lab_id for one in gone}):
        telling.tell_lab(tx, round_row.id, lab_id)
    tell_teams(tx, *{one.team_id for one in gone})


def _promote(tx: Tx, round_row: Any, place: Place, team_id: int) -> Place | None:
    """The place that they had before."""
    old = seating.vacate(tx, team_id)
    got = seating.claim(tx, place.id, team_id, now_ms())
    assert got is not None, "read free in this very transaction"
    end_offers(tx, round_row, team_id)
    members = telling.members_of(tx, [team_id])[team_id]
    telling.notify(tx, [one.id for one in members], "promoted", {"place": place.id, "lab": place.lab_id})
    telling.record(tx, round_row.id, None, "promote", place=place.id, team=team_id)
    return old


def _free_place(tx: ReadTx, lab_id: int, now: int) -> Place | None:
    """The earliest that anybody could have."""
    return _FREE.one(tx, lab_id, now)


_FREE = Rows(
    places,
    "SELECT * FROM pairup_places WHERE lab_id = ? AND team_id IS NULL AND NOT kept "
    "AND (held_by IS NULL OR held_until <= ?) ORDER BY starts_at, id LIMIT 1",
    Place,
)


def _first(tx: ReadTx, round_row: Any, lab_id: int) -> int | None:
    """The first team in the list that may take a place now."""
    for (team_id,) in tx.driver.execute(_WHO_WAITS, (lab_id,)).fetchall():
        if telling.is_complete(telling.members_of(tx, [team_id])[team_id], round_row):
            return int(team_id)
    return None


_WHO_WAITS = (
    "SELECT team_id FROM pairup_waiting JOIN pairup_teams ON pairup_teams.id = team_id "
    "WHERE lab_id = ? AND NOT locked ORDER BY pairup_waiting.id"
)
