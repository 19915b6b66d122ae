"""One client of the HTTP API: a browser with its cookie jar, or a script with its token."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import Any

import httpx

from tests.harness.people import Person
from tests.harness.server import Server


class Api:
    """Paths are relative to /api/v1. `expect=201` fails with the whole answer when another status comes."""

    def __init__(self, server: Server | str, *, same_origin: bool = True, timeout: float = 15.0) -> None:
        self.url = server if isinstance(server, str) else server.url
        headers = {"Accept": "application/json"}
        if same_origin:  # what a browser adds by itself to a page's own requests
            headers |= {"Origin": self.url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        self.http = httpx.Client(base_url=self.url + "/api/v1", headers=headers, trust_env=False, timeout=timeout)
        self.user: dict[str, Any] = {}
        self.session: dict[str, Any] = {}
        self.token: str | None = None

    # Who

    def sign_up(self, person: Person, *, link: str | None = None) -> dict[str, Any]:
        """A new account; the User."""
        body = person.fields() | ({"link": link} if link is not None else {})
        user: dict[str, Any] = self.post("/users", body, expect=201).json()
        return user

    def sign_in(self, person: Person, *, transport: str | None = None) -> Api:
        """Signs in: the cookie comes into the jar, or with transport="token" the token into the header."""
        body = person.credentials() | ({"transport": transport} if transport is not None else {})
        answer = self.post("/session", body, expect=201).json()
        self.user, self.session = answer["user"], answer["session"]
        if transport == "token":
            self.use_token(answer["token"])
        return self

    def use_token(self, token: str) -> Api:
        """From now on a script: the token in the header, and nothing that a browser would add."""
        self.token = token
        self.http.headers["Authorization"] = f"Bearer {token}"
        for name in ("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode"):
            self.http.headers.pop(name, None)
        return self

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def wall(self) -> str:
        """The topic of one's own wall."""
        return f"wall:{self.id}"

    @property
    def cookie(self) -> str:
        """The jar as the value of a Cookie header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)

    # The verbs

    def get(self, path: str, *, expect: int | None = None, **query: Any) -> httpx.Response:
        return self.request("GET", path, expect=expect, params=query or None)

    def post(self, path: str, body: Any = None, *, expect: int | None = None, **more: Any) -> httpx.Response:
        return self.request("POST", path, expect=expect, json={} if body is None else body, **more)

    def put(self, path: str, body: Any = None, *, expect: int | None = None, **more: Any) -> httpx.Response:
        return self.request("PUT", path, expect=expect, json={} if body is None else body, **more)

    def patch(self, path: str, body: Any = None, *, expect: int | None = None, **more: Any) -> httpx.Response:
        return self.request("PATCH", path, expect=expect, json={} if body is None else body, **more)

    def delete(self, path: str, *, expect: int | None = None, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, expect=expect, **more)

    def request(self, method: str, path: str, *, expect: int | None = None, **more: Any) -> httpx.Response:
        """Anything; a whole URL goes where it says."""
        answer = self.http.request(method, path, **more)
        if expect is not None and answer.status_code != expect:
            raise AssertionError(f"{method} {path}: {answer.status_code} instead of {expect}: {answer.text[:2000]}")
        return answer

    def page(self, path: str, **more: Any) -> httpx.Response:
        """GET outside the API, with the path as it is."""
        return self.http.get(self.url + path, **more)

    # What tests do all the time

    def post_on(self, wall: int, text: str, *, cid: str | None = None) -> dict[str, Any]:
        body = {"text": text, "cid": cid or str(uuid.uuid4())}
        post: dict[str, Any] = self.post(f"/walls/{wall}/posts", body, expect=201).json()
        return post

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
