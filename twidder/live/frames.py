"""WebSocket frames (RFC 6455, server side, no extensions): bytes in, messages out. Pure.

One parser object per connection, 200 bytes of it, because 5,000 idle connections are the normal case: websockets' own
protocol object keeps three times as much. Everything is bounded before it is buffered: a frame's length is judged by
its header, and a message by the sum of its parts and by their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from websockets.speedups import apply_mask

from twidder.live import closing

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_CONTINUATION = 0x0
_CONTROL_LENGTH = 125


class Message(NamedTuple):
    """A whole message or a control frame. ``data`` of TEXT is valid UTF-8."""

    opcode: int
    data: bytes


class FrameError(Exception):
    """The peer broke the protocol; close with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FrameParser:
    __slots__ = ("_binary", "_buffer", "_max_bytes", "_max_fragments", "_opcode", "_parts", "_size")

    def __init__(self, max_bytes: int, max_fragments: int, *, binary: bool = False) -> None:
        """``binary``: take binary messages too. Nothing of ours speaks them."""
        self._buffer = b""
        self._max_bytes = max_bytes
        self._max_fragments = max_fragments
        self._binary = binary
        self._parts: list[bytes] | None = None  # the message under way, when it came in fragments
        self._opcode = TEXT  # of that message
        self._size = 0

    @property
    def midway(self) -> bool:
        """True while a message or a frame is incomplete."""
        return bool(self._buffer) or self._parts is not None

    def feed(self, data: bytes) -> Iterator[Message]:
        """What ``data`` completes, in order. Raises FrameError; then the connection is over."""
        data = self._buffer + data if self._buffer else data
        self._buffer = b""
        position, end = 0, len(data)
        while position < end:
            frame = self._read(data, position, end)
            if frame is None:
                self._buffer = data[position:]
                return
            position, message = frame
            if message is not None:
                yield message

    def _read(self, data: bytes, position: int, end: int) -> tuple[int, Message | None] | None:
        """The frame at ``position``: where it ends and what it completes; None = not all there yet."""
        if end - position < 2:
            return None
        first, second = data[position], data[position + 1]
        opcode, fin, length = first & 0x0F, bool(first & 0x80), second & 0x7F
        self._check_header(first, second)
        at = position + 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if end - at < width:
                return None
            length = int.from_bytes(data[at : at + width], "big")
            at += width
            if length < (126 if width == 2 else 65_536) or length >= 2**63:
                raise FrameError(closing.PROTOCOL_ERROR, "bad length")
        if opcode < CLOSE:
            self._check_size(length)
        if end - at < 4 + length:
            return None
        payload = apply_mask(data[at + 4 : at + 4 + length], data[at : at + 4])
        return at + 4 + length, self._complete(opcode, fin, payload)

    def _check_header(self, first: int, second: int) -> None:
        opcode, fin = first & 0x0F, first & 0x80
        if first & 0x70:
            raise FrameError(closing.PROTOCOL_ERROR, "no extension was agreed on")
        if not second & 0x80:
            raise FrameError(closing.PROTOCOL_ERROR, "a client's frames are masked")
        if opcode >= CLOSE:
            if opcode > PONG or not fin or second & 0x7F > _CONTROL_LENGTH:
                raise FrameError(closing.PROTOCOL_ERROR, "bad control frame")
        elif opcode > BINARY:
            raise FrameError(closing.PROTOCOL_ERROR, "unknown opcode")
        elif opcode == BINARY and not self._binary:
            raise FrameError(closing.UNSUPPORTED, "text only")
        elif (opcode == _CONTINUATION) != (self._parts is not None):
            raise FrameError(closing.PROTOCOL_ERROR, "fragments out of order")

    def _check_size(self, length: int) -> None:
        if self._size + length > self._max_bytes:
            raise FrameError(closing.TOO_BIG, "message too big")

    def _complete(self, opcode: int, fin: bool, payload: bytes) -> Message | None:
        if opcode >= CLOSE:
            return Message(opcode, _check_close(payload) if opcode == CLOSE else payload)
        if self._parts is None:
            if fin:
                return _data(opcode, payload)
            self._parts, self._opcode = [], opcode
        if len(self._parts) == self._max_fragments:
            raise FrameError(closing.TOO_BIG, "too many fragments")
        self._parts.append(payload)
        self._size += len(payload)
        if not fin:
            return None
        whole = b"".join(self._parts)
        self._parts, self._size = None, 0
        return _data(self._opcode, whole)


def _data(opcode: int, payload: bytes) -> Message:
    return Message(opcode, _check_text(payload) if opcode == TEXT else payload)


def _check_text(payload: bytes) -> bytes:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise FrameError(closing.BAD_TEXT, "not UTF-8") from None
    return payload


def _check_close(payload: bytes) -> bytes:
    if not payload:
        return payload
    code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 0
    allowed = code in (1000, 1001, 1002, 1003, *range(1007, 1015)) or 3000 <= code <= 4999
    if not allowed:
        raise FrameError(closing.PROTOCOL_ERROR, "bad close code")
    _check_text(payload[2:])
    return payload


def text_frame(payload: bytes) -> bytes:
    """A whole text message from the server: unmasked, so every reader gets the same bytes."""
    return _header(TEXT, len(payload)) + payload


def close_frame(code: int, reason: str) -> bytes:
    whole = reason.encode()[: _CONTROL_LENGTH - 2].decode(errors="ignore")  # cut between characters
    payload = code.to_bytes(2, "big") + whole.encode()
    return _header(CLOSE, len(payload)) + payload


def control_frame(opcode: int, payload: bytes = b"") -> bytes:
    return _header(opcode, len(payload)) + payload


def _header(opcode: int, length: int) -> bytes:
    if length < 126:
        return bytes((0x80 | opcode, length))
    if length < 65_536:
        return bytes((0x80 | opcode, 126)) + length.to_bytes(2, "big")
    return bytes((0x80 | opcode, 127)) + length.to_bytes(8, "big")
