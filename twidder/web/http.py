"""HTTP/1.1 from strangers: bounds that uvicorn does not have, kept before anything else looks at the request."""

from __future__ import annotations

import http
import logging
import resource
import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from twidder.config import Settings
from twidder.errors import Busy, TwidderError
from twidder.extensions import CUT, WAITS
from twidder.web.problems import body_of, headers_of, new_request_id

logger = logging.getLogger(__name__)

_CODES = {400: "bad_request", 408: "timeout", 414: "too_large", 431: "too_large"}
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds
_OWN_FILES = 512  # descriptors for the store, files, and newcomers on their way out again; of a few, half
_FULL_SECONDS = 60.0  # how often the log hears that people are sent away


class _Refuse(Exception):
    pass


class GuardedHttp(HttpToolsProtocol):
    """uvicorn's own protocol, with limits on headers, on the time that requests and answers may take, on requests sent
    ahead and on connections, and a list of hosts that are us.

    ``settings`` is set on a subclass by ``guard``: uvicorn makes the objects itself.
    """

    settings: Settings
    _told_full = float("-inf")  # of all connections

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._status = 400
        self._header_bytes = 0
        self._unheard = 0  # bytes since the parser last had something to tell
        self._in_body = False
        self._running: Any = None  # the cycle of the request that is being answered
        self._before: Any = None  # … and of the one before the newest
        self._waiting: Any = None  # the cycle whose answer may take as long as it likes
        self._deaf = False
        self._deadline: Any = None
        self._reading_deadline: Any = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > _most_connections():
            self._send_away()
        else:
            self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._disarm_reading()
        if _owed(self._running):  # uvicorn tells the newest request alone
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # What follows a refused request is not another request.
        if self._deaf or self.transport.is_closing():
            return
        if self.timeout_keep_alive_task is not None:  # uvicorn ends its wait here, even for an empty line
            self._arm()
        self._unheard += len(data)
        super().data_received(data)
        # The parser keeps a header line until it ends, and one without an end for as long as somebody sends it.
        if self._unheard > self.settings.limits.header_bytes and not self.transport.is_closing():
            self._status = 431
            self.send_400_response("")

    def eof_received(self) -> bool:  # type: ignore[override]
        """Who has asked and says no more is still listening, but not for long; who stops in the middle has gone."""
        if self._waiting is not None and self._waiting is self._running and _owed(self._waiting):
            return False
        if self._deaf or (self._in_body and _owed(self.cycle) and not self.cycle.more_body):
            self.cycle.keep_alive = False
            return True
        return False

    def pause_writing(self) -> None:
        super().pause_writing()
        self._arm_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._disarm_reading()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._arm_reading()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self._reset()

    def shutdown(self) -> None:
        """uvicorn's call when the server stops. A request that is still on its way is not waited for."""
        if not (_owed(self.cycle) and self.cycle.more_body):
            super().shutdown()
        elif not self._answers_first():
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CUT: self._reset, WAITS: self._wait_long}  # type: ignore[dict-item]
        self._header_bytes = self._unheard = 0
        self._in_body = False
        if len(self.pipeline) >= self.settings.limits.pipelined_requests:
            raise _Refuse
        self._arm()

    def on_body(self, body: bytes) -> None:
        self._unheard = 0
        super().on_body(body)

    def on_url(self, url: bytes) -> None:
        self._unheard = 0
        super().on_url(url)
        if len(self.url) > self.settings.limits.url_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._unheard = 0
        if self._in_body:  # a trailer: whoever reads it as a header believes what came after the checks
            return
        limits = self.settings.limits
        line = len(name) + len(value) + 4
        self._header_bytes += line
        too_many = len(self.headers) >= limits.header_count
        if too_many or self._header_bytes > limits.header_bytes or line > limits.header_line_bytes:
            self._refuse(431)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._disarm()
        self._in_body = True
        self._before = self.cycle
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1").lower() not in self.settings.hosts:
            self._refuse(400)
        if b"#" in self.url or b"\\" in self.url or self.url[:1] != b"/":
            self._refuse(400)
        codings = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
        lengths = [value for name, value in self.headers if name == b"content-length" and value != b"0"]
        if codings not in ([], [b"chunked"]):  # "gzip, chunked" would bring compressed bodies in by another door
            self._refuse(400)
        if (codings or lengths) and self.parser.should_upgrade() and self._should_upgrade():
            self._refuse(400)  # a handshake has no body: who reads the frames would read it as theirs
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def handle_websocket_upgrade(self) -> None:
        if _owed(self.cycle):
            # The answer still under way would land in the middle of the WebSocket stream.
            self.send_400_response("An upgrade cannot follow an unfinished request.")
            return
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """The answer to whatever the parser, or a callback of ours, refused."""
        if not self._answers_first():
            self._write_refusal(TwidderError(code=_CODES[self._status], status=self._status), self._status)

    def _refuse(self, status: int) -> None:
        self._status = status
        raise _Refuse

    def _arm(self) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(self.settings.limits.header_seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self._status = 408
            self.send_400_response("")

    def _arm_reading(self) -> None:
        """Whoever does not read costs memory: an answer has its time, by its size, and then the connection ends."""
        if self._reading_deadline is None:
            limits = self.settings.limits
            size = self.transport.get_write_buffer_size()
            seconds = limits.answer_seconds + size / limits.answer_bytes_per_second
            self._reading_deadline = self.loop.call_later(seconds, self._reset)

    def _disarm_reading(self) -> None:
        if self._reading_deadline is not None:
            self._reading_deadline.cancel()
            self._reading_deadline = None

    def _reset(self) -> None:
        """Closed in the ordinary way, the kernel would keep offering the peer megabytes for minutes more."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()

    def _wait_long(self) -> None:
        """The kernel would take megabytes for a reader who has stopped, and wait a quarter of an hour for one who has
        gone without a word."""
        limits = self.settings.limits
        self._waiting = self._running
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.kernel_bytes)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(limits.idle_seconds * 1000))

    def _answers_first(self) -> bool:
        """True when earlier requests wait for their answers, which a refusal would pass for. With the last of them the
        connection ends, and until then nothing more is heard."""
        before = self._before if self._in_body else self.cycle
        if not _owed(before):
            return False
        before.keep_alive = False
        self._deaf = True
        self._disarm()
        return True

    def _send_away(self) -> None:
        now = self.loop.time()
        if now - GuardedHttp._told_full > _FULL_SECONDS:
            GuardedHttp._told_full = now
            logger.warning("%d connections: newcomers are sent away", len(self.connections) - 1)
        error = Busy()
        self._write_refusal(error, error.status)

    def _write_refusal(self, error: TwidderError, status: int) -> None:
        request_id = new_request_id()
        body = body_of(error, request_id)
        headers = headers_of(error) | {
            "Content-Length": str(len(body)),
            "X-Request-Id": request_id,
            "Connection": "close",
        }
        lines = [f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}"]
        lines += [f"{name.lower()}: {value}" for name, value in headers.items()]
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self.transport.close()


def _most_connections() -> int:
    """So many that the rest of the house has descriptors: without one, nobody's request can be answered."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return files - min(files // 2, _OWN_FILES)


def _owed(cycle: Any) -> bool:
    return cycle is not None and not cycle.response_complete


def guard(settings: Settings) -> type[GuardedHttp]:
    return type("Http", (GuardedHttp,), {"settings": settings})
