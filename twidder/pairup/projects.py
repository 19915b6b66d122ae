"""A round as the course's own client knows it: a team and its place are one thing, a project. For its gateway."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.pairup.access import Place, may_be_alone
from twidder.pairup.models import entries, labs, places, teams
from twidder.pairup.telling import (
    load_places,
    public_teams,
    record,
    tell_mine,
    tell_renamed,
)
from twidder.store import ReadTx, Tx


class Spot(NamedTuple):
    """A place as it is spoken of there: where, and when in the round's zone."""

    id: int
    lab: str
    time: str


class Project(NamedTuple):
    """``names``: of the team. ``spot`` None: they have no place yet."""

    team: int
    names: str
    description: str
    spot: Spot | None


def own_entry(tx: ReadTx, row: Any, me: Caller) -> Any | None:
    """``row``: of the round."""
    return tx.execute(select(entries).where(entries.c.round_id == row.id, entries.c.user_id == me.user_id)).first()


def find_entry(tx: ReadTx, row: Any, number: str) -> Any | None:
    """``number``: folded."""
    return tx.execute(select(entries).where(entries.c.round_id == row.id, entries.c.number == number)).first()


def needs_partner(row: Any, entry: Any) -> bool:
    return row.size_min > 1 and entry.cohort not in may_be_alone(row)


def list_projects(tx: ReadTx, row: Any, *, named: bool | None) -> list[Project]:
    """By place; who has none comes last. ``named``: as of ``public_teams``."""
    ids = tx.execute(select(teams.c.id).where(teams.c.round_id == row.id)).scalars().all()
    found = _projects(tx, row, list(ids), named=named)
    return sorted(found, key=lambda one: (one.spot is None, one.spot.id if one.spot else one.team))


def load_project(tx: ReadTx, row: Any, team_id: int) -> Project:
    """For its own team, which is told its names whatever the round says."""
    return _projects(tx, row, [team_id], named=True)[0]


def _projects(tx: ReadTx, row: Any, team_ids: list[int], *, named: bool | None) -> list[Project]:
    taken = {one.team_id: one for one in load_places(tx, places.c.round_id == row.id, places.c.team_id.in_(team_ids))}
    spots = dict(zip(taken, _spots(tx, row, list(taken.values())), strict=True))
    return [
        Project(team.id, team.label, team.description or team.title, spots.get(team.id))
        for team in public_teams(tx, row.id, team_ids, named=named)
    ]


def free_spots(tx: ReadTx, row: Any) -> list[Spot]:
    """In the order of their ids, as the original has them."""
    found = load_places(tx, places.c.round_id == row.id)
    return sorted(_spots(tx, row, [one for one in found if _is_free_for(one, None)]))


def may_have(tx: ReadTx, row: Any, place_id: int, team_id: int | None) -> bool:
    """Whether it is free, or this team's already."""
    found = load_places(tx, places.c.round_id == row.id, places.c.id == place_id)
    return bool(found) and _is_free_for(found[0], team_id)


def _is_free_for(place: Place, team_id: int | None) -> bool:
    holder = place.held_by if place.is_held(now_ms()) else place.team_id
    return holder == team_id if holder is not None else not place.kept


def _spots(tx: ReadTx, row: Any, found: list[Place]) -> list[Spot]:
    query = select(labs.c.id, labs.c.name).where(labs.c.round_id == row.id)
    names = {lab.id: lab.name for lab in tx.execute(query)}
    zone = ZoneInfo(row.zone)
    return [Spot(one.id, names[one.lab_id], _as_text(one.starts_at, zone)) for one in found]


def _as_text(at: int, zone: ZoneInfo) -> str:
    """Monday, May 20 1715"""
    time = datetime.datetime.fromtimestamp(at / 1000, zone)
    return f"{time:%A, %B} {time.day} {time:%H%M}"


def change_student(
    tx: Tx, row: Any, entry: Any, *, by_id: int | None, preferred: str | None, assign_me: bool | None = None
) -> None:
    """What students say of themselves there. None: as it is."""
    values: dict[str, Any] = {"preferred": preferred, "assign_me": assign_me}
    values = {name: value for name, value in values.items() if value is not None and value != getattr(entry, name)}
    if not values:
        return
    tx.execute(update(entries).where(entries.c.id == entry.id).values(**values))
    record(tx, row.id, by_id, "student_changed", entry=entry.id, **values)
    if "preferred" in values:
        tell_renamed(tx, row.id, [entry.id])
    else:
        tell_mine(tx, [entry.id])
