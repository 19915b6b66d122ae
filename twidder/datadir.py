"""The data directory: made when missing, ours alone while we run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from twidder.errors import ConfigError

# Kept for the life of the process: closing the file would give the lock up.
_locks: list[IO[str]] = []


def lock_data(data: Path) -> None:
    """Make ``data`` and hold its lock until the process ends. Raises ConfigError naming who holds it."""
    make_data(data)
    try:
        file = (data / "lock").open("a+", encoding="ascii")
    except OSError as error:
        raise ConfigError(f"The data directory {data} can't be written: {error.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise ConfigError(f"Another Twidder (process {holder}) is using the data directory {data}.") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _locks.append(file)


def make_data(data: Path) -> None:
    """Passwords' hashes live here: nobody else on the machine may read it."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        data.chmod(0o700)
    except (OSError, NotImplementedError) as error:
        raise ConfigError(f"The data directory {data} can't be used: {getattr(error, 'strerror', error)}.") from None
