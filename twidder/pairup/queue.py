"""The queue of a lab: a team puts itself in, staff call the next one. It goes on when the round is closed: that is when
the labs are."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import BadField, Forbidden
from twidder.pairup import telling
from twidder.pairup.access import Seat, access_round, topic
from twidder.pairup.models import calls, labs, places
from twidder.pairup.shapes import Call, Id
from twidder.store import ReadTx, Tx

KINDS = ("ready", "help")
STEP = 1_024  # between two turns: so many can fall between them, each halving what is left
OPEN = calls.c.done_at.is_(None)
SECONDS = 300  # that a call takes, until there are some to go by …
COUNTED = 20  # … the newest of a lab


class NewCall(msgspec.Struct, forbid_unknown_fields=True):
    """``kind``: ready (to show their work) or help. ``lab``: where they are; left out or null: where their place is."""

    kind: str
    lab: Id | None = None


def ask(tx: Tx, me: Caller, round_id: int, wanted: NewCall) -> Call:
    """Put my team in, or change what it waits for: it keeps its turn within a lab. Raises Forbidden, BadField."""
    seat = access_round(tx, me, round_id)
    if wanted.kind not in KINDS:
        raise BadField("kind", "It is ready or help.")
    team_id = _own_team(seat)
    lab_id = _find_lab(tx, seat, team_id, wanted.lab)
    now = _open_call(tx, team_id)
    if now is None:
        call_id = _put_in(tx, seat, lab_id, team_id, wanted.kind)
    elif (now.lab_id, now.kind) == (lab_id, wanted.kind):
        return show(tx, seat, now.id)
    else:
        call_id = now.id
        there = {} if now.lab_id == lab_id else {"lab_id": lab_id, "turn": _last_turn(tx, lab_id), "called_at": None}
        tx.execute(update(calls).where(calls.c.id == call_id).values(kind=wanted.kind, **there))
    telling.record(tx, round_id, me.user_id, "call_made", call=call_id, team=team_id, lab=lab_id, kind=wanted.kind)
    return tell(tx, seat, call_id)


def withdraw(tx: Tx, me: Caller, round_id: int) -> None:
    """My team waits no longer, if it did."""
    seat = access_round(tx, me, round_id)
    team_id = _own_team(seat)
    now = _open_call(tx, team_id)
    if now is not None:
        tx.execute(delete(calls).where(calls.c.id == now.id))
        tell_gone(tx, now)
        telling.record(tx, round_id, me.user_id, "call_withdrawn", call=now.id, team=team_id, lab=now.lab_id)


def end_calls_of(tx: Tx, team_id: int) -> None:
    """Of a team that ends. What it has added to the estimates goes with it, so these are told as well."""
    for call in tx.execute(delete(calls).where(calls.c.team_id == team_id).returning(calls)).all():
        tell_gone(tx, call)


def end_calls_in(tx: Tx, lab_id: int) -> None:
    """Of a lab that is taken away."""
    for call in tx.execute(delete(calls).where(calls.c.lab_id == lab_id).returning(calls)).all():
        if call.done_at is None:
            tell_gone(tx, call)


def seconds(tx: ReadTx, round_id: int) -> dict[int, int]:
    """How long a call has taken of late in each lab of the round."""
    of_round = tx.execute(select(labs.c.id).where(labs.c.round_id == round_id)).scalars().all()
    return _seconds_of(tx, of_round)


def _seconds_of(tx: ReadTx, lab_ids: Sequence[int]) -> dict[int, int]:
    """The median of the newest, by lab."""
    order = calls.c.done_at.desc(), calls.c.id.desc()
    newest = func.row_number().over(partition_by=calls.c.lab_id, order_by=order).label("newest")
    took = (calls.c.done_at - calls.c.called_at).label("took")
    seen = select(calls.c.lab_id, took, newest).where(calls.c.lab_id.in_(lab_ids), took.is_not(None)).subquery()
    by_lab: dict[int, list[int]] = {}
    for row in tx.execute(select(seen).where(seen.c.newest <= COUNTED)):
        by_lab.setdefault(row.lab_id, []).append(row.took)
    figures = {lab_id: max(1, round(median(took) / 1000)) for lab_id, took in by_lab.items()}
    return {lab_id: figures.get(lab_id, SECONDS) for lab_id in lab_ids}


def _own_team(seat: Seat) -> int:
    if seat.student.team_id is None:
        raise Forbidden("You are in no team yet.")
    return int(seat.student.team_id)


def _find_lab(tx: ReadTx, seat: Seat, team_id: int, lab_id: int | None) -> int:
    if lab_id is None:
        place = tx.execute(select(places.c.lab_id).where(places.c.team_id == team_id)).first()
        if place is None:
            raise BadField("lab", "Your team has no place yet. Say in which lab you are.")
        return int(place.lab_id)
    if tx.execute(select(labs.c.id).where(labs.c.id == lab_id, labs.c.round_id == seat.round.id)).first() is None:
        raise BadField("lab", "There is no such lab in this round.")
    return lab_id


def _open_call(tx: ReadTx, team_id: int) -> Any | None:
    return tx.execute(select(calls).where(calls.c.team_id == team_id, OPEN)).first()


def _put_in(tx: Tx, seat: Seat, lab_id: int, team_id: int, kind: str) -> int:
    values = {"round_id": seat.round.id, "lab_id": lab_id, "team_id": team_id, "kind": kind, "at": now_ms()}
    made = insert(calls).values(**values, turn=_last_turn(tx, lab_id), misses=0).returning(calls.c.id)
    return int(tx.execute(made).scalar_one())


def _last_turn(tx: ReadTx, lab_id: int) -> int:
    """One behind everybody’s."""
    last = tx.execute(select(func.max(calls.c.turn)).where(calls.c.lab_id == lab_id, OPEN)).scalar_one()
    return int(last or 0) + STEP


def show(tx: ReadTx, seat: Seat, call_id: int) -> Call:
    return telling.public_calls(tx, seat.round, calls.c.id == call_id, named=seat.is_staff or None)[0]


def tell(tx: Tx, seat: Seat, call_id: int) -> Call:
    """As everybody in the round sees it."""
    call = telling.public_calls(tx, seat.round, calls.c.id == call_id)[0]
    tx.emit(topic(seat.round.id), "call.changed", {"call": call})
    return call


def tell_gone(tx: Tx, call: Any) -> None:
    takes = _seconds_of(tx, [call.lab_id])[call.lab_id]
    tx.emit(topic(call.round_id), "call.gone", {"id": call.id, "lab": call.lab_id, "seconds": takes})
