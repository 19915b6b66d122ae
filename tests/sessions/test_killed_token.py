"""A killed token is refused wherever there is a route."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from flask import Flask

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.raw import http
from tests.harness.server import Server
from twidder.config import Limits, Settings
from twidder.core import build_core
from twidder.gateways import pairup
from twidder.gateways.lab_functions import FUNCTIONS
from twidder.live.bus.memory import MemoryBus
from twidder.store import open_store
from twidder.web.api import PREFIX, Who
from twidder.web.app import build_app, operations

# Whatever is not declared must stand here, or the test fails: page files, documents, health and the seed's updates know
# nobody, and the entrance of the courses' chat knows a name and no user.
UNDECLARED = re.compile(r"static|pages\.|openapi\.|health\.|chat\.|upgrades\.|updates\.")


class Route(NamedTuple):
    method: str
    path: str
    endpoint: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, for its URL map."""
    data: Path = tmp_path_factory.mktemp("map")
    store = open_store(data / "twidder.db", Limits(), MemoryBus().publish)
    yield build_app(build_core(Settings(data=data), store))
    store.close()


def routes_of(app: Flask) -> list[Route]:
    return [
        Route(method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def who_may(route: Route) -> str | None:
    """As declared; None when nobody has said."""
    for operation in operations():
        if (operation.method, PREFIX + operation.path) == (route.method, route.path):
            return operation.who
    for one in FUNCTIONS:  # of the labs; a wrong method is refused there by the function itself
        if route.endpoint.startswith("lab.") and route.path in (one.path, one.stem):
            return f"lab {one.who}"
    if route.endpoint.startswith("pairup."):  # what is not a function of the pairing course is refused there
        here = (one for one in pairup.FUNCTIONS if one.path.rstrip("/") == route.path.rstrip("/"))
        return next((f"pairup {one.who}" for one in here if one.method == route.method), "pairup nobody")
    return None


def call(api: Api, route: Route) -> tuple[int, str]:
    path = re.sub(r"<[^>]*>", "1", route.path)
    answer = api.request(route.method, api.url + path, json=None if route.method == "GET" else {})
    body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return answer.status_code, body.get("code", "") if isinstance(body, dict) else ""


def test_S3_every_route_says_who_may_use_it(app: Flask) -> None:
    """A route that is no declared operation is one of those that know nobody."""
    silent = [str(route) for route in routes_of(app) if who_may(route) is None and not UNDECLARED.match(route.endpoint)]
    assert silent == []
    native = [route for route in routes_of(app) if who_may(route) in get_args(Who)]
    assert len(native) == len(operations())


def test_S3_an_undeclared_route_is_noticed(app: Flask) -> None:
    """A view that was added past the declarations has nobody who may use it."""
    extra = Route("GET", PREFIX + "/secret", "accounts.secret")
    assert who_may(extra) is None
    assert not UNDECLARED.match(extra.endpoint)


@pytest.mark.parametrize("transport", [None, "token"], ids=["cookie", "bearer"])
def test_S3_a_killed_token_is_refused_on_every_route(
    app: Flask, fresh_server: Callable[..., Server], people: People, transport: str | None
) -> None:
    """Each route that wants a session answers 401 session_replaced to the old token, and not 401 to the new one."""
    server = fresh_server()
    guarded = [route for route in routes_of(app) if who_may(route) in set(get_args(Who)) - {"anybody"}]
    guarded.sort(key=lambda route: (route.method, route.path) == ("DELETE", PREFIX + "/session"))  # the end comes last
    assert len(guarded) > 10
    with Api(server) as old, Api(server) as new:
        old.sign_up(people.ada)
        old.sign_in(people.ada, transport=transport)
        new.sign_in(people.ada, transport=transport)
        refused = {str(route): call(old, route) for route in guarded}
        assert set(refused.values()) == {(401, "session_replaced")}, refused
        accepted = {str(route): call(new, route) for route in guarded}
        assert not [route for route, (status, _) in accepted.items() if status in (401, 500)], accepted


def test_S3_a_killed_token_is_refused_by_the_labs_functions(app: Flask, server: Server, people: People) -> None:
    """None of them does anything for the old token; those that only read do it for the new one."""
    guarded = [route for route in routes_of(app) if who_may(route) == "lab session"]
    assert len({route.path for route in guarded}) > 5

    def call_all(token: str, routes: list[Route]) -> dict[str, bool]:
        done = {}
        for route in routes:
            path = re.sub(r"<[^>]*>", people.ada.email, route.path)
            body = b"{}" if route.method in ("POST", "PUT") else b""
            headers = {"Authorization": token, "Content-Type": "application/json"}
            done[str(route)] = http(server, route.method, path, headers, body).json()["success"]
        return done

    with Api(server) as old, Api(server) as new:
        old.sign_up(people.ada)
        old.sign_in(people.ada, transport="token")
        new.sign_in(people.ada, transport="token")
        assert old.token
        assert new.token
        assert set(call_all(old.token, guarded).values()) == {False}
        reading = [route for route in guarded if route.method == "GET" and "data" in route.path]
        assert True in call_all(new.token, reading).values()


def test_S3_a_killed_token_is_refused_by_the_pairing_courses_functions(
    app: Flask, server: Server, people: People
) -> None:
    """401 to the old token, by every function that knows a token; not to the new one."""
    guarded = [route for route in routes_of(app) if who_may(route) in ("pairup token", "pairup either")]
    guarded.sort(key=lambda route: (route.method, "tokens" in route.path) == ("DELETE", True))  # the end comes last
    assert len({route.path for route in guarded}) > 5

    def statuses(token: str) -> list[int]:
        headers, found = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, []
        for route in guarded:
            path = re.sub(r"<[^>]*>", "1", route.path)
            body = b"{}" if route.method in ("POST", "PUT") else b""
            found.append(http(server, route.method, path, headers, body).status)
        return found

    with Api(server) as old, Api(server) as new:
        old.sign_up(people.ada)
        old.sign_in(people.ada, transport="token")
        new.sign_in(people.ada, transport="token")
        assert old.token
        assert new.token
        assert set(statuses(old.token)) == {401}
        assert 401 not in statuses(new.token)[:-2]


@pytest.mark.parametrize("way", ["cookie", "bearer", "auth frame"])
def test_S3_a_killed_token_is_refused_by_the_socket(server: Server, people: People, way: str) -> None:
    """The handshake completes, since a page cannot read a refusal; the first and only frame is the bye."""
    with Api(server) as old, Api(server) as new:
        old.sign_up(people.ada)
        old.sign_in(people.ada, transport=None if way == "cookie" else "token")
        new.sign_in(people.ada)
        first = {"type": "auth", "token": old.token} if way == "auth frame" else None
        with Live(
            server,
            old if first is None else None,
            first_frame=first,
            origin="same" if way != "auth frame" else None,
            hello=False,
        ) as tab:
            assert tab.closed_with() == (4500, "replaced")
            assert [frame["type"] for frame in tab.seen] == ["bye"]
