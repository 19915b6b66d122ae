"""Passwords against accounts: the one way in for every door, with its brakes.

Failures are counted by (account, address) and by address. The answer for an unknown user and a wrong password is one
and takes the same time. Nothing is told to anybody about a failed attempt, and no session is disturbed by it.
"""

from __future__ import annotations

import ipaddress

from twidder.accounts import service
from twidder.accounts.fields import email_key
from twidder.accounts.models import Me
from twidder.accounts.sessions import identify, new_token
from twidder.core import Core
from twidder.errors import BadField, Unauthorized
from twidder.store import Tx


def sign_in_with_password(core: Core, name: str, password: str, agent: str, address: str) -> tuple[str, Me]:
    """(the new token, who has it). Raises BadField, Unauthorized (wrong_credentials), RateLimited
    (too_many_attempts)."""
    _check_given(name, password, core)
    address = network(address)
    key = (email_key(name), address)
    check_brakes(core, key, address)
    found = core.store.read(lambda tx: service.find_user(tx, name))
    if not core.passwords.verify(found[1] if found else None, password) or found is None:
        count_failure(core, key, address)
        raise Unauthorized(code="wrong_credentials")
    core.failed_by_account.succeeded(key)
    user_id, password_hash = found
    token = new_token()

    def write(tx: Tx) -> Me:
        service.sign_in(tx, user_id, password_hash, token, agent)
        me = identify(tx, token, core.settings.limits)
        assert isinstance(me, Me)
        return me

    return token, core.store.write(write)


def verified_hash(core: Core, me: Me, password: str, address: str, *, field: str) -> str:
    """The stored hash, once ``password`` has matched it. Raises BadField(field), RateLimited."""
    address = network(address)
    key = (email_key(me.user.email), address)
    check_brakes(core, key, address)
    found = core.store.read(lambda tx: service.find_user(tx, me.user.email))
    if found is None or not core.passwords.verify(found[1], password):
        count_failure(core, key, address)
        raise BadField(field, "That is not your password.")
    core.failed_by_account.succeeded(key)
    return found[1]


def _check_given(name: str, password: str, core: Core) -> None:
    if not name.strip() or len(name) > 254 or "\0" in name:
        raise BadField("email", "Which e-mail?")
    if not password or "\0" in password or len(password) > core.settings.limits.password_max:
        raise BadField("password", "Which password?")


def network(address: str) -> str:
    """Whom we count: an IPv6 customer has a whole /64 to choose addresses from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def check_brakes(core: Core, key: tuple[str, str], address: str) -> None:
    core.failed_by_address.check(address)
    core.failed_by_account.check(key)


def count_failure(core: Core, key: tuple[str, str], address: str) -> None:
    core.failed_by_account.failed(key)
    core.failed_by_address.failed(address)
