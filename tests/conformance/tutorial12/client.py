"""A script that speaks Tutorial 12 over the plain `websockets` library."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

Frame = dict[str, Any]


class Tutorial:
    """One tab. Its page was opened from the disk: the Origin is `null`."""

    def __init__(
        self, url: str, name: str | None = None, *, origin: str | None = "null", buffer: int | None = None
    ) -> None:
        """`url` of the socket. With a `name` it logs in, and waits to hear so. `buffer`: bytes that its system takes
        before it is asked to read."""
        self._stack = contextlib.ExitStack()
        self.socket = self._stack.enter_context(
            connect(
                url,
                sock=_connected(url, buffer) if buffer else None,
                origin=Origin(origin) if origin else None,
                proxy=None,
                compression=None,
                ping_interval=None,
            )
        )
        self.name = name
        if name is not None:
            self.log_in(name)
            self.hear("login", user_joined=name)

    def send(self, frame: Frame | str) -> None:
        self.socket.send(frame if isinstance(frame, str) else json.dumps(frame))

    def log_in(self, name: str) -> None:
        self.send({"type": "login", "username": name})

    def chat(self, text: str) -> None:
        self.send({"type": "chat", "text": text, "username": self.name})

    def disconnect(self) -> None:
        self.send({"type": "disconnect", "username": self.name})

    def raw(self, timeout: float = 10.0) -> str:
        frame = self.socket.recv(timeout)
        assert isinstance(frame, str)
        return frame

    def recv(self, timeout: float = 10.0) -> Frame:
        frame: Frame = json.loads(self.raw(timeout))
        return frame

    def hear(self, kind: str, **fields: Any) -> Frame:
        """The next frame, which has to be this one."""
        frame = self.recv()
        assert {"type": frame.get("type")} | {key: frame.get(key) for key in fields} == {"type": kind, **fields}, frame
        return frame

    def complaint(self) -> str:
        """The next frame, which has to be the error object."""
        frame = self.recv()
        assert set(frame) == {"error", "details"}, frame
        return str(frame["error"])

    def until_close(self, timeout: float = 10.0) -> tuple[list[Frame], int | None]:
        """What still comes, and the close code."""
        frames, end = [], time.monotonic() + timeout
        try:
            while True:
                frames.append(self.recv(end - time.monotonic()))
        except ConnectionClosed as closed:
            return frames, closed.rcvd.code if closed.rcvd else None

    def vanish(self) -> None:
        """Without a word: the line is cut."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Tutorial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connected(url: str, buffer: int) -> socket.socket:
    """A buffer that is set before connecting does not grow."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    plain.connect(("127.0.0.1", urlsplit(url).port or 80))
    return plain
