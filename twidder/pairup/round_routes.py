"""The HTTP API of rounds, and of labs as staff arrange them."""

from __future__ import annotations

import msgspec

from twidder.config import Limits
from twidder.pairup import fields, labs, labs_csv, rounds
from twidder.pairup.fields import LabChange, NewLab, NewRound, RoundChange
from twidder.pairup.labs import ImportedLabs
from twidder.pairup.shapes import Lab, Place, Round, RoundCard
from twidder.pairup.table_routes import TABLE, ImportQuery, read_table
from twidder.web.api import Api, Call

api = Api("pairup_rounds")


class Rounds(msgspec.Struct):
    items: list[RoundCard]


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    kept: bool


@api.route("GET", "/pairup/rounds", who="student", answer=Rounds)
def list_rounds(call: Call) -> Rounds:
    """The rounds on whose roster I am; for staff all. The newest first."""
    return Rounds(call.read(lambda tx: rounds.list_rounds(tx, call.student, _limits(call))))


@api.route("POST", "/pairup/rounds", who="staff", body=NewRound, answer=Round, statuses=(201,))
def create_round(call: Call) -> Round:
    """Make a round; it has no roster and no labs yet."""
    new = fields.check_round(call.body, _limits(call))
    fields.check_solver(new.mode)
    take_edit(call)
    return call.write(lambda tx: rounds.create(tx, call.me, new))


@api.route("PATCH", "/pairup/rounds/<id:round>", who="staff", body=RoundChange, answer=Round)
def change_round(call: Call, round: int) -> Round:
    """What is left out stays. Who is told names is fixed once there is a team, the mode once somebody has a place."""
    if call.body.mode is not msgspec.UNSET:
        fields.check_solver(call.body.mode)
    take_edit(call)
    return call.write(lambda tx: rounds.change(tx, call.me, round, call.body, _limits(call)))


@api.route("DELETE", "/pairup/rounds/<id:round>", who="staff", statuses=(204,))
def delete_round(call: Call, round: int) -> None:
    """Nobody finds it any more."""
    take_edit(call)
    call.write(lambda tx: rounds.delete(tx, call.me, round))


# Labs


@api.route(
    "PUT",
    "/pairup/rounds/<id:round>/labs",
    who="staff",
    raw=TABLE,
    most="roster_bytes",
    query=ImportQuery,
    answer=ImportedLabs,
)
def import_labs(call: Call, round: int) -> ImportedLabs:
    """Labs and the times of their places, as CSV: ``lab,time[,minutes][,places]``. Adds what is not there."""
    take_edit(call)
    zone = call.read(lambda tx: labs.zone_of_round(tx, call.me, round))
    sittings = labs_csv.parse(read_table(_limits(call)), zone, _limits(call))
    if call.query.check:
        return call.read(lambda tx: labs.check_import(tx, call.me, round, sittings, _limits(call)))
    return call.write(lambda tx: labs.import_labs(tx, call.me, round, sittings, _limits(call)))


@api.route("POST", "/pairup/rounds/<id:round>/labs", who="staff", body=NewLab, answer=Lab, statuses=(201,))
def create_lab(call: Call, round: int) -> Lab:
    """A lab, with places at these times."""
    new = fields.check_lab(call.body, _limits(call))
    take_edit(call)
    return call.write(lambda tx: labs.create(tx, call.me, round, new, _limits(call)))


@api.route("PATCH", "/pairup/labs/<id:lab>", who="staff", body=LabChange, answer=Lab)
def change_lab(call: Call, lab: int) -> Lab:
    """What is left out stays."""
    wanted = fields.check_lab_change(call.body, _limits(call))
    take_edit(call)
    return call.write(lambda tx: labs.change(tx, call.me, lab, wanted))


@api.route("DELETE", "/pairup/labs/<id:lab>", who="staff", statuses=(204,))
def delete_lab(call: Call, lab: int) -> None:
    """With its places, none of which anybody has."""
    take_edit(call)
    call.write(lambda tx: labs.delete_lab(tx, call.me, lab))


@api.route("DELETE", "/pairup/places/<id:place>", who="staff", statuses=(204,))
def delete_place(call: Call, place: int) -> None:
    """One that nobody has."""
    take_edit(call)
    call.write(lambda tx: labs.delete_place(tx, call.me, place))


@api.route("PUT", "/pairup/places/<id:place>/kept", who="staff", body=Kept, answer=Place)
def keep_place(call: Call, place: int) -> Place:
    """Keep a place back, so that nobody takes it, or give it free again."""
    take_edit(call)
    return call.write(lambda tx: labs.keep(tx, call.me, place, kept=call.body.kept))


def take_edit(call: Call) -> None:
    """Raises RateLimited."""
    per_minute = _limits(call).staff_acts_per_minute
    call.core.rates.take("pairup staff", call.me.user_id, burst=per_minute, rate=per_minute / 60)


def _limits(call: Call) -> Limits:
    return call.core.settings.limits
