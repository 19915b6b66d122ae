"""Joining, inviting, leaving, and what moderators do to others."""

from __future__ import annotations

import msgspec
from sqlalchemy import select

from twidder import moderation
from twidder.accounts import Author, Caller, access_author, authors, check_member, is_staff, passes
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound
from twidder.rooms import membership, notices
from twidder.rooms.access import (
    PLACE,
    RANKS,
    Place,
    access_door,
    access_inside,
    access_moderator,
    access_room,
    check_open,
    rank,
    rank_of,
)
from twidder.rooms.models import Room, room_members
from twidder.rooms.views import as_room
from twidder.store import ReadTx, Tx


def join(tx: Tx, me: Caller, room_id: int, limits: Limits) -> Room:
    """Come in, or accept an invitation. Raises NotFound, Forbidden (archived), TwidderError (full)."""
    place = access_door(tx, me, room_id)
    if not place.is_in:
        check_open(place)
        membership.check_room(tx, room_id, limits)
        membership.enter(tx, room_id, place.kind, me.user_id, limits)
    return as_room(tx, me.user_id, room_id, limits)


def join_first_room(tx: Tx, user_id: int, role: str) -> None:
    """Whoever signs up is in the room that is there from the beginning, which is never full. As a hook of
    ``accounts.service.when_signed_up``."""
    role = "owner" if role == "owner" else "member"
    place = Place(*tx.driver.execute(PLACE, (user_id, FIRST_ROOM)).fetchone())
    if place.is_in:  # as a guest, until now
        membership.set_columns(tx, FIRST_ROOM, user_id, role=role)
        membership.changed(tx, place, user_id)
    else:
        membership.take_in(tx, FIRST_ROOM, place.kind, user_id, role=role)


FIRST_ROOM = 1


def invite(tx: Tx, me: Caller, room_id: int, user_id: int, limits: Limits) -> Room:
    """By anybody in an open room, by moderators in a members-only one. Raises NotFound, Forbidden."""
    place = access_inside(tx, me, room_id)
    check_open(place)
    if place.kind == "dm" or (place.kind == "members" and rank_of(me, place) == 0):
        raise Forbidden
    check_member(tx, user_id)
    state = membership.state_of(tx, room_id, user_id)
    if state == "banned":
        raise Forbidden("They are banned from this room.")
    if state not in ("in", "invited"):
        membership.put(tx, room_id, user_id, role="member", state="invited")
        membership.show(tx, room_id, user_id, limits)
        notices.notify(tx, user_id, "invited", access_author(tx, me.user_id), room_id=room_id)
    return as_room(tx, me.user_id, room_id, limits)


def leave(tx: Tx, me: Caller, room_id: int) -> None:
    """Or decline an invitation. Raises NotFound, Forbidden to the last owner."""
    place = access_door(tx, me, room_id)
    if place.state not in ("in", "invited"):
        raise NotFound
    _check_not_last_owner(tx, place, me.user_id)
    membership.leave(tx, place, me.user_id, "left", "left")


def remove(tx: Tx, me: Caller, room_id: int, user_id: int) -> None:
    """Or take an invitation back. Raises NotFound, Forbidden."""
    place = _access_above(tx, me, room_id, user_id)
    if membership.state_of(tx, room_id, user_id) not in ("in", "invited"):
        raise NotFound
    _end_visit(tx, room_id, user_id)
    membership.leave(tx, place, user_id, "removed", "removed")
    moderation.record(tx, me.user_id, "member.removed", room_id, user_id)


def ban(tx: Tx, me: Caller, room_id: int, user_id: int) -> None:
    """Out, and not to come back. Raises NotFound, Forbidden."""
    place = _access_above(tx, me, room_id, user_id)
    state = membership.state_of(tx, room_id, user_id)
    if state == "banned":
        return
    if state is None:
        membership.put(tx, room_id, user_id, role="member", state="left")
    _end_visit(tx, room_id, user_id)
    membership.leave(tx, place, user_id, "banned", "banned")
    moderation.record(tx, me.user_id, "member.banned", room_id, user_id)


def unban(tx: Tx, me: Caller, room_id: int, user_id: int) -> None:
    access_moderator(tx, me, room_id)
    if membership.state_of(tx, room_id, user_id) != "banned":
        raise NotFound
    membership.set_columns(tx, room_id, user_id, state="left")
    moderation.record(tx, me.user_id, "member.unbanned", room_id, user_id)


