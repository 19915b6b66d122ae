"""Whom the attacks are made as and against, and how an answer to one is judged."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from _pytest.mark.structures import ParameterSet

from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.raw import Ended, Headers, Raw, Response, request_bytes
from tests.harness.server import Server

MEDIA_TYPE = "application/problem+json"
ECHO = 80  # characters of the input that an answer may repeat


class Stage:
    """Cookies and ids of two people on `server`; requests of theirs as bytes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        people = fresh_people()
        self.person = people.ada
        with Api(server) as ada, Api(server) as bert:
            for api, person in ((ada, people.ada), (bert, people.bert)):
                api.sign_up(person)
                api.sign_in(person)
            self.ada, self.cookie = ada.id, ada.cookie
            self.bert, self.bert_cookie = bert.id, bert.cookie
            self.post = ada.post_on(ada.id, "Ada's own")["id"]
        self.cookie_name, _, self.token = self.cookie.partition("=")
        self.host = f"localhost:{server.port}"

    def request(
        self, method: str, target: str, headers: Headers = (), body: bytes = b"", *, cookie: str | None = "ada"
    ) -> bytes:
        """A request from Ada's page, or with another cookie (None: with none). Targets get {ada}, {bert}, {post}."""
        own = [("Origin", self.server.url), ("Sec-Fetch-Site", "same-origin")]
        if cookie is not None:
            own.append(("Cookie", {"ada": self.cookie, "bert": self.bert_cookie}.get(cookie, cookie)))
        given = pairs_of(headers)
        replaced = {name.lower() for name, _ in given}
        pairs = [(name, value) for name, value in own if name.lower() not in replaced] + given
        return request_bytes(method, self.fill(target), pairs, body, host=self.host)

    def posting(self, body: bytes, headers: Headers = (("Content-Type", "application/json"),)) -> bytes:
        """A post on Ada's wall with that body."""
        return self.request("POST", "/api/v1/walls/{ada}/posts", headers, body)

    def fill(self, text: str) -> str:
        for name in ("ada", "bert", "post"):
            text = text.replace("{" + name + "}", str(getattr(self, name)))
        return text


def pairs_of(headers: Headers) -> list[tuple[str, str]]:
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


def new_post(text: str = "hello") -> dict[str, Any]:
    return {"text": text, "cid": str(uuid.uuid4())}


def check_problem(answer: Response, sent: bytes, code: str | None = None, field: str | None = None) -> None:
    """An error is a problem that says what is wrong, without repeating much of it and without our insides."""
    assert answer.header("content-type") == MEDIA_TYPE, answer
    problem = json.loads(answer.body)
    assert {"type", "title", "status", "detail", "code", "request_id"} <= problem.keys()
    assert problem["status"] == answer.status
    if code is not None:
        assert problem["code"] == code, problem
    if field is not None:
        assert problem.get("field") == field, problem
    for text in filter(lambda value: isinstance(value, str), problem.values()):
        assert len(text) < 400
        assert not _echoes(text, sent), text
    for inside in (b"Traceback", b'File "', b"twidder/", b"site-packages"):
        assert inside not in answer.body


def _echoes(text: str, sent: bytes) -> bool:
    """True when a run of more than ECHO characters of the input comes back."""
    raw = sent.decode("utf-8", "replace")
    return any(text[start : start + ECHO + 1] in raw for start in range(len(text) - ECHO))


class Case(NamedTuple):
    """A row of the catalogue: what is sent, and what may be answered."""

    send: Callable[[Stage], bytes]
    statuses: tuple[int, ...]
    code: str | None = None
    field: str | None = None
    closes: bool = False


def row(
    name: str,
    send: Callable[[Stage], bytes],
    *statuses: int,
    code: str | None = None,
    field: str | None = None,
    closes: bool = False,
) -> ParameterSet:
    """`closes`: the connection ends with this answer, and nothing on it was read as a further request."""
    return pytest.param(Case(send, statuses, code, field, closes), id=name)


def attack(stage: Stage, case: Case) -> Response:
    """Send it, judge the answer, and return it."""
    sent = case.send(stage)
    with Raw(stage.server, timeout=10) as raw:
        with contextlib.suppress(Ended):  # closed before it had read everything; the answer came first
            raw.send(sent)
        answer = raw.response(head=sent.startswith(b"HEAD "))
        assert answer.status in case.statuses, answer
        if answer.status >= 400:
            check_problem(answer, sent, case.code, case.field)
        if case.closes:
            assert raw.ended()
            assert raw.buffer == b"", "only one answer"
    return answer
