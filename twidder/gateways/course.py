"""A course's own client, served from its folder on a port of its own, with the gateways at the same origin.

Students' pages have inline scripts, styles and other hosts' files, so our content security policy does not stand here.
The port makes it another origin than Twidder's, from which the browser keeps such a page away; what it may use are the
gateways, with the token that it got by itself. The native API, and with it every cookie, is at the other port alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound

from twidder.config import Settings
from twidder.core import Core
from twidder.gateways import entrance, lab, pairup, updates, upgrades
from twidder.web import problems
from twidder.web.http import GuardedHttp, guard
from twidder.web.pages import STATIC

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_PAGES = ("client.html", "index.html")
# What pages may load of ours: the labs' stub, and the Socket.IO chat.
_OURS = frozenset(
    {"serverstub.js", "favicon.svg", "vendor/socket.io.js", "chat/chat.js", "chat/chat.css", "css/tokens.css"}
)


def build_app(core: Core, folder: Path) -> Flask:
    app = Flask("twidder.gateways.course", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = core.settings.limits.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = core.settings.limits.body_bytes
    app.extensions["twidder"] = core
    app.url_map.merge_slashes = False
    problems.install(app)
    app.register_blueprint(lab.blueprint(core.settings))
    app.register_blueprint(pairup.blueprint())
    app.register_blueprint(entrance.blueprint(entrance.Entrance(core.settings.as_course())))
    app.register_blueprint(upgrades.blueprint())
    app.register_blueprint(updates.blueprint())
    app.register_blueprint(_files(folder.resolve()))
    return app


def _files(folder: Path) -> Blueprint:
    files = Blueprint("files", __name__)

    @files.get("/")
    def page() -> Response:
        return _first((place, name) for place in (folder, folder / "static") for name in _PAGES)

    @files.get("/static/<path:name>")
    def static(name: str) -> Response:
        """The folder may be the one of the files, or the one that has ``static`` in it."""
        return _first([(folder, name), (folder / "static", name), *_ours(name)])

    @files.get("/<path:name>")
    def file(name: str) -> Response:
        return _first([(folder, name), *_ours(name)])

    return files


def _ours(name: str) -> list[tuple[Path, str]]:
    return [(STATIC, name)] if name in _OURS else []


def _first(candidates: Iterable[tuple[Path, str]]) -> Response:
    for folder, name in candidates:
        if any(part.startswith(".") for part in name.split("/")):  # a student's .git and .env are not part of the page
            continue
        try:
            return send_from_directory(folder, name)
        except NotFound:
            continue
    raise NotFound


def by_port(main: Wsgi, core: Core) -> Wsgi:
    """One WSGI application for both ports. SERVER_PORT is where the connection came in, whatever its Host says."""
    settings = core.settings
    if settings.course_client is None:
        return main
    course = build_app(core, settings.course_client).wsgi_app
    port = str(settings.course_port)

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (course if environ["SERVER_PORT"] == port else main)(environ, start_response)

    return app


def guard_ports(settings: Settings) -> type[GuardedHttp]:
    """``web.http.guard``, where each port has its own list of hosts."""
    others = [settings.course_port] if settings.course_client is not None else []
    others += [settings.tutorial12_port] if settings.tutorial12_port is not None else []
    if not others:
        return guard(settings)
    seen_from = {port: settings.at_port(port) for port in others}

    class Http(GuardedHttp):
        def connection_made(self, transport: Any) -> None:
            here = transport.get_extra_info("sockname")
            self.settings = seen_from.get(here[1], settings) if here else settings
            super().connection_made(transport)

    return Http
