"""A round as its staff see it: every team with its people, and who is left over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import msgspec
from sqlalchemy import or_, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.pairup import telling
from twidder.pairup.access import access_round, check_staff, phase
from twidder.pairup.models import entries, places, teams, waiting
from twidder.pairup.roster import as_entries
from twidder.pairup.shapes import Entry, Place, Team
from twidder.store import ReadTx, log


class TeamRow(msgspec.Struct, frozen=True):
    """``place``: theirs, or the one that is held for them. ``waiting``: labs, in the order in which they asked."""

    team: Team
    entries: list[Entry]
    place: Place | None
    waiting: list[int]


class Counts(msgspec.Struct, frozen=True):
    """``claimed``: students who have come. ``complete``, ``placed``: teams that are, and that have a place. ``free``:
    places that anybody could take."""

    students: int
    claimed: int
    teams: int
    complete: int
    placed: int
    places: int
    free: int


class Overview(msgspec.Struct, frozen=True):
    """``left``: without a team. ``problem``: what staff should do something about, or null. ``seq`` and ``epoch``: the
    position from which to follow the round."""

    teams: list[TeamRow]
    left: list[Entry]
    counts: Counts
    problem: str | None
    seq: int
    epoch: str


def load(tx: ReadTx, me: Caller, round_id: int) -> Overview:
    """For staff. Raises NotFound, Forbidden."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    seq, epoch = log.head(tx.driver, seat.topic), log.epoch(tx.driver)
    rows, left = team_rows(tx, seat.round)
    return Overview(rows, left, _count(tx, round_id, rows, left), _problem(seat.round), seq, epoch)


def team_rows(tx: ReadTx, row: Any) -> tuple[list[TeamRow], list[Entry]]:
    """(all teams, who is in none), both in their order of making. ``row``: of the round."""
    members = list(tx.execute(select(entries).where(entries.c.round_id == row.id).order_by(entries.c.id)))
    shown = dict(zip((one.id for one in members), as_entries(tx, members), strict=True))
    by_team: dict[int | None, list[Any]] = defaultdict(list)
    for one in members:
        by_team[one.team_id].append(one)
    seats, waits = _seats(tx, row), _waits(tx, row.id)
    found = []
    for team in tx.execute(select(teams).where(teams.c.round_id == row.id).order_by(teams.c.id)):
        who = by_team[team.id]
        public = telling.as_team(team, who, row, named=True)
        found.append(TeamRow(public, [shown[one.id] for one in who], seats.get(team.id), waits[team.id]))
    return found, [shown[one.id] for one in by_team[None]]


def _seats(tx: ReadTx, row: Any) -> dict[int, Place]:
    """By team; a booking rather than a hold."""
    somebodys = or_(places.c.team_id.is_not(None), places.c.held_by.is_not(None))
    found = telling.load_places(tx, places.c.round_id == row.id, somebodys)
    shown = [one for one in telling.public_places(tx, row, found, named=True) if one.team is not None]
    return {one.team.id: one for one in sorted(shown, key=lambda one: one.state == "taken") if one.team is not None}


def _waits(tx: ReadTx, round_id: int) -> defaultdict[int, list[int]]:
    query = select(waiting).join(teams, teams.c.id == waiting.c.team_id).where(teams.c.round_id == round_id)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for one in tx.execute(query.order_by(waiting.c.id)):
        found[one.team_id].append(one.lab_id)
    return found


def _count(tx: ReadTx, round_id: int, rows: list[TeamRow], left: list[Entry]) -> Counts:
    students = [entry for row in rows for entry in row.entries] + left
    now = now_ms()
    states = [telling.as_place(one, {}, now).state for one in telling.load_places(tx, places.c.round_id == round_id)]
    return Counts(
        students=len(students),
        claimed=_sum(entry.claimed for entry in students),
        teams=len(rows),
        complete=_sum(row.team.complete for row in rows),
        placed=_sum(row.place is not None and row.place.state == "taken" for row in rows),
        places=len(states),
        free=states.count("free"),
    )


def _sum(found: Iterable[bool]) -> int:
    return sum(1 for one in found if one)


def _problem(row: Any) -> str | None:
    overdue = row.mode == "draw" and row.drawn_at is None and phase(row) == "closed"
    if overdue and find_spec("scipy") is None:
        return "The draw could not be run: SciPy is missing on the server."
    return None
