"""The only code that touches an open WebSocket's transport: reading, the one write per turn, closing.

uvicorn hands every upgrade to ``WebSocket``. Which path means what is the endpoints' affair; uvicorn's access log,
proxy headers, size limits and pings do not apply to a protocol class of one's own, so they are here.

What the kernel does not take waits here, as references to frames that everybody shares: the transport would keep 370
bytes beside each.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, cast

from twidder.live import closing, frames
from twidder.live.backlog import take_piece
from twidder.live.frames import FrameError, FrameParser
from twidder.live.handshake import shake_hands
from twidder.live.switchboard import Endpoint, Handshake, Switchboard

logger = logging.getLogger(__name__)

_FAREWELL = 4_096  # in more than this nobody looks for the close frame of a peer that was told to go
_AT_ONCE = 256  # messages of one connection; a flood of tiny ones would keep the loop from everybody else
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds


class WebSocket(asyncio.Protocol):
    """One connection's transport: the link of whatever endpoint its path led to."""

    __slots__ = (
        "_blocked",
        "_board",
        "_busy",
        "_closing_since",
        "_congested_since",
        "_endpoint",
        "_flooded",
        "_heard",
        "_ignored",
        "_midway_since",
        "_next_ping",
        "_out",
        "_over",
        "_parser",
        "_paused",
        "_peer",
        "_pongs",
        "_queued",
        "_server_state",
        "_transport",
        "congested",
    )

    def __init__(self, board: Switchboard, server_state: Any) -> None:
        self._board = board
        self._server_state = server_state
        self._transport: asyncio.Transport | None = None
        self._parser: FrameParser | None = None
        self._endpoint: Endpoint | None = None
        self._peer: Any = None
        self._out: list[bytes] = []
        self._queued = 0  # bytes in it
        self._heard = self._next_ping = board.now
        self._closing_since: float | None = None
        self._congested_since: float | None = None
        self._midway_since: float | None = None
        self._blocked = False  # the kernel takes no more at present
        self._over = False  # the peer has said its last
        self._busy = self._flooded = self._paused = False
        self._pongs = self._ignored = 0
        self.congested = False

    # The transport speaks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._parser is None:
            if self._endpoint is None and self._transport is not None and not self._transport.is_closing():
                self._shake_hands(data)
            return
        self._heard = self._board.now
        if self._closing_since is not None:
            self._ignored += len(data)
            if self._ignored > self._board.limits.ignored_bytes:  # it was told to go, and floods instead
                self._abort()
                return
            if self._over or len(data) > _FAREWELL:
                return
        self._hear(self._parser.feed(data), len(data) > _FAREWELL)

    def pause_writing(self) -> None:
        self._blocked = True

    def resume_writing(self) -> None:
        self._blocked = False
        self.flush()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._board.links.discard(self)
        self._server_state.connections.discard(self)
        endpoint, peer, self._peer = self._endpoint, self._peer, None
        self._parser = self._transport = None
        self._out.clear()
        self._queued = 0
        if endpoint is not None and peer is not None:
            endpoint.lost(peer)

    def shutdown(self) -> None:
        """uvicorn's call when the server stops."""
        if self._endpoint is not None and self._peer is not None:
            self._endpoint.shutdown(self._peer)

    # The endpoint speaks

    def send(self, data: bytes) -> None:
        """Queue whole frames for this turn's one write."""
        if self._closing_since is None and self._transport is not None:
            if not self._out and not self._blocked:
                self._board.will_write(self)
            self._out.append(data)
            self._queued += len(data)
            if self._blocked:
                self._weigh()

    def send_last(self, data: bytes) -> None:
        """The same, at once when nothing waits before it: the members of a busy room are spared the queue, a fifth of
        what a delivery costs."""
        if self._out or self._blocked or self._closing_since is not None or self._transport is None:
            self.send(data)
        else:
            self._transport.write(data)

    def unsent(self) -> int:
        return self._queued + self._transport.get_write_buffer_size() if self._transport is not None else 0

    def close(self, code: int, reason: str) -> None:
        """Queue the close frame behind what was sent; who does not answer it within ``close_seconds`` is cut off."""
        if self._closing_since is not None or self._transport is None:
            return
        self.send(frames.close_frame(code, reason))
        self._closing_since = self._board.now
        self._steer_reading()  # the peer's own close frame has to get in

    def flush(self) -> None:
        """Write what is queued, as far as the kernel takes it; the rest when it takes more."""
        if self._transport is None:
            return
        while self._out and not self._blocked:
            piece = take_piece(self._out, self._queued)
            self._queued -= len(piece)
            self._transport.write(piece)
        if self._out or self.congested:
            self._weigh()
        if self._over and not self._out:
            self._transport.close()

    def pause_reading(self) -> None:
        self._busy = True
        self._steer_reading()

    def resume_reading(self) -> None:
        self._busy = False
        self._steer_reading()

    def tick(self, now: float) -> None:
        limits = self._board.limits
        if self._closing_since is not None:
            if now - self._closing_since >= limits.close_seconds:
                self._abort()
        elif self._congested_since is not None and now - self._congested_since > limits.stuck_seconds:
            self.close(closing.TOO_SLOW.code, closing.TOO_SLOW.reason)
        elif self._midway_since is not None and now - self._midway_since > limits.fragment_seconds:
            self.close(closing.BAD_FRAMES.code, "unfinished message")
        elif now - self._heard > limits.idle_seconds and not self._paused:
            self.close(closing.IDLE.code, closing.IDLE.reason)
        elif self._endpoint is not None:
            if self._endpoint.pings and now >= self._next_ping:
                self._next_ping = now + limits.heartbeat_seconds
                self._pongs = 0
                self.send(frames.control_frame(frames.PING))
            self._endpoint.tick(self._peer, now)

    # Inside

    def _weigh(self) -> None:
        """Congested is who lets too much pile up, until most of it is gone."""
        limits = self._board.limits
        congested = self._queued > (limits.fleeting_bytes if self.congested else limits.outbound_bytes)
        if congested != self.congested:
            self.congested = congested
            self._congested_since = self._board.now if congested else None
            self._steer_reading()  # who does not read is not read from: answers would pile up

    def _steer_reading(self) -> None:
        """Three may want a pause, the endpoint, the backlog and a flood; all have to be over."""
        pause = self._flooded or ((self._busy or self.congested) and self._closing_since is None)
        if pause != self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = pause
            (self._transport.pause_reading if pause else self._transport.resume_reading)()

    def _hear(self, messages: Iterator[frames.Message], much: bool) -> None:
        """What came at once; of a flood a part, and the rest when everybody else has had a turn."""
        if self._parser is None:
            return
        number = 0
        try:
            for message in islice(messages, _AT_ONCE):
                number += 1
                if self._closing_since is None or message.opcode == frames.CLOSE:
                    self._receive(message, self._heard)
                elif much:
                    break
        except FrameError as error:
            self.close(error.code, error.reason)
        except Exception:  # one connection's fault must not become everybody's
            logger.exception("a connection failed")
            self.close(closing.INTERNAL, "error")
        if number == _AT_ONCE or self._flooded:
            self._flooded = number == _AT_ONCE
            self._steer_reading()
        if self._flooded:
            asyncio.get_running_loop().call_soon(self._hear, messages, much)
        elif not self._parser or not self._parser.midway:
            self._midway_since = None
        elif self._midway_since is None:
            self._midway_since = self._heard

    def _receive(self, message: frames.Message, now: float) -> None:
        assert self._endpoint is not None
        if message.opcode == frames.TEXT:
            self._midway_since = None  # what follows in the same piece has its own time
            self._endpoint.received(self._peer, message.data, now)
        elif message.opcode == frames.PING:
            self._endpoint.pinged(self._peer, now)
            self.send(frames.control_frame(frames.PONG, message.data))
        elif message.opcode == frames.CLOSE:
            self._peer_closes(message.data)
        else:
            self._pongs += 1  # they need no answer, but there is no reason for many
            if self._pongs > self._board.limits.pongs:
                self.close(closing.TOO_MANY_FRAMES.code, closing.TOO_MANY_FRAMES.reason)

    def _peer_closes(self, payload: bytes) -> None:
        """Echo its code and go; when it answers our own close, just go."""
        if self._closing_since is None:
            self.send(frames.control_frame(frames.CLOSE, payload[:2]))
        self._closing_since = self._board.now
        self._over = True
        self.flush()

    def _abort(self) -> None:
        """Reset it: closed in the ordinary way, the kernel would keep offering the peer megabytes for minutes more."""
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()

    def _shake_hands(self, data: bytes) -> None:
        accepted = shake_hands(self._transport, self._board, data)
        if accepted is not None:
            self._open(*accepted)

    def _open(self, endpoint: Endpoint, handshake: Handshake) -> None:
        """Only now is the connection registered: had the handshake failed, ``connection_lost`` might never come."""
        assert self._transport is not None
        limits, board = self._board.limits, self._board
        self._transport.set_write_buffer_limits(0)
        # The kernel would grow them to megabytes, for a peer that does not read and for one that we do not read from.
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.kernel_bytes)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, limits.kernel_bytes)
        self._parser = FrameParser(limits.message_bytes, limits.fragments)
        self._heard = self._next_ping = board.now
        board.links.add(self)
        self._server_state.connections.add(self)
        self._endpoint = endpoint
        self._peer = endpoint.open(self, handshake, board.now)
        for call in board.after_open:
            call(self._peer, handshake)


def as_protocol(board: Switchboard) -> Callable[..., WebSocket]:
    """uvicorn's factory for an upgrade (``Config(ws=…)``)."""

    def protocol(config: Any, server_state: Any, app_state: Any) -> WebSocket:
        return WebSocket(board, server_state)

    return protocol
