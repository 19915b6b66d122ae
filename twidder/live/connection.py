"""One client's state machine: new → asked → known → closing. Pure: bytes go to ``link``, time comes as an argument.

A connection is new until it says who it is, known once that is confirmed, and silent once it is closing. It bounds
what its client can ask for: frames a second, bad frames a minute, requests without an answer.
"""

from __future__ import annotations

import enum
from typing import Any, Protocol

from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.live import closing, wire
from twidder.live.closing import Closing
from twidder.rates import Bucket


class State(enum.IntEnum):
    NEW = 0  # silent until it says who it is
    ASKED = 1  # somebody is looking the token up
    KNOWN = 2
    CLOSING = 3


class Link(Protocol):
    """The way out: ``send`` queues for this turn's one write; nothing here ever waits."""

    congested: bool

    def send(self, data: bytes) -> None: ...
    def send_last(self, data: bytes) -> None:
        """The same, when nothing else is to come in this turn."""

    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""

    def close(self, code: int, reason: str) -> None: ...
    def flush(self) -> None:
        """Write what is queued now, not at the end of the turn."""

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class Connection:
    __slots__ = (
        "_bad_frames",
        "_bucket",
        "_limits",
        "link",
        "me",
        "next_heartbeat",
        "opened",
        "pending",
        "state",
        "topics",
        "waiting",
    )

    hears = True  # frames of the live protocol; what is false here only ends with its session

    def __init__(self, link: Link, limits: Limits, now: float) -> None:
        self.link = link
        self.state = State.NEW
        self.me: Any = None
        self.topics: dict[str, int] = {}  # name in the hub, joining ones included → how far the log was read on joining
        self.pending: list[int] = []  # ids of requests without an answer; a set takes four times the memory
        self.waiting: list[bytes] = []  # frames that came before their turn
        self.opened = now
        self.next_heartbeat = now + limits.heartbeat_seconds
        self._limits = limits
        self._bucket = Bucket(limits.frames_burst, now)
        self._bad_frames: tuple[float, ...] = ()

    def receive(self, raw: bytes, now: float) -> wire.ClientFrame | None:
        """The frame to act on, if there is one; what is wrong with it has been answered here."""
        if self.state is State.CLOSING or not self.count_frame(now):
            return None
        if self.waiting or self.busy:
            self.waiting.append(raw)  # came in one segment with what made us busy; the frame rate bounds how many
            return None
        return self._understand(raw, now)

    def next_frame(self, now: float) -> wire.ClientFrame | None:
        """The next frame that had to wait, if its turn has come."""
        while self.waiting and not self.busy and self.state is not State.CLOSING:
            frame = self._understand(self.waiting.pop(0), now)
            if frame is not None:
                return frame
        return None

    def _understand(self, raw: bytes, now: float) -> wire.ClientFrame | None:
        try:
            frame = wire.decode(raw, depth=self._limits.json_depth)
        except wire.FrameRefused as refusal:
            self._refuse(refusal, now)
            return None
        if frame is not None and isinstance(frame, wire.Auth) != (self.state is State.NEW):
            self.close(closing.BAD_FRAMES)
            return None
        if isinstance(frame, wire.Join | wire.Send | wire.Act) and not self._open_request(frame.id):
            return None
        return frame

    def count_frame(self, now: float) -> bool:
        """False, and closed, when the client sends more than it may. Pings count too."""
        if self._bucket.take(self._limits.frames_burst, self._limits.frames_per_second, now):
            self.close(closing.TOO_MANY_FRAMES)
            return False
        return True

    def known(self, me: Any) -> None:
        self.me = me
        self.state = State.KNOWN

    def send(self, data: bytes) -> None:
        """A frame, unless the connection is closing: nothing follows the bye."""
        if self.state is not State.CLOSING:
            self.link.send(data)

    def answer(self, frame_id: int, data: bytes) -> None:
        self._settle_request(frame_id)
        self.send(data)

    def refuse(self, error: TwidderError, frame_id: int | None = None) -> None:
        if frame_id is not None:
            self._settle_request(frame_id)
        self.send(wire.error_frame(error, frame_id))

    def close(self, why: Closing) -> None:
        """Say bye and why, then close; once."""
        if self.state is State.CLOSING:
            return
        self.link.send(wire.frame("bye", code=why.code, reason=why.reason, **why.extra))
        self.state = State.CLOSING
        self.link.close(why.code, why.reason)

    @property
    def busy(self) -> bool:
        """True while its client should not be read from: we are finding out who it is, or it has asked enough."""
        return self.state is State.ASKED or len(self.pending) >= self._limits.pending_requests

    def _open_request(self, frame_id: int) -> bool:
        if frame_id in self.pending:
            self.send(wire.error_frame(TwidderError(code="bad_id")))
            return False
        self.pending.append(frame_id)
        return True

    def _settle_request(self, frame_id: int) -> None:
        if frame_id in self.pending:
            self.pending.remove(frame_id)

    def _refuse(self, refusal: wire.FrameRefused, now: float) -> None:
        self.send(wire.error_frame(refusal.error, refusal.id))
        if refusal.error.code in ("bad_json", "bad_frame"):
            self._bad_frames = (*(at for at in self._bad_frames if now - at < 60.0), now)
            if len(self._bad_frames) >= self._limits.bad_frames:
                self.close(closing.BAD_FRAMES)
