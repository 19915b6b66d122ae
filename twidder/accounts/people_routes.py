"""The HTTP API of what is between people: follows, privacy, roles."""

from __future__ import annotations

import msgspec

from twidder.accounts import follows, privacy, service
from twidder.accounts.models import Author, User
from twidder.accounts.privacy import Privacy, PrivacyChange
from twidder.errors import BadField
from twidder.store import ReadTx
from twidder.web.api import Api, Call, Nothing

api = Api("people")


class Follows(msgspec.Struct):
    """Newest first."""

    following: list[Author]
    followers: list[Author]


class RoleChange(msgspec.Struct, forbid_unknown_fields=True):
    """``role``: staff or member."""

    role: str


@api.route("GET", "/follows", answer=Follows)
def list_follows(call: Call) -> Follows:
    """Whom I follow, and who follows me."""

    def read(tx: ReadTx) -> Follows:
        mine = follows.followed_by(tx, call.me.user_id)
        return Follows(mine, follows.followers_of(tx, call.me.user_id, call.core.settings.limits))

    return call.read(read)


@api.route("PUT", "/follows/<id:user>", body=Nothing, statuses=(204,))
def follow(call: Call, user: int) -> None:
    """Follow somebody; again changes nothing."""
    _take_turn(call)
    call.write(lambda tx: follows.follow(tx, call.me, user, call.core.settings.limits))


@api.route("DELETE", "/follows/<id:user>", statuses=(204,))
def unfollow(call: Call, user: int) -> None:
    """Follow them no longer. A wall that is for mutual follows closes at once, on either side."""
    _take_turn(call)
    call.write(lambda tx: follows.unfollow(tx, call.me, user))


@api.route("GET", "/me/privacy", answer=Privacy)
def show_privacy(call: Call) -> Privacy:
    """Who sees my wall, and who may write to me."""
    return call.read(lambda tx: privacy.access_privacy(tx, call.me))


@api.route("PATCH", "/me/privacy", body=PrivacyChange, answer=Privacy)
def change_privacy(call: Call) -> Privacy:
    """Change it; in force at once."""
    limits = call.core.settings.limits
    call.core.rates.take("edit", call.me.user_id, burst=limits.edits_per_minute, rate=limits.edits_per_minute / 60)
    return call.write(lambda tx: privacy.change_privacy(tx, call.me, call.body))


@api.route("PATCH", "/users/<id:user>", who="owner", body=RoleChange, answer=User)
def change_role(call: Call, user: int) -> User:
    """Make a member staff, or staff a member again."""
    if call.body.role not in ("staff", "member"):
        raise BadField("role", "One is staff or member.")
    return call.write(lambda tx: service.change_role(tx, call.me, user, call.body.role))


def _take_turn(call: Call) -> None:
    limits = call.core.settings.limits
    call.core.rates.take(
        "follow", call.me.user_id, burst=limits.follows_per_minute, rate=limits.follows_per_minute / 60
    )
