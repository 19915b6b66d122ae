"""CSV as people paste it: any order of columns, commas, semicolons or tabs; what is wrong is named by line. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from twidder.config import Limits
from twidder.errors import BadField

T = TypeVar("T")
_DELIMITERS = ",;\t"


class WrongLine(msgspec.Struct, frozen=True):
    """``line``: 1 is the first one. ``field``: the column."""

    line: int
    field: str
    detail: str


class Row(NamedTuple):
    """``cells``: by column, without white space at the ends; a column that is not there is empty."""

    line: int
    cells: Mapping[str, str]


def wrong(lines: list[WrongLine], limits: Limits) -> BadField:
    """Lines are numbered as an editor numbers them."""
    first = lines[0]
    more = f" {len(lines) - 1:,} more are wrong." if len(lines) > 1 else ""
    error = BadField("csv", f"Line {first.line:,}, {first.field}: {first.detail}{more}")
    error.extra["lines"] = lines[: limits.roster_errors]
    return error


def read(text: str, columns: Mapping[str, str], needed: set[str], limits: Limits) -> list[Row]:
    """``columns``: header → column. Raises BadField (csv)."""
    if len(text.encode("utf-8", "surrogatepass")) > limits.roster_bytes:
        raise BadField("csv", f"A table has at most {limits.roster_bytes:,} bytes.")
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadField("csv", "That is no text.")
    rows = _rows(text.removeprefix("\ufeff"), limits)
    header = next(rows, None)
    if header is None:
        raise BadField("csv", "The table is empty.")
    names = _header(header, columns, needed, limits)
    return [_as_row(line, cells, names, limits) for line, cells in rows]


def check_each(rows: list[Row], check: Callable[[Row], T], limits: Limits) -> list[T]:
    """Each row as ``check`` makes it. Raises BadField with all lines of which ``check`` has raised one."""
    checked, errors = [], []
    for row in rows:
        try:
            checked.append(check(row))
        except BadField as error:
            errors.append(WrongLine(row.line, error.extra["field"], error.detail))
    if errors:
        raise wrong(errors, limits)
    return checked


def _rows(text: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of what is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield line, stripped
            line = reader.line_num + 1
    except csv.Error:
        raise wrong([WrongLine(line, "line", "A quotation mark has no other, or a cell has no end.")], limits) from None


def _header(header: tuple[int, list[str]], columns: Mapping[str, str], needed: set[str], limits: Limits) -> list[str]:
    line, cells = header
    names: list[str] = []
    for cell in cells:
        name = columns.get("".join(char for char in cell.casefold() if char not in " _-"), "")
        if cell and (not name or name in names):
            said = f"{cell[:40]!r} stands there twice." if name else f"There is no column {cell[:40]!r}."
            raise wrong([WrongLine(line, "header", said)], limits)
        names.append(name)
    missing = sorted(needed - set(names))
    if missing:
        said = f"The first line names the columns; missing: {', '.join(missing)}."
        raise wrong([WrongLine(line, "header", said)], limits)
    return names


def _as_row(line: int, cells: list[str], names: list[str], limits: Limits) -> Row:
    extra = [cell for cell in cells[len(names) :] if cell]
    if extra:
        raise wrong([WrongLine(line, "line", "There are more cells than columns.")], limits)
    found: dict[str, Any] = dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
    found.pop("", None)
    return Row(line, found)
