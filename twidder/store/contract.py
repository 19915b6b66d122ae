"""What everybody else may know of the store; the promises stand in ``twidder.store``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from twidder.errors import StoreFailed
from twidder.store.tx import ReadTx, Tx

T = TypeVar("T")


class Database(Protocol):
    def read(self, fn: Callable[[ReadTx], T]) -> T: ...
    def write(self, fn: Callable[[Tx], T]) -> T:
        """Blocks until the change is on disk. Raises what ``fn`` raised, Busy, StoreFailed or NoSpace."""

    def submit(self, fn: Callable[[Tx], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        """As ``write`` for those who cannot wait: ``done`` is called in another thread. Raises Busy."""

    def trouble(self) -> StoreFailed | None:
        """Why the newest change could not be stored; None when it was. A later ``write``, even of nothing, finds out
        whether the disk still refuses."""
