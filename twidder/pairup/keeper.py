"""The clock of Pair-Up: ends holds that are past their time, and starts what is due when a round closes.

Nothing rests on it being quick: a hold past its time is nobody's for whoever looks. It remembers nothing that a restart
could lose; what is due stands in the rows.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Busy, StoreFailed, TwidderError
from twidder.pairup import telling, waiting
from twidder.pairup.models import places, rounds
from twidder.store import Database, ReadTx, Tx

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 60.0  # after what was due for a round has failed
_AT_ONCE = 100  # labs whose holds end in one transaction

When = Callable[[Database, int, Limits], None]


class Keeper:
    """Start it, stop it. ``when_due``: called, outside any transaction, with each round that has closed with its draw
    still to come, again and again until ``drawn_at`` is set."""

    def __init__(
        self, store: Database, limits: Limits, *when_due: When, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.when_due = list(when_due)
        self._store = store
        self._limits = limits
        self._clock = clock
        self._failed: dict[int, float] = {}  # rounds, and when to try again
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """One cheap read; more only where something is due. Blocks."""
        labs, due = self._store.read(find_due)
        if labs:
            with contextlib.suppress(Busy, StoreFailed):  # the next look does it
                self._store.write(lambda tx: end_holds(tx, labs))
        self._failed = {round_id: again for round_id, again in self._failed.items() if round_id in due}
        for round_id in due:
            if self._failed.get(round_id, 0.0) <= self._clock():
                self._tell_due(round_id)

    def _tell_due(self, round_id: int) -> None:
        try:
            with contextlib.suppress(Busy, StoreFailed):
                for call in self.when_due:
                    call(self._store, round_id, self._limits)
        except Exception as error:
            if round_id not in self._failed:  # once, not each minute
                known = isinstance(error, TwidderError)
                logger.error("what is due for round %d has failed: %s", round_id, error, exc_info=not known)
            self._failed[round_id] = self._clock() + _AGAIN_SECONDS

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                logger.exception("holds could not be ended")


def find_due(tx: ReadTx) -> tuple[list[tuple[int, int]], list[int]]:
    """(round, lab) of holds past their time; rounds that have closed and are not drawn."""
    now = now_ms()
    query = select(places.c.round_id, places.c.lab_id).where(places.c.held_until <= now).distinct().limit(_AT_ONCE)
    undrawn = rounds.c.mode == "draw", rounds.c.drawn_at.is_(None), rounds.c.deleted_at.is_(None)
    due = select(rounds.c.id).where(*undrawn, rounds.c.closes_at <= now)
    return [tuple(row) for row in tx.execute(query)], list(tx.execute(due).scalars())


def end_holds(tx: Tx, labs: list[tuple[int, int]]) -> None:
    changed: dict[int, set[int]] = {}
    for round_id, lab_id in labs:
        row: Any = tx.execute(select(rounds).where(rounds.c.id == round_id)).one()
        changed.setdefault(round_id, set()).update(waiting.sweep(tx, row, lab_id))
    for round_id, place_ids in changed.items():
        telling.tell_places(tx, round_id, place_ids)
