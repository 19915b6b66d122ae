"""A client of the public API, and the people who use it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import Any

from twidder.demo.people import PASSWORD, Person

_PATIENCE = 10.0  # for one answer
_TRIES = 4
_REST_SECONDS = 300.0


class Refused(Exception):
    """The server said no."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code = status, code


class Stopped(Exception):
    """The demo ends."""


class Client:
    """One connection, used by one thread. Waits when it is told to, as long as nobody stops it."""

    def __init__(self, host: str, port: int, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._port = port
        self._connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """The answer's JSON, None where there is none; ``body`` is sent as JSON, a str as it is. Raises Refused,
        OSError, Stopped."""
        for again in range(_TRIES):
            if self._stopping.is_set():
                raise Stopped
            try:
                status, headers, data = self._once(method, path, body, token)
            except (http.client.HTTPException, OSError):
                # It went away, or the server had closed it while it was idle. All that is asked may be asked twice.
                self.close()
                if again == _TRIES - 1:
                    raise OSError("The server does not answer.") from None
                self.wait(0.1 * 2**again)
                continue
            if status not in (429, 503) or again == _TRIES - 1:
                return _read(status, data)
            self.wait(min(float(headers.get("Retry-After") or 1), 30.0))
        raise OSError("The server is busy.")

    def wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopped

    def close(self) -> None:
        self._connection.close()

    def _once(self, method: str, path: str, body: Any, token: str) -> tuple[int, Any, bytes]:
        headers = {"Host": f"localhost:{self._port}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            headers["Content-Type"] = "text/plain" if isinstance(body, str) else "application/json"
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self._connection.request(method, f"/api/v1{path}", data, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read()


def _read(status: int, data: bytes) -> Any:
    try:
        answer = json.loads(data) if data else None
    except ValueError:
        answer = None
    if status >= 400:
        problem = answer if isinstance(answer, dict) else {}
        raise Refused(status, str(problem.get("code", "")), str(problem.get("detail", "")))
    return answer


class Cast:
    """Signs the people in when they have something to do."""

    def __init__(self, client: Client, tokens: dict[str, str]) -> None:
        """``tokens``: by the people's keys; who is missing there is not signed in."""
        self._client = client
        self.ids: dict[str, int] = {}
        self.tokens = tokens
        self._resting: dict[str, float] = {}

    def sign_up(self, person: Person) -> None:
        """Again changes nothing."""
        try:
            self._client.ask("POST", "/users", person.fields())
        except Refused as refusal:
            if refusal.status != 409:
                raise

    def sign_in(self, person: Person) -> None:
        credentials = {"email": person.email, "password": PASSWORD, "transport": "token"}
        answer = self._client.ask("POST", "/session", credentials)
        self.tokens[person.key] = answer["token"]
        self.ids[person.key] = answer["user"]["id"]

    def ask(self, person: Person, method: str, path: str, body: Any = None) -> Any:
        """As ``Client.ask``. Somebody else may sign in as this person, who then leaves that account to them for a
        while."""
        if self._resting.get(person.key, 0.0) > time.monotonic():
            raise Refused(401, "resting", "Somebody else is this person now.")
        if person.key not in self.tokens:
            self.sign_in(person)
        try:
            return self._client.ask(method, path, body, token=self.tokens[person.key])
        except Refused as refusal:
            if refusal.status == 401:
                del self.tokens[person.key]
                self._resting[person.key] = time.monotonic() + _REST_SECONDS
            raise
