"""Taking a place, giving it back, changing it. Two who want the same are told apart by ``seating``.

A team has one booking and one hold at most. A hold waits for a partner's word; what the team had before stays theirs
until the new place is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.pairup import seating, shapes, telling, waiting
from twidder.pairup.access import Place, Seat, access_place, access_team, check_open, check_seats_open, check_staff
from twidder.pairup.offers import end_offers
from twidder.pairup.sides import Side, check_may_take, check_unlocked, own_side, side_of
from twidder.store import ReadTx, Tx


def take(tx: Tx, me: Caller, place_id: int, limits: Limits) -> shapes.Place:
    """For my team: theirs at once, or held until a partner confirms. Whoever has or holds it already gets the same
    answer again, and no longer. Raises TwidderError (taken, closed), Forbidden."""
    seat, place = access_place(tx, me, place_id)
    side = own_side(tx, seat)
    if not _is_theirs(place, side.team.id):
        check_seats_open(seat)
        check_may_take(side, seat.round)
        swept = waiting.sweep(tx, seat.round, place.lab_id)
        if seat.round.confirm and _who_confirms(side, seat):
            _hold(tx, seat, side, place_id, swept, limits)
        else:
            _book(tx, seat.round, side, place_id, swept)
            telling.notify(tx, side.others(seat.entry), "booked", {"place": place_id})
            telling.record(tx, seat.round.id, me.user_id, "book", place=place_id, team=side.team.id)
    return _shown(tx, seat.round, place_id)


def confirm(tx: Tx, me: Caller, place_id: int, fence: int) -> shapes.Place:
    """A partner's word: the hold becomes a booking. ``fence``: of the hold. Raises TwidderError (lease_lost), Forbidden
    for the one who took it."""
    seat, place = access_place(tx, me, place_id)
    side = own_side(tx, seat)
    if (place.team_id, place.fence) != (side.team.id, fence):
        check_seats_open(seat)
        check_may_take(side, seat.round)
        if place.held_by != side.team.id or place.fence != fence or not place.is_held(now_ms()):
            raise TwidderError(code="lease_lost")
        _check_was_asked(tx, seat, place)
        _confirm(tx, seat, side, place)
    return _shown(tx, seat.round, place_id)


def give_back(tx: Tx, me: Caller, place_id: int) -> None:
    """My team's booking or hold ends; where they have neither, nothing does."""
    seat, place = access_place(tx, me, place_id)
    side = own_side(tx, seat)
    if not _is_theirs(place, side.team.id):
        return
    check_open(seat)
    check_unlocked(side)
    if place.team_id is not None:
        seating.vacate(tx, side.team.id)
        end_offers(tx, seat.round, side.team.id)
        why = "given_back"
    else:
        seating.drop_hold(tx, side.team.id)
        why = "declined"
    telling.notify(tx, side.others(seat.entry), "freed", {"place": place_id, "why": why})
    telling.record(tx, seat.round.id, me.user_id, why, place=place_id, team=side.team.id)
    _settle(tx, seat.round, {place_id}, [place])


def _is_theirs(place: Place, team_id: int) -> bool:
    return place.team_id == team_id or (place.held_by == team_id and place.is_held(now_ms()))


def _who_confirms(side: Side, seat: Seat) -> list[int]:
    """Whom to ask. Who has not claimed their entry could never answer."""
    claimed = {one.id for one in side.members if one.user_id is not None}
    return [entry_id for entry_id in side.others(seat.entry) if entry_id in claimed]


def _hold(tx: Tx, seat: Seat, side: Side, place_id: int, swept: set[int], limits: Limits) -> None:
    now = now_ms()
    dropped = seating.drop_hold(tx, side.team.id)
    got = seating.hold(tx, place_id, side.team.id, now, now + limits.hold_seconds * 1000)
    if got is None:
        raise _refusal(tx, place_id)
    asked = {"place": place_id, "until": got.held_until, "fence": got.fence, "by": telling.as_member(seat.student)}
    telling.notify(tx, _who_confirms(side, seat), "hold", asked)
    telling.record(tx, seat.round.id, seat.student.user_id, "hold", place=place_id, team=side.team.id, fence=got.fence)
    _settle(tx, seat.round, {place_id, *swept}, [dropped])


def _check_was_asked(tx: ReadTx, seat: Seat, place: Place) -> None:
    """Who took it is not asked whether they meant it."""
    newest = tx.driver.execute(_NEWEST_HOLD, (seat.student.id,)).fetchone()
    asked = msgspec.json.decode(newest[0]) if newest else {}
    if (asked.get("place"), asked.get("fence")) != (place.id, place.fence):
        raise Forbidden("You took it: a partner confirms.")


_NEWEST_HOLD = "SELECT data FROM pairup_notices WHERE entry_id = ? AND kind = 'hold' ORDER BY id DESC LIMIT 1"


