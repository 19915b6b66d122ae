"""A core for the Flask half alone (``flask run``, gunicorn): its own store, no hub."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from twidder.config import Limits, Settings, check_public_url, default_data
from twidder.core import Core, build_core
from twidder.datadir import lock_data
from twidder.errors import StoreFailed
from twidder.live.bus.memory import MemoryBus
from twidder.store import ReadTx, Store, Tx, open_store

T = TypeVar("T")


class LazyStore:
    """The store, locked and opened when it is first used: a reloader's parent, which never uses it, must not lock its
    own child out."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None

    def read(self, fn: Callable[[ReadTx], T]) -> T:
        return self._opened().read(fn)

    def write(self, fn: Callable[[Tx], T]) -> T:
        return self._opened().write(fn)

    def submit(self, fn: Callable[[Tx], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        self._opened().submit(fn, done)

    def trouble(self) -> StoreFailed | None:
        return self._opened().trouble()

    def _opened(self) -> Store:
        with self._lock:
            if self._store is None:
                lock_data(self._settings.data)
                limits = self._settings.limits
                self._store = open_store(self._settings.data / "twidder.db", limits, MemoryBus().publish)
                atexit.register(self._store.close)
            return self._store


def open_core(env: Mapping[str, str] = os.environ) -> Core:
    """``TWIDDER_PORT`` has to say the port that is served: cookies and origins follow it."""
    settings = Settings(
        data=Path(env.get("TWIDDER_DATA") or default_data()),
        port=int(env.get("TWIDDER_PORT", "5000")),
        public_url=check_public_url(env.get("TWIDDER_PUBLIC_URL", ""), insecure_http=False),
        lab_status=env.get("TWIDDER_LAB_STATUS", "200"),
        limits=Limits.from_env(env),
    )
    return build_core(settings, LazyStore(settings))
