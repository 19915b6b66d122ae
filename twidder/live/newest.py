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
        self.behind: dict[Connection, int] = {}  # who does not stand where all do: up to where they have everything
        self.seq = self.told = 0  # the newest change, and the newest in a frame to everybody
        self.at = 0
        self.next_at = 0.0

    def change(self, seq: int, at: int, data: Mapping[str, bytes]) -> None:
        """The order does not matter until they are told: per key the newer one stays."""
        for key, value in data.items():
            if seq > self.values.get(key, (0, b""))[0]:
                self.values[key] = seq, value
                self.changed.add(key)
        self.seq = max(self.seq, seq)
        self.at = max(self.at, at)

    def told_to(self, connection: Connection) -> int:
        return self.behind.get(connection, self.told)

    @property
    def waits(self) -> bool:
        """Whether there is something to tell to somebody. Who has read further than the news here does not count."""
        return bool(self.changed) or any(since < self.seq for since in self.behind.values())

    def hand_out(self, topic: str, live: set[Connection], fleeting_bytes: int) -> None:
        """One frame for everybody, and one for all who were behind alike: what they have missed."""
        common = self._frame(topic, self.changed) if self.changed else None
        missed: dict[int, bytes | None] = {}
        for connection in live if common else list(self.behind):
            link = connection.link
            if link.congested or link.unsent() > fleeting_bytes:
                self.behind.setdefault(connection, self.told)
            elif connection in self.behind:
                since = self.behind[connection]
                self.behind[connection] = max(since, self.seq)  # who has read further stays apart until the news come
                if since not in missed:
                    missed[since] = self._frame_since(topic, since)
                if frame := missed[since]:
                    link.send(frame)
            elif common:
                link.send_last(common)
        self.changed, self.told = set(), self.seq
        self.behind = {connection: since for connection, since in self.behind.items() if since != self.seq}

    def forget(self) -> None:
        """Nobody is joining: what all have is needed no more."""
        if not self.waits:
            self.values = {}

    def _frame_since(self, topic: str, since: int) -> bytes | None:
        keys = [key for key, (seq, _) in self.values.items() if seq > since]
        return self._frame(topic, keys) if keys else None

    def _frame(self, topic: str, keys: set[str] | list[str]) -> bytes:
        return wire.state_frame(topic, self.seq, self.at, {key: self.values[key][1] for key in keys})
