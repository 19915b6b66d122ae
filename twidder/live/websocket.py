"""The only code that touches a WebSocket transport: handshake, reading, the one write per turn, closing.

uvicorn hands every upgrade to ``WebSocket``. Which path means what is the endpoints' affair; uvicorn's access log,
proxy headers, size limits and pings do not apply to a protocol class of one's own, so they are here.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from twidder.live import closing, frames
from twidder.live.frames import FrameError, FrameParser
from twidder.live.switchboard import Endpoint, Handshake, Refused, Switchboard

logger = logging.getLogger(__name__)

_FAREWELL = 4_096  # in more than this nobody looks for the close frame of a peer that was told to go
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds


class WebSocket(asyncio.Protocol):
    """One connection's transport: the link of whatever endpoint its path led to."""

    __slots__ = (
        "_board",
        "_busy",
        "_closing_since",
        "_congested_since",
        "_endpoint",
        "_heard",
        "_ignored",
        "_midway_since",
        "_next_ping",
        "_out",
        "_parser",
        "_paused",
        "_peer",
        "_pongs",
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
        self._heard = self._next_ping = board.now
        self._closing_since: float | None = None
        self._congested_since: float | None = None
        self._midway_since: float | None = None
        self._busy = self._paused = False
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
        now = self._heard = self._board.now
        if self._closing_since is not None:
            self._ignored += len(data)
            if self._ignored > self._board.limits.ignored_bytes:  # it was told to go, and floods instead
                self._abort()
                return
            if len(data) > _FAREWELL:
                return
        try:
            for message in self._parser.feed(data):
                if self._closing_since is None or message.opcode == frames.CLOSE:
                    self._receive(message, now)
                elif len(data) > _FAREWELL:
                    break
        except FrameError as error:
            self.close(error.code, error.reason)
        except Exception:  # one connection's fault must not become everybody's
            logger.exception("a connection failed")
            self.close(closing.INTERNAL, "error")
        if not self._parser.midway:
            self._midway_since = None
        elif self._midway_since is None:
            self._midway_since = now

    def pause_writing(self) -> None:
        self.congested = True
        self._congested_since = self._board.now
        self._steer_reading()  # who does not read is not read from: answers would pile up

    def resume_writing(self) -> None:
        self.congested = False
        self._congested_since = None
        self._steer_reading()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._board.links.discard(self)
        self._server_state.connections.discard(self)
        endpoint, peer, self._peer = self._endpoint, self._peer, None
        self._parser = self._transport = None
        self._out.clear()
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
            if not self._out:
                self._board.will_write(self)
            self._out.append(data)

    def unsent(self) -> int:
        queued = sum(map(len, self._out))
        return queued + self._transport.get_write_buffer_size() if self._transport is not None else 0

    def close(self, code: int, reason: str) -> None:
        """Queue the close frame behind what was sent; who does not answer it within ``close_seconds`` is cut off."""
        if self._closing_since is not None or self._transport is None:
            return
        self.send(frames.close_frame(code, reason))
        self._closing_since = self._board.now
        self._steer_reading()  # the peer's own close frame has to get in

    def flush(self) -> None:
        if self._transport is not None and self._out:
            self._transport.write(self._out[0] if len(self._out) == 1 else b"".join(self._out))
        self._out.clear()

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

    def _steer_reading(self) -> None:
        """Two may want a pause, the endpoint and the kernel's full buffer; both have to be over."""
        pause = (self._busy or self.congested) and self._closing_since is None
        if pause != self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = pause
            (self._transport.pause_reading if pause else self._transport.resume_reading)()

    def _receive(self, message: frames.Message, now: float) -> None:
        assert self._endpoint is not None
        if message.opcode == frames.TEXT:
            self._endpoint.received(self._peer, message.data, now)
        elif message.opcode == frames.PING:
            self._endpoint.pinged(self._peer, now)
            self.send(frames.control_frame(frames.PONG, message.data))
        elif message.opcode == frames.CLOSE:
            self._peer_closes(message.data)
        else:
            self._pongs += 1  # they need no answer, but a stream of them would keep the loop from everybody else
            if self._pongs > self._board.limits.pongs:
                self.close(closing.TOO_MANY_FRAMES.code, closing.TOO_MANY_FRAMES.reason)

    def _peer_closes(self, payload: bytes) -> None:
        """Echo its code and go; when it answers our own close, just go."""
        assert self._transport is not None
        if self._closing_since is None:
            self.send(frames.control_frame(frames.CLOSE, payload[:2]))
        self._closing_since = self._board.now
        self.flush()
        self._transport.close()

    def _abort(self) -> None:
        """Reset it: closed in the ordinary way, the kernel would keep offering the peer megabytes for minutes more."""
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()

    def _shake_hands(self, data: bytes) -> None:
        assert self._transport is not None
        protocol = ServerProtocol()
        protocol.receive_data(data)
        events = protocol.events_received()
        if not data.startswith(b"GET "):
            self._refuse_upgrade(protocol.reject(405, "A WebSocket starts with GET.\n"), protocol)
            return
        if not events:  # unreadable for websockets, which then sends nothing any more
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self._transport.close()
            return
        request = cast(Request, events[0])
        here = self._transport.get_extra_info("sockname") or ("", 0)
        handshake = Handshake(request.path, request.headers, here[1])
        try:
            endpoint = self._find_endpoint(handshake)
            endpoint.check(handshake)
        except Refused as refusal:
            self._refuse_upgrade(protocol.reject(refusal.status, f"{refusal.reason}\n"), protocol)
            return
        response = protocol.accept(request)
        if response.status_code != 101:  # in words of our own: websockets' repeat what was sent, however long
            status = HTTPStatus(response.status_code)
            self._refuse_upgrade(protocol.reject(status, "That is not a WebSocket handshake.\n"), protocol)
            return
        protocol.send_response(response)
        self._transport.write(b"".join(protocol.data_to_send()))
        self._open(endpoint, handshake)

    def _find_endpoint(self, handshake: Handshake) -> Endpoint:
        path, _, query = handshake.path.partition("?")
        if {"token", "access_token"}.intersection(parse_qs(query)):
            raise Refused(400, "A token never belongs in an address.")
        endpoint = self._board.find_endpoint(handshake.port, path)
        if endpoint is None:
            raise Refused(404, "Nobody answers here.")
        return endpoint

    def _open(self, endpoint: Endpoint, handshake: Handshake) -> None:
        """Only now is the connection registered: had the handshake failed, ``connection_lost`` might never come."""
        assert self._transport is not None
        limits, board = self._board.limits, self._board
        self._transport.set_write_buffer_limits(limits.outbound_bytes, limits.fleeting_bytes)
        # The kernel would grow its own buffer to megabytes for a reader that does not read.
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.kernel_bytes)
        self._parser = FrameParser(limits.message_bytes, limits.fragments)
        self._heard = self._next_ping = board.now
        board.links.add(self)
        self._server_state.connections.add(self)
        self._endpoint = endpoint
        self._peer = endpoint.open(self, handshake, board.now)

    def _refuse_upgrade(self, response: Response, protocol: ServerProtocol) -> None:
        assert self._transport is not None
        protocol.send_response(response)
        self._transport.write(b"".join(protocol.data_to_send()))
        self._transport.close()


def as_protocol(board: Switchboard) -> Callable[..., WebSocket]:
    """uvicorn's factory for an upgrade (``Config(ws=…)``)."""

    def protocol(config: Any, server_state: Any, app_state: Any) -> WebSocket:
        return WebSocket(board, server_state)

    return protocol
