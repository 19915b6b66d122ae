"""The Twidder labs over HTTP (docs/gateways.md): a request to one of the nine functions, and its answer.

The token in the Authorization header says who asks, and nothing else does: no cookie of Twidder is read or set here, so
that a page of any origin may be let in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from twidder import credentials
from twidder.accounts import Me
from twidder.config import Settings
from twidder.errors import BadRequest, TooLarge, TwidderError, Unauthorized
from twidder.gateways.lab_dialect import HEADERS, Said, read_fields, refuse, refuse_method, say
from twidder.gateways.lab_functions import FUNCTIONS, Ask, Function
from twidder.web.api import get_core
from twidder.web.auth import access_holder
from twidder.web.bridge import Answer

logger = logging.getLogger(__name__)

HASHING_ROUTES: set[tuple[str, str]] = {(one.method, one.path) for one in FUNCTIONS if one.hashes}

# All of them lead to the function, so that the wrong ones are refused in the labs' own shape.
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def blueprint(settings: Settings) -> Blueprint:
    lab = Blueprint("lab", __name__)
    for one in FUNCTIONS:
        view = _as_view(one, settings)
        lab.add_url_rule(one.path, one.run.__name__, view, methods=_METHODS)
        if one.takes_email:  # an empty e-mail is asked for, too
            lab.add_url_rule(one.stem, one.run.__name__, view, methods=_METHODS, strict_slashes=False)

    @lab.after_request
    def let_pages_read(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @lab.after_app_request
    def let_pages_load(response: Response) -> Response:
        """The stub may be loaded by a page of any origin."""
        if request.path == "/static/serverstub.js":
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return lab


def refusal(path: str, error: TwidderError, settings: Settings) -> Answer | None:
    """What the bridge refuses by itself (busy, too large), as the function there would; None where there is none."""
    one = next((one for one in FUNCTIONS if one.is_at(path)), None)
    if one is None:
        return None
    response = refuse(error, one.says, settings)
    response.headers.update(HEADERS)
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    return response.status_code, headers, response.get_data()


def _as_view(one: Function, settings: Settings) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204)
        if request.method not in (one.method, "HEAD" if one.method == "GET" else ""):
            return refuse_method(one.method)
        try:
            return say(_run(one, path), settings)
        except TwidderError as error:
            return refuse(error, one.says, settings)
        except RequestEntityTooLarge:
            return refuse(TooLarge(), one.says, settings)
        except HTTPException:
            return refuse(BadRequest(), one.says, settings)
        except Exception as error:
            logger.error("%s failed", one.run.__name__, exc_info=error)
            return refuse(TwidderError(), one.says, settings)

    return view


def _run(one: Function, path: dict[str, str]) -> Said:
    core = get_core()
    holder = None
    if one.who == "session":
        found = access_holder(core, credentials.find(request.headers.getlist("Authorization"), (), "").token)
        if not isinstance(found, Me):  # a guest of a room: the labs know none
            raise Unauthorized
        holder = found
    given = read_fields(request, core.settings.limits) if one.method in ("POST", "PUT") else {}
    return one.run(Ask(core, holder, given), **path)
