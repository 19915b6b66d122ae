"""The waiting list of a lab that is full. What becomes free in it goes to the first who waits, in the same
transaction: nobody can be quicker, and no free place has somebody waiting for it.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from sqlalchemy import delete, insert, or_, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import TwidderError
from twidder.pairup import seating, telling
from twidder.pairup.access import Place, access_lab, check_open, check_seats_open
from twidder.pairup.models import places, teams, waiting
from twidder.pairup.offers import end_offers
from twidder.pairup.sides import check_may_take, own_side
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
    booking = seating.booking_of(tx, side.team.id)
    if booking is not None and booking.lab_id == lab_id:
        raise TwidderError("Your team has a place in this lab.", code="taken")
    tx.execute(insert(waiting).values(lab_id=lab_id, team_id=side.team.id, at=now_ms()))
    _tell(tx, seat.round.id, side.team.id, {lab_id})
    telling.record(tx, seat.round.id, me.user_id, "wait", lab=lab_id, team=side.team.id)


def stop(tx: Tx, me: Caller, lab_id: int) -> None:
    """My team waits no longer for this lab."""
    seat, _ = access_lab(tx, me, lab_id)
    side = own_side(tx, seat)
    check_open(seat)
    if leave_lists(tx, seat.round, side.team.id, lab_id):
        telling.record(tx, seat.round.id, me.user_id, "stop_waiting", lab=lab_id, team=side.team.id)


def leave_lists(tx: Tx, round_row: Any, team_id: int, lab_id: int | None = None) -> set[int]:
    """The list of one lab, or all; which they were in. Tells."""
    gone = delete(waiting).where(waiting.c.team_id == team_id)
    if lab_id is not None:
        gone = gone.where(waiting.c.lab_id == lab_id)
    left = set(tx.execute(gone.returning(waiting.c.lab_id)).scalars())
    if left:
        _tell(tx, round_row.id, team_id, left)
    return left


def _waits(tx: ReadTx, lab_id: int, team_id: int) -> bool:
    query = select(waiting.c.id).where(waiting.c.lab_id == lab_id, waiting.c.team_id == team_id)
    return tx.execute(query).first() is not None


def _tell(tx: Tx, round_id: int, team_id: int, lab_ids: set[int]) -> None:
    for lab_id in sorted(lab_ids):
        telling.tell_lab(tx, round_id, lab_id)
    telling.tell_mine(tx, [one.id for one in telling.members_of(tx, [team_id])[team_id]])


# What becomes free


def sweep(tx: Tx, round_row: Any, lab_id: int) -> set[int]:
    """Holds of the lab that are past their time end, and who waits gets what they held. The ids of places that changed:
    the caller tells."""
    now = now_ms()
    expired = telling.load_places(tx, places.c.lab_id == lab_id, places.c.held_until <= now)
    gone = {place.id for place in expired if _expire(tx, place, now)}
    return gone | promote(tx, round_row, lab_id) if gone else gone


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
    open_labs = deque([lab_id])
    while open_labs:
        lab = open_labs.popleft()
        while (place := _free_place(tx, lab, now_ms())) and (team_id := _first(tx, round_row, lab)):
            old = _promote(tx, round_row, place, team_id)
            changed.add(place.id)
            if old is not None:
                changed.add(old.id)
                open_labs.append(old.lab_id)
    return changed


def serve(tx: Tx, round_row: Any, team_id: int) -> None:
    """A team that was passed over may have a place again: what is free where they wait is theirs. Tells."""
    for lab_id in tx.execute(select(waiting.c.lab_id).where(waiting.c.team_id == team_id)).scalars().all():
        telling.tell_places(tx, round_row.id, promote(tx, round_row, lab_id))


def _promote(tx: Tx, round_row: Any, place: Place, team_id: int) -> Place | None:
    """The place that they had before."""
    old = seating.vacate(tx, team_id)
    got = seating.claim(tx, place.id, team_id, now_ms())
    assert got is not None, "read free in this very transaction"
    end_offers(tx, round_row, team_id)
    leave_lists(tx, round_row, team_id)
    members = telling.members_of(tx, [team_id])[team_id]
    telling.notify(tx, [one.id for one in members], "promoted", {"place": place.id, "lab": place.lab_id})
    telling.record(tx, round_row.id, None, "promote", place=place.id, team=team_id)
    return old


def _free_place(tx: ReadTx, lab_id: int, now: int) -> Place | None:
    """The earliest that anybody could have."""
    unheld = or_(places.c.held_by.is_(None), places.c.held_until <= now)
    free = places.c.lab_id == lab_id, places.c.team_id.is_(None), places.c.kept.is_(False), unheld
    row = tx.execute(select(places).where(*free).order_by(places.c.starts_at, places.c.id).limit(1)).first()
    return Place(*tuple(row)) if row is not None else None


def _first(tx: ReadTx, round_row: Any, lab_id: int) -> int | None:
    """The first team in the list that may take a place now."""
    query = select(waiting.c.team_id).join(teams, teams.c.id == waiting.c.team_id)
    query = query.where(waiting.c.lab_id == lab_id, teams.c.locked.is_(False)).order_by(waiting.c.id)
    for team_id in tx.execute(query).scalars():
        if telling.is_complete(telling.members_of(tx, [team_id])[team_id], round_row):
            return int(team_id)
    return None
