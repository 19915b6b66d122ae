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
    """A student, as the roster has them."""

    number: str
    firstname: str
    familyname: str
    preferred: str
    email: str
    cohort: str


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
    lines = {"familyname": limits.name_length, "preferred": limits.name_length, "cohort": limits.cohort_length}
    email = cells.get("email", "")
    return Listed(
        number=check_number("number", cells["number"], limits),
        firstname=check_line("firstname", cells["firstname"], limits.name_length),
        email=check_email(email) if email else "",
        **{name: check_line(name, cells[name], most) if cells.get(name) else "" for name, most in lines.items()},
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
