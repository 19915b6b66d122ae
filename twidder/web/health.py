"""For those who watch the server: is it ready for everything that people do with it?"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response

from twidder.web.api import get_core

blueprint = Blueprint("health", __name__)


@blueprint.get("/readyz")
def ready() -> Response:
    """200, or 503 from the first change that could not be stored until one is again; ``store`` is the error's code."""
    trouble = get_core().store.trouble()
    if trouble is None:
        return _answer(200, {"ok": True})
    return _answer(503, {"ok": False, "store": trouble.code})


def _answer(status: int, body: dict[str, object]) -> Response:
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
