"""A client of the Twidder labs: the nine functions over HTTP, and the socket that says one word at its end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.harness.people import Person
from tests.harness.server import Server

Answer = dict[str, Any]

PASSED_ON = {"Origin": "http://localhost:5500", "Sec-Fetch-Site": "cross-site"}  # a page of an editor's own web server

# What clients in the wild wait for.
FAREWELLS = {
    "/connect": "user logout",
    "/sock": "Log Out",
    "/echo": "sign_out",
    "/new_session": "signout",
    "/socket-api": '{"type":"signout"}',
}


class Lab:
    """One student's page. A token is a parameter of each function, as in the labs; None sends no header at all."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=15.0, headers=PASSED_ON)
        self.last: httpx.Response

    def call(self, method: str, path: str, token: str | None = None, body: Any = None, **more: Any) -> Answer:
        headers = {"Authorization": token} if token is not None else {}
        if body is not None:
            more["json"] = body
        self.last = self.http.request(method, path, headers={**headers, **more.pop("headers", {})}, **more)
        answer: Answer = self.last.json()
        return answer

    def sign_up(self, fields: Any) -> Answer:
        return self.call("POST", "/sign_up", body=fields)

    def sign_in(self, username: Any, password: Any) -> Answer:
        return self.call("POST", "/sign_in", body={"username": username, "password": password})

    def sign_out(self, token: str | None) -> Answer:
        return self.call("DELETE", "/sign_out", token)

    def change_password(self, token: str | None, old: Any, new: Any) -> Answer:
        return self.call("PUT", "/change_password", token, {"oldpassword": old, "newpassword": new})

    def data_by_token(self, token: str | None) -> Answer:
        return self.call("GET", "/get_user_data_by_token", token)

    def data_by_email(self, token: str | None, email: str) -> Answer:
        return self.call("GET", f"/get_user_data_by_email/{quote(email, safe='')}", token)

    def messages_by_token(self, token: str | None) -> Answer:
        return self.call("GET", "/get_user_messages_by_token", token)

    def messages_by_email(self, token: str | None, email: str) -> Answer:
        return self.call("GET", f"/get_user_messages_by_email/{quote(email, safe='')}", token)

    def post(self, token: str | None, email: Any, message: Any) -> Answer:
        return self.call("POST", "/post_message", token, {"email": email, "message": message})

    # What tests do all the time

    def enter(self, person: Person, *, new: bool = True) -> str:
        """Signs up (when new) and in; the token."""
        if new:
            assert self.sign_up(person.fields())["success"]
        answer = self.sign_in(person.email, person.password)
        assert answer["success"], answer
        return str(answer["data"])

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Socket:
    """The auto-logout socket at one of the paths."""

    def __init__(self, url: str, path: str = "/connect", first: str | None = None) -> None:
        self._stack = contextlib.ExitStack()
        address = url.replace("http", "ws", 1) + path
        self.connection: ClientConnection = self._stack.enter_context(
            connect(address, proxy=None, open_timeout=10, close_timeout=5)
        )
        if first is not None:
            self.connection.send(first)

    def until_close(self, timeout: float = 10.0) -> tuple[list[str], int]:
        """Everything it says from now on, and the close code. Fails when it does not close."""
        said: list[str] = []
        try:
            while True:
                said.append(str(self.connection.recv(timeout)))
        except ConnectionClosed as closed:
            return said, closed.rcvd.code if closed.rcvd else 1006

    def is_silent_for(self, seconds: float) -> bool:
        """Open all the time, and not a word."""
        try:
            self.connection.recv(seconds)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._stack.close()


def first_frame(path: str, token: str) -> str:
    return json.dumps({"type": "login", "data": token}) if path == "/socket-api" else token


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Callable[..., Lab]]:
    """Makes clients of the shared server, or `on` another."""
    with contextlib.ExitStack() as stack:

        def make(on: Server | str | None = None) -> Lab:
            where = on or request.getfixturevalue("server")
            return stack.enter_context(Lab(where if isinstance(where, str) else where.url))

        yield make


@pytest.fixture
def socket(request: pytest.FixtureRequest) -> Iterator[Callable[..., Socket]]:
    """Opens sockets: socket(path, first frame), on the shared server or `on` another."""
    with contextlib.ExitStack() as stack:

        def make(path: str = "/connect", first: str | None = None, on: Server | None = None) -> Socket:
            where = on or request.getfixturevalue("server")
            made = Socket(where.url, path, first)
            stack.callback(made.close)
            return made

        yield make
