"""How Pair-Up's own client is spoken to: what it may send, and the shape of every answer."""

from __future__ import annotations

import datetime
import http
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from flask import Request, Response

from twidder.config import Limits
from twidder.errors import BadField, TwidderError
from twidder.gateways import lab_dialect
from twidder.pairup.projects import Project
from twidder.strictjson import parse_object

Fields = dict[str, Any]

HEADERS = {**lab_dialect.HEADERS, "Access-Control-Expose-Headers": "Authorization, Location, Retry-After"}

_PARTNERS = ("partner", "partnerNumber", "partnerNumber1", "partnerNumber2", "partnerNumber3")


class Said(NamedTuple):
    """``body`` None: nothing to say."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


def say(said: Said) -> Response:
    if said.body is None:
        response = Response(status=said.status, headers=dict(said.headers))
        del response.headers["Content-Type"]
        return response
    return Response(msgspec.json.encode(said.body), said.status, dict(said.headers), mimetype="application/json")


def refuse(error: TwidderError, *, challenge: str = "Bearer") -> Response:
    """``challenge``: of a 401."""
    status = 400 if error.status == 422 else error.status
    headers = {"WWW-Authenticate": challenge} if status == 401 else {}
    if "retry_ms" in error.extra:
        headers["Retry-After"] = str(-(-error.extra["retry_ms"] // 1000))
    name = http.HTTPStatus(status).phrase
    return say(Said({"error": name, "message": error.detail}, status, headers))


def refuse_method(allowed: list[str]) -> Response:
    response = refuse(TwidderError(code="method_not_allowed"))
    response.headers["Allow"] = ", ".join(allowed)
    return response


def read_fields(request: Request, limits: Limits) -> Fields:
    """JSON under any Content-Type. Raises BadJson."""
    raw = request.get_data().strip()
    return parse_object(raw, depth=limits.json_depth) if raw else {}


def text(fields: Fields, name: str) -> str | None:
    """None: left out. A number counts as its digits: clients differ in whether a student number is one. Raises
    BadField."""
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadField(name, f"That is no {name}.")


def partners(fields: Fields) -> list[str]:
    """The student numbers of whom they name, by any of the clients' names for them, each once. Nothing, and nothing but
    zeros, is nobody."""
    named = [(text(fields, key) or "").strip() for key in _PARTNERS]
    return list(dict.fromkeys(one for one in named if one.strip("0")))


def place_id(fields: Fields) -> int | None:
    """The place, which is called a lab there; None: there can be no such place."""
    given = (text(fields, "lab_id") or "").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def as_expiry(at: int) -> str:
    """2026-05-30T12:00, in UTC, as the course's slides have it. ``at``: ms."""
    return datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M")


def own_project(project: Project) -> Fields:
    """By both names where the course's code and its slides differ."""
    spot = project.spot
    lab = {"lab_id": spot.id if spot else None, "lab": _lab(project)}
    lab_name = f"Lab {spot.lab}: {spot.time}" if spot else ""
    names = {"id": project.team, "pid": project.team, "team": project.names, "description": project.description}
    return {**names, **lab, "lab_name": lab_name}


def listed_project(project: Project) -> Fields:
    names = {"pid": project.team, "team": project.names, "description": project.description}
    return {**names, "lab_id": project.spot.id if project.spot else None, "lab": _lab(project)}


def _lab(project: Project) -> str:
    return f"{project.spot.lab} {project.spot.time}" if project.spot else ""
