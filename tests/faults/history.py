"""What a crowd did and saw, told by itself. All times are of one clock (time.monotonic)."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple


class Ack(NamedTuple):
    """The server said yes. ``invoked`` is before the first byte of the first attempt, ``acked`` after the answer."""

    author: int
    cid: str
    topic: str
    body: str
    seq: int
    invoked: float
    acked: float


class Refusal(NamedTuple):
    """The server said no, for good."""

    author: int
    cid: str
    topic: str
    body: str


class Seen(NamedTuple):
    """One event, as a reader got it; in the order in which it came, on whatever connection."""

    reader: str
    topic: str
    seq: int
    author: int
    cid: str
    body: str


class Stored(NamedTuple):
    """One entry of the history that a newcomer reads at the end."""

    topic: str
    seq: int
    author: int
    cid: str
    body: str


class ReadBack(NamedTuple):
    """An author read the newest page right after an ack; ``seqs`` stood there."""

    topic: str
    seq: int
    seqs: tuple[int, ...]


@dataclasses.dataclass
class History:
    """``readers`` are those of whom a whole view is expected at the end; ``lost_answers`` counts attempts without
    one."""

    acks: list[Ack] = dataclasses.field(default_factory=list)
    refusals: list[Refusal] = dataclasses.field(default_factory=list)
    seen: list[Seen] = dataclasses.field(default_factory=list)
    stored: list[Stored] = dataclasses.field(default_factory=list)
    read_back: list[ReadBack] = dataclasses.field(default_factory=list)
    readers: set[str] = dataclasses.field(default_factory=set)
    attempts: int = 0
    lost_answers: int = 0
    reconnects: int = 0

    def __str__(self) -> str:
        return (
            f"{len(self.acks)} acks and {len(self.refusals)} refusals of {self.attempts} attempts, "
            f"{self.lost_answers} without an answer; {len(self.stored)} stored; {len(self.seen)} seen by "
            f"{len(self.readers)} readers, who reconnected {self.reconnects} times"
        )
