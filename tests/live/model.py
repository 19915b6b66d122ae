"""What the hub and its connections owe each client, as a model small enough to be believed."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from twidder.config import Limits
from twidder.live.connection import Connection

HOLD_MOST = 3
FLEETING_BYTES = 1_000
LIMITS = Limits(missed_events=HOLD_MOST, fleeting_bytes=FLEETING_BYTES)


class Me(NamedTuple):
    user_id: int
    sid: str


class Tape:
    """The end of a link where the bytes come out; like a socket's, it is silent once it is closing."""

    def __init__(self) -> None:
        self.congested = False
        self.waiting = 0
        self.closed: tuple[int, str] | None = None
        self._bytes = b""

    def send(self, data: bytes) -> None:
        if self.closed is None:
            self._bytes += data

    send_last = send

    def unsent(self) -> int:
        return self.waiting

    def flush(self) -> None: ...

    def close(self, code: int, reason: str) -> None:
        assert self.closed is None, "closed twice"
        self.closed = code, reason

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def take(self) -> list[dict[str, Any]]:
        """The frames since the last time."""
        frames, rest = [], self._bytes
        self._bytes = b""
        while rest:
            head = {126: 4, 127: 10}.get(rest[1], 2)
            size = rest[1] if head == 2 else int.from_bytes(rest[2:head], "big")
            frames.append(json.loads(rest[head : head + size]))
            rest = rest[head + size :]
        return frames


class Client:
    """A client that believes what the protocol promises, and says so loudly where it does not hold.

    It applies only `last + 1` of a topic it has joined: a hole, a double, news of a topic that is not its own, or
    anything after the bye is a fault of the server's.
    """

    def __init__(self, user_id: int, sid: str, now: float = 0.0) -> None:
        self.tape = Tape()
        self.me = Me(user_id, sid)
        self.connection = Connection(self.tape, LIMITS, now)
        self.connection.known(self.me)
        self.applied: dict[str, int] = {}  # live topics, by their names in the hub: the newest event applied
        self.holding: dict[str, tuple[int, int]] = {}  # joining: length of the log, number published, when it began
        self.typing: list[int] = []
        self.said_bye = False

    @property
    def open(self) -> bool:
        return self.tape.closed is None

    @property
    def topics(self) -> set[str]:
        return {*self.applied, *self.holding}

    def listen(self) -> None:
        """Take in what has come."""
        for frame in self.tape.take():
            assert not self.said_bye, f"after the bye: {frame}"
            getattr(self, "_" + frame["type"])(frame)

    def _event(self, frame: dict[str, Any]) -> None:
        topic = self._hub_name(frame["topic"])
        assert topic in self.applied, f"an outsider hears of {topic}"
        assert frame["seq"] == self.applied[topic] + 1, f"{topic}: {frame['seq']} after {self.applied[topic]}"
        self.applied[topic] = frame["seq"]

    def _typing(self, frame: dict[str, Any]) -> None:
        assert self._hub_name(frame["topic"]) in self.applied
        assert frame["number"] not in self.typing, "heard twice"
        self.typing.append(frame["number"])

    def _gap(self, frame: dict[str, Any]) -> None:
        topic = self._hub_name(frame["topic"])
        assert self.tape.congested, "a gap for a reader that keeps up"
        assert frame["to"] > self.applied.pop(topic), "a gap without a loss"

    def _bye(self, frame: dict[str, Any]) -> None:
        self.said_bye = True
        assert self.tape.closed == (frame["code"], frame["reason"])

    def _hub_name(self, topic: str) -> str:
        return f"me:{self.me.user_id}" if topic == "me" else str(topic)
