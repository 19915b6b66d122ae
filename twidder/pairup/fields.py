"""What may stand in the fields of rounds and labs. Pure; raises BadField naming the field."""

from __future__ import annotations

import zoneinfo
from typing import Any

import msgspec

from twidder.accounts.fields import check_description, check_line
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import solving
from twidder.pairup.models import MODES, NAMES

EARLIEST, LATEST = 946_684_800_000, 4_102_444_800_000  # ms: the years 2000 to 2099
_MINUTES = 1, 1_440


class NewRound(msgspec.Struct, forbid_unknown_fields=True):
    """``mode``: fcfs or draw. ``opens_at``, ``closes_at``: ms; null = from the beginning, not by itself. ``zone``: IANA
    name. ``alone``: cohorts whose students may be alone. ``names``: everyone or staff is told who holds a place."""

    name: str
    description: str = ""
    mode: str = "fcfs"
    opens_at: int | None = None
    closes_at: int | None = None
    zone: str = "UTC"
    size_min: int = 2
    size_max: int = 2
    alone: list[str] = []
    names: str = "everyone"
    confirm: bool = True
    open_registration: bool = False
    is_default: bool = False


class RoundChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    mode: str | msgspec.UnsetType = msgspec.UNSET
    opens_at: int | msgspec.UnsetType | None = msgspec.UNSET
    closes_at: int | msgspec.UnsetType | None = msgspec.UNSET
    zone: str | msgspec.UnsetType = msgspec.UNSET
    size_min: int | msgspec.UnsetType = msgspec.UNSET
    size_max: int | msgspec.UnsetType = msgspec.UNSET
    alone: list[str] | msgspec.UnsetType = msgspec.UNSET
    names: str | msgspec.UnsetType = msgspec.UNSET
    confirm: bool | msgspec.UnsetType = msgspec.UNSET
    open_registration: bool | msgspec.UnsetType = msgspec.UNSET
    is_default: bool | msgspec.UnsetType = msgspec.UNSET


class NewLab(msgspec.Struct, forbid_unknown_fields=True):
    """``minutes``: that a place lasts. ``times``: ms; at each so many ``places``."""

    name: str
    minutes: int
    times: list[int]
    places: int = 1


class LabChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Only what is there is changed."""

    name: str | None = None
    minutes: int | None = None


def given(change: RoundChange) -> dict[str, Any]:
    """What of it is there."""
    found = {name: getattr(change, name) for name in change.__struct_fields__}
    return {name: value for name, value in found.items() if value is not msgspec.UNSET}


def check_round(new: NewRound, limits: Limits) -> NewRound:
    _check_choice("mode", new.mode, MODES)
    _check_choice("names", new.names, NAMES)
    _check_times(new)
    zone_of(new.zone)
    if not 1 <= new.size_min <= limits.team_size:
        raise BadField("size_min", f"A team has 1 to {limits.team_size} students.")
    if not new.size_min <= new.size_max <= limits.team_size:
        raise BadField("size_max", f"This is {new.size_min} to {limits.team_size}.")
    return msgspec.structs.replace(
        new,
        name=check_line("name", new.name, limits.name_length),
        description=check_description(new.description, limits),
        alone=_check_alone(new.alone, limits),
    )


def check_solver(mode: str) -> None:
    """Raises BadField where a draw could not be carried out."""
    if mode == "draw" and not solving.is_there():
        raise BadField("mode", "A draw needs SciPy on the server: “make solver” installs it.")


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Raises BadField."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise BadField("zone", "That is no time zone. One looks like Europe/Stockholm.") from None


def check_lab(new: NewLab, limits: Limits) -> NewLab:
    if not new.times:
        raise BadField("times", "A lab has at least one time.")
    if not all(EARLIEST <= at < LATEST for at in new.times):
        raise BadField("times", "A time is in milliseconds since 1970, and of this century.")
    most = limits.places_of_round
    if not 1 <= new.places <= most or len(new.times) * new.places > most:
        raise BadField("places", f"A round has at most {most:,} places.")
    return msgspec.structs.replace(
        new, name=check_line("name", new.name, limits.name_length), minutes=check_minutes(new.minutes)
    )


def check_lab_change(change: LabChange, limits: Limits) -> LabChange:
    return LabChange(
        None if change.name is None else check_line("name", change.name, limits.name_length),
        None if change.minutes is None else check_minutes(change.minutes),
    )


def check_minutes(minutes: int) -> int:
    least, most = _MINUTES
    if not least <= minutes <= most:
        raise BadField("minutes", f"This is {least} to {most:,}.")
    return minutes


def _check_choice(field: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadField(field, f"This is {' or '.join(choices)}.")


def _check_times(new: NewRound) -> None:
    for field in ("opens_at", "closes_at"):
        at = getattr(new, field)
        if at is not None and not EARLIEST <= at < LATEST:
            raise BadField(field, "A time is in milliseconds since 1970, and of this century.")
    if new.opens_at is not None and new.closes_at is not None and new.opens_at >= new.closes_at:
        raise BadField("closes_at", "A round closes after it has opened.")


def _check_alone(cohorts: list[str], limits: Limits) -> list[str]:
    if len(cohorts) > limits.cohorts_of_round:
        raise BadField("alone", f"This is at most {limits.cohorts_of_round} cohorts.")
    return sorted({check_line("alone", cohort, limits.cohort_length) for cohort in cohorts})
