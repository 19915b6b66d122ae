"""Connections that have not said who they are: few from one address, and few of all.

An honest client is a stranger for one round trip, so it is the oldest who gives way. A class comes in behind one
address all at once: there only those count who have been silent for a second.
"""

from __future__ import annotations

from twidder.live import closing
from twidder.live.connection import Connection

_SILENT = 1.0  # seconds


class Strangers:
    """``at_one_address`` and ``everybody``: how many there may be."""

    def __init__(self, at_one_address: int, everybody: int) -> None:
        self._at_one_address = at_one_address
        self._everybody = everybody
        self._addresses: dict[Connection, str] = {}  # the oldest first

    def add(self, connection: Connection, address: str) -> None:
        if len(self._addresses) >= self._everybody:
            self._send_away(next(iter(self._addresses)))
        self._addresses[connection] = address

    def discard(self, connection: Connection) -> None:
        """It has said who it is, or has gone."""
        self._addresses.pop(connection, None)

    def thin_out(self, now: float) -> None:
        """Once a second."""
        silent: dict[str, int] = {}
        for connection, address in reversed(list(self._addresses.items())):
            if now - connection.opened >= _SILENT:
                silent[address] = silent.get(address, 0) + 1
                if silent[address] > self._at_one_address:
                    self._send_away(connection)

    def _send_away(self, connection: Connection) -> None:
        del self._addresses[connection]
        connection.close(closing.TRY_AGAIN)