def _confirm(tx: Tx, seat: Seat, side: Side, place: Place) -> None:
    old = seating.vacate(tx, side.team.id)
    if seating.confirm(tx, place.id, side.team.id, place.fence, now_ms()) is None:
        raise TwidderError(code="lease_lost")
    _settle_in(tx, seat.round, side.team.id, place.lab_id)
    telling.notify(tx, side.others(seat.entry), "booked", {"place": place.id})
    telling.record(tx, seat.round.id, seat.student.user_id, "confirm", place=place.id, team=side.team.id)
    _settle(tx, seat.round, {place.id}, [old])


# For staff, gateways and draws


def book(tx: Tx, round_row: Any, team_id: int, place_id: int, *, by_id: int | None, kept_too: bool = False) -> None:
    """Theirs at once, in place of what they had or held. Tells the round and the audit; who it was that did it, and so
    the notice, is the caller's. ``kept_too``: staff give away what they have kept. Raises TwidderError (taken)."""
    booking = seating.booking_of(tx, team_id)
    if booking is not None and booking.id == place_id:
        return
    place = _place_of(tx, round_row, place_id)
    swept = waiting.sweep(tx, round_row, place.lab_id)
    _book(tx, round_row, side_of(tx, team_id), place_id, swept, kept_too=kept_too)
    telling.record(tx, round_row.id, by_id, "book", place=place_id, team=team_id)


def move(tx: Tx, me: Caller, team_id: int, place_id: int | None) -> None:
    """By staff: to that place, a kept one too, or to none. Raises TwidderError (taken)."""
    seat, _ = access_team(tx, me, team_id)
    check_staff(seat)
    if place_id is None:
        release(tx, seat.round, team_id, by_id=me.user_id, why="staff")
        return
    booking = seating.booking_of(tx, team_id)
    book(tx, seat.round, team_id, place_id, by_id=me.user_id, kept_too=True)
    if booking is None or booking.id != place_id:
        told = {"place": place_id, "by": f"{me.author.firstname} {me.author.familyname}".strip()}
        telling.notify(tx, side_of(tx, team_id).others(None), "moved", told)


def release(tx: Tx, round_row: Any, team_id: int, *, by_id: int | None, why: str) -> None:
    """They have and hold nothing any more. ``why``: staff, or as of ``free_all_of``."""
    booked, held = seating.vacate(tx, team_id), seating.drop_hold(tx, team_id)
    freed = [place for place in (booked, held) if place is not None]
    end_offers(tx, round_row, team_id)
    for place in freed:
        members = telling.members_of(tx, [team_id])[team_id]
        asked = [one.id for one in members if by_id is None or one.user_id != by_id]
        telling.notify(tx, asked, "freed", {"place": place.id, "why": why})
        telling.record(tx, round_row.id, by_id, "free", place=place.id, team=team_id, why=why)
    _settle(tx, round_row, {place.id for place in freed}, freed)


def free_all_of(tx: Tx, round_row: Any, team_id: int, *, by_id: int | None, why: str) -> None:
    """A team that ends, or is not complete any more, leaves its place, its hold, the lists and its offers. ``why``: a
    word for the notice (left | dissolved | …)."""
    waiting.leave_lists(tx, round_row, team_id)
    release(tx, round_row, team_id, by_id=by_id, why=why)


def _place_of(tx: ReadTx, round_row: Any, place_id: int) -> Place:
    found = telling.find_places(tx, [place_id])
    if not found or found[0].round_id != round_row.id:
        raise NotFound
    return found[0]


# Both


def _book(tx: Tx, round_row: Any, side: Side, place_id: int, swept: set[int], *, kept_too: bool = False) -> None:
    """Raises TwidderError (taken)."""
    freed = [seating.vacate(tx, side.team.id), seating.drop_hold(tx, side.team.id)]
    got = seating.claim(tx, place_id, side.team.id, now_ms(), kept_too=kept_too)
    if got is None:
        raise _refusal(tx, place_id)
    _settle_in(tx, round_row, side.team.id, got.lab_id)
    _settle(tx, round_row, {place_id, *swept}, [place for place in freed if place and place.id != place_id])


def _settle_in(tx: Tx, round_row: Any, team_id: int, lab_id: int) -> None:
    """What ends with a new booking."""
    end_offers(tx, round_row, team_id)
    waiting.leave_lists(tx, round_row, team_id, lab_id)


def _settle(tx: Tx, round_row: Any, changed: set[int], freed: Iterable[Place | None]) -> None:
    """Who waits for what is free now gets it; then all hear of it in one event."""
    for place in freed:
        if place is not None:
            changed |= {place.id} | waiting.promote(tx, round_row, place.lab_id)
    telling.tell_places(tx, round_row.id, changed)


def _refusal(tx: ReadTx, place_id: int) -> TwidderError:
    [place] = telling.find_places(tx, [place_id])
    return TwidderError("Staff keep this place back." if place.kept else None, code="taken")


def _shown(tx: ReadTx, round_row: Any, place_id: int) -> shapes.Place:
    return telling.public_places(tx, round_row, telling.find_places(tx, [place_id]))[0]
