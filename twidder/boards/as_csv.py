"""Values as a table for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from twidder.boards.points import Line

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet would carry out


def write(lines: Mapping[str, Line]) -> bytes:
    """``series,at,value``; where some are told coarser, their lowest, highest and mean besides."""
    coarse = any(line.step for line in lines.values())
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["series", "at", "value", *(("low", "high", "mean") if coarse else ())])
    for key, line in lines.items():
        table.writerows(_rows(key, line, coarse))
    return file.getvalue().encode()


def _rows(key: str, line: Line, coarse: bool) -> Iterator[list[Any]]:
    for at, *values in line.items:
        cells = [_cell(value) for value in values]
        yield [key, _time(at), *(["", *cells] if line.step else [*cells, "", "", ""] if coarse else cells)]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _time(at: int) -> str:
    try:
        moment = datetime.fromtimestamp(at / 1000, UTC)
    except (ValueError, OverflowError):  # a clock that was never set right
        return str(at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
