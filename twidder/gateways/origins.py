"""Which pages may make somebody new, at a gateway that lets every page in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from twidder.config import LOOPBACK, Settings
from twidder.errors import Forbidden


def check_newcomer(settings: Settings) -> None:
    """Who has an account may read what its community writes; so a page of any site must not make one in its reader's
    browser. Pages of this machine may, whatever their port, and programs, which send no Origin. A page from a file
    ("null", as any site can pretend to be) only where a course's own client was asked for. Raises Forbidden."""
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.origins or (origin == "null" and settings.course_client is not None):
        return
    try:
        name = urlsplit(origin).hostname
    except ValueError:
        name = None
    if name not in LOOPBACK and origin not in settings.as_course().origins:
        raise Forbidden("Sign up in Twidder itself.", code="cross_site")
