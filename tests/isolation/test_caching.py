"""A5: nothing that is somebody's is kept by anybody in between."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.raw import http
from tests.harness.server import Server
from tests.sessions.test_killed_token import app, routes_of
from twidder.web.pages import PATHS

__all__ = ["app"]  # the fixture


@pytest.fixture
def ada(server: Server, people: People) -> Iterator[Api]:
    with Api(server) as api:
        api.sign_up(people.ada)
        yield api.sign_in(people.ada)


def test_A5_every_answer_of_the_api_is_kept_by_nobody(app: Flask, ada: Api) -> None:
    """Every route and method, whatever comes of it, says no-store; the page's own files are asked about each time."""
    kept = {}
    for route in routes_of(app):
        path = re.sub(r"<[^>]*>", "1", route.path)
        wanted = "no-store"
        if route.endpoint == "static" or route.endpoint.startswith("pages."):
            wanted = "no-cache"
        answer = ada.request(route.method, ada.url + path, json=None if route.method == "GET" else {})
        if answer.headers.get("cache-control") not in ("no-store", wanted):
            kept[str(route)] = answer.headers.get("cache-control")
    assert kept == {}


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", "/api/v1/nothing", {}, b""),
        ("POST", "/api/v1/me", {}, b""),
        ("POST", "/api/v1/session", {"Content-Type": "text/plain"}, b"{}"),
        ("POST", "/api/v1/session", {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"x"),
        ("POST", "/api/v1/session", {"Content-Type": "application/json"}, b"x" * 70_000),
        ("GET", "/nothing", {}, b""),
    ],
    ids=["404", "405", "415", "415 compressed", "413", "404 page"],
)
def test_A5_refusals_are_kept_by_nobody(
    server: Server, method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    """Those of Flask and those of the bridge before it."""
    answer = http(server, method, target, headers, body)
    assert answer.status >= 400
    assert answer.header("cache-control") == "no-store"


def test_A5_the_page_is_the_same_for_everybody(server: Server, ada: Api) -> None:
    """It holds nothing of whoever asks, so a shared copy would tell nothing; it sets no cookie."""
    with Api(server) as stranger:
        for path in (re.sub(r"<[^>]*>", "1", path) for path in PATHS):
            mine, theirs = ada.page(path), stranger.page(path)
            assert mine.content == theirs.content
            assert "set-cookie" not in mine.headers
            assert "set-cookie" not in theirs.headers


def test_A5_the_cookie_is_set_on_an_answer_that_is_not_kept(server: Server, people: People) -> None:
    """And it is HttpOnly, of this site only, and for every path."""
    with Api(server) as api:
        api.sign_up(people.bert)
        answer = api.post("/session", people.bert.credentials(), expect=201)
        assert answer.headers["cache-control"] == "no-store"
        attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/"} <= attributes
