"""What has to happen now and then, wherever the server is: it looks first, and writes only when there is something."""

from __future__ import annotations

import contextlib

from twidder.accounts import ended, passes
from twidder.boards import making as boards
from twidder.boards import retention
from twidder.core import Core
from twidder.errors import StoreFailed
from twidder.files import service as files
from twidder.rooms import messages
from twidder.store import fulltext
from twidder.walls import service as walls


def tidy(core: Core) -> None:
    """Blocks; called every few seconds."""
    limits = core.settings.limits
    if core.store.trouble():
        _try_again(core)
        return
    _purge_index(core)  # before the texts themselves are overwritten: once they are, no trace is left
    if core.store.read(lambda tx: walls.forgettable(tx, limits)):
        core.store.write(lambda tx: walls.forget_deleted(tx, limits))
    if core.store.read(lambda tx: messages.forgettable(tx, limits)):
        core.store.write(lambda tx: messages.forget_deleted(tx, limits))
    if core.store.read(lambda tx: files.forgettable(tx, limits)):
        core.storage.remove(core.store.write(lambda tx: files.forget(tx, limits)))
    if core.store.read(lambda tx: ended.forgettable(tx, limits)):
        core.store.write(lambda tx: ended.forget_ended(tx, limits))
    if core.store.read(lambda tx: boards.forgettable(tx, limits)):
        core.store.write(lambda tx: boards.forget_deleted(tx, limits))
    retention.sweep(core.store, limits)
    if core.store.read(passes.expired):
        core.store.write(passes.end_expired)


def _purge_index(core: Core) -> None:
    """In steps, so that nobody waits for all of it; what is left waits for the next time."""
    limits = core.settings.limits
    for _ in range(limits.purge_steps):
        if not core.store.read(fulltext.unclean):
            return
        core.store.write(lambda tx: fulltext.purge(tx, limits.purge_pages))


def _try_again(core: Core) -> None:
    """A disk that has room again would not be noticed before somebody writes."""
    with contextlib.suppress(StoreFailed):
        core.store.write(lambda tx: None)
