"""Whole rows by plain statements: what each click on a place reads and changes. Built by SQLAlchemy for each of them,
they were nine tenths of its cost."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Table

from twidder.store import ReadTx, log


class Rows:
    """A statement whose rows are a table's; ``*`` stands for its columns. ``shape``: a named tuple of the same names;
    None = one is made. The driver knows no booleans: columns of them are made some."""

    def __init__(self, table: Table, statement: str, shape: Any = None) -> None:
        names = [column.name for column in table.columns]
        self._sql = statement.replace("*", ", ".join(names))
        self._flags = [index for index, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
        kind: Any = shape or namedtuple("Row", names)
        self._make = kind._make

    def one(self, tx: ReadTx, *values: Any) -> Any | None:
        found = tx.driver.execute(self._sql, values).fetchone()
        return None if found is None else self._as_row(found)

    def all(self, tx: ReadTx, *values: Any) -> list[Any]:
        return [self._as_row(found) for found in tx.driver.execute(self._sql, values).fetchall()]

    def _as_row(self, found: tuple[Any, ...]) -> Any:
        values = list(found)
        for index in self._flags:
            values[index] = bool(values[index])
        return self._make(values)


def listed(ids: Iterable[int]) -> str:
    """As a statement wants them that says ``IN (SELECT value FROM json_each(?))``."""
    return log.encode(list(ids)).decode()
