"""argon2id, a few at a time.

The semaphore bounds memory and CPU whoever calls: the sign-in routes, the gateways, the command line. The bridge
keeps a queue of its own before it, so that waiting sign-ins hold no worker thread.
"""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from twidder.config import Limits


class Passwords:
    def __init__(self, limits: Limits) -> None:
        self._hasher = PasswordHasher(limits.argon2_time, limits.argon2_memory_kib, parallelism=1)
        self._slots = threading.BoundedSemaphore(limits.hash_threads)
        self._nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        with self._slots:
            return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Takes as long for an unknown user (None), or one without a password (empty), as for a wrong password."""
        with self._slots:
            try:
                return self._hasher.verify(password_hash or self._nobody, password) and bool(password_hash)
            except (VerifyMismatchError, InvalidHashError):
                return False
