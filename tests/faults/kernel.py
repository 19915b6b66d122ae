"""What the kernel holds for a server's sockets (Linux)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.harness.server import Server


class Queues(NamedTuple):
    """Bytes that the peer has not taken yet, and that the server has not read yet."""

    to_send: int
    to_read: int


def queues(server: Server) -> dict[int, Queues]:
    """By the port of the peer; only connections that are established."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = f":{server.port:04X}"
    found = {}
    for row in rows:
        if row[1].endswith(here) and row[3] == "01":
            to_send, to_read = (int(number, 16) for number in row[4].split(":"))
            found[int(row[2].split(":")[1], 16)] = Queues(to_send, to_read)
    return found
