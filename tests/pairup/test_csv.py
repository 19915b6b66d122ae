"""Rosters and labs as CSV: what a spreadsheet writes comes back, and what makes no sense is named by line."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twidder.accounts.pins import check_number
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import labs_csv, roster_csv
from twidder.pairup.labs_csv import Sitting
from twidder.pairup.roster_csv import Listed

LIMITS = Limits()
STOCKHOLM = ZoneInfo("Europe/Stockholm")
COLUMNS = ("number", "firstname", "familyname", "preferred", "email", "cohort")

_letters = st.characters(categories=("L", "N", "P", "S"))
_name = st.text(_letters, min_size=1, max_size=20).filter(lambda text: text == text.strip())
_number = st.text("0123456789abcxyz", min_size=1, max_size=12)
_email = st.just("") | st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)
_listed = st.builds(Listed, _number, _name, st.just("") | _name, st.just("") | _name, _email, st.just("") | _name)
_rosters = st.lists(_listed, max_size=20, unique_by=lambda one: one.number)


def written(rows: list[Any], delimiter: str, columns: tuple[str, ...] = COLUMNS, line_end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows([columns, *rows])
    return file.getvalue()


def wrong_lines(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadField) as caught:
        roster_csv.parse(text, LIMITS)
    assert caught.value.extra["field"] == "csv"
    return [(one.line, one.field) for one in caught.value.extra["lines"]]


@given(_rosters, st.sampled_from(",;\t"), st.sampled_from(["\r\n", "\n"]), st.booleans())
def test_what_was_written_comes_back(rows: list[Listed], delimiter: str, line_end: str, bom: bool) -> None:
    text = ("\ufeff" if bom else "") + written(rows, delimiter, line_end=line_end)
    assert roster_csv.parse(text, LIMITS) == rows


@given(_rosters, st.permutations(range(len(COLUMNS))))
def test_the_columns_come_in_any_order(rows: list[Listed], order: list[int]) -> None:
    text = written([[row[n] for n in order] for row in rows], ",", tuple(COLUMNS[n].upper() for n in order))
    assert roster_csv.parse(text, LIMITS) == rows


_tables = st.text(max_size=200) | st.text('",;\t\r\n\0ab1@= ', max_size=200)


@given(st.sampled_from(["", "number,firstname,familyname\n", "lab,time,minutes,places\n"]), _tables)
def test_nothing_but_a_clear_error_comes_of_any_text(header: str, text: str) -> None:
    for parse in (roster_csv.parse, lambda text, limits: labs_csv.parse(text, STOCKHOLM, limits)):
        with contextlib.suppress(BadField):
            parse(header + text, LIMITS)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("number,firstname\n1,Ada", [(1, "header")]),
        ("number,firstname,familyname,shoes\n1,Ada,Lind,42", [(1, "header")]),
        ("number,surname,lastname,firstname\n1,A,B,C", [(1, "header")]),
        ("number,firstname,familyname\n\n1,,Lind\n2,Bo,Berg\n!,Cy,Cole", [(3, "firstname"), (5, "number")]),
        ("number,firstname,familyname,email\n1,Ada,Lind,nowhere", [(2, "email")]),
        ("number,firstname,familyname\n1,Ada,Lind,more", [(2, "line")]),
        ("number,firstname,familyname\n1,Ada,Lind\n2,Bo,Berg\nS1,A,B\ns1,C,D\n1,E,F", [(5, "number"), (6, "number")]),
        ('number,firstname,familyname\n1,"Ada,Lind\n2,Bo,Berg', [(2, "line")]),
        ('number,firstname,familyname\n1,"A"da,Lind', [(2, "line")]),
        ('number,firstname,familyname\n1,"Ada\nMaria",Lind\n2,,Berg', [(2, "firstname"), (4, "firstname")]),
        ("number,firstname,familyname\n1," + "a" * 200_000 + ",Lind", [(2, "line")]),
        ("number,firstname,familyname\n1," + "a" * 65 + ",Lind", [(2, "firstname")]),
        ("number,firstname,familyname\n" + "1" * 33 + ",Ada,Lind", [(2, "number")]),
    ],
)
def test_a_wrong_line_is_named(text: str, lines: list[tuple[int, str]]) -> None:
    assert wrong_lines(text) == lines


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "a\0b", "x" * (LIMITS.roster_bytes + 1), "number\ud800"])
def test_what_is_no_table_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(BadField):
        roster_csv.parse(text, LIMITS)


def test_a_double_number_names_both_lines() -> None:
    with pytest.raises(BadField, match="Line 3, number: 1 stands in line 2 already"):
        roster_csv.parse("number,firstname,familyname\n1,Ada,Lind\n1,Bo,Berg", LIMITS)


def test_of_many_wrong_lines_some_are_named() -> None:
    lines = wrong_lines("number,firstname,familyname\n" + "1,,\n" * 500)
    assert len(lines) == LIMITS.roster_errors


def test_what_a_spreadsheet_would_carry_out_is_text_here() -> None:
    """Formulas are names like others; who exports them defuses them."""
    (one,) = roster_csv.parse('number,firstname,familyname\n1,"=HYPERLINK(""x"")",@Lind', LIMITS)
    assert (one.firstname, one.familyname) == ('=HYPERLINK("x")', "@Lind")


def test_two_spellings_of_a_number_are_one() -> None:
    assert check_number("number", " S123 ", LIMITS) == check_number("number", "s１２３", LIMITS) == "s123"


# Labs


def labs_of(text: str) -> list[Sitting]:
    return labs_csv.parse(text, STOCKHOLM, LIMITS)


def test_a_time_is_the_rounds_own_unless_it_says_otherwise() -> None:
    text = "lab;time;minutes;places\nA;2027-07-01 13:15;20;2\nA;2027-07-01T13:15:00+00:00;;\nB;2027-01-01T13:15Z;;3"
    summer, winter = 1_814_440_500_000, 1_798_809_300_000
    assert labs_of(text) == [
        Sitting("A", summer, 20, 2),
        Sitting("A", summer + 7_200_000, None, 1),
        Sitting("B", winter, None, 3),
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("A,2027-03-28 02:30,,", "time"),  # the clocks are put forward then
        ("A,2027-02-29 13:15,,", "time"),
        ("A,13:15,,", "time"),
        ("A,1999-01-01 13:15,,", "time"),
        ("A,9999-12-31T23:59-12:00,,", "time"),
        ("A,0001-01-01 00:00,,", "time"),
        ("A,2027-03-01 13:15,0,", "minutes"),
        ("A,2027-03-01 13:15,1441,", "minutes"),
        ("A,2027-03-01 13:15,a,", "minutes"),
        ("A,2027-03-01 13:15,,0", "places"),
        ("A,2027-03-01 13:15,,-1", "places"),
        ("A,2027-03-01 13:15,,5001", "places"),
        (",2027-03-01 13:15,,", "lab"),
    ],
)
def test_a_wrong_sitting_is_named(line: str, field: str) -> None:
    with pytest.raises(BadField) as caught:
        labs_of(f"lab,time,minutes,places\n{line}")
    assert [(one.line, one.field) for one in caught.value.extra["lines"]] == [(2, field)]


def test_a_lab_has_one_length() -> None:
    with pytest.raises(BadField, match="Line 3, minutes: In line 2 they are 20"):
        labs_of("lab,time,minutes\nA,2027-03-01 13:15,20\nA,2027-03-01 13:35,25")


def test_an_hour_that_comes_twice_is_the_first() -> None:
    (one,) = labs_of("lab,time\nA,2027-10-31 02:30")
    (said,) = labs_of("lab,time\nA,2027-10-31T02:30+02:00")
    assert one.starts_at == said.starts_at
