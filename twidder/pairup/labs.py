"""Labs, and the places in them: importing, making, changing, keeping back."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import delete, func, insert, select, update

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import BadField, Conflict
from twidder.pairup import queue
from twidder.pairup import waiting as lists
from twidder.pairup.access import Seat, access_lab, access_place, access_round, check_staff
from twidder.pairup.fields import LabChange, NewLab, zone_of
from twidder.pairup.labs_csv import Sitting
from twidder.pairup.models import entries, labs, places, rankings, swaps, waiting
from twidder.pairup.shapes import Lab, Place
from twidder.pairup.telling import load_places, public_labs, public_places, record, tell_lab, tell_mine, tell_places
from twidder.store import ReadTx, Tx

MINUTES = 20  # that a place lasts when a table does not say
_AT_ONCE = 500  # places in one event: 65 KB


class ImportedLabs(msgspec.Struct, frozen=True):
    """How many labs and places are new, and how many of the table's places were there."""

    labs: int
    places: int
    same: int


def zone_of_round(tx: ReadTx, me: Caller, round_id: int) -> ZoneInfo:
    """For staff. Raises NotFound, Forbidden."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    return zone_of(seat.round.zone)


def import_labs(tx: Tx, me: Caller, round_id: int, sittings: list[Sitting], limits: Limits) -> ImportedLabs:
    """Adds what is not there, and takes nothing away; so many minutes as the table says. Raises NotFound, Forbidden,
    BadField (csv)."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    plan = _plan(tx, seat, sittings, limits)
    ids = {name: row.id for name, row in plan.known.items()}
    ids |= {name: _insert_lab(tx, round_id, name, plan.minutes[name] or MINUTES) for name in plan.new}
    changed = _change_minutes(tx, plan.known, plan.minutes)
    _add_places(tx, round_id, Counter({(ids[name], at): number for (name, at), number in plan.missing.items()}))
    for name in (*plan.new, *changed):
        tell_lab(tx, round_id, ids[name])
    _fill(tx, seat, {ids[name] for name, _ in plan.missing})
    record(tx, round_id, me.user_id, "labs_imported", labs=plan.new, places=plan.missing.total())
    return plan.counted


def check_import(tx: ReadTx, me: Caller, round_id: int, sittings: list[Sitting], limits: Limits) -> ImportedLabs:
    """What ``import_labs`` would do. Raises as it does."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    return _plan(tx, seat, sittings, limits).counted


class _Plan(NamedTuple):
    """What a table asks for. ``minutes``: by lab; ``known``, ``new``: labs that are there, and that are not;
    ``missing``: places by the lab's name and their time."""

    minutes: dict[str, int | None]
    known: dict[str, Any]
    new: list[str]
    missing: Counter[tuple[str, int]]
    counted: ImportedLabs


def _plan(tx: ReadTx, seat: Seat, sittings: list[Sitting], limits: Limits) -> _Plan:
    minutes: dict[str, int | None] = {}
    wanted: Counter[tuple[str, int]] = Counter()
    for one in sittings:
        wanted[one.lab, one.starts_at] += one.places
        minutes[one.lab] = minutes.get(one.lab) or one.minutes
    known = {row.name: row for row in tx.execute(select(labs).where(labs.c.round_id == seat.round.id))}
    missing = wanted - _there(tx, seat.round.id)
    new = [name for name in minutes if name not in known]
    _check_room(tx, seat, len(new), missing.total(), limits, "csv")
    counted = ImportedLabs(len(new), missing.total(), wanted.total() - missing.total())
    return _Plan(minutes, known, new, missing, counted)


