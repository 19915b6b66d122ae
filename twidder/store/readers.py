"""Connections that only read, kept open.

SQLAlchemy's pool and its begin event cost 30 µs for a read that takes 5; every request and every join begins with one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from twidder.store.tx import ReadTx

T = TypeVar("T")


class Readers:
    """At most ``most`` at a time; who comes when all are busy waits. The one last used is used next: its pages are
    warm."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._room = threading.Semaphore(most)
        self._idle: list[Connection] = []

    def read(self, fn: Callable[[ReadTx], T]) -> T:
        """``fn`` of one snapshot."""
        with self._room:
            connection = self._take()
            try:
                tx = ReadTx(connection)
                tx.driver.execute("BEGIN")
                return fn(tx)
            finally:
                self._put_back(connection)

    def close(self) -> None:
        """Call when nobody reads any more."""
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def _take(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._engine.connect()

    def _put_back(self, connection: Connection) -> None:
        """End the snapshot: an open one would keep the write-ahead log from ever being emptied."""
        try:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.rollback()
            connection.rollback()  # SQLAlchemy's own idea of a transaction, where it was asked for anything
        except Exception:
            connection.invalidate()
            connection.close()
            raise
        self._idle.append(connection)
