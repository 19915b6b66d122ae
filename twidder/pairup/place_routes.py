"""The HTTP API of places: taking, confirming, giving back; waiting; swaps."""

from __future__ import annotations

import msgspec

from twidder.pairup import acting, places, swaps, waiting
from twidder.pairup.shapes import Id, Place, Swap
from twidder.web.api import Api, Call, Nothing, Reply

api = Api("pairup_places")


class Confirmation(msgspec.Struct, forbid_unknown_fields=True):
    """``fence``: of the hold, as the notice or the place has it."""

    fence: Id


def _take_turn(call: Call) -> None:
    acting.take_turn(call.core.rates, call.student, call.core.settings.limits)


@api.route("PUT", "/pairup/places/<id:place>/team", who="student", body=Nothing, answer=Place)
def take_place(call: Call, place: int) -> Place:
    """For my team. Where a partner has to confirm it is held until then; doing it again changes nothing."""
    _take_turn(call)
    limits = call.core.settings.limits
    return call.write(lambda tx: places.take(tx, call.student, place, limits))


@api.route("POST", "/pairup/places/<id:place>/confirmation", who="student", body=Confirmation, answer=Place)
def confirm_place(call: Call, place: int) -> Place:
    """By a partner of the one who took it: ours from now on, instead of the place that we had."""
    _take_turn(call)
    return call.write(lambda tx: places.confirm(tx, call.student, place, call.body.fence))


@api.route("DELETE", "/pairup/places/<id:place>/team", who="student", statuses=(204,))
def give_back_place(call: Call, place: int) -> None:
    """Given back, or not held any more. Who waits for its lab gets it."""
    _take_turn(call)
    call.write(lambda tx: places.give_back(tx, call.student, place))


@api.route("PUT", "/pairup/labs/<id:lab>/waiting", who="student", body=Nothing, statuses=(204,))
def wait_for_lab(call: Call, lab: int) -> None:
    """My team gets the next place of a full lab that becomes free, and gives up the one that it has."""
    _take_turn(call)
    call.write(lambda tx: waiting.wait(tx, call.student, lab))


@api.route("DELETE", "/pairup/labs/<id:lab>/waiting", who="student", statuses=(204,))
def stop_waiting(call: Call, lab: int) -> None:
    _take_turn(call)
    call.write(lambda tx: waiting.stop(tx, call.student, lab))


@api.route("POST", "/pairup/places/<id:place>/swaps", who="student", body=Nothing, answer=Swap, statuses=(201, 200))
def offer_swap(call: Call, place: int) -> Reply:
    """Our place for that one."""
    _take_turn(call)
    limits = call.core.settings.limits
    swap, new = call.write(lambda tx: swaps.offer(tx, call.student, place, limits))
    return Reply(swap, 201 if new else 200)


@api.route("POST", "/pairup/swaps/<id:swap>/acceptance", who="student", body=Nothing, statuses=(204,))
def accept_swap(call: Call, swap: int) -> None:
    """Both places change hands, or neither."""
    _take_turn(call)
    call.write(lambda tx: swaps.accept(tx, call.student, swap))


@api.route("DELETE", "/pairup/swaps/<id:swap>", who="student", statuses=(204,))
def end_swap(call: Call, swap: int) -> None:
    """Taken back, or declined."""
    _take_turn(call)
    call.write(lambda tx: swaps.end(tx, call.student, swap))
