"""How the labs' clients are spoken to: the shape of every answer, its status in both editions, and what they may send.

Edition ``200``: every answer is 200 and ``success`` tells. Edition ``codes``: the same bodies with status codes.
"""

from __future__ import annotations

import http
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from flask import Request, Response

from twidder.config import Limits, Settings
from twidder.errors import TwidderError, Unauthorized
from twidder.strictjson import parse_object

Fields = dict[str, Any]

# A page anywhere may speak to the gateway: no cookie counts here, so it brings no more than it was given by its user.
# "*" allows every header but Authorization, which has to be named.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, *",
    "Access-Control-Expose-Headers": "Authorization, Retry-After",
    "Access-Control-Max-Age": "600",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Said(NamedTuple):
    """A success. ``status`` is that of the edition with codes."""

    message: str
    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = {}


class Refusal(NamedTuple):
    """What a function of the labs says to an error of ours; ``text`` empty = our own sentence."""

    text: str
    status: int


# By code, or by "code:field".
Refusals = Mapping[str, Refusal]


def say(said: Said, settings: Settings) -> Response:
    body = {"success": True, "message": said.message}
    if said.data is not None:
        body["data"] = said.data
    return _respond(body, said.status, said.headers, settings)


def refuse(error: TwidderError, refusals: Refusals, settings: Settings) -> Response:
    text, status = _translate(error, refusals)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 and settings.lab_status == "codes" else {}
    if "retry_ms" in error.extra:
        headers["Retry-After"] = str(-(-error.extra["retry_ms"] // 1000))
    return _respond({"success": False, "message": text}, status, headers, settings)


def refuse_method(allowed: str) -> Response:
    """405 in both editions."""
    body = {"success": False, "message": TwidderError(code="method_not_allowed").detail}
    status = http.HTTPStatus.METHOD_NOT_ALLOWED
    return Response(msgspec.json.encode(body), status, {"Allow": allowed}, mimetype="application/json")


def _translate(error: TwidderError, refusals: Refusals) -> Refusal:
    if isinstance(error, Unauthorized) and error.code != "wrong_credentials":
        return refusals["not_signed_in"]  # the labs do not ask why
    own = Refusal("", 400 if error.status == 422 else error.status)
    found = refusals.get(f"{error.code}:{error.extra.get('field')}") or refusals.get(error.code) or own
    return Refusal(found.text or error.detail, found.status)


def _respond(body: Fields, status: int, headers: Mapping[str, str], settings: Settings) -> Response:
    status = status if settings.lab_status == "codes" else 200
    return Response(msgspec.json.encode(body), status, dict(headers), mimetype="application/json")


def read_fields(request: Request, limits: Limits) -> Fields:
    """JSON under any Content-Type (XMLHttpRequest says text/plain, some code says form), or a form. Raises BadJson."""
    raw = request.get_data().strip()
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data") and raw[:1] != b"{":
        return request.form.to_dict()
    return parse_object(raw, depth=limits.json_depth) if raw else {}


def text(fields: Fields, *names: str) -> str | None:
    """The first text under one of the names by which clients call it; anything but text counts as left out."""
    return next((value for value in map(fields.get, names) if isinstance(value, str)), None)
