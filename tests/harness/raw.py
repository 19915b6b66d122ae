"""HTTP and WebSocket byte by byte, for what no well-behaved client would send."""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from tests.harness.api import Api
from tests.harness.server import Server

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
CUT = 1006  # the code of a connection that ended without a close frame


class Ended(Exception):
    """The peer closed or reset the connection."""


class Raw:
    """A TCP connection to the server. Reads are bounded: a silent peer raises TimeoutError."""

    def __init__(self, server: Server | int, *, host: str = "127.0.0.1", timeout: float = 5.0) -> None:
        self.port = server if isinstance(server, int) else server.port
        self.timeout = timeout
        self.socket = socket.create_connection((host, self.port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, data: bytes | str) -> None:
        """Raises Ended when the peer is known to be gone."""
        try:
            self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        except (BrokenPipeError, ConnectionResetError):
            raise Ended from None

    def dribble(self, data: bytes, pause: float = 0.05, size: int = 1) -> None:
        """Sends slowly, `size` bytes at a time."""
        for start in range(0, len(data), size):
            self.send(data[start : start + size])
            time.sleep(pause)

    def end_sending(self) -> None:
        """Half a close: no more from us, but we still read."""
        self.socket.shutdown(socket.SHUT_WR)

    def fill(self, until: float) -> None:
        """Reads something more into the buffer, until that monotonic time."""
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"Nothing more came; the buffer has {self.buffer[:200]!r}")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(65_536)
        except TimeoutError:
            raise TimeoutError(f"Nothing more came; the buffer has {self.buffer[:200]!r}") from None
        except (ConnectionResetError, BrokenPipeError):
            raise Ended from None
        finally:
            self.socket.settimeout(self.timeout)
        if not data:
            raise Ended
        self.buffer += data

    def take(self, size: int, until: float) -> bytes:
        while len(self.buffer) < size:
            self.fill(until)
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def take_line(self, until: float) -> bytes:
        while b"\r\n" not in self.buffer:
            self.fill(until)
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def read_until_end(self, timeout: float | None = None) -> bytes:
        """All that comes until the peer closes."""
        until = time.monotonic() + (timeout or self.timeout)
        try:
            while True:
                self.fill(until)
        except Ended:
            data, self.buffer = self.buffer, b""
            return data

    def ended(self, timeout: float = 5.0) -> bool:
        """True when the peer closes within that time. What came before stays in the buffer."""
        until = time.monotonic() + timeout
        try:
            while True:
                self.fill(until)
        except Ended:
            return True
        except TimeoutError:
            return False

    def response(self, *, head: bool = False, timeout: float | None = None) -> Response:
        """The next whole HTTP response (`head`: of a HEAD request). 100 Continue is passed over."""
        until = time.monotonic() + (timeout or self.timeout)
        while True:
            parts = self.take_line(until).decode("latin-1").split(" ", 2)
            status = int(parts[1])
            headers: list[tuple[str, str]] = []
            while line := self.take_line(until):
                name, value = line.decode("latin-1").split(":", 1)
                headers.append((name.strip().lower(), value.strip()))
            if status != 100:
                break
        answer = Response(status, parts[2] if len(parts) > 2 else "", headers, b"")
        if head or status in (204, 304) or status == 101:
            return answer
        return dataclasses.replace(answer, body=self._body(answer, until))

    def _body(self, answer: Response, until: float) -> bytes:
        if "chunked" in (answer.header("transfer-encoding") or ""):
            body = b""
            while size := int(self.take_line(until).split(b";")[0], 16):
                body += self.take(size, until)
                self.take_line(until)
            while self.take_line(until):  # trailers
                pass
            return body
        length = answer.header("content-length")
        if length is not None:
            return self.take(int(length), until)
        return self.read_until_end(max(0.01, until - time.monotonic()))

    def reset(self) -> None:
        """Goes with a RST instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case)."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def json(self) -> Any:
        return json.loads(self.body)


def request_bytes(method: str, target: str, headers: Headers = (), body: bytes = b"", *, host: str) -> bytes:
    """A request. Host and Content-Length are added where `headers` names none."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    names = {name.lower() for name, _ in pairs}
    if "host" not in names:
        pairs.insert(0, ("Host", host))
    if body and not names & {"content-length", "transfer-encoding"}:
        pairs.append(("Content-Length", str(len(body))))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def http(
    server: Server,
    method: str,
    target: str,
    headers: Headers = (),
    body: bytes = b"",
    *,
    timeout: float = 5.0,
) -> Response:
    """One request on a connection of its own."""
    with Raw(server, timeout=timeout) as raw:
        raw.send(request_bytes(method, target, headers, body, host=f"localhost:{server.port}"))
        return raw.response(head=method == "HEAD")


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    fin: bool
    rsv: int
    opcode: int
    masked: bool
    payload: bytes

    def json(self) -> Any:
        return json.loads(self.payload)

    @property
    def code(self) -> int:
        """Of a close frame; 1005 where it has none."""
        return int.from_bytes(self.payload[:2], "big") if len(self.payload) >= 2 else 1005

    @property
    def reason(self) -> str:
        return self.payload[2:].decode()


