"""Labs and the times of their places as CSV. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from twidder.accounts.fields import check_line
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import csv_lines
from twidder.pairup.csv_lines import Row, WrongLine
from twidder.pairup.fields import EARLIEST, LATEST, check_minutes

_COLUMNS = {"lab": "lab", "time": "time", "minutes": "minutes", "places": "places"}
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)")
_DIGITS = re.compile(r"[0-9]{1,6}")


class Sitting(NamedTuple):
    """So many places of a lab at one time, ms. ``minutes``: None where the table does not say."""

    lab: str
    starts_at: int
    minutes: int | None
    places: int


def parse(text: str, zone: ZoneInfo, limits: Limits) -> list[Sitting]:
    """Raises BadField (csv), with ``lines``."""
    rows = csv_lines.read(text, _COLUMNS, {"lab", "time"}, limits)
    found = csv_lines.check_each(rows, lambda row: _check(row, zone, limits), limits)
    _check_minutes(rows, found, limits)
    if sum(one.places for one in found) > limits.places_of_round:
        raise BadField("csv", f"A round has at most {limits.places_of_round:,} places.")
    return found


def as_time(text: str, zone: ZoneInfo) -> int:
    """``2027-03-01 13:15`` in the zone, or ISO 8601 with an offset; ms. Raises BadField (time)."""
    try:
        if _LOCAL.fullmatch(text):
            moment = _local(datetime.fromisoformat(text), zone)
        elif _WITH_OFFSET.fullmatch(text):
            moment = datetime.fromisoformat(text)
        else:
            raise ValueError
        at = int(moment.timestamp()) * 1000
    except (ValueError, OverflowError):
        raise BadField("time", "A time looks like 2027-03-01 13:15.") from None
    if not EARLIEST <= at < LATEST:
        raise BadField("time", "A time is of this century.")
    return at


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Of the two that an hour put back makes, the first."""
    there = moment.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise BadField("time", f"There is no such time in {zone.key}: the clocks are put forward.")
    return there


def _check(row: Row, zone: ZoneInfo, limits: Limits) -> Sitting:
    cells = row.cells
    minutes = _whole("minutes", cells.get("minutes", ""))
    places = _whole("places", cells.get("places", ""))
    if places is not None and not 1 <= places <= limits.places_of_round:
        raise BadField("places", f"This is 1 to {limits.places_of_round:,}.")
    return Sitting(
        lab=check_line("lab", cells["lab"], limits.name_length),
        starts_at=as_time(cells["time"], zone),
        minutes=None if minutes is None else check_minutes(minutes),
        places=1 if places is None else places,
    )


def _whole(field: str, text: str) -> int | None:
    if text and not _DIGITS.fullmatch(text):
        raise BadField(field, "This must be a whole number.")
    return int(text) if text else None


def _check_minutes(rows: list[Row], found: list[Sitting], limits: Limits) -> None:
    """A lab's places last equally long."""
    said: dict[str, tuple[int, int]] = {}
    errors = []
    for row, one in zip(rows, found, strict=True):
        if one.minutes is None:
            continue
        minutes, line = said.setdefault(one.lab, (one.minutes, row.line))
        if minutes != one.minutes:
            errors.append(WrongLine(row.line, "minutes", f"In line {line:,} they are {minutes:,}."))
    if errors:
        raise csv_lines.wrong(errors, limits)
