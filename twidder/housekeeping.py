"""What has to happen now and then, wherever the server is: it looks first, and writes only when there is something."""

from __future__ import annotations

from twidder.accounts import sessions
from twidder.core import Core
from twidder.walls import service as walls


def tidy(core: Core) -> None:
    """Blocks; called every few seconds."""
    limits = core.settings.limits
    if core.store.read(lambda tx: walls.forgettable(tx, limits)):
        core.store.write(lambda tx: walls.forget_deleted(tx, limits))
    if core.store.read(lambda tx: sessions.forgettable(tx, limits)):
        core.store.write(lambda tx: sessions.forget_ended(tx, limits))
