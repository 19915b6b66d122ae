"""SQLite behind the store's contract: one connection that writes, a few that only read."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool, StaticPool

from twidder.config import Limits
from twidder.errors import ConfigError, StoreFailed
from twidder.store import migrate
from twidder.store.readers import Readers
from twidder.store.tx import ReadTx, Tx
from twidder.store.writer import Publish, Writer

T = TypeVar("T")
WhileWaiting = Callable[[], contextlib.AbstractContextManager[None]]

# secure_delete: a deleted text is overwritten in the file, not only unlinked.
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an answer means fsynced; NORMAL lost 424 of 603 acknowledged rows in a power-cut test
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
)
_READER_PRAGMAS = ("query_only=ON", "trusted_schema=OFF", "temp_store=MEMORY")


class Store:
    """See ``twidder.store`` for the contract."""

    def __init__(
        self, writing: Engine, reading: Engine, limits: Limits, publish: Publish, while_waiting: WhileWaiting
    ) -> None:
        self._writing = writing
        self._while_waiting = while_waiting
        self._readers = Readers(reading, limits.readers)
        self.writer = Writer(writing, publish, _empty_wal, batch=limits.writer_batch, waiting=limits.writer_queue)
        self.writer.start()

    def read(self, fn: Callable[[ReadTx], T]) -> T:
        return self._readers.read(fn)

    def write(self, fn: Callable[[Tx], T]) -> T:
        """Blocks until the change is on disk. Raises what ``fn`` raised, Busy, StoreFailed or NoSpace."""
        future: Future[T] = Future()

        def done(result: Any, error: BaseException | None) -> None:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        self.writer.submit(fn, done)
        with self._while_waiting():
            return future.result()

    def submit(self, fn: Callable[[Tx], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        """As ``write`` for those who cannot wait: ``done`` is called in the writer's thread. Raises Busy."""
        self.writer.submit(fn, done)

    def trouble(self) -> StoreFailed | None:
        return self.writer.trouble

    def close(self) -> None:
        """Commits what waits, then lets go of the files. The writer goes last: only the connection that writes can
        empty the WAL into the database on its way out."""
        self._readers.close()
        self.writer.stop()
        self._writing.dispose()


def open_store(
    path: Path, limits: Limits, publish: Publish, while_waiting: WhileWaiting = contextlib.nullcontext
) -> Store:
    """Opens or makes the database at ``path``, brings its schema up to date. Raises ConfigError. ``while_waiting`` is
    entered by a thread that waits for its change to be stored."""
    # hide_parameters: what is stored must not stand in the log when storing it fails.
    writing = create_engine(
        "sqlite://", creator=_connector(path, "rwc", _WRITER_PRAGMAS), poolclass=StaticPool, hide_parameters=True
    )
    event.listen(writing, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    reading = create_engine(
        "sqlite://",
        creator=_connector(path, "ro", _READER_PRAGMAS),
        poolclass=NullPool,  # ``Readers`` keeps them
        hide_parameters=True,
    )
    try:
        migrate.upgrade(writing)
        _ensure_epoch(writing)
    except (DatabaseError, sqlite3.Error) as error:
        reason = str(error.orig if isinstance(error, DatabaseError) else error)
        broken = "malformed" in reason or "not a database" in reason
        advice = " Restore it from a backup." if broken else ""
        raise ConfigError(f"The database {path} cannot be opened: {reason}.{advice}") from None
    finally:
        writing.dispose()  # the writer's thread makes its own connection
    return Store(writing, reading, limits, publish, while_waiting)


def _fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _empty_wal(driver: sqlite3.Connection) -> None:
    """Overwritten pages lie in the write-ahead log as they were. A reader in the middle of a snapshot keeps it from
    being emptied; then the next time does it, rather than everybody waiting for that reader."""
    driver.execute("PRAGMA busy_timeout=100")
    try:
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        driver.execute("PRAGMA busy_timeout=5000")


def _connector(path: Path, mode: str, pragmas: tuple[str, ...]) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        # isolation_level None: SQLAlchemy's begin event says BEGIN, not the driver by its own rules.
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=5.0,
            check_same_thread=False,
        )
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        # SQLite's own lower() knows ASCII alone: nobody would find Åsa from Örebro.
        connection.create_function("fold", 1, _fold, deterministic=True)
        return connection

    return connect


def _ensure_epoch(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO settings (key, value) VALUES ('epoch', :epoch) ON CONFLICT (key) DO NOTHING"),
            {"epoch": secrets.token_hex(4)},
        )
