"""Where a token stands in a request: the one reader for HTTP and for the handshake. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Credentials(NamedTuple):
    """``token`` None = none, or more than one, which is none. ``by_cookie``: a browser sent it by itself."""

    token: str | None
    by_cookie: bool


def find(authorization: Iterable[str], cookies: Iterable[str], cookie_name: str) -> Credentials:
    """From the values of all Authorization and Cookie headers. ``Bearer TOKEN`` and the bare token are the same;
    Basic is not ours (browsers repeat it by themselves)."""
    headers = [value for value in authorization if not value.lower().startswith("basic ")]
    if headers:
        return Credentials(_bearer(headers[0]) if len(headers) == 1 else None, by_cookie=False)
    found = [value for header in cookies for name, value in _pairs(header) if name == cookie_name]
    return Credentials(found[0] if len(found) == 1 else None, by_cookie=True)


def _bearer(header: str) -> str | None:
    scheme, _, rest = header.strip().partition(" ")
    token = rest.strip() if scheme.lower() == "bearer" else header.strip()
    return token or None


def _pairs(header: str) -> Iterable[tuple[str, str]]:
    for part in header.split(";"):
        name, separator, value = part.strip().partition("=")
        if separator:
            yield name, value.strip('"')
