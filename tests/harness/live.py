"""One client of the live protocol, without async: a thread listens, the test asks."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.harness.api import Api
from tests.harness.server import Server

Frame = dict[str, Any]


class Live:
    """A socket at /live.

    `Live(server, ada)` connects as ada's browser or script does. What arrives waits until the test takes it,
    in any order of types; heartbeats are answered by themselves and kept apart in `heartbeats`, and so are heads, the
    news that there is news elsewhere, in `heads`; `seen` is all that ever came.
    """

    def __init__(
        self,
        server: Server | str,
        api: Api | None = None,
        *,
        token: str | None = None,
        cookie: str | None = None,
        origin: str | None = "same",
        headers: Mapping[str, str] | None = None,
        first_frame: Frame | None = None,
        hello: bool = True,
        pong: bool = True,
        timeout: float = 10.0,
        path: str = "/live",
    ) -> None:
        """`origin` "same" is the server's own for a browser, and none for a token. `first_frame` goes at once
        (the auth frame). `hello=False` waits for no hello, `pong=False` leaves heartbeats unanswered.
        """
        url = server if isinstance(server, str) else server.url
        token = token or (api.token if api else None)
        cookie = cookie or (api.cookie if api and not token else None)
        if origin == "same":
            origin = None if token else url
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if cookie:
            sent["Cookie"] = cookie
        self._stack = contextlib.ExitStack()
        self._ids = itertools.count(1)
        self._frames: list[Frame] = []
        self._news = threading.Condition()
        self._over = False
        self._pong = pong
        self.seen: list[Frame] = []
        self.heartbeats: list[Frame] = []
        self.heads: list[Frame] = []
        self.hello: Frame = {}
        connection = connect(
            "ws" + url.removeprefix("http") + path,
            origin=Origin(origin) if origin is not None else None,
            additional_headers=sent,
            compression=None,
            proxy=None,
            open_timeout=timeout,
            close_timeout=2,
            ping_interval=None,
            max_size=None,
            max_queue=None,
        )
        self.socket = self._stack.enter_context(connection)
        self._listener = threading.Thread(target=self._listen, name="live", daemon=True)
        self._listener.start()
        try:
            if first_frame is not None:
                self.send(first_frame)
            if hello:
                self.hello = self.recv("hello", timeout)
        except BaseException:
            self.close()
            raise

    def _listen(self) -> None:
        try:
            for message in self.socket:
                frame = json.loads(message)
                with self._news:
                    self.seen.append(frame)
                    self._pile(frame.get("type")).append(frame)
                    self._news.notify_all()
                if self._pong and frame.get("type") == "heartbeat":
                    self.socket.send('{"type":"pong"}')
        except ConnectionClosed:
            pass
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()

    def _pile(self, type: str | None) -> list[Frame]:
        return {"heartbeat": self.heartbeats, "heads": self.heads}.get(type or "", self._frames)

    # To the server

    def send(self, frame: Frame | str | bytes) -> None:
        """A frame; a str or bytes goes as it is."""
        self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def ask(self, frame: Frame, timeout: float = 5.0) -> Frame:
        """Sends a frame with an id of its own, and takes the answer to it (joined, ack or error)."""
        number = next(self._ids)
        self.send(frame | {"id": number})
        return self._take(lambda got: got.get("id") == number, timeout, f"the answer to {frame}")

    def join(
        self, topics: Mapping[str, int | None], *, epoch: str | None = None, timeout: float = 5.0
    ) -> dict[str, Any]:
        """Joins, and takes per topic what the server says. The epoch is the hello's unless one is given."""
        epoch = epoch if epoch is not None else self.hello.get("epoch")
        answer = self.ask({"type": "join", "epoch": epoch, "topics": dict(topics)}, timeout)
        if answer["type"] != "joined":
            raise AssertionError(f"The join was answered by {answer}")
        answered: dict[str, Any] = answer["topics"]
        return answered

    # From the server

    def recv(self, type: str | None = None, timeout: float = 5.0, *, topic: str | None = None) -> Frame:
        """Takes the oldest waiting frame (of that type, of that topic); the others go on waiting."""

        def fits(frame: Frame) -> bool:
            return (type is None or frame.get("type") == type) and (topic is None or frame.get("topic") == topic)

        return self._take(fits, timeout, f"{type or 'a frame'}{f' of {topic}' if topic else ''}", self._pile(type))

    def _take(
        self, fits: Callable[[Frame], bool], timeout: float, what: str, frames: list[Frame] | None = None
    ) -> Frame:
        frames = self._frames if frames is None else frames
        end = time.monotonic() + timeout
        with self._news:
            while True:
                for place, frame in enumerate(frames):
                    if fits(frame):
                        return frames.pop(place)
                if self._over:
                    raise AssertionError(f"No {what}: the socket is closed with {self._close()}; waiting: {frames}")
                if not self._news.wait(end - time.monotonic()):
                    raise AssertionError(f"No {what} in {timeout:g} s; waiting: {frames}")

    def drain(self, quiet: float = 0.0) -> list[Frame]:
        """Takes all that waits, after listening for `quiet` seconds more. Empty = nothing came."""
        if quiet:
            time.sleep(quiet)
        with self._news:
            frames = self._frames[:]
            self._frames.clear()
        return frames

    def events(self, topic: str, upto: int, timeout: float = 5.0) -> list[Frame]:
        """Takes the topic's events up to that seq."""
        taken: list[Frame] = []
        while not taken or taken[-1]["seq"] < upto:
            taken.append(self.recv("event", timeout, topic=topic))
        return taken

    # The end

    def _close(self) -> tuple[int, str]:
        code = self.socket.close_code
        return (1006 if code is None else code, self.socket.close_reason or "")

    @property
    def open(self) -> bool:
        return not self._over

    def closed_with(self, timeout: float = 5.0) -> tuple[int, str]:
        """Waits until the server closes: the code and the reason. 1006 = cut, without a close frame."""
        with self._news:
            if not self._news.wait_for(lambda: self._over, timeout):
                raise AssertionError(f"The socket is still open after {timeout:g} s; waiting: {self._frames}")
        return self._close()

    def close(self) -> None:
        self._stack.close()
        self._listener.join(5)

    def cut(self) -> None:
        """Gone without a word, as when a laptop's lid falls."""
        self.socket.close_socket()
        self._listener.join(5)

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
