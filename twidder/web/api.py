"""How a native route is declared: its method, who may call it, the structs that go in and come out.

The declaration is all there is: bodies are parsed by it, rights are checked by it, and OpenAPI is generated from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import msgspec
from flask import Blueprint, Response, current_app, request

from twidder.accounts import Guest, Me, Student, Viewer, as_session
from twidder.core import Core
from twidder.errors import Forbidden
from twidder.store import ReadTx, Tx
from twidder.web import auth, bodies

T = TypeVar("T")
Who = Literal["anybody", "viewer", "holder", "guest", "student", "session", "staff", "owner"]
PREFIX = "/api/v1"


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a request that says all by its address: ``{}``."""


@dataclasses.dataclass(frozen=True)
class Operation:
    """One route, as declared."""

    method: str
    path: str
    who: Who
    body: type | None
    query: type | None
    answer: Any
    statuses: tuple[int, ...]
    hashes: bool
    uploads: bool
    raw: Mapping[str, Any] | None
    most: str | None
    view: Callable[..., Any]


@dataclasses.dataclass(frozen=True)
class Call:
    """One request: who asks (None for anybody), the parsed body and query, and the store's two verbs."""

    core: Core
    asking: Me | Guest | Student | Viewer | None
    body: Any
    query: Any

    @property
    def me(self) -> Me:
        """Of a route for sessions."""
        assert isinstance(self.asking, Me)
        return self.asking

    @property
    def caller(self) -> Me | Guest:
        """Of a route for guests, too."""
        assert isinstance(self.asking, Me | Guest)
        return self.asking

    @property
    def onlooker(self) -> Me | Guest | Viewer:
        """Of a route for those, too, who look on by a link."""
        assert isinstance(self.asking, Me | Guest | Viewer)
        return self.asking

    @property
    def student(self) -> Me | Student:
        """Of a route for those, too, whose PIN opens Pair-Up alone."""
        assert isinstance(self.asking, Me | Student)
        return self.asking

    @property
    def holder(self) -> Me | Guest | Student:
        """Of a route of the session itself, whatever it is good for."""
        assert isinstance(self.asking, Me | Guest | Student)
        return self.asking

    @property
    def address(self) -> str:
        return request.remote_addr or ""

    def read(self, fn: Callable[[ReadTx], T]) -> T:
        return self.core.store.read(fn)

    def write(self, fn: Callable[[Tx], T]) -> T:
        """As the caller: refused from the moment another sign-in has replaced this session, or the pass has ended."""
        return self.core.store.write(as_session(self.asking, fn) if self.asking else fn)


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer that is not just the struct with the first declared status."""

    value: Any
    status: int
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


class Api:
    """A feature's native routes."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name, __name__, url_prefix=PREFIX)
        self.operations: list[Operation] = []

    def route(
        self,
        method: str,
        path: str,
        *,
        who: Who = "session",
        body: type | None = None,
        query: type | None = None,
        answer: Any = None,
        statuses: tuple[int, ...] = (200,),
        hashes: bool = False,
        uploads: bool = False,
        raw: Mapping[str, Any] | None = None,
        most: str | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """``hashes``: the view hashes a password, or reckons as long, so it runs in the bridge's lane for that.
        ``uploads``: the body is a form with a file, which the bridge spools. ``raw``: the view reads the body by
        itself; media type → what OpenAPI says of it. ``most``: the limit of its bytes, by name, where it may be
        longer than others."""

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            operation = Operation(method, path, who, body, query, answer, statuses, hashes, uploads, raw, most, view)
            self.operations.append(operation)
            endpoint = f"{view.__name__}_{method.lower()}"
            self.blueprint.add_url_rule(path, endpoint, _as_view(operation), methods=[method])
            return view

        return declare


def get_core() -> Core:
    core: Core = current_app.extensions["twidder"]
    return core


def _as_view(operation: Operation) -> Callable[..., Response]:
    def run(**path: Any) -> Response:
        core = get_core()
        if operation.most:
            request.max_content_length = getattr(core.settings.limits, operation.most)
        auth.check_no_token_in_url(request)
        auth.check_same_site(request, core.settings)
        caller = auth.access_caller(request, core) if operation.who != "anybody" else None
        if caller is not None:
            _check_may(caller, operation.who)
        body = bodies.read_json(request, operation.body, core.settings.limits) if operation.body else None
        query = bodies.read_query(request, operation.query) if operation.query else None
        return _as_response(operation.view(Call(core, caller, body, query), **path), operation.statuses[0])

    return run


def _check_may(caller: Me | Guest | Student | Viewer, who: Who) -> None:
    """A guest may only what says so: what is declared without a thought is not for them, nor for an onlooker, nor for
    whoever came by a PIN."""
    if isinstance(caller, Student) and who not in ("student", "holder"):
        raise Forbidden(code="pairup_alone")
    if isinstance(caller, Viewer) and who != "viewer":
        raise Forbidden(code="not_for_viewers")
    if isinstance(caller, Guest) and who not in ("guest", "holder", "viewer"):
        raise Forbidden(code="not_for_guests")
    if (who == "owner" and not caller.is_owner) or (who == "staff" and not caller.is_staff):
        raise Forbidden


def _as_response(value: Any, status: int) -> Response:
    if isinstance(value, Response):
        return value
    reply = value if isinstance(value, Reply) else Reply(value, status)
    body = b"" if reply.value is None else msgspec.json.encode(reply.value)
    response = Response(body, reply.status, reply.headers, mimetype="application/json")
    if reply.value is None:
        del response.headers["Content-Type"]
    return response
