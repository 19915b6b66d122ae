"""A round as a file: a table for spreadsheets, everything as JSON. The calendar is in ``calendars``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from twidder.accounts import Caller
from twidder.pairup import overview, rounds, telling
from twidder.pairup.access import access_round, check_staff
from twidder.pairup.models import labs, places
from twidder.pairup.overview import TeamRow
from twidder.pairup.shapes import Entry, Lab, Place, Round
from twidder.store import ReadTx

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet would carry out
_COLUMNS = ("team", "title", "description", "lab", "time", "minutes", "locked")
_OF_STUDENT = ("number", "firstname", "familyname", "preferred", "email", "cohort")


class Exported(msgspec.Struct, frozen=True):
    """Of one moment. ``left``: without a team."""

    round: Round
    labs: list[Lab]
    places: list[Place]
    teams: list[TeamRow]
    left: list[Entry]


def load(tx: ReadTx, me: Caller, round_id: int) -> Exported:
    """For staff. Raises NotFound, Forbidden."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    seats = telling.load_places(tx, places.c.round_id == round_id)
    return Exported(
        rounds.as_round(tx, seat.round),
        telling.public_labs(tx, labs.c.round_id == round_id),
        telling.public_places(tx, seat.round, seats, named=True),
        *overview.team_rows(tx, seat.round),
    )


def as_csv(exported: Exported) -> bytes:
    """A line for each student, with their team, and the place that it has booked; times in the round’s zone."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow([*_COLUMNS, *_OF_STUDENT])
    for row in exported.teams:
        ours = list(_of_team(exported, row))
        table.writerows([*ours, *_of_student(entry)] for entry in row.entries)
    table.writerows([*[""] * len(_COLUMNS), *_of_student(entry)] for entry in exported.left)
    return file.getvalue().encode()


def _of_team(exported: Exported, row: TeamRow) -> Iterator[Any]:
    yield from (row.team.id, cell(row.team.title), cell(row.team.description))
    if row.place is None or row.place.state != "taken":
        yield from ("", "", "")
    else:
        lab = next(lab for lab in exported.labs if lab.id == row.place.lab)
        yield from (cell(lab.name), local_time(row.place.starts_at, exported.round.zone), lab.minutes)
    yield "yes" if row.team.locked else ""


def _of_student(entry: Entry) -> list[str]:
    return [cell(getattr(entry, name)) for name in _OF_STUDENT]


def cell(text: str) -> str:
    """As text, whatever a spreadsheet would make of it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def local_time(at: int, zone: str) -> str:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).isoformat(sep=" ", timespec="minutes")
