"""The stores that the contract is tested with. A further one joins by standing in ``BACKENDS``."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from twidder.config import Limits
from twidder.store import Store, Tx, open_store


class Backend(Protocol):
    """One database, empty at first."""

    def open(self, limits: Limits, publish: Callable[[list[Any]], None]) -> Store: ...
    def full(self, store: Store) -> contextlib.AbstractContextManager[None]:
        """Within it nothing more fits."""

    def broken(self, store: Store) -> contextlib.AbstractContextManager[None]:
        """Within it the disk refuses what is written."""


class Sqlite:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "store.db"

    def open(self, limits: Limits, publish: Callable[[list[Any]], None]) -> Store:
        return open_store(self._path, limits, publish)

    @contextlib.contextmanager
    def full(self, store: Store) -> Iterator[None]:
        """The pragma belongs to the writer's connection; it ends with that, at the first refusal."""

        def forbid_growth(tx: Tx) -> None:
            (pages,) = tx.driver.execute("PRAGMA page_count").fetchone()
            tx.driver.execute(f"PRAGMA max_page_count={pages}")

        store.write(forbid_growth)
        yield

    @contextlib.contextmanager
    def broken(self, store: Store) -> Iterator[None]:
        """EFBIG for whatever this process appends to the log file: SQLite reports an I/O error."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = self._path.with_name("store.db-wal").stat().st_size
        previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, previous)


BACKENDS: dict[str, Callable[[Path], Backend]] = {"sqlite": Sqlite}


@dataclasses.dataclass
class House:
    """A store that is open, and what it published."""

    backend: Backend
    store: Store
    batches: list[list[Any]]
    limits: Limits

    @property
    def published(self) -> list[Any]:
        return [news for batch in self.batches for news in batch]

    def reopen(self, **limits: int) -> None:
        self.store.close()
        self.limits = dataclasses.replace(self.limits, **limits)
        self.batches.clear()
        self.store = self.backend.open(self.limits, lambda batch: self.batches.append(list(batch)))


class Hold:
    """Keeps the writer busy within ``with``, so that what is submitted meanwhile makes one batch."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._go = threading.Event()

    def __enter__(self) -> None:
        begun = threading.Event()

        def wait(_tx: Tx) -> None:
            begun.set()
            assert self._go.wait(30)

        self._store.submit(wait, lambda _result, _error: None)
        assert begun.wait(30)

    def __exit__(self, *_error: object) -> None:
        self._go.set()
