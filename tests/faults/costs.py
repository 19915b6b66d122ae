"""What a server process costs, as the kernel counts it (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.server import Server
from tests.hostile.bystander import DEADLINE, Bystander

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(server: Server) -> float:
    """All threads', in user and kernel mode."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def threads(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/task").iterdir()))


def peers(server: Server) -> set[int]:
    """The ports of those who are connected to it."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = f":{server.port:04X}"
    return {int(row[2].split(":")[1], 16) for row in rows if row[1].endswith(here) and row[3] == "01"}


@contextmanager
def bystander(server: Server) -> Iterator[Bystander]:
    """Somebody beside, whose rounds all succeed; the p99 of them is printed, and within ten times its bound."""
    beside = Bystander(server)
    try:
        beside.noticed_nothing()
        yield beside
        beside.noticed_nothing()
        print(f"the bystander's p99 of {len(beside.seconds)} rounds: {beside.p99() * 1000:.0f} ms")
        assert beside.p99() < DEADLINE
    finally:
        beside.close()
