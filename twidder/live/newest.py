"""Topics whose news replace each other: a reader gets the newest value of each key, and may miss those before. Pure.

What changes within a short while goes out as one frame, encoded once for everybody. A slow reader is passed over and
keeps nothing but its position: it costs no memory however long it stays slow, and gets the newest once it reads again.
"""

from __future__ import annotations

from collections.abc import Mapping

from twidder.live import wire
from twidder.live.connection import Connection


class Newest:
    """One topic's newest values, as far as a reader here may still need them."""

    __slots__ = ("at", "behind", "changed", "next_at", "seq", "told", "values")

    def __init__(self) -> None:
        self.values: dict[str, tuple[int, bytes]] = {}  # key → the seq of its change, and the value as JSON
        self.changed: set[str] = set()  # since the last frame to everybody
        self.behind: dict[Connection, int] = {}  # who did not get that, and up to where they have everything
        self.seq = self.told = 0  # the newest change, and the newest in a frame to everybody
        self.at = 0
        self.next_at = 0.0

    def change(self, seq: int, at: int, data: Mapping[str, bytes]) -> None:
        """Changes may come out of order: per key the newer one stays."""
        for key, value in data.items():
            if seq > self.values.get(key, (0, b""))[0]:
                self.values[key] = seq, value
                self.changed.add(key)
        self.seq = max(self.seq, seq)
        self.at = max(self.at, at)

    def told_to(self, connection: Connection) -> int:
        return self.behind.get(connection, self.told)

    def hand_out(self, topic: str, live: set[Connection], fleeting_bytes: int, *, keep: bool) -> None:
        """One frame for everybody, and for each who was behind what they have missed. ``keep`` the values for somebody
        who is joining."""
        for connection in live:
            if connection.link.congested or connection.link.unsent() > fleeting_bytes:
                self.behind.setdefault(connection, self.told)
            elif connection in self.behind and (missed := self._take_missed(connection, topic)):
                connection.link.send(missed)
        if self.changed:
            common = self._frame(topic, self.changed)
            for connection in live - self.behind.keys():
                connection.link.send_last(common)
        self.changed, self.told = set(), self.seq
        self.behind = {connection: seq for connection, seq in self.behind.items() if seq != self.seq}
        if not self.behind and not keep:
            self.values = {}

    def _take_missed(self, connection: Connection, topic: str) -> bytes | None:
        """Who has read further than the news here stays apart until they have come."""
        since = self.behind[connection]
        self.behind[connection] = max(since, self.seq)
        missed = [key for key, (seq, _) in self.values.items() if seq > since]
        return self._frame(topic, missed) if missed else None

    def _frame(self, topic: str, keys: set[str] | list[str]) -> bytes:
        return wire.state_frame(topic, self.seq, self.at, {key: self.values[key][1] for key in keys})
