"""Twidder's own board: its figures move once a second while somebody watches, and are noted once a minute otherwise.

They are values as any producer's: charts have a history of them, and who comes has the newest at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from twidder.boards.access import topic
from twidder.boards.built_in import COUNTRIES
from twidder.boards.figures import Figures
from twidder.boards.parsing import Point
from twidder.boards.pushing import store
from twidder.boards.series import forget
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.core import Core
from twidder.errors import Busy, StoreFailed
from twidder.store import ReadTx, Tx

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_BOARD = "SELECT id FROM boards WHERE built_in"
_KEYS = "SELECT key FROM series WHERE board_id = ? AND type = 'number'"


class Statistics:
    """Start it, stop it. ``is_watched(topic)``: whether anybody follows it; from any thread."""

    def __init__(
        self, core: Core, is_watched: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._core = core
        self._limits = core.settings.limits
        self._is_watched = is_watched
        self._clock = clock
        self._figures = Figures(self._limits.countries_counted)
        self._board: int | None = None
        self._told: dict[str, int | None] = {}
        self._noted_at = clock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="statistics", daemon=True)

    def start(self) -> None:
        self._board = self._core.store.read(_find_board)
        if self._board is not None:
            self._told = self._core.store.read(self._known)
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Tell what has changed, or note all. Blocks."""
        assert self._board is not None
        board, noting = self._board, self._clock() - self._noted_at >= self._limits.statistics_seconds
        if not noting and not self._is_watched(topic(board)):
            return
        figures = self._core.store.read(lambda tx: self._figures.read(tx, now_ms(), recount=noting))
        figures["people.online"] = self._core.people_here()
        changed = {key: value for key, value in figures.items() if noting or self._told.get(key) != value}
        gone = [key for key in self._told if key.startswith(COUNTRIES) and key not in figures]
        if changed or gone:
            self._core.store.write(lambda tx: _write(tx, board, changed, gone, self._limits))
        self._told = dict(figures)
        if noting:
            self._noted_at = self._clock()

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            try:
                self.look()
            except (Busy, StoreFailed):
                continue  # the next look tells it
            except Exception:
                logger.exception("the statistics could not be told")

    def _known(self, tx: ReadTx) -> dict[str, int | None]:
        return dict.fromkeys(key for (key,) in tx.driver.execute(_KEYS, (self._board,)))


def _find_board(tx: ReadTx) -> int | None:
    row = tx.driver.execute(_BOARD).fetchone()
    return row[0] if row else None


def _write(tx: Tx, board: int, changed: dict[str, int], gone: list[str], limits: Limits) -> None:
    points = [Point(index, key, value) for index, (key, value) in enumerate(changed.items())]
    for refusal in store(tx, board, points, limits) if points else ():
        logger.warning("the figure %s could not be told: %s", refusal.key, refusal.detail)
    for key in gone:
        forget(tx, board, key)
