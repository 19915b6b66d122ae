"""Whom a request came from, where there are proxies in front of us."""

from __future__ import annotations

from collections.abc import Iterable


def address_behind(peer: str, forwarded: Iterable[str], proxies: int) -> str:
    """``forwarded`` are the X-Forwarded-For headers. Each proxy appends the address that it saw, so the one to believe
    is counted from the end; what stands before it is whatever the client made up."""
    if not proxies:
        return peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    return hops[-proxies] if len(hops) >= proxies else peer
