"""Guests of a walk-in room: coming in by its link, being let in or put out, staying on as a member."""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select

from twidder import moderation
from twidder.accounts import Author, Caller, Guest, Seated, User, access_author, authors, guests, passes
from twidder.accounts.fields import NewUser, check_line
from twidder.accounts.sessions import identify
from twidder.config import Limits
from twidder.errors import NotFound, TwidderError
from twidder.rooms import membership, notices
from twidder.rooms.access import Place, access_moderator, check_open, find_place
from twidder.rooms.door import find_by_secret
from twidder.rooms.models import room_members
from twidder.store import ReadTx, Tx


class Knock(msgspec.Struct, frozen=True):
    """``at``: since when they have been waiting (ms)."""

    user: Author
    at: int


def come_in(tx: Tx, secret: str, name: str, token: str, limits: Limits) -> tuple[Guest, str]:
    """By the link, under a checked name: (the holder of the new pass, in or knocking). Raises Forbidden (bad_link),
    BadField (taken), TwidderError (full)."""
    row = find_by_secret(tx, secret)
    _check_not_full(tx, row.id, limits)
    guests.check_name_is_free(tx, row.id, name)
    user_id = guests.make_guest(tx, row.id, name, "link", limits.guest_seconds, token)
    if row.knock:
        membership.put(tx, row.id, user_id, role="guest", state="knocking")
        _tell_moderators(tx, row.id, guests.author_of(user_id, name))
    else:
        _enter(tx, row.id, row.kind, user_id, limits)
    guest = identify(tx, token, limits)
    assert isinstance(guest, Guest)
    return guest, "knocking" if row.knock else "in"


def gateway_guest(tx: Tx, room_id: int, name: str, via: str, limits: Limits) -> Author:
    """Who goes by ``name`` at a gateway, as ``Seated(author.id, "", "", author, guest_of=room_id)`` may act: somebody
    new, or whoever went by it there before. Raises BadField, NotFound, TwidderError (full, gone for who was banned)."""
    name = check_line("name", name, limits.guest_name_length)
    found = guests.find_again(tx, room_id, name, via, limits.guest_seconds)
    state = membership.state_of(tx, room_id, found) if found is not None else None
    if state == "banned":
        raise TwidderError(code="gone")
    if state != "in":
        _check_not_full(tx, room_id, limits)
    user_id = found or guests.make_guest(tx, room_id, name, via, limits.guest_seconds)
    if state != "in":
        place = _place_of(tx, user_id, room_id)
        check_open(place)
        _enter(tx, room_id, place.kind, user_id, limits)
    return access_author(tx, user_id)


def state_of(tx: ReadTx, guest: Guest) -> str:
    """in or knocking. Raises NotFound."""
    state = membership.state_of(tx, guest.guest_of, guest.user_id)
    if state is None:
        raise NotFound
    return state


def knocks(tx: ReadTx, me: Caller, room_id: int) -> list[Knock]:
    """Who waits at the door, the longest first."""
    access_moderator(tx, me, room_id)
    query = select(room_members.c.user_id, room_members.c.joined_at).where(
        room_members.c.room_id == room_id, room_members.c.state == "knocking"
    )
    rows = tx.execute(query.order_by(room_members.c.joined_at, room_members.c.user_id)).all()
    names = authors(tx, [row.user_id for row in rows])
    return [Knock(names[row.user_id], row.joined_at) for row in rows]


def let_in(tx: Tx, me: Caller, room_id: int, user_id: int, limits: Limits) -> None:
    """Open to somebody who knocks; they hear of it on their topic ``me``. Raises NotFound, Forbidden."""
    place = access_moderator(tx, me, room_id)
    check_open(place)
    if membership.state_of(tx, room_id, user_id) != "knocking":
        raise NotFound
    _enter(tx, room_id, place.kind, user_id, limits)
    membership.tell_mine(tx, place, user_id)
    moderation.record(tx, me.user_id, "guest.let_in", room_id, user_id)


def put_out(tx: Tx, me: Caller, room_id: int, user_id: int) -> None:
    """End a guest's visit, or send away who knocks. Raises NotFound, Forbidden."""
    access_moderator(tx, me, room_id)
    if not _is_guest(tx, room_id, user_id):
        raise NotFound
    passes.end(tx, user_id, "pass_ended")
    moderation.record(tx, me.user_id, "guest.put_out", room_id, user_id)


def stay_on(tx: Tx, guest: Guest, new: NewUser, password_hash: str, token: str, agent: str, *, loopback: bool) -> User:
    """A guest makes an account; their place in the room and what they wrote stay theirs."""
    user = guests.become_member(tx, guest, new, password_hash, token, agent, loopback=loopback)
    place = _place_of(tx, guest.user_id, guest.guest_of)
    if place.state == "knocking":  # a member of the place needs nobody to open
        membership.leave(tx, place, guest.user_id, "left", "left")
    elif place.role == "guest":
        membership.set_columns(tx, place.id, guest.user_id, role="member")
        membership.changed(tx, place, guest.user_id)
    return user


_OUTCOMES = {"pass_ended": "removed", "signed_out": "left", "pass_expired": "left"}


def leave_with_pass(tx: Tx, user_id: int, room_id: int, why: str) -> None:
    """A visit has ended, and with it the guest's place in the room."""
    place = _place_of(tx, user_id, room_id)
    if place.state in ("in", "knocking"):
        membership.leave(tx, place, user_id, _OUTCOMES[why], _OUTCOMES[why])


passes.when_ended.append(leave_with_pass)


def _enter(tx: Tx, room_id: int, kind: str, user_id: int, limits: Limits) -> None:
    membership.check_room(tx, room_id, limits)
    membership.enter(tx, room_id, kind, user_id, limits, role="guest")


def _tell_moderators(tx: Tx, room_id: int, by: Author) -> None:
    moderators = select(room_members.c.user_id).where(
        room_members.c.room_id == room_id,
        room_members.c.state == "in",
        room_members.c.role.in_(("owner", "moderator")),
    )
    for user_id in tx.execute(moderators).scalars().all():
        notices.notify(tx, user_id, "knock", by, room_id=room_id)


def _check_not_full(tx: ReadTx, room_id: int, limits: Limits) -> None:
    query = select(func.count()).where(
        room_members.c.room_id == room_id,
        room_members.c.role == "guest",
        room_members.c.state.in_(("in", "knocking")),
    )
    if tx.execute(query).scalar_one() >= limits.guests_of_room:
        raise TwidderError("There is no room for more guests.", code="full")


def _is_guest(tx: ReadTx, room_id: int, user_id: int) -> bool:
    query = select(room_members.c.user_id).where(
        room_members.c.room_id == room_id,
        room_members.c.user_id == user_id,
        room_members.c.role == "guest",
        room_members.c.state.in_(("in", "knocking")),
    )
    return tx.execute(query).first() is not None


def _place_of(tx: ReadTx, user_id: int, room_id: int) -> Place:
    """The room as it is to this guest. Raises NotFound."""
    return find_place(tx, Seated(user_id, "", "", access_author(tx, user_id), room_id), room_id)
