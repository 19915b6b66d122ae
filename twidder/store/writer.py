"""The one writer: a thread that runs the waiting changes as one batch, commits once, then publishes, then answers.

The order is the promise. COMMIT returns after the fsync; only then does the bus hear of the events, and only then
does the author. An answer before the commit would be a promise that a power cut breaks; news before the commit would
be a rumour.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from twidder.errors import Busy, NoSpace, StoreFailed
from twidder.store import fulltext
from twidder.store.tx import Tx

logger = logging.getLogger(__name__)

Change = Callable[[Tx], Any]
Done = Callable[[Any, BaseException | None], None]
Publish = Callable[[list[Any]], None]
Scrub = Callable[[Any], None]


class Job(NamedTuple):
    change: Change
    done: Done


class Outcome(NamedTuple):
    done: Done
    result: Any
    error: BaseException | None


class Writer:
    """Owns the only connection that writes. Start it, submit to it, stop it."""

    def __init__(self, engine: Engine, publish: Publish, scrub: Scrub, *, batch: int, waiting: int) -> None:
        self._engine = engine
        self._scrub = scrub
        self._publish = publish
        self._batch = batch
        self._waiting = waiting
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = False
        self._door = threading.Lock()  # a change that came in before the end is in front of it in the queue
        self._connection: Connection | None = None
        self._unscrubbed = False
        self.trouble: StoreFailed | None = None  # why the newest batch is not stored; it may be read from any thread
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Everything submitted before is committed; everything after is refused."""
        with self._door:
            if self._stopping:
                return
            self._stopping = True
            self._jobs.put(None)
        self._thread.join()

    def submit(self, change: Change, done: Done) -> None:
        """Queue a change; ``done(result, error)`` is called in the writer's thread, after the commit. Raises Busy."""
        with self._door:
            if self._stopping or self._jobs.qsize() >= self._waiting:
                raise Busy
            self._jobs.put(Job(change, done))

    def _run(self) -> None:
        while batch := self._take():
            for outcome in self._commit(batch):
                try:
                    outcome.done(outcome.result, outcome.error)
                except Exception:
                    logger.exception("an answer could not be delivered")
        self._disconnect()

    def _take(self) -> list[Job]:
        """At least one job, and whatever else is waiting; nothing when the end is reached."""
        jobs = []
        try:
            job = self._jobs.get()
            while job is not None:
                jobs.append(job)
                if len(jobs) == self._batch:
                    return jobs
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs
        if jobs:
            self._jobs.put(None)  # the end comes back once this batch is done
        return jobs

    def _commit(self, batch: list[Job]) -> list[Outcome]:
        try:
            connection = self._connection = self._connection or self._engine.connect()
            with connection.begin():
                tx = Tx(connection)
                outcomes = [self._run_job(tx, job) for job in batch]
                fulltext.flush(tx)
                if self.trouble:
                    _touch(tx)
        except Exception as error:  # the disk, the database file: no change of this batch is stored
            self._give_up(error)
            return [Outcome(job.done, None, _as_refusal(error)) for job in batch]
        if self.trouble:
            logger.warning("changes are stored again")
            self.trouble = None
        self._unscrubbed |= tx.scrubbing
        if self._unscrubbed:
            self._try_to_scrub(tx.driver)
        if tx.news:
            try:
                self._publish(tx.news)
            except Exception:  # stored all the same: clients find it in the log with the next heartbeat
                logger.exception("%d events could not be published", len(tx.news))
        return outcomes

    def _give_up(self, error: Exception) -> None:
        refusal = _as_refusal(error)
        if self.trouble is None or self.trouble.code != refusal.code:  # a full disk is told of once, not at each change
            unforeseen = None if _is_fatal(error) else error
            logger.error("changes cannot be stored: %s", _original(error), exc_info=unforeseen)
        self.trouble = refusal
        self._overwrite()
        self._disconnect()  # after a failed fsync the connection's idea of the disk cannot be trusted

    def _overwrite(self) -> None:
        """When the fsync alone failed, the refused batch stands in the write-ahead log, complete: whoever opens the
        files after a crash would take it for committed. The next commit begins at the same place, so make one before
        anybody is told. On this connection: a new one, if it is alone, reads the log as after a crash.
        """
        if self._connection is not None:
            try:
                with self._connection.begin():
                    _touch(Tx(self._connection))
            except Exception as error:  # what it wrote before it failed is enough
                logger.debug("the disk still refuses: %s", _original(error))

    def _try_to_scrub(self, driver: Any) -> None:
        """The batch is stored, whatever comes of this; what fails is tried again after the next."""
        try:
            self._scrub(driver)
            self._unscrubbed = False
        except sqlite3.Error as error:
            logger.error("the write-ahead log could not be emptied: %s", error)

    def _run_job(self, tx: Tx, job: Job) -> Outcome:
        driver, known, indexed = tx.driver, len(tx.news), len(tx.indexing)
        driver.execute("SAVEPOINT job")
        try:
            result = job.change(tx)
        except Exception as error:
            if _is_fatal(error):
                raise
            driver.execute("ROLLBACK TO job")
            driver.execute("RELEASE job")
            del tx.news[known:], tx.indexing[indexed:]
            return Outcome(job.done, None, error)
        driver.execute("RELEASE job")
        return Outcome(job.done, result, None)

    def _disconnect(self) -> None:
        if self._connection is not None:
            try:
                self._connection.close()
            except Exception:
                logger.exception("the writer's connection could not be closed")
            self._connection = None
            self._engine.dispose()


def _touch(tx: Tx) -> None:
    """The smallest change that reaches the disk; a row that stays the same would not."""
    tx.driver.execute(_TOUCH)


_TOUCH = (
    "INSERT INTO settings (key, value) VALUES ('touched', '1') "
    "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
)


def _original(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def _is_fatal(error: Exception) -> bool:
    """True for errors of the disk or the file; a violated constraint, or a statement that SQLite does not understand,
    is the change's own affair."""
    original = _original(error)
    if not isinstance(original, sqlite3.DatabaseError):
        return False
    own = isinstance(original, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError)
    return not own and getattr(original, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def _as_refusal(error: Exception) -> StoreFailed:
    full = "full" in str(_original(error)).lower()
    return NoSpace() if full else StoreFailed()
