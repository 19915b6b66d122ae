"""New accounts: the one way in for every door, with its brake."""

from __future__ import annotations

from twidder.accounts import service
from twidder.accounts.fields import NewUser, check_new_user
from twidder.accounts.models import User
from twidder.core import Core


def sign_up_with_fields(core: Core, typed: NewUser, address: str, *, may_own: bool = True) -> User:
    """Make the account; it does not sign in. ``may_own``: whether it may be the first one, which owns the place.
    Raises BadField, Forbidden (sign_up_closed, bad_link), RateLimited."""
    limits = core.settings.limits
    core.rates.take("signup", address, burst=limits.signups_per_minute, rate=limits.signups_per_minute / 60)
    new = check_new_user(typed, limits)
    password_hash = core.passwords.hash(new.password)
    loopback = core.settings.loopback
    return core.store.write(lambda tx: service.sign_up(tx, new, password_hash, loopback=loopback, may_own=may_own))
