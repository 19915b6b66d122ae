"""Readers of server-sent events and long polls, without threads: what is not asked for is not read."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tests.harness.api import Api
from tests.harness.server import Server

Frame = dict[str, Any]


def address(path: str, topics: Mapping[str, int | None], **more: Any) -> str:
    """Of a stream that follows these from there; None = a newcomer."""
    pairs: list[tuple[str, Any]] = [(name, value) for name, value in more.items() if value is not None]
    for topic, since in topics.items():
        pairs += [("topic", topic)] + ([("since", since)] if since is not None else [])
    return f"{path}?{urlencode(pairs)}"


def headers_of(api: Api | None) -> dict[str, str]:
    """What says who it is."""
    if api is None:
        return {}
    return {"Authorization": f"Bearer {api.token}"} if api.token else {"Cookie": api.cookie}


class Events:
    """A stream at /live/events. `status`, `headers`, `body` of a refusal; `last_id` as a browser would keep it."""

    def __init__(
        self,
        server: Server,
        api: Api | None,
        topics: Mapping[str, int | None] | str,
        *,
        headers: Mapping[str, str] | None = None,
        last_id: str | None = None,
        receive_buffer: int | None = None,
        timeout: float = 10.0,
        **more: Any,
    ) -> None:
        """`topics` as a str: the query as it is."""
        self.connection = http.client.HTTPConnection("localhost", server.port, timeout=timeout)
        self.connection.connect()
        if receive_buffer is not None:
            self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        path = f"/live/events?{topics}" if isinstance(topics, str) else address("/live/events", topics, **more)
        sent = headers_of(api) | ({"Last-Event-ID": last_id} if last_id is not None else {})
        self.connection.request("GET", path, headers=sent | dict(headers or {}))
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.headers = self.answer.headers
        self.body = self.answer.read() if self.status != 200 else b""
        self.last_id = last_id
        self.is_over = False
        self._waiting: list[Frame] = []

    def recv(self, kind: str) -> Frame:
        """The oldest of that type; the others go on waiting."""
        for place, frame in enumerate(self._waiting):
            if frame["type"] == kind:
                return self._waiting.pop(place)
        while (frame := self.next()) is not None:
            if frame["type"] == kind:
                return frame
            self._waiting.append(frame)
        raise AssertionError(f"No {kind}: the stream is over; waiting: {self._waiting}")

    def next(self) -> Frame | None:
        """What comes next from the network; None: it is over, in good order."""
        data = None
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "data":
                data = value
            elif name == "id":
                self.last_id = value
            elif not name and data is not None:
                frame: Frame = json.loads(data)
                return frame
        self.is_over = True
        return None

    def rest(self) -> list[Frame]:
        """All until the end."""
        frames, self._waiting = self._waiting, []
        while (frame := self.next()) is not None:
            frames.append(frame)
        return frames

    def close(self) -> None:
        self.answer.close()
        self.connection.close()

    def __enter__(self) -> Events:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def poll(api: Api, topics: Mapping[str, int | None], *, wait: int = 25, **more: Any) -> list[Frame]:
    """One long poll by somebody's own client: its frames."""
    path = address("/live/poll", topics, wait=wait, **more)
    frames: list[Frame] = api.request("GET", api.url + path, expect=200, timeout=40).json()["frames"]
    return frames