def change(tx: Tx, me: Caller, room_id: int, user_id: int, *, role: str | None, muted_minutes: int | None) -> None:
    """Roles are given by owners and staff, mutes by moderators too. Raises NotFound, Forbidden."""
    place = _access_above(tx, me, room_id, user_id) if role is None else _access_owner(tx, me, room_id)
    if muted_minutes is not None:
        _access_above(tx, me, room_id, user_id)
    row = tx.execute(membership.select_row(room_id, user_id)).first()
    if row is None or row.state != "in":
        raise NotFound
    values: dict[str, object] = {}
    if role is not None and role != row.role:
        if row.role == "guest":
            raise Forbidden("A guest has no other role.")
        if row.role == "owner":
            _check_not_last_owner(tx, place, user_id)
        values["role"] = role
    if muted_minutes is not None:
        values["muted_until"] = now_ms() + muted_minutes * 60_000 if muted_minutes else 0
    if values:
        membership.set_columns(tx, room_id, user_id, **values)
        membership.changed(tx, place, user_id)
        _record(tx, me, place, user_id, role if "role" in values else None, muted_minutes)


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """``handle``: none for guests."""

    user: Author
    role: str
    state: str
    muted_until: int
    handle: str | None = None


class MembersPage(msgspec.Struct, frozen=True):
    """By id. ``next``: what to ask for ``after`` with."""

    items: list[Member]
    next: int | None


def members_page(
    tx: ReadTx, me: Caller, room_id: int, *, after: int, query: str, limit: int, invited: bool = False
) -> MembersPage:
    """Who is in the room, and for moderators who is ``invited``; those whose name or handle begins with ``query``.
    Raises NotFound, Forbidden."""
    access_moderator(tx, me, room_id) if invited else access_room(tx, me, room_id)
    states = ("in", "invited" if invited else "in")
    begins = query.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = tx.driver.execute(_MEMBERS, (room_id, *states, after, begins, begins, begins, limit + 1)).fetchall()
    names = authors(tx, {row[0] for row in rows})
    items = [Member(names[user_id], *rest) for user_id, *rest in rows[:limit]]
    return MembersPage(items, items[-1].user.id if len(rows) > limit else None)


_MEMBERS = """
SELECT m.user_id, m.role, m.state, m.muted_until, u.handle FROM room_members m JOIN users u ON u.id = m.user_id
WHERE m.room_id = ? AND m.state IN (?, ?) AND m.user_id > ?
    AND (fold(u.firstname) LIKE ? ESCAPE '\\' OR fold(u.familyname) LIKE ? ESCAPE '\\' OR u.handle LIKE ? ESCAPE '\\')
ORDER BY m.user_id LIMIT ?
"""


class Banned(msgspec.Struct, frozen=True):
    user: Author
    at: int


class BansPage(msgspec.Struct, frozen=True):
    items: list[Banned]


def bans_page(tx: ReadTx, me: Caller, room_id: int, limit: int) -> BansPage:
    """The newest first."""
    access_moderator(tx, me, room_id)
    banned = (room_members.c.room_id == room_id) & (room_members.c.state == "banned")
    rows = tx.execute(select(room_members).where(banned).order_by(room_members.c.joined_at.desc()).limit(limit)).all()
    names = authors(tx, {row.user_id for row in rows})
    return BansPage([Banned(names[row.user_id], row.joined_at) for row in rows])


def _access_above(tx: ReadTx, me: Caller, room_id: int, user_id: int) -> Place:
    """The room, for a moderator who ranks above that person. Raises NotFound, Forbidden."""
    place = access_moderator(tx, me, room_id)
    check_open(place)
    row = tx.execute(membership.select_row(room_id, user_id)).first()
    if row is None:
        check_member(tx, user_id)
    role = row.role if row is not None and row.state == "in" else ""
    if user_id == me.user_id or rank_of(me, place) <= rank(role, staff=is_staff(tx, user_id)):
        raise Forbidden
    return place


def _end_visit(tx: Tx, room_id: int, user_id: int) -> None:
    """A guest of this room has nothing else, and goes altogether."""
    row = tx.execute(membership.select_row(room_id, user_id)).first()
    if row is not None and row.role == "guest":
        passes.end(tx, user_id, "pass_ended")


def _access_owner(tx: ReadTx, me: Caller, room_id: int) -> Place:
    place = access_moderator(tx, me, room_id)
    check_open(place)
    if rank_of(me, place) < RANKS["owner"]:
        raise Forbidden
    return place


def _check_not_last_owner(tx: ReadTx, place: Place, user_id: int) -> None:
    """Raises Forbidden when the others would be left without an owner."""
    rows = tx.driver.execute(_OWNERS, (place.id,)).fetchall()
    owners = {other for other, role in rows if role == "owner"}
    if owners == {user_id} and len(rows) > 1:
        raise Forbidden("First make somebody else an owner of the room.")


# The owners, and one of the others if there is any.
_OWNERS = """
SELECT user_id, role FROM room_members WHERE room_id = ? AND state = 'in' AND role <> 'guest'
ORDER BY role <> 'owner' LIMIT 2
"""


def _record(tx: Tx, me: Caller, place: Place, user_id: int, role: str | None, muted_minutes: int | None) -> None:
    if role is not None:
        moderation.record(tx, me.user_id, "member.role", place.id, user_id, role)
    if muted_minutes is not None:
        moderation.record(tx, me.user_id, "member.muted", place.id, user_id, muted_minutes)
