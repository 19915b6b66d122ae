"""The entrance of the Socket.IO chat: a form asks for a name and a room, and a signed cookie remembers them.

The cookie is a name tag and no right: whoever has it sits as a guest, in rooms that are open to such clients.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from flask import Blueprint, Response, request
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from twidder import credentials
from twidder.accounts.fields import check_line
from twidder.config import Settings
from twidder.errors import BadField, Forbidden
from twidder.gateways import entrance_pages as pages
from twidder.web.cookies import cookie_attributes

_KEY_BYTES = 32


class Entrance:
    """At one port, as ``settings`` say how it looks from there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.cookie = "__Host-chat" if settings.https else f"chat_{settings.port}"
        self._signer: URLSafeTimedSerializer | None = None

    def read(self, cookies: Iterable[str]) -> tuple[str, str] | None:
        """Name and room, from the values of all Cookie headers."""
        value = credentials.find((), cookies, self.cookie).token
        try:
            name, room = self._sign().loads(value or "", max_age=self._settings.limits.guest_seconds)
        except (BadData, ValueError, TypeError):
            return None
        return name, room

    def set_cookie(self, name: str, room: str) -> dict[str, str]:
        value = self._sign().dumps([name, room])
        attributes = cookie_attributes(self._settings, self._settings.limits.guest_seconds)
        return {"Set-Cookie": f"{self.cookie}={value}; {attributes}"}

    def check_fields(self, form: Callable[[str], str]) -> tuple[str, str]:
        """Raises BadField."""
        limits = self._settings.limits
        return (
            check_line("name", form("name"), limits.guest_name_length),
            check_line("room", form("room"), limits.name_length),
        )

    def check_page(self) -> None:
        """A page elsewhere gives nobody a name. Raises Forbidden."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin not in (None, *self._settings.origins) or site not in (None, "same-origin", "none"):
            raise Forbidden(code="cross_site")

    def _sign(self) -> URLSafeTimedSerializer:
        if self._signer is None:
            self._signer = URLSafeTimedSerializer(_read_key(self._settings.data / "chat.key"), salt=self.cookie)
        return self._signer


def blueprint(entrance: Entrance) -> Blueprint:
    chat = Blueprint("chat", __name__)

    @chat.get("/chat/enter")
    def form() -> Response:
        name, room = entrance.read(request.headers.getlist("Cookie")) or ("", "general")
        return _page(pages.form(name, room))

    @chat.post("/chat/enter")
    def enter() -> Response:
        entrance.check_page()
        given = {field: request.form.get(field, "") for field in ("name", "room")}
        try:
            name, room = entrance.check_fields(given.__getitem__)
        except BadField as error:
            return _page(pages.form(**given, error=error.detail, field=error.extra["field"]), 422)
        return Response(status=302, headers={"Location": "/chat", **entrance.set_cookie(name, room)})

    @chat.get("/chat")
    def conversation() -> Response:
        found = entrance.read(request.headers.getlist("Cookie"))
        return (
            _page(pages.conversation(found[1])) if found else Response(status=302, headers={"Location": "/chat/enter"})
        )

    return chat


def _page(body: Markup, status: int = 200) -> Response:
    # Under no-referrer, the policy of our other pages, a browser hides the Origin of a form from its own server.
    return Response(str(body), status, {"Referrer-Policy": "same-origin"}, mimetype="text/html")


def _read_key(path: Path) -> bytes:
    """Made at first use, whole or not at all. Who restarts the server wants its guests back."""
    if not path.exists():
        descriptor, made = tempfile.mkstemp(dir=path.parent)  # for the owner's eyes only
        with open(descriptor, "wb") as file:
            file.write(os.urandom(_KEY_BYTES))
        with contextlib.suppress(FileExistsError):  # made by another thread just now
            os.link(made, path)
        os.unlink(made)
    return path.read_bytes()
