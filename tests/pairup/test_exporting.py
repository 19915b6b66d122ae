"""A round as a file: the table is safe to open, the calendar is one."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.pairup.seated import Round, enrol, furnish
from twidder.pairup import calendars, exporting, places
from twidder.pairup.calendars import Event
from twidder.pairup.exporting import Exported
from twidder.pairup.models import entries, labs, rounds, teams
from twidder.store import Store

EVIL = '=HYPERLINK("http://evil.example", "1")'
_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", re.DOTALL)


def read_calendar(raw: bytes) -> list[dict[str, str]]:
    """A strict reader of what RFC 5545 says of lines, folds and escapes: the events."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw[:-2].split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    unfolded = raw[:-2].replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    properties = []
    for line in unfolded:
        match = _LINE.fullmatch(line)
        assert match, line
        assert not any(ord(char) < 32 and char != "\t" for char in line)
        properties.append((match[1], unescape(match[3])))
    assert properties[:2] == [("BEGIN", "VCALENDAR"), ("VERSION", "2.0")]
    assert properties[-1] == ("END", "VCALENDAR")
    events: list[dict[str, str]] = []
    inside = False
    for name, value in properties[1:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            assert not inside
            inside = True
            events.append({})
        elif (name, value) == ("END", "VEVENT"):
            inside = False
            assert {"UID", "DTSTAMP", "DTSTART"} <= events[-1].keys()
        elif inside:
            assert name not in events[-1]
            events[-1][name] = value
    assert not inside
    return events


def unescape(value: str) -> str:
    """A bare ; or , would end the value, in text."""
    bare = re.sub(r"\\[\\;,nN]", "", value)
    assert not re.search(r"[\\,;]", bare), value
    return re.sub(r"\\([\\;,nN])", lambda match: {"n": "\n", "N": "\n"}.get(match[1], match[1]), value)


def evil_round(store: Store) -> Round:
    """Two teams, one with a place and with texts that want to be more than text; and somebody without a team."""
    round_ = furnish(store, teams=2, zone="Europe/Stockholm", name="Labs; and, more")
    (ada, _), _ = round_.teams

    def write(tx: Any) -> None:
        tx.execute(update(entries).where(entries.c.id == ada.entry).values(firstname=EVIL, familyname="Åström"))
        tx.execute(update(teams).where(teams.c.id == ada.team).values(title=EVIL, description="-1\nLine, two; \\n"))
        tx.execute(update(labs).where(labs.c.round_id == round_.id).values(name="@SU17"))
        places.move(tx, round_.staff.me, ada.team, round_.places[1])
        enrol(tx, round_.id)

    store.write(write)
    return round_


def load(store: Store, round_: Round) -> Exported:
    return store.read(lambda tx: exporting.load(tx, round_.staff.me, round_.id))


def test_the_table_has_everybody_and_no_formula(store: Store) -> None:
    """Times are the round's own, with their offset; what a spreadsheet would carry out is text."""
    round_ = evil_round(store)
    (ada, _), (cy, _) = round_.teams
    table = list(csv.DictReader(io.StringIO(exporting.as_csv(load(store, round_)).decode())))
    assert [row["team"] for row in table] == [str(ada.team)] * 2 + [str(cy.team)] * 2 + [""]
    first = table[0]
    assert (first["title"], first["firstname"], first["lab"]) == (f"'{EVIL}", f"'{EVIL}", "'@SU17")
    assert first["description"].startswith("'-1")
    assert (first["time"], first["minutes"]) == ("2027-01-15 09:01+01:00", "20")
    assert (table[2]["lab"], table[2]["time"]) == ("", "")
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_whole_as_JSON_is_the_round(store: Store) -> None:
    """As it is: with everything that a table has no place for."""
    round_ = evil_round(store)
    exported = load(store, round_)
    read = json.loads(msgspec.json.encode(exported))
    assert read["round"]["id"] == round_.id
    assert len(read["places"]) == 3
    assert read["teams"][0]["team"]["title"] == EVIL
    assert [entry["team"] for entry in read["left"]] == [None]


def test_the_calendar_has_an_event_for_each_booked_place(store: Store) -> None:
    """In UTC, as long as a place of its lab; the same event when the team moves."""
    round_ = evil_round(store)
    (ada, _), (cy, _) = round_.teams
    (event,) = read_calendar(calendars.write(calendars.of_round(load(store, round_)), "twidder.example"))
    assert event["UID"] == f"pairup-team-{ada.team}@twidder.example"
    assert (event["DTSTART"], event["DTEND"]) == ("20270115T080100Z", "20270115T082100Z")
    assert event["LOCATION"] == "@SU17"
    assert event["SUMMARY"].startswith(f"Labs; and, more: {EVIL} & ")
    assert "-1\nLine, two; \\n" in event["DESCRIPTION"]
    store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, round_.places[2]))
    store.write(lambda tx: places.move(tx, round_.staff.me, cy.team, round_.places[0]))
    first, moved = read_calendar(calendars.write(calendars.of_round(load(store, round_)), "twidder.example"))
    assert (moved["UID"], moved["DTSTART"]) == (event["UID"], "20270115T080200Z")
    assert first["UID"] == f"pairup-team-{cy.team}@twidder.example"


def test_a_student_has_an_event_of_their_own(store: Store) -> None:
    """With names, whatever the round says of them: they are those of the own team."""
    round_ = evil_round(store)
    (_, bo), _ = round_.teams
    store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(names="staff")))
    mine = store.read(lambda tx: calendars.of_mine(tx, bo.me, round_.id))
    (event,) = read_calendar(calendars.write([mine], "twidder.example"))
    assert event["SUMMARY"] == "Labs; and, more"
    assert "Åström" in event["DESCRIPTION"]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_through_a_calendar(summary: str, description: str) -> None:
    """But for control characters, and what is no text at all."""
    raw = calendars.write([Event(1, 0, 1, summary, "SU17", description)], "localhost")
    (event,) = read_calendar(raw)
    assert event["SUMMARY"] == plain(summary)
    assert event.get("DESCRIPTION", "") == plain(description)


def plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in text if char in "\n\t" or (char >= " " and char != "\x7f"))
    return kept.encode("utf-8", "replace").decode()
