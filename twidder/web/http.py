"""HTTP/1.1 from strangers: bounds that uvicorn does not have, kept before anything else looks at the request."""

from __future__ import annotations

import http
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from twidder.config import Settings


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
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header_bytes = 0
        self._arm()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.settings.limits.url_bytes:
            self._refuse(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        limits = self.settings.limits
        self._header_bytes += len(name) + len(value) + 4
        too_many = len(self.headers) >= limits.header_count
        if too_many or self._header_bytes > limits.header_bytes or len(value) > limits.header_line_bytes:
            self._refuse(431)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._disarm()
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1").lower() not in self.settings.hosts:
            self._refuse(400)
        if b"#" in self.url or b"\\" in self.url or self.url[:1] != b"/":
            self._refuse(400)
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            # The answer still under way would land in the middle of the WebSocket stream.
            self.send_400_response("An upgrade cannot follow an unfinished request.")
            return
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's answer to whatever its parser, or a callback of ours, refused."""
        status = http.HTTPStatus(self._status)
        if status == 400:
            super().send_400_response(msg)
            return
        body = f"{status.phrase}\n".encode()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
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
