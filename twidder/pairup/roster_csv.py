"""A roster as CSV. Pure."""

from __future__ import annotations

from typing import NamedTuple

from twidder.accounts.fields import check_email, check_line
from twidder.accounts.pins import check_number
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import csv_lines
from twidder.pairup.csv_lines import Row, WrongLine

_COLUMNS = {
    "number": "number",
    "studentnumber": "number",
    "firstname": "firstname",
    "familyname": "familyname",
    "surname": "familyname",
    "lastname": "familyname",
    "preferred": "preferred",
    "preferredname": "preferred",
    "email": "email",
    "cohort": "cohort",
}
_NEEDED = {"number", "firstname", "familyname"}


class Listed(NamedTuple):
    """A student, as the roster has them; None where the table has no such column."""

    number: str
    firstname: str
    familyname: str
    preferred: str | None
    email: str | None
    cohort: str | None


def parse(text: str, limits: Limits) -> list[Listed]:
    """Raises BadField (csv), with ``lines``."""
    rows = csv_lines.read(text, _COLUMNS, _NEEDED, limits)
    found = csv_lines.check_each(rows, lambda row: _check(row, limits), limits)
    _check_once(rows, found, limits)
    if len(found) > limits.roster_entries:
        raise BadField("csv", f"A roster has at most {limits.roster_entries:,} students.")
    return found


def _check(row: Row, limits: Limits) -> Listed:
    cells = row.cells
    email, preferred, cohort = (cells.get(name) for name in ("email", "preferred", "cohort"))
    return Listed(
        number=check_number("number", cells["number"], limits),
        firstname=check_line("firstname", cells["firstname"], limits.name_length),
        familyname=check_line("familyname", cells["familyname"], limits.name_length) if cells["familyname"] else "",
        preferred=check_line("preferred", preferred, limits.name_length) if preferred else preferred,
        email=check_email(email) if email else email,
        cohort=check_line("cohort", cohort, limits.cohort_length) if cohort else cohort,
    )


def _check_once(rows: list[Row], found: list[Listed], limits: Limits) -> None:
    seen: dict[str, int] = {}
    errors = []
    for row, listed in zip(rows, found, strict=True):
        first = seen.setdefault(listed.number, row.line)
        if first != row.line:
            errors.append(WrongLine(row.line, "number", f"{listed.number} stands in line {first:,} already."))
    if errors:
        raise csv_lines.wrong(errors, limits)
