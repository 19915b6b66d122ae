"""What has to happen now and then, wherever the server is: it looks first, and writes only when there is something."""

from __future__ import annotations

import contextlib

from twidder.accounts import sessions
from twidder.core import Core
from twidder.errors import StoreFailed
from twidder.walls import service as walls


def tidy(core: Core) -> None:
    """Blocks; called every few seconds."""
    limits = core.settings.limits
    if core.store.trouble():
        _try_again(core)
        return
    if core.store.read(lambda tx: walls.forgettable(tx, limits)):
        core.store.write(lambda tx: walls.forget_deleted(tx, limits))
    if core.store.read(lambda tx: sessions.forgettable(tx, limits)):
        core.store.write(lambda tx: sessions.forget_ended(tx, limits))


def _try_again(core: Core) -> None:
    """A disk that has room again would not be noticed before somebody writes."""
    with contextlib.suppress(StoreFailed):
        core.store.write(lambda tx: None)
