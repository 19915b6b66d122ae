"""A core for the Flask half alone (``flask run``, gunicorn): its own store, no hub."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from twidder.config import Limits, Settings, default_data
from twidder.core import Core, build_core
from twidder.datadir import lock_data
from twidder.live.bus.memory import MemoryBus
from twidder.store import open_store


def open_core() -> Core:
    limits = Limits.from_env(os.environ)
    data = Path(os.environ.get("TWIDDER_DATA") or default_data())
    lab_status = os.environ.get("TWIDDER_LAB_STATUS", "200")
    settings = Settings(
        data=data, port=int(os.environ.get("TWIDDER_PORT", "5000")), lab_status=lab_status, limits=limits
    )
    lock_data(data)
    store = open_store(data / "twidder.db", limits, MemoryBus().publish)
    atexit.register(store.close)
    return build_core(settings, store)
