"""The Flask application, put together."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from twidder.accounts.routes import api as accounts_api
from twidder.core import Core
from twidder.gateways import lab
from twidder.walls.routes import api as walls_api
from twidder.web import health, openapi, pages, problems
from twidder.web.api import Operation

_APIS = (accounts_api, walls_api)


class IdConverter(IntegerConverter):
    """An id in an address: no sign, no leading zeros, and no more than a database can hold."""

    regex = r"(?:0|[1-9][0-9]{0,17})"


def build_app(core: Core | None = None) -> Flask:
    if core is None:
        from twidder.standalone import open_core

        core = open_core()
    app = Flask("twidder", static_folder=str(pages.STATIC), static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = core.settings.limits.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = core.settings.limits.body_bytes
    app.extensions["twidder"] = core
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    problems.install(app)
    pages.install(app, core.settings)
    app.register_blueprint(health.blueprint)
    for api in _APIS:
        app.register_blueprint(api.blueprint)
    app.register_blueprint(openapi.blueprint(operations()))
    app.register_blueprint(lab.blueprint(core.settings))
    return app


def operations() -> list[Operation]:
    return [operation for api in _APIS for operation in api.operations]


def hashing_routes() -> set[tuple[str, str]]:
    """(method, path) of the routes that hash a password: the bridge gives them a lane of their own."""
    native = {(operation.method, f"/api/v1{operation.path}") for operation in operations() if operation.hashes}
    return native | lab.HASHING_ROUTES
