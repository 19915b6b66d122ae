"""What one does on a round's topic without waiting for an answer by HTTP, and how fast one may do anything here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import BadField, NotFound
from twidder.pairup import places
from twidder.pairup.access import access_place
from twidder.pairup.shapes import Id
from twidder.rates import Rates
from twidder.store import ReadTx, Tx


class _OfPlace(msgspec.Struct, forbid_unknown_fields=True):
    place: Id


class _OfHold(msgspec.Struct, forbid_unknown_fields=True):
    """``fence``: of the hold, as its notice has it."""

    place: Id
    fence: Id


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """One change, by whichever door. Raises RateLimited."""
    burst, rate = limits.pairup_acts_burst, limits.pairup_acts_per_second
    rates.take("pairup", me.user_id, burst=burst, rate=rate)


def act(
    rates: Rates, me: Caller, round_id: int, act: str, data: Mapping[str, Any], limits: Limits
) -> Callable[[Tx], dict[str, Any]]:
    """What to write: ``take`` {place}, ``confirm`` {place, fence}, ``give_back`` {place}. Raises BadField."""
    verb = _VERBS.get(act)
    if verb is None:
        raise BadField("act", "It is take, confirm or give_back.")
    shape, change = verb
    try:
        wanted = msgspec.convert(dict(data), shape)
    except msgspec.ValidationError as error:
        raise BadField("data", str(error)[:120]) from None
    take_turn(rates, me, limits)

    def write(tx: Tx) -> dict[str, Any]:
        _check_round(tx, me, wanted.place, round_id)
        return change(tx, me, wanted, limits)

    return write


def _check_round(tx: ReadTx, me: Caller, place_id: int, round_id: int) -> None:
    """The place is one of the topic's. Raises NotFound."""
    seat, _ = access_place(tx, me, place_id)
    if seat.round.id != round_id:
        raise NotFound


def _take(tx: Tx, me: Caller, wanted: _OfPlace, limits: Limits) -> dict[str, Any]:
    return {"place": places.take(tx, me, wanted.place, limits)}


def _confirm(tx: Tx, me: Caller, wanted: _OfHold, limits: Limits) -> dict[str, Any]:
    return {"place": places.confirm(tx, me, wanted.place, wanted.fence)}


def _give_back(tx: Tx, me: Caller, wanted: _OfPlace, limits: Limits) -> dict[str, Any]:
    places.give_back(tx, me, wanted.place)
    return {}


_VERBS: dict[str, tuple[Any, Callable[..., dict[str, Any]]]] = {
    "take": (_OfPlace, _take),
    "confirm": (_OfHold, _confirm),
    "give_back": (_OfPlace, _give_back),
}
