"""The session cookie: for the server alone, for this site alone, for this host alone."""

from __future__ import annotations

from twidder.config import Settings


def session_cookie(settings: Settings, token: str) -> dict[str, str]:
    return {"Set-Cookie": f"{settings.cookie}={token}; {_attributes(settings, settings.limits.session_seconds)}"}


def expired_cookie(settings: Settings) -> dict[str, str]:
    return {"Set-Cookie": f"{settings.cookie}=; {_attributes(settings, 0)}"}


def _attributes(settings: Settings, seconds: int) -> str:
    secure = (
        "; Secure" if settings.https else ""
    )  # plain http is for loopback, where a Secure cookie would never be sent
    return f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
