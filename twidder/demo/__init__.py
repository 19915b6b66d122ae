"""The demo: ``twidder serve --demo`` fills a community of its own and keeps it moving.

It knows no more than a program at the public API would: it signs people up, talks and pushes values over HTTP and
the live connection, within everybody's limits. Its passwords are known, so it serves this machine alone.
"""

from __future__ import annotations

from pathlib import Path

from twidder.config import LOOPBACK
from twidder.errors import ConfigError

_MARK = "demo"


def check_place(data: Path, host: str, public_url: str, *, demo: bool) -> None:
    """Raises ConfigError where known passwords would guard a real community, or strangers could reach a demo."""
    if demo and (public_url or host not in LOOPBACK):
        raise ConfigError("The demo serves this machine alone, since its passwords are known: no host, no public URL.")
    if demo and (data / "twidder.db").exists() and not (data / _MARK).exists():
        raise ConfigError(f"A community lives in {data} already. Name another directory for the demo: --data.")
    if not demo and (data / _MARK).exists():
        raise ConfigError(
            f"A demo lives in {data}, and its passwords are known. Add --demo, or name another directory."
        )


def claim(data: Path) -> None:
    """Marks the directory as a demo's."""
    (data / _MARK).touch()
