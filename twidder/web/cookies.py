"""The session cookie: for the server alone, for this site alone, for this host alone."""

from __future__ import annotations

from twidder.config import Settings


def session_cookie(settings: Settings, token: str, seconds: int | None = None) -> dict[str, str]:
    """``seconds``: how long the browser keeps it, if not as long as a session may last."""
    lasting = cookie_attributes(settings, seconds or settings.limits.session_seconds)
    return {"Set-Cookie": f"{settings.cookie}={token}; {lasting}"}


def expired_cookie(settings: Settings) -> dict[str, str]:
    return {"Set-Cookie": f"{settings.cookie}=; {cookie_attributes(settings, 0)}"}


def cookie_attributes(settings: Settings, seconds: int) -> str:
    """For the server alone, for this site alone, for this host alone; of any cookie of ours."""
    secure = (
        "; Secure" if settings.https else ""
    )  # plain http is for loopback, where a Secure cookie would never be sent
    return f"Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