def frame_bytes(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bytes | bool = True,
    form: int | None = None,
    length: int | None = None,
) -> bytes:
    """A frame, right or wrong. `rsv` is 0–7, `form` the bits of the length (7, 16, 64; None = the shortest),
    `length` what it claims (None = the truth), `mask` the four bytes, True for random ones, False for none.
    """
    claimed = len(payload) if length is None else length
    if form is None:
        form = 7 if claimed < 126 else 16 if claimed < 65_536 else 64
    masked = 0x80 if mask is not False else 0
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    if form == 7:
        head = bytes([first, masked | claimed])
    elif form == 16:
        head = bytes([first, masked | 126]) + claimed.to_bytes(2, "big")
    else:
        head = bytes([first, masked | 127]) + claimed.to_bytes(8, "big")
    if mask is False:
        return head + payload
    key = os.urandom(4) if mask is True else mask
    whole = (key * (len(payload) // 4 + 1))[: len(payload)]
    covered = int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")
    return head + key + covered.to_bytes(len(payload), "big")


def close_bytes(code: int | None = 1000, reason: bytes = b"") -> bytes:
    """A close frame with any code; None = an empty body."""
    return frame_bytes(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason)


class RawSocket(Raw):
    """A WebSocket at /live whose every frame is the test's own. It answers nothing by itself."""

    def __init__(
        self,
        server: Server,
        api: Api | None = None,
        *,
        path: str = "/live",
        headers: Headers = (),
        origin: str | None = "same",
        key: str | None = None,
        handshake: bool = True,
        timeout: float = 5.0,
    ) -> None:
        """`headers` replace the handshake's own of the same name; `handshake=False` only connects."""
        super().__init__(server, timeout=timeout)
        own = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key or base64.b64encode(os.urandom(16)).decode(),
        }
        if api is not None and api.token:
            own["Authorization"] = f"Bearer {api.token}"
        elif api is not None:
            own["Cookie"] = api.cookie
        if origin == "same":
            origin = None if api is not None and api.token else server.url
        if origin is not None:
            own["Origin"] = origin
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        replaced = {name.lower() for name, _ in given}
        pairs = [(name, value) for name, value in own.items() if name.lower() not in replaced] + given
        self.request = request_bytes("GET", path, pairs, host=f"localhost:{self.port}")
        self.answer: Response | None = None
        if handshake:
            self.shake()

    def shake(self) -> Response:
        """The handshake; the answer, also when it is a refusal."""
        self.send(self.request)
        self.answer = self.response()
        return self.answer

    def send_frame(self, opcode: int, payload: bytes = b"", **how: Any) -> None:
        """See frame_bytes."""
        self.send(frame_bytes(opcode, payload, **how))

    def send_json(self, value: Any) -> None:
        self.send_frame(TEXT, json.dumps(value).encode())

    def send_close(self, code: int | None = 1000, reason: bytes = b"") -> None:
        self.send(close_bytes(code, reason))

    def frame(self, timeout: float | None = None) -> Frame:
        """The next frame, but for the news that there is news elsewhere. Raises Ended where the connection ends before
        it."""
        until = time.monotonic() + (timeout or self.timeout)
        while (frame := self._any_frame(until)).payload.startswith(b'{"type":"heads"'):
            pass
        return frame

    def _any_frame(self, until: float) -> Frame:
        first, second = self.take(2, until)
        length = second & 0x7F
        if length > 125:
            length = int.from_bytes(self.take(2 if length == 126 else 8, until), "big")
        key = self.take(4, until) if second & 0x80 else b""
        payload = self.take(length, until)
        if key:
            payload = bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))
        return Frame(bool(first & 0x80), first >> 4 & 7, first & 15, bool(second & 0x80), payload)

    def until_close(self, timeout: float | None = None) -> tuple[list[Frame], int, str]:
        """All frames before the close frame, its code and reason; CUT if the connection ended without."""
        until = time.monotonic() + (timeout or self.timeout)
        frames: list[Frame] = []
        while True:
            try:
                frame = self.frame(max(0.001, until - time.monotonic()))
            except Ended:
                return frames, CUT, ""
            if frame.opcode == CLOSE:
                return frames, frame.code, frame.reason
            frames.append(frame)
