"""The HTTP API of who is in a room."""

from __future__ import annotations

import msgspec

from twidder.errors import BadField
from twidder.rooms import members
from twidder.rooms.models import Room
from twidder.rooms.service import take_edit
from twidder.store import ReadTx
from twidder.web.api import Api, Call, Nothing

api = Api("members")

ROLES = ("owner", "moderator", "member")


class MembersQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``after``: the ``next`` of the page before this one. ``q``: how a name or handle begins. ``invited``: those who
    have not answered yet as well; for moderators."""

    after: int = 0
    q: str = ""
    limit: int = 50
    invited: bool = False


class MemberChange(msgspec.Struct, forbid_unknown_fields=True):
    """``role``: owner, moderator or member. ``muted_minutes``: 0 ends it."""

    role: str | None = None
    muted_minutes: int | None = None


@api.route("GET", "/rooms/<id:room>/members", who="guest", query=MembersQuery, answer=members.MembersPage)
def list_members(call: Call, room: int) -> members.MembersPage:
    """Who is in the room, guests too."""
    query, limits = call.query, call.core.settings.limits
    if not 1 <= query.limit <= limits.page_size:
        raise BadField("limit", f"A page has 1 to {limits.page_size} members.")
    if not 0 <= query.after < 2**63:
        raise BadField("after", "That is not where a page ended.")
    if len(query.q) > limits.search_length:
        raise BadField("q", f"At most {limits.search_length} characters.")

    def read(tx: ReadTx) -> members.MembersPage:
        wanted = {"after": query.after, "query": query.q, "limit": query.limit, "invited": query.invited}
        return members.members_page(tx, call.caller, room, **wanted)

    return call.read(read)


@api.route("PUT", "/rooms/<id:room>/members/<id:user>", body=Nothing, answer=Room)
def add_member(call: Call, room: int, user: int) -> Room:
    """Me: join, or accept an invitation. Somebody else: invite them."""
    limits = call.core.settings.limits
    if user == call.me.user_id:
        take_edit(call.core.rates, call.me, call.core.settings.limits)
        return call.write(lambda tx: members.join(tx, call.me, room, limits))
    rate = limits.invitations_per_hour
    call.core.rates.take("invite", call.me.user_id, burst=rate, rate=rate / 3600)
    return call.write(lambda tx: members.invite(tx, call.me, room, user, limits))


@api.route("DELETE", "/rooms/<id:room>/members/<id:user>", statuses=(204,))
def remove_member(call: Call, room: int, user: int) -> None:
    """Me: leave, or decline an invitation. Somebody else: remove them."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    if user == call.me.user_id:
        call.write(lambda tx: members.leave(tx, call.me, room))
    else:
        call.write(lambda tx: members.remove(tx, call.me, room, user))


@api.route("PATCH", "/rooms/<id:room>/members/<id:user>", body=MemberChange, statuses=(204,))
def change_member(call: Call, room: int, user: int) -> None:
    """Give a role (owners and staff), or mute for some minutes (moderators)."""
    role, minutes, limits = call.body.role, call.body.muted_minutes, call.core.settings.limits
    if role is not None and role not in ROLES:
        raise BadField("role", f"A role is one of {', '.join(ROLES)}.")
    if minutes is not None and not 0 <= minutes <= limits.mute_minutes:
        raise BadField("muted_minutes", f"A mute has 0 to {limits.mute_minutes:,} minutes.")
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: members.change(tx, call.me, room, user, role=role, muted_minutes=minutes))


@api.route("GET", "/rooms/<id:room>/bans", answer=members.BansPage)
def list_bans(call: Call, room: int) -> members.BansPage:
    """Who is banned, the latest first."""
    return call.read(lambda tx: members.bans_page(tx, call.me, room, call.core.settings.limits.page_size))


@api.route("PUT", "/rooms/<id:room>/bans/<id:user>", body=Nothing, statuses=(204,))
def ban_member(call: Call, room: int, user: int) -> None:
    """Out, and not to come back."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: members.ban(tx, call.me, room, user))


@api.route("DELETE", "/rooms/<id:room>/bans/<id:user>", statuses=(204,))
def unban_member(call: Call, room: int, user: int) -> None:
    """They may come back."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: members.unban(tx, call.me, room, user))
