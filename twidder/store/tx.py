"""What a function of a transaction is given."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from twidder.store import log


class ReadTx:
    """One snapshot. ``execute`` for SQLAlchemy statements; ``driver`` for the few hot plain ones."""

    __slots__ = ("_connection", "driver")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.driver: Any = connection.connection.driver_connection

    @property
    def dialect(self) -> str:
        """sqlite | postgresql"""
        return self._connection.dialect.name

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)


class Tx(ReadTx):
    """A transaction that changes things: a savepoint of the writer's batch."""

    __slots__ = ("indexing", "news", "scrubbing")

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.news: list[Any] = []
        self.indexing: list[tuple[str, tuple[Any, ...]]] = []  # by ``fulltext``: statements for the end of the batch
        self.scrubbing = False

    def next_seq(self, topic: str) -> int:
        """Reserve the number of an event that ``emit`` writes later in this transaction: for rows that carry it."""
        return log.next_seq(self.driver, topic)

    def emit(self, topic: str, event: str, data: Any, seq: int | None = None) -> log.Event:
        """Append to the topic's log; published after the commit. ``data``: anything msgspec can encode."""
        row = log.append(self.driver, topic, seq or self.next_seq(topic), event, log.encode(data))
        self.news.append(row)
        return row

    def scrub(self) -> None:
        """What this change overwrites must leave the files too: after the commit, the write-ahead log is emptied."""
        self.scrubbing = True

    def tell(self, notice: Any) -> None:
        """Hand ``notice`` to the bus after the commit: something that is true now and is no event of a topic."""
        self.news.append(notice)
