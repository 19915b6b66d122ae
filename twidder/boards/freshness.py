"""Late and silent: the server says so, of series that promise a value each so often.

When the next is due is kept in memory, from what the boards' topics tell after each commit, and looked at once a
second; the store is asked when something has become late. A restart begins everybody's time anew.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from twidder.boards.access import topic
from twidder.boards.models import HOUR, Value
from twidder.boards.state import COLUMNS, as_value, tell
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Busy, StoreFailed
from twidder.live.channel import StateChanged
from twidder.rooms import topic as room_topic
from twidder.store import Database, ReadTx, Tx, log

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_AT_ONCE = 500  # that change in one transaction
_PROMISES = b'"every":'  # as it stands in an encoded Value; in a text, the quotes would be escaped
_ALL = """
SELECT s.board_id, s.key, s.every_ms, s.seen_at, s.freshness FROM series s JOIN boards b ON b.id = s.board_id
WHERE s.every_ms IS NOT NULL AND b.deleted_at IS NULL
"""
_CHANGE = f"""
UPDATE series SET freshness = ?, seq = ? WHERE board_id = ? AND key = ? AND seen_at = ? AND every_ms IS NOT NULL
AND EXISTS (SELECT 1 FROM boards WHERE boards.id = board_id AND deleted_at IS NULL) RETURNING {COLUMNS}
"""
_ROOM = """
SELECT r.kind, r.id, b.id AS board, b.slug, b.name FROM boards b JOIN rooms r ON r.id = b.room_id
WHERE b.id = ? AND b.deleted_at IS NULL AND r.archived_at IS NULL
"""

Key = tuple[int, str]  # board and series


class Promise(NamedTuple):
    """``since``: when the newest value came, and ``due``: when the series ``becomes`` late or silent without another,
    on the monotonic clock. ``seen``: as ``since``, in ms, as it is stored."""

    since: float
    seen: int
    due: float
    becomes: str


def tell_room(tx: Tx, board_id: int, event: str, data: dict[str, Any], limits: Limits) -> None:
    """In the room where the board is shown, if there is one and it is open, and has not heard too much of boards."""
    row = tx.driver.execute(_ROOM, (board_id,)).fetchone()
    if row is None:
        return
    kind, room_id, board, slug, name = row
    room = room_topic(kind, room_id)
    crowded_at = log.newest_of_boards(tx.driver, room, limits.silences_per_hour)
    if crowded_at is None or crowded_at < now_ms() - HOUR:
        tx.emit(room, event, {"board": {"id": board, "slug": slug, "name": name}, **data})


def seconds_until(freshness: str, every: int, limits: Limits) -> float:
    """How long after its newest value a series that promises one each ``every`` ms is late, or silent."""
    if freshness == "late":
        return every / 1000 * limits.late_factor + limits.late_seconds
    return every / 1000 * limits.silent_factor + limits.silent_seconds


class Freshness:
    """Start it, let it hear the bus, stop it."""

    def __init__(self, store: Database, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._promises: dict[Key, Promise] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="freshness", daemon=True)

    def start(self) -> None:
        for series in self._store.read(self.promised):
            self.remember(*series)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def hear(self, batch: Iterable[Any]) -> None:
        """The bus's subscriber: any thread, after the commit."""
        for news in batch:
            if type(news) is StateChanged and news.topic.startswith("board:"):
                board_id = int(news.topic[6:])
                for key, value in news.data.items():
                    self._hear(board_id, key, value)

    @staticmethod
    def promised(tx: ReadTx) -> list[tuple[int, str, int, int, str | None]]:
        """Board, key, pace (ms), when it was seen, and how fresh it is, of all that promise one."""
        return tx.driver.execute(_ALL).fetchall()  # type: ignore[no-any-return]

    def look(self) -> None:
        """Tell of those that have become late or silent. Blocks."""
        while due := self._due():
            try:
                self._store.write(lambda tx, due=due: _tell(tx, due, self._limits))  # type: ignore[misc]
            except (Busy, StoreFailed):
                return  # the next look tells it
            with self._lock:  # what we have not heard of by now is not there any more
                for key, promise in due.items():
                    if self._promises.get(key) == promise:
                        del self._promises[key]

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                logger.exception("freshness could not be told")

    def _hear(self, board_id: int, key: str, value: bytes) -> None:
        if _PROMISES in value and key[0] != "$":
            told = msgspec.json.decode(value, type=Value)
            if told.every is not None:
                self.remember(board_id, key, told.every, told.seen, told.freshness)
        elif (board_id, key) in self._promises:
            with self._lock:
                self._promises.pop((board_id, key), None)

    def remember(self, board_id: int, key: str, every: int, seen: int, freshness: str | None) -> None:
        with self._lock:
            if freshness == "silent":  # it has nothing left to become
                self._promises.pop((board_id, key), None)
                return
            known = self._promises.get((board_id, key))
            is_told = known is not None and known.seen == seen and freshness != "fresh"  # no value: our own news
            since = known.since if known is not None and is_told else self._clock()
            becomes = "silent" if freshness == "late" else "late"
            due = since + seconds_until(becomes, every, self._limits)
            self._promises[board_id, key] = Promise(since, seen, due, becomes)

    def _due(self) -> dict[Key, Promise]:
        now = self._clock()
        with self._lock:
            due = ((key, promise) for key, promise in self._promises.items() if promise.due <= now)
            return dict(itertools.islice(due, _AT_ONCE))


def _tell(tx: Tx, due: dict[Key, Promise], limits: Limits) -> None:
    """Whoever has had a value in between is left out."""
    changed: dict[int, dict[str, msgspec.Raw]] = {}
    seqs: dict[int, int] = {}
    for (board_id, key), promise in due.items():
        seq = seqs.setdefault(board_id, 0) or tx.next_seq(topic(board_id))
        seqs[board_id] = seq
        row = tx.driver.execute(_CHANGE, (promise.becomes, seq, board_id, key, promise.seen)).fetchone()
        if row is not None:
            changed.setdefault(board_id, {})[key] = msgspec.Raw(as_value(row))
            if promise.becomes == "silent":
                tell_room(tx, board_id, "board.silent", {"key": key, "since": promise.seen}, limits)
    for board_id, data in changed.items():
        tell(tx, board_id, data, seqs[board_id])
