"""Rooms that the courses' chat clients may come into, and those clients."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from tests.conformance.socketio.client import SocketIo
from tests.conformance.tutorial12.client import Tutorial
from tests.harness.api import Api
from tests.harness.server import Server

_numbers = itertools.count(1)


class Bridged:
    """A room of `host`'s with the switch on."""

    def __init__(self, host: Api) -> None:
        self.host = host
        self.name = f"Chat lab {host.id}.{next(_numbers)}"
        self.id = int(
            host.post("/rooms", {"name": self.name, "kind": "walkin", "description": ""}, expect=201).json()["id"]
        )
        self.switch(on=True)

    @property
    def topic(self) -> str:
        return f"room:{self.id}"

    @property
    def tutorial(self) -> str:
        return f"ws{self.host.url.removeprefix('http')}/tutorial12/{quote(self.name)}"

    def switch(self, *, on: bool) -> None:
        self.host.patch(f"/rooms/{self.id}", {"gateways": on}, expect=200)

    def texts(self) -> list[str]:
        return [item["text"] for item in self.host.get(f"/rooms/{self.id}/messages", expect=200).json()["items"]]

    def guest(self, name: str) -> int:
        """The user id of a guest in it."""
        items = self.host.get(f"/rooms/{self.id}/members", q=name, expect=200).json()["items"]
        return int(next(item["user"]["id"] for item in items if item["user"]["firstname"] == name))


@pytest.fixture
def tutorial() -> Iterator[Callable[..., Tutorial]]:
    """Opens tabs: tutorial(url, name)."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Tutorial(*args, **options))


@pytest.fixture
def socketio(server: Server) -> Iterator[Callable[..., SocketIo]]:
    """Opens Socket.IO clients of the shared server."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(SocketIo(options.pop("url", server.url), **options))
