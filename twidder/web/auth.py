"""Who is asking, and whether their page may ask it."""

from __future__ import annotations

import contextlib

from flask import Request

from twidder import credentials
from twidder.accounts import Guest, Me, Student, Viewer, identify
from twidder.accounts.sessions import touch
from twidder.clock import now_ms
from twidder.config import Settings
from twidder.core import Core
from twidder.errors import BadRequest, Busy, Forbidden, Unauthorized

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN_NAMES = frozenset({"token", "access_token"})


def find_credentials(request: Request, settings: Settings) -> credentials.Credentials:
    headers = request.headers
    return credentials.find(headers.getlist("Authorization"), headers.getlist("Cookie"), settings.cookie)


def access_caller(request: Request, core: Core) -> Me | Guest | Student | Viewer:
    """The holder of the request's token. Raises Unauthorized."""
    return access_holder(core, find_credentials(request, core.settings).token)


def access_holder(core: Core, token: str | None) -> Me | Guest | Student | Viewer:
    """Raises Unauthorized."""
    if token is None:
        raise Unauthorized
    me = core.store.read(lambda tx: identify(tx, token, core.settings.limits))
    if not isinstance(me, Viewer) and now_ms() - me.seen_at > core.settings.limits.session_touch_seconds * 1000:
        _touch(core, me)
    return me


def admit(core: Core, authorizations: list[str], cookies: list[str]) -> int:
    """Whose request this is, asked before its body is listened to. Raises Unauthorized, Forbidden but to members."""
    found = credentials.find(authorizations, cookies, core.settings.cookie)
    me = access_holder(core, found.token)
    if not isinstance(me, Me):
        codes = {Student: "pairup_alone", Viewer: "not_for_viewers"}
        raise Forbidden(code=codes.get(type(me), "not_for_guests"))
    return me.user_id


def find_holder(request: Request, core: Core) -> Me | Guest | Student | None:
    """Who this browser is already, if anybody."""
    token = find_credentials(request, core.settings).token
    if token is None:
        return None
    try:
        holder = core.store.read(lambda tx: identify(tx, token, core.settings.limits))
    except Unauthorized:
        return None
    return None if isinstance(holder, Viewer) else holder


def find_guest(request: Request, core: Core) -> Guest | None:
    holder = find_holder(request, core)
    return holder if isinstance(holder, Guest) else None


def check_same_site(request: Request, settings: Settings) -> None:
    """An unsafe request that a browser marks as another site's is refused; so is one by cookie without any mark.

    A page elsewhere can make a browser send our cookie along; it cannot make it lie about where the page came from.
    """
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign_site = site is not None and site not in ("same-origin", "none")
    foreign_origin = origin is not None and origin not in settings.origins
    found = find_credentials(request, settings)
    unmarked = site is None and origin is None and found.by_cookie and found.token is not None
    if foreign_site or foreign_origin or unmarked:
        raise Forbidden(code="cross_site")


def check_no_token_in_url(request: Request) -> None:
    if _TOKEN_NAMES.intersection(request.args):
        raise BadRequest(code="token_in_url")


def _touch(core: Core, me: Me | Guest | Student) -> None:
    with contextlib.suppress(Busy):  # the next request tries again
        core.store.submit(lambda tx: touch(tx, me), lambda _result, _error: None)
