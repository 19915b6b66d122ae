"""Twidder: a live community for a course, a club or a small team, on one's own machine.

``create_app`` is the Flask half. ``twidder serve`` runs all of it (``twidder.asgi``); ``flask --app twidder run`` and
any WSGI server run this half alone: everything but the live connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from twidder.core import Core

__version__ = "0.1.0"


def create_app(core: Core | None = None) -> Flask:
    """The Flask application. Without ``core`` it opens its own store, at the place that the environment names."""
    from twidder.web.app import build_app

    return build_app(core)
