"""Requests as Ada's page, a script or another site would make them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.harness.people import EVE
from tests.hostile.stage import Stage, new_post

JSON = ("Content-Type", "application/json")
Send = Callable[[Stage], bytes]


def get(target: str, **more: Any) -> Send:
    return lambda stage: stage.request("GET", target, **more)


def posts(query: str) -> Send:
    return get("/api/v1/walls/{ada}/posts?" + query)


def cookies(header: str) -> Send:
    """{name} and {token} are those of Ada's cookie, {NAME} in capitals."""

    def send(stage: Stage) -> bytes:
        own = {"{name}": stage.cookie_name, "{NAME}": stage.cookie_name.upper(), "{token}": stage.token}
        filled = header
        for name, value in own.items():
            filled = filled.replace(name, value)
        return stage.request("GET", "/api/v1/me", cookie=filled)

    return send


def bearer(change: Callable[[str], str], scheme: str = "Bearer ") -> Send:
    """Ada's token, changed, in the header."""

    def send(stage: Stage) -> bytes:
        return stage.request("GET", "/api/v1/me", {"Authorization": scheme + change(stage.token)}, cookie=None)

    return send


def writing(method: str, target: str, body: Any, *, cookie: str | None = "ada", **headers: str) -> Send:
    """`headers` replace those of an honest page: Origin, Sec_Fetch_Site, Content_Type."""
    given = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    raw = b"" if body is None else json.dumps(body).encode()
    return lambda stage: stage.request(method, target, given, raw, cookie=cookie)


def foreign(**headers: str) -> Send:
    return writing("POST", "/api/v1/walls/{ada}/posts", new_post("from another site"), **headers)


def unmarked(stage: Stage) -> bytes:
    """By cookie, from who knows where: no browser of the last years sends neither header."""
    with_cookie = [("Cookie", stage.cookie), JSON]
    whole = stage.request("POST", "/api/v1/walls/{ada}/posts", with_cookie, json.dumps(new_post()).encode())
    lines = whole.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith((b"Origin:", b"Sec-Fetch-Site:")))


def signing_in(email: str, password: str, **more: Any) -> Send:
    """{email} is Ada's."""

    def send(stage: Stage) -> bytes:
        body = {"email": email.replace("{email}", stage.person.email), "password": password} | more
        return stage.request("POST", "/api/v1/session", (JSON,), json.dumps(body).encode(), cookie=None)

    return send


def signing_up(**changes: str) -> Send:
    """Like Eve, but; {email} is Ada's address, {EMAIL} the same in capitals."""

    def send(stage: Stage) -> bytes:
        known = stage.person.email
        body = EVE.unique().fields() | {
            name: value.replace("{email}", known).replace("{EMAIL}", known.upper()) for name, value in changes.items()
        }
        return stage.request("POST", "/api/v1/users", (JSON,), json.dumps(body).encode(), cookie=None)

    return send
