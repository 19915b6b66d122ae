"""Swaps: two teams that have places exchange them, when both want to. Both rows change, or neither."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.pairup import seating, telling, waiting
from twidder.pairup.access import Place, Seat, access_place, access_round, check_open, check_seats_open
from twidder.pairup.models import swaps
from twidder.pairup.offers import end_offers, tell_teams
from twidder.pairup.shapes import Swap
from twidder.pairup.sides import Side, check_unlocked, own_side, side_of
from twidder.store import ReadTx, Tx


def offer(tx: Tx, me: Caller, place_id: int, limits: Limits) -> tuple[Swap, bool]:
    """My team's place for that one; (the offer, whether it is new). Raises TwidderError (gone) where either side has
    no place, (full)."""
    seat, wanted = access_place(tx, me, place_id)
    side = own_side(tx, seat)
    check_seats_open(seat)
    check_unlocked(side)
    ours = seating.booking_of(tx, side.team.id)
    if ours is None:
        raise TwidderError("Your team has no place to offer.", code="gone")
    if wanted.team_id in (None, side.team.id):
        raise TwidderError("Nobody else has that place.", code="gone")
    earlier = public_swaps(tx, seat.round, swaps.c.from_team == side.team.id, swaps.c.to_team == wanted.team_id)
    if earlier:  # and about these places: an offer ends with either's booking
        return earlier[0], False
    _check_room(tx, side.team.id, limits)
    return _make(tx, seat, side, ours, wanted), True


def _check_room(tx: ReadTx, team_id: int, limits: Limits) -> None:
    made = select(func.count()).select_from(swaps).where(swaps.c.from_team == team_id)
    if tx.execute(made).scalar_one() >= limits.swaps_of_team:
        raise TwidderError("Your team has made enough offers. Wait for an answer.", code="full")


def _make(tx: Tx, seat: Seat, side: Side, ours: Place, wanted: Place) -> Swap:
    values = {"round_id": seat.round.id, "from_team": side.team.id, "from_place": ours.id, "at": now_ms()}
    statement = insert(swaps).values(**values, to_team=wanted.team_id, to_place=wanted.id).returning(swaps.c.id)
    swap_id: int = tx.execute(statement).scalar_one()
    assert wanted.team_id is not None
    telling.notify(tx, side_of(tx, wanted.team_id).others(None), "swap_offered", {"swap": swap_id})
    tell_teams(tx, side.team.id, wanted.team_id)
    telling.record(tx, seat.round.id, seat.student.user_id, "offer_swap", swap=swap_id, gives=ours.id, wants=wanted.id)
    return public_swaps(tx, seat.round, swaps.c.id == swap_id)[0]


def accept(tx: Tx, me: Caller, swap_id: int) -> None:
    """By a member of the team that was asked. Raises NotFound, TwidderError (gone), Forbidden."""
    seat, swap = _access_swap(tx, me, swap_id)
    check_seats_open(seat)
    if seat.student.team_id != swap.to_team:
        raise Forbidden("The other team decides.")
    giver, taker = side_of(tx, swap.from_team), side_of(tx, swap.to_team)
    check_unlocked(taker)
    if giver.team.locked:
        raise Forbidden("Staff have locked the other team as it is.")
    gives, wants = seating.booking_of(tx, giver.team.id), seating.booking_of(tx, taker.team.id)
    if gives is None or wants is None or (gives.id, wants.id) != (swap.from_place, swap.to_place):
        raise TwidderError("One of you does not have that place any more.", code="gone")
    _exchange(tx, seat, giver, taker, gives, wants)


def _exchange(tx: Tx, seat: Seat, giver: Side, taker: Side, gives: Place, wants: Place) -> None:
    if not seating.exchange(tx, gives, wants):
        raise TwidderError("One of you does not have that place any more.", code="gone")
    end_offers(tx, seat.round, giver.team.id, taker.team.id)
    waiting.leave_lists(tx, seat.round, giver.team.id, wants.lab_id)
    waiting.leave_lists(tx, seat.round, taker.team.id, gives.lab_id)
    telling.notify(tx, giver.others(None), "swapped", {"gave": gives.id, "got": wants.id})
    telling.notify(tx, taker.others(seat.entry), "swapped", {"gave": wants.id, "got": gives.id})
    telling.record(
        tx,
        seat.round.id,
        seat.student.user_id,
        "swap",
        gives=gives.id,
        giver=giver.team.id,
        wants=wants.id,
        taker=taker.team.id,
    )
    telling.tell_places(tx, seat.round.id, {gives.id, wants.id})


def end(tx: Tx, me: Caller, swap_id: int) -> None:
    """By either side: taken back, or declined. Raises NotFound."""
    seat, swap = _access_swap(tx, me, swap_id)
    check_open(seat)
    tx.execute(delete(swaps).where(swaps.c.id == swap_id))
    tell_teams(tx, swap.from_team, swap.to_team)
    telling.record(tx, seat.round.id, seat.student.user_id, "end_swap", swap=swap_id)


def _access_swap(tx: ReadTx, me: Caller, swap_id: int) -> tuple[Seat, Any]:
    """For members of the two teams. Raises NotFound."""
    swap = tx.execute(select(swaps).where(swaps.c.id == swap_id)).first()
    if swap is None:
        raise NotFound
    seat = access_round(tx, me, swap.round_id)
    if seat.entry is None or seat.entry.team_id not in (swap.from_team, swap.to_team):
        raise NotFound
    return seat, swap


def swaps_of(tx: ReadTx, round_row: Any, team_id: int) -> list[Swap]:
    """What the team has offered and been offered, the oldest first."""
    return public_swaps(tx, round_row, or_(swaps.c.from_team == team_id, swaps.c.to_team == team_id))


def public_swaps(tx: ReadTx, round_row: Any, *where: Any) -> list[Swap]:
    rows = tx.execute(select(swaps).where(*where).order_by(swaps.c.id)).all()
    names = telling.team_names(tx, round_row, {team for row in rows for team in (row.from_team, row.to_team)})
    return [
        Swap(row.id, names[row.from_team], row.from_place, names[row.to_team], row.to_place, row.at) for row in rows
    ]
