"""A stream as the node sees it: a connection, and the link by which its frames come to a coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from twidder.config import Limits
from twidder.live import closing, stream_parts
from twidder.live.closing import Closing
from twidder.live.connection import Connection, State
from twidder.live.node import Node
from twidder.live.stream_parts import Spoken
from twidder.live.switchboard import Switchboard

_PIECE = 65_536  # handed to the transport at a time, and the rest of a frame


class StreamConnection(Connection):
    """Remembers why it was refused: that can be told by the answer's status."""

    __slots__ = ("refusal",)

    def __init__(self, link: StreamLink, limits: Limits, now: float) -> None:
        super().__init__(link, limits, now)
        self.refusal: Closing | None = None

    def close(self, why: Closing) -> None:
        if self.state in (State.NEW, State.ASKED):
            self.refusal = why
        super().close(why)


class StreamLink:
    """The way out of one stream: what is sent waits here until its coroutine takes it."""

    def __init__(self, node: Node, board: Switchboard, cut: Callable[[], None]) -> None:
        self._node = node
        self._board = board
        self._cut = cut
        self._out: list[bytes] = []
        self._queued = self._taken = 0  # bytes: all that the reader has not got, and those of it that are on their way
        self._ready = asyncio.Event()
        self._congested_since: float | None = None
        self._closing_since: float | None = None
        self._over = False
        self.congested = False
        self.connection = StreamConnection(self, board.limits, board.now)

    # The node speaks

    def send(self, data: bytes) -> None:
        if self._over:
            return
        if not self._out:
            self._board.will_write(self)
        self._out.append(data)
        self._queued += len(data)
        if self._taken:  # it is still busy with what came before
            self._weigh()

    def send_last(self, data: bytes) -> None:
        self.send(data)

    def unsent(self) -> int:
        return self._queued

    def close(self, code: int, reason: str) -> None:
        if self._closing_since is None:
            self._closing_since = self._board.now
            self.hang_up()

    def flush(self) -> None:
        self._ready.set()

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def tick(self, now: float) -> None:
        limits = self._board.limits
        if self._closing_since is not None:
            if now - self._closing_since >= limits.close_seconds:
                self._cut()
        elif self._congested_since is not None and now - self._congested_since > limits.stuck_seconds:
            self.connection.close(closing.TOO_SLOW)
        else:
            self._node.tick(self.connection, now)

    # The coroutine speaks

    def hang_up(self) -> None:
        """Nothing more is to come."""
        self._over = True
        self._ready.set()

    async def take(self) -> list[Spoken]:
        """What came next, not all of it where it is much; what was taken before has been sent. Empty: it is over."""
        self._queued -= self._taken
        self._taken = 0
        if self.congested:
            self._weigh()
        while not self._out and not self._over:
            self._ready.clear()
            await self._ready.wait()
        number = 0
        while number < len(self._out) and self._taken < _PIECE:
            self._taken += len(self._out[number])
            number += 1
        taken, self._out = self._out[:number], self._out[number:]
        return [spoken for data in taken for spoken in stream_parts.take_apart(data)]

    def _weigh(self) -> None:
        """As a WebSocket does: congested is who lets too much pile up, until most of it is gone."""
        limits = self._board.limits
        congested = self._queued > (limits.fleeting_bytes if self.congested else limits.outbound_bytes)
        if congested != self.congested:
            self.congested = congested
            self._congested_since = self._board.now if congested else None