def create(tx: Tx, me: Caller, round_id: int, new: NewLab, limits: Limits) -> Lab:
    """From checked fields. Raises NotFound, Forbidden, BadField."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    _check_name(tx, round_id, new.name)
    times = Counter({at: number * new.places for at, number in Counter(new.times).items()})
    _check_room(tx, seat, 1, times.total(), limits, "places")
    lab_id = _insert_lab(tx, round_id, new.name, new.minutes)
    tell_lab(tx, round_id, lab_id)
    _add_places(tx, round_id, Counter({(lab_id, at): number for at, number in times.items()}))
    record(tx, round_id, me.user_id, "lab_made", lab=lab_id, name=new.name, places=times.total())
    return public_labs(tx, labs.c.id == lab_id)[0]


def change(tx: Tx, me: Caller, lab_id: int, wanted: LabChange) -> Lab:
    """From checked fields. Raises NotFound, Forbidden, BadField (name)."""
    seat, lab = access_lab(tx, me, lab_id)
    check_staff(seat)
    given = {"name": wanted.name, "minutes": wanted.minutes}
    new = {name: value for name, value in given.items() if value not in (None, getattr(lab, name))}
    if "name" in new:
        _check_name(tx, seat.round.id, str(new["name"]))
    if new:
        tx.execute(update(labs).where(labs.c.id == lab_id).values(**new))
        tell_lab(tx, seat.round.id, lab_id)
        record(tx, seat.round.id, me.user_id, "lab_changed", lab=lab_id, **new)
    return public_labs(tx, labs.c.id == lab_id)[0]


def delete_lab(tx: Tx, me: Caller, lab_id: int) -> None:
    """With its places, its waiting list and its queue. Raises NotFound, Forbidden, Conflict (taken)."""
    seat, lab = access_lab(tx, me, lab_id)
    check_staff(seat)
    rows = load_places(tx, places.c.lab_id == lab_id)
    if any(row.team_id is not None or row.held_by is not None for row in rows):
        raise Conflict("Somebody has a place there. Move them first.", code="taken")
    waited = set(tx.execute(delete(waiting).where(waiting.c.lab_id == lab_id).returning(waiting.c.team_id)).scalars())
    queue.end_calls_in(tx, lab_id)
    _delete_places(tx, [row.id for row in rows], waited)
    tx.execute(delete(labs).where(labs.c.id == lab_id))
    tell_lab(tx, seat.round.id, lab_id)
    record(tx, seat.round.id, me.user_id, "lab_deleted", lab=lab_id, name=lab.name)


def delete_place(tx: Tx, me: Caller, place_id: int) -> None:
    """Raises NotFound, Forbidden, Conflict (taken)."""
    seat, place = access_place(tx, me, place_id)
    check_staff(seat)
    if place.team_id is not None or place.held_by is not None:
        raise Conflict("Somebody has this place. Move them first.", code="taken")
    _delete_places(tx, [place_id], set())
    tx.emit(seat.topic, "places.gone", {"ids": [place_id]})
    record(tx, seat.round.id, me.user_id, "place_deleted", place=place_id, lab=place.lab_id, at=place.starts_at)


def keep(tx: Tx, me: Caller, place_id: int, *, kept: bool) -> Place:
    """Back, so that nobody takes it, or not any more. Raises NotFound, Forbidden, Conflict (taken)."""
    seat, place = access_place(tx, me, place_id)
    check_staff(seat)
    if place.kept != kept:
        if place.team_id is not None or place.held_by is not None:
            raise Conflict("Somebody has this place. Move them first.", code="taken")
        tx.execute(update(places).where(places.c.id == place_id).values(kept=kept))
        tell_places(tx, seat.round.id, {place_id} | (set() if kept else lists.promote(tx, seat.round, place.lab_id)))
        record(tx, seat.round.id, me.user_id, "place_kept" if kept else "place_given_free", place=place_id)
    return public_places(tx, seat.round, load_places(tx, places.c.id == place_id), named=True)[0]


def _there(tx: ReadTx, round_id: int) -> Counter[tuple[str, int]]:
    """Places of the round by the lab's name and their time."""
    query = select(labs.c.name, places.c.starts_at, func.count().label("number")).where(labs.c.round_id == round_id)
    rows = tx.execute(query.join(places, places.c.lab_id == labs.c.id).group_by(labs.c.name, places.c.starts_at))
    return Counter({(row.name, row.starts_at): row.number for row in rows})


def _check_room(tx: ReadTx, seat: Seat, new_labs: int, new_places: int, limits: Limits, field: str) -> None:
    for table, new, most, what in (
        (labs, new_labs, limits.labs_of_round, "labs"),
        (places, new_places, limits.places_of_round, "places"),
    ):
        there = tx.execute(select(func.count()).where(table.c.round_id == seat.round.id)).scalar_one()
        if there + new > most:
            raise BadField(field, f"A round has at most {most:,} {what}; {there:,} are there.")


def _check_name(tx: ReadTx, round_id: int, name: str) -> None:
    if tx.execute(select(labs.c.id).where(labs.c.round_id == round_id, labs.c.name == name)).first() is not None:
        raise BadField("name", "There is a lab of that name.", code="taken")


def _insert_lab(tx: Tx, round_id: int, name: str, minutes: int) -> int:
    made = tx.execute(insert(labs).values(round_id=round_id, name=name, minutes=minutes)).inserted_primary_key
    assert made is not None
    return int(made[0])


def _change_minutes(tx: Tx, known: dict[str, Any], minutes: dict[str, int | None]) -> list[str]:
    """Names of the labs whose minutes the table has otherwise."""
    changed = [name for name, row in known.items() if minutes.get(name) not in (None, row.minutes)]
    for name in changed:
        tx.execute(update(labs).where(labs.c.id == known[name].id).values(minutes=minutes[name]))
    return changed


def _add_places(tx: Tx, round_id: int, wanted: Counter[tuple[int, int]]) -> None:
    """By lab and time."""
    if not wanted:
        return
    before = tx.execute(select(func.coalesce(func.max(places.c.id), 0))).scalar_one()
    row = {"round_id": round_id, "kept": False, "fence": 0}
    tx.execute(insert(places), [row | {"lab_id": lab_id, "starts_at": at} for lab_id, at in sorted(wanted.elements())])
    new = places.c.id > before, places.c.round_id == round_id
    ids = list(tx.execute(select(places.c.id).where(*new).order_by(places.c.id)).scalars())
    for start in range(0, len(ids), _AT_ONCE):
        tell_places(tx, round_id, ids[start : start + _AT_ONCE])


def _fill(tx: Tx, seat: Seat, lab_ids: set[int]) -> None:
    """New places go to those who wait for one."""
    changed = {place_id for lab_id in sorted(lab_ids) for place_id in lists.promote(tx, seat.round, lab_id)}
    tell_places(tx, seat.round.id, changed)


def _delete_places(tx: Tx, place_ids: list[int], concerned: set[int]) -> None:
    """Nobody ranks them any more; the teams that did, and those who are ``concerned``, are told."""
    gone = delete(rankings).where(rankings.c.place_id.in_(place_ids)).returning(rankings.c.team_id)
    concerned = concerned | set(tx.execute(gone).scalars())
    for column in (swaps.c.from_place, swaps.c.to_place):
        tx.execute(delete(swaps).where(column.in_(place_ids)))
    tx.execute(delete(places).where(places.c.id.in_(place_ids)))
    tell_mine(tx, tx.execute(select(entries.c.id).where(entries.c.team_id.in_(concerned))).scalars())
