"""The addresses of the chat gateways' WebSockets, looked at with a browser."""

from __future__ import annotations

from flask import Blueprint

from twidder.web.pages import upgrade_required


def blueprint() -> Blueprint:
    upgrades = Blueprint("upgrades", __name__)
    upgrades.add_url_rule("/tutorial12", "first_room", upgrade_required)
    upgrades.add_url_rule("/tutorial12/<path:room>", "room", lambda room: upgrade_required())
    return upgrades
