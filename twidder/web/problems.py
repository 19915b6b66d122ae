"""Errors as RFC 9457 problem details; for Flask and for the bridge before it."""

from __future__ import annotations

import http
import logging
import secrets
from typing import Any

import msgspec
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from twidder.errors import TABLE, NotFound, TwidderError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

# Werkzeug's own refusals in our words.
_BY_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media",
}


def new_request_id() -> str:
    return secrets.token_hex(8)


def headers_of(error: TwidderError) -> dict[str, str]:
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retry_ms" in error.extra:
        headers["Retry-After"] = str(-(-error.extra["retry_ms"] // 1000))
    return headers


def body_of(error: TwidderError, request_id: str) -> bytes:
    problem: dict[str, Any] = {
        "type": f"/api/v1/docs#{error.code}",
        "title": TABLE[error.code].text,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
        **error.extra,
    }
    return msgspec.json.encode(problem)


def respond(error: TwidderError) -> Response:
    return Response(body_of(error, g.request_id), error.status, headers_of(error))


def install(app: Flask) -> None:
    """Every error of every view becomes a problem; the unexpected ones are logged, and told without their insides."""

    @app.before_request
    def name_request() -> None:
        g.request_id = request.environ.get("twidder.request_id") or new_request_id()

    @app.errorhandler(TwidderError)
    def refused(error: TwidderError) -> Response:
        return respond(error)

    @app.errorhandler(HTTPException)
    def refused_by_werkzeug(error: HTTPException) -> Response:
        status = error.code or 500
        code = _BY_STATUS.get(status)
        if code is None:
            return Response(http.HTTPStatus(status).phrase, status, mimetype="text/plain")
        response = respond(NotFound() if status == 404 else TwidderError(code=code))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(error.valid_methods)
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        logger.error("request %s failed: %s %s", g.request_id, request.method, request.path, exc_info=error)
        return respond(TwidderError())
