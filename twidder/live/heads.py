"""News of topics that somebody belongs to and has not joined: how far they have got, and nothing else. Pure.

From memory, once a second, and one frame for each connection. Who is slow hears later, and then the newest only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twidder.live import wire
from twidder.live.connection import Connection
from twidder.live.topics import to_wire


class Heads:
    def __init__(self, most: int, fleeting_bytes: int, is_live: Callable[[Connection, str], bool]) -> None:
        """``most`` topics of one connection; ``fleeting_bytes`` unsent, and it has to wait. ``is_live``: whether it
        has joined a topic."""
        self._is_live = is_live
        self._most = most
        self._fleeting_bytes = fleeting_bytes
        self._known: dict[str, int] = {}  # the newest event of each topic that somebody waits for
        self._waiting: dict[str, set[Connection]] = {}  # for news of a topic
        self._topics: dict[Connection, tuple[str, ...]] = {}  # that each belongs to, joined or not
        self._asked: dict[Connection, dict[str, bool]] = {}  # what has changed while we find out what they belong to
        self._owed: dict[Connection, dict[str, int]] = {}
        self._moved: set[str] = set()

    # Who belongs where

    def ask(self, connection: Connection) -> None:
        """Somebody finds out where they belong, and calls ``answer``."""
        self._asked[connection] = {}

    def answer(self, connection: Connection, heads: Mapping[str, int]) -> None:
        """``heads``: of all that they belong to, as it stood some time after ``ask``."""
        changed = self._asked.pop(connection, None)
        if changed is None:
            return
        for topic, head in heads.items():
            self._known[topic] = max(head, self._known.get(topic, 0))
        belongs = dict.fromkeys(heads, True) | changed
        self._topics[connection] = tuple([topic for topic, does in belongs.items() if does][: self._most])
        for topic in self._topics[connection]:
            if self._wait(connection, topic):
                self._owed.setdefault(connection, {})[topic] = self._known.get(topic, 0)
        for topic in heads:
            self._forget_unwanted(topic)

    def belong(self, connection: Connection, topic: str, belongs: bool) -> None:
        """They have been let in, or put out."""
        if connection in self._asked:
            self._asked[connection][topic] = belongs
        mine = self._topics.get(connection)
        if mine is None or (topic in mine) is belongs:
            return
        if not belongs:
            self._topics[connection] = tuple(one for one in mine if one != topic)
            self._stop_waiting(connection, topic)
        elif len(mine) < self._most:
            self._topics[connection] = (*mine, topic)
            self._wait(connection, topic)

    def joined(self, connection: Connection, topic: str) -> None:
        """They hear everything from now on."""
        self._stop_waiting(connection, topic)

    def left(self, connection: Connection, topic: str) -> None:
        if topic in self._topics.get(connection, ()):
            self._wait(connection, topic)

    def remove(self, connection: Connection) -> None:
        self._asked.pop(connection, None)
        for topic in self._topics.pop(connection, ()):
            self._stop_waiting(connection, topic)

    # How far they have got

    def move(self, topic: str, seq: int) -> None:
        """An event was published."""
        if topic in self._waiting and seq > self._known.get(topic, 0):
            self._known[topic] = seq
            self._moved.add(topic)

    def advance(self, heads: Mapping[str, int]) -> None:
        """The log has got so far, whether or not the news of it came."""
        for topic, seq in heads.items():
            self.move(topic, seq)

    def known(self) -> dict[str, int]:
        """Of every topic that somebody waits for."""
        return {topic: self._known.get(topic, 0) for topic in self._waiting}

    def tell(self) -> None:
        """Once a second."""
        moved, self._moved = self._moved, set()
        for topic in moved:
            for connection in self._waiting.get(topic, ()):
                self._owed.setdefault(connection, {})[topic] = self._known[topic]
        for connection in [one for one in self._owed if self._has_room(one)]:
            heads = self._owed.pop(connection)
            connection.send(wire.frame("heads", heads={to_wire(topic): seq for topic, seq in heads.items()}))

    # Inside

    def _has_room(self, connection: Connection) -> bool:
        return not connection.link.congested and connection.link.unsent() <= self._fleeting_bytes

    def _wait(self, connection: Connection, topic: str) -> bool:
        """False where they hear everything anyway."""
        if self._is_live(connection, topic):
            return False
        self._waiting.setdefault(topic, set()).add(connection)
        return True

    def _stop_waiting(self, connection: Connection, topic: str) -> None:
        owed = self._owed.get(connection)
        if owed is not None:
            owed.pop(topic, None)
            if not owed:
                del self._owed[connection]
        waiting = self._waiting.get(topic)
        if waiting is not None:
            waiting.discard(connection)
            if not waiting:
                del self._waiting[topic]
        self._forget_unwanted(topic)

    def _forget_unwanted(self, topic: str) -> None:
        if topic not in self._waiting:
            self._known.pop(topic, None)
            self._moved.discard(topic)
