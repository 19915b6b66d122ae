"""Pair-Up's own client (docs/gateways.md): its REST routes under ``/api``, and their answers, always JSON.

Who asks is told by the token in the Authorization header, at ``/api/tokens`` by student number and PIN, and by nothing
else: no cookie of Twidder is read or set here, so that a page of any origin may be let in.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import PathConverter

from twidder import credentials
from twidder.accounts import Me, Student
from twidder.errors import BadRequest, Forbidden, NotFound, TooLarge, TwidderError
from twidder.gateways import pairup_lists, pairup_projects, pairup_students
from twidder.gateways.pairup_dialect import HEADERS, read_fields, refuse, refuse_method, say
from twidder.gateways.pairup_functions import Ask, Function
from twidder.web.api import get_core
from twidder.web.auth import access_holder, check_no_token_in_url
from twidder.web.bridge import Answer

logger = logging.getLogger(__name__)

FUNCTIONS = (*pairup_students.functions, *pairup_lists.functions, *pairup_projects.functions)

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OURS = re.compile(r"/api/(?!v1(?:/|$))")
_HASHING = {(one.method, re.compile(re.sub(r"<\w+>", r"[^/]+", one.path) + "/?")) for one in FUNCTIONS if one.hashes}


class _Elsewhere(PathConverter):
    """What is below ``/api`` and is not Twidder's own."""

    regex = r"(?!v1(?:/|$)).*?"


def hashes(method: str, path: str) -> bool:
    return any(method == one and pattern.fullmatch(path) for one, pattern in _HASHING)


def blueprint() -> Blueprint:
    pairup = Blueprint("pairup", __name__)

    @pairup.record_once
    def know_paths(state: BlueprintSetupState) -> None:
        state.app.url_map.converters["elsewhere"] = _Elsewhere

    for path in dict.fromkeys(one.path for one in FUNCTIONS):
        here = {one.method: one for one in FUNCTIONS if one.path == path}
        view = _as_view(here)
        for spelling in {path, path.rstrip("/"), path.rstrip("/") + "/"}:
            pairup.add_url_rule(spelling, f"{path}", view, methods=_METHODS)
    pairup.add_url_rule("/api/<elsewhere:path>", "nothing", _nothing, methods=_METHODS)

    @pairup.after_request
    def let_pages_read(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return pairup


def refusal(path: str, error: TwidderError) -> Answer | None:
    """What the bridge refuses by itself (busy, too large), as it is said here; None elsewhere."""
    if not _OURS.match(path):
        return None
    response = refuse(error)
    response.headers.update(HEADERS)
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    return response.status_code, headers, response.get_data()


def _nothing(path: str) -> Response:
    return Response(status=204) if request.method == "OPTIONS" else refuse(NotFound())


def _as_view(here: dict[str, Function]) -> Callable[..., Response]:
    """``here``: the functions of one path, by method."""

    def view(**path: str) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204)
        one = here.get("GET" if request.method == "HEAD" else request.method)
        if one is None:
            return refuse_method(list(here))
        try:
            return _run(one, path)
        except Exception as error:
            return refuse(_as_ours(error), challenge=one.challenge)

    return view


def _as_ours(error: Exception) -> TwidderError:
    if isinstance(error, TwidderError):
        return error
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge()
    if isinstance(error, HTTPException):
        return BadRequest()
    logger.error("%s %s failed", request.method, request.url_rule, exc_info=error)
    return TwidderError()


def _run(one: Function, path: dict[str, str]) -> Response:
    core = get_core()
    check_no_token_in_url(request)
    ask = Ask(core, _find_holder(one), {})
    if one.method in ("POST", "PUT"):
        ask = ask._replace(fields=read_fields(request, core.settings.limits))
    return say(one.run(ask, **path))


def _find_holder(one: Function) -> Me | Student | None:
    """Raises Unauthorized, Forbidden."""
    token = credentials.find(request.headers.getlist("Authorization"), (), "").token
    if one.who == "anybody" or (one.who == "either" and token is None):
        return None
    found = access_holder(get_core(), token)
    if not isinstance(found, Me | Student):  # a guest of a room, or a board's viewer
        raise Forbidden
    return found
