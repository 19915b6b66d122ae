"""The page: one file for every view, and the headers that keep strangers' code out of it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request

from twidder.config import Settings
from twidder.errors import NotFound
from twidder.web import problems

STATIC = Path(__file__).parent.parent / "static"

# The views of the client; the router in static/js/lib/router.js has the same list (tests/house/test_pages.py compares
# them).
PATHS = (
    "/",
    "/home",
    "/browse",
    "/people/<id:user>",
    "/account",
    "/settings",
    "/reset",
    "/join",
    "/setup",
    "/rooms",
    "/rooms/<id:room>",
    "/dm/<id:room>",
    "/inbox",
    "/following",
    "/search",
    "/guest",
    "/moderation",
    "/boards",
    "/boards/<board:ref>",
    "/board",
    "/sensor",
    "/wire",
    "/pairup",
    "/pairup/<id:round>",
    "/claim",
)

# What a phone may be asked for that feeds a board, and nothing else.
PERMISSIONS = "accelerometer=(self), gyroscope=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()"

blueprint = Blueprint("pages", __name__)


def _page(**_view: int | str) -> Response:
    return current_app.send_static_file("client.html")


@blueprint.get("/live")
def upgrade_required() -> Response:
    """Somebody looks at the socket's address with a browser."""
    return Response("This is a WebSocket's address.\n", 426, {"Upgrade": "websocket"}, mimetype="text/plain")


for number, path in enumerate(PATHS):
    blueprint.add_url_rule(path, f"view_{number}", _page, methods=["GET"])


def install(app: Flask, settings: Settings) -> None:
    app.register_blueprint(blueprint)
    policy = content_security_policy(settings)

    @app.errorhandler(404)
    def nowhere(_error: Exception) -> Response:
        """An address that nobody knows: for people the page, which says so; for programs a problem."""
        wanted = request.accept_mimetypes.best_match(("application/json", "text/html"))
        if request.method == "GET" and wanted == "text/html":
            response = _page()
            response.status_code = 404
            return response
        return problems.respond(NotFound())

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Content-Security-Policy", policy)
        if settings.https:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        # No build step means no hashed file names: the page's files are asked about each time (ETag), all else never
        # kept.
        static = request.endpoint == "static" or (request.endpoint or "").startswith("pages.")
        # Pictures of people's messages are kept by their browser alone, which asks each time whether it still may.
        if headers.get("Cache-Control") != "private, no-cache":
            headers["Cache-Control"] = "no-cache" if static and response.status_code < 400 else "no-store"
        return response


def content_security_policy(settings: Settings) -> str:
    # Safari reads 'self' as http alone; Chromium knows no IPv6 address here, and needs none: its 'self' covers the
    # socket.
    names = sorted(host for host in settings.hosts if not host.startswith("["))
    hosts = " ".join(f"{'wss' if settings.https else 'ws'}://{name}" for name in names)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {import_map_hash()}".rstrip(),
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {hosts}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def import_map_hash() -> str:
    """An import map has to stand in the page itself; its hash is the one inline script we allow."""
    page = STATIC / "client.html"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = re.search(r'<script type="importmap">(.*?)</script>', text, re.DOTALL)
    if found is None:
        return ""
    return f"'sha256-{base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()}'"
