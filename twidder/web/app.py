"""The Flask application, put together."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter

from twidder.accounts.people_routes import api as people_api
from twidder.accounts.routes import api as accounts_api
from twidder.boards.producer_routes import api as producers_api
from twidder.boards.routes import api as boards_api
from twidder.boards.sensor_routes import api as sensors_api
from twidder.boards.share_routes import api as board_links_api
from twidder.boards.statistics_routes import api as statistics_api
from twidder.boards.value_routes import api as values_api
from twidder.boards.vote_routes import api as board_votes_api
from twidder.core import Core
from twidder.files.routes import api as files_api
from twidder.gateways import entrance, lab, pairup, updates, upgrades
from twidder.moderation.routes import api as moderation_api
from twidder.pairup.claim_routes import api as pairup_claims_api
from twidder.pairup.draw_routes import api as pairup_draws_api
from twidder.pairup.place_routes import api as pairup_places_api
from twidder.pairup.queue_routes import api as pairup_queue_api
from twidder.pairup.roster_routes import api as pairup_roster_api
from twidder.pairup.round_routes import api as pairup_rounds_api
from twidder.pairup.staff_routes import api as pairup_staff_api
from twidder.pairup.team_routes import api as pairup_teams_api
from twidder.rooms.guest_routes import api as guests_api
from twidder.rooms.inbox_routes import api as inbox_api
from twidder.rooms.member_routes import api as members_api
from twidder.rooms.message_routes import api as messages_api
from twidder.rooms.routes import api as rooms_api
from twidder.search.routes import api as search_api
from twidder.walls.routes import api as walls_api
from twidder.web import health, openapi, pages, problems
from twidder.web.api import PREFIX, Operation

_APIS = (
    accounts_api,
    people_api,
    walls_api,
    rooms_api,
    members_api,
    messages_api,
    inbox_api,
    guests_api,
    search_api,
    files_api,
    moderation_api,
    boards_api,
    producers_api,
    values_api,
    board_links_api,
    board_votes_api,
    sensors_api,
    statistics_api,
    pairup_rounds_api,
    pairup_roster_api,
    pairup_claims_api,
    pairup_draws_api,
    pairup_places_api,
    pairup_teams_api,
    pairup_staff_api,
    pairup_queue_api,
)
_ID = r"(?:0|[1-9][0-9]{0,17})"


class IdConverter(IntegerConverter):
    """An id in an address: no sign, no leading zeros, and no more than a database can hold."""

    regex = _ID


class BoardConverter(BaseConverter):
    """A board in an address: its id, or its slug, which is never digits alone."""

    regex = r"[a-z0-9][a-z0-9-]{0,47}"


def build_app(core: Core | None = None) -> Flask:
    if core is None:
        from twidder.standalone import open_core

        core = open_core()
    app = Flask("twidder", static_folder=str(pages.STATIC), static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = core.settings.limits.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = core.settings.limits.body_bytes
    app.extensions["twidder"] = core
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["board"] = BoardConverter
    app.url_map.merge_slashes = False
    problems.install(app)
    pages.install(app, core.settings)
    app.register_blueprint(health.blueprint)
    for api in _APIS:
        app.register_blueprint(api.blueprint)
    app.register_blueprint(openapi.blueprint(operations()))
    app.register_blueprint(lab.blueprint(core.settings))
    app.register_blueprint(pairup.blueprint())
    app.register_blueprint(entrance.blueprint(entrance.Entrance(core.settings)))
    app.register_blueprint(upgrades.blueprint())
    app.register_blueprint(updates.blueprint())
    return app


def operations() -> list[Operation]:
    return [operation for api in _APIS for operation in api.operations]


def hashes() -> Callable[[str, str], bool]:
    """Says of (method, path) whether it hashes a password, or reckons as long: the bridge has a lane of its own for
    such a request."""
    native = [operation for operation in operations() if operation.hashes]
    exact = {(operation.method, PREFIX + operation.path) for operation in native} | lab.HASHING_ROUTES
    known = re.compile("|".join(f"{one.method} {_as_pattern(one)}" for one in native if "<" in one.path))

    def does(method: str, path: str) -> bool:
        return (method, path) in exact or pairup.hashes(method, path) or known.fullmatch(f"{method} {path}") is not None

    return does


def _as_pattern(operation: Operation) -> str:
    return PREFIX + re.sub(r"<id:\w+>", _ID, operation.path)


def uploads() -> Callable[[str, str], bool]:
    """Says of (method, path) whether it brings a file, or a longer body than others: the bridge spools it, and gives it
    a lane of its own."""
    longer = [operation for operation in operations() if operation.uploads or operation.most]
    known = re.compile("|".join(f"{one.method} {_as_pattern(one)}" for one in longer))
    return lambda method, path: known.fullmatch(f"{method} {path}") is not None
