"""Booked places as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.errors import NotFound
from twidder.pairup import telling
from twidder.pairup.access import access_round
from twidder.pairup.exporting import Exported
from twidder.pairup.models import labs, places
from twidder.store import ReadTx

_OCTETS = 75  # of a line, without its end
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Event(NamedTuple):
    """One team’s turn. ``starts_at`` and ``ends_at`` in ms."""

    team: int
    starts_at: int
    ends_at: int
    summary: str
    where: str
    description: str


def of_round(exported: Exported) -> list[Event]:
    """Of every team with a booked place, in order of time."""
    rooms = {lab.id: lab for lab in exported.labs}
    found = []
    for row in exported.teams:
        if row.place is not None and row.place.state == "taken":
            lab, begin, team = rooms[row.place.lab], row.place.starts_at, row.team
            about = [one for one in (team.title, ", ".join(one.name for one in team.members), team.description) if one]
            summary = f"{exported.round.name}: {team.label}"
            found.append(Event(team.id, begin, _end(begin, lab.minutes), summary, lab.name, "\n".join(about)))
    return sorted(found, key=lambda event: (event.starts_at, event.team))


def of_mine(tx: ReadTx, me: Caller, round_id: int) -> Event:
    """Of the caller’s own team. Raises NotFound where it has no place, Forbidden to who is not on the roster."""
    seat = access_round(tx, me, round_id)
    team_id = seat.student.team_id
    booked = telling.load_places(tx, places.c.team_id == team_id) if team_id is not None else []
    if not booked:
        raise NotFound("Your team has no place yet.")
    lab = tx.execute(select(labs).where(labs.c.id == booked[0].lab_id)).one()
    team = telling.public_teams(tx, round_id, [team_id], named=True)[0]
    about = [one for one in (team.title, ", ".join(one.name for one in team.members)) if one]
    begin = booked[0].starts_at
    return Event(team.id, begin, _end(begin, lab.minutes), seat.round.name, lab.name, "\n".join(about))


def write(events: Iterable[Event], host: str) -> bytes:
    """The file. An event keeps its UID when its team moves, so that a calendar moves it too. ``host``: of this
    server."""
    made = _time(now_ms())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Twidder//Pair-Up//EN", "CALSCALE:GREGORIAN"]
    for event in events:
        lines += _lines(event, host, made)
    lines.append("END:VCALENDAR")
    return b"".join(_fold(line) for line in lines)


def _lines(event: Event, host: str, made: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:pairup-team-{event.team}@{host}"
    yield f"DTSTAMP:{made}"
    yield f"DTSTART:{_time(event.starts_at)}"
    yield f"DTEND:{_time(event.ends_at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"LOCATION:{_text(event.where)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield "END:VEVENT"


def _end(begin: int, minutes: int) -> int:
    return begin + minutes * 60_000


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Control characters have no place in it, the tab alone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(char for char in text if char in "\n\t" or not (char < " " or char == "\x7f"))
    return shown.translate(_ESCAPES)


def _fold(line: str) -> bytes:
    """Lines of 75 octets, those after the first begin with a space; no character is cut in two."""
    parts, length = [b""], 0
    for char in line:
        octets = char.encode("utf-8", "replace")
        if length + len(octets) > _OCTETS:
            parts.append(b" ")
            length = 1
        parts[-1] += octets
        length += len(octets)
    return b"\r\n".join(parts) + b"\r\n"
