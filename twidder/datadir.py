"""The data directory: made when missing, ours alone while we run."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from twidder.errors import ConfigError, NoSpace, StoreFailed

_SOCKET_PATH = 107  # what the kernel takes as a socket's name


def lock_data(data: Path) -> None:
    """Make ``data`` and hold its lock until the process ends. Raises ConfigError naming who holds it."""
    make_data(data)
    try:
        lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"The data directory {data} can't be written: {error.strerror}.") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(lock, 20).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise ConfigError(f"Another Twidder (process {holder}) is using the data directory {data}.") from None
    # The descriptor is left open on purpose: closing it would give the lock up.
    try:
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
    except OSError as error:  # a full disk
        raise ConfigError(f"The data directory {data} can't be written: {error.strerror}.") from None


def make_data(data: Path) -> None:
    """Passwords' hashes live here: nobody else on the machine may read what is made in it."""
    os.umask(0o077)
    if len(os.fsencode((data / "admin.sock").absolute())) > _SOCKET_PATH:
        raise ConfigError(
            f"The data directory {data} has too long a path: a socket in it may have {_SOCKET_PATH} bytes."
        )
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The data directory {data} can't be made: {error.strerror}.") from None


def check_data(data: Path) -> None:
    """For commands that make nothing. Raises ConfigError."""
    if not (data / "twidder.db").is_file():
        raise ConfigError(f"There is no Twidder in {data}. Name its directory: --data, or TWIDDER_DATA.")


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """What the disk refuses, as the house says it. Raises NoSpace, StoreFailed."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace from None
        raise StoreFailed from error
