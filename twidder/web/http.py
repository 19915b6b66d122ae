"""HTTP/1.1 from strangers: bounds that uvicorn does not have, kept before anything else looks at the request."""

from __future__ import annotations

import http
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from twidder.config import Settings
from twidder.errors import TwidderError
from twidder.web.problems import body_of, headers_of, new_request_id

_CODES = {400: "bad_request", 408: "timeout", 414: "too_large", 431: "too_large"}


class _Refuse(Exception):
    pass


class GuardedHttp(HttpToolsProtocol):
    """uvicorn's own protocol, with a limit on headers, on the time they may take, and a list of hosts that are us.

    ``settings`` is set on a subclass by ``guard``: uvicorn makes the objects itself.
    """

    settings: Settings

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._status = 400
        self._header_bytes = 0
        self._unheard = 0  # bytes since the parser last had something to tell
        self._in_body = False
        self._deadline: Any = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():  # what follows a refused request is not another request
            return
        self._unheard += len(data)
        super().data_received(data)
        # The parser keeps a header line until it ends, and one without an end for as long as somebody sends it.
        if self._unheard > self.settings.limits.header_bytes and not self.transport.is_closing():
            self._status = 431
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_bytes = self._unheard = 0
        self._in_body = False
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

    def handle_websocket_upgrade(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            # The answer still under way would land in the middle of the WebSocket stream.
            self.send_400_response("An upgrade cannot follow an unfinished request.")
            return
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """The answer to whatever the parser, or a callback of ours, refused."""
        error = TwidderError(code=_CODES[self._status], status=self._status)
        request_id = new_request_id()
        body = body_of(error, request_id)
        headers = headers_of(error) | {
            "Content-Length": str(len(body)),
            "X-Request-Id": request_id,
            "Connection": "close",
        }
        lines = [f"HTTP/1.1 {self._status} {http.HTTPStatus(self._status).phrase}"]
        lines += [f"{name.lower()}: {value}" for name, value in headers.items()]
        self.transport.write("\r\n".join((*lines, "", "")).encode() + body)
        self.transport.close()

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


def guard(settings: Settings) -> type[GuardedHttp]:
    return type("Http", (GuardedHttp,), {"settings": settings})
