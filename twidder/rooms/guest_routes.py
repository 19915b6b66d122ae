"""The HTTP API of walk-in rooms: the door, passes, knocks, guests."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import request

from twidder.accounts import Author, Guest, Me, Session, Student, User, agents, guests, passes
from twidder.accounts.fields import NewUser, check_new_user
from twidder.accounts.links import new_secret, qr_rows
from twidder.accounts.sessions import identify, new_token
from twidder.errors import BadField, Forbidden, TwidderError
from twidder.rooms import door
from twidder.rooms import guests as service
from twidder.rooms.door import Door
from twidder.rooms.guests import Knock
from twidder.rooms.service import take_edit
from twidder.store import Tx
from twidder.web import auth
from twidder.web.api import Api, Call, Nothing, Reply
from twidder.web.cookies import session_cookie

api = Api("guests")


class DoorLink(msgspec.Struct):
    """``qr``: rows of 0 and 1, without the quiet zone."""

    url: str
    expires_at: int
    qr: list[str]


class Secret(msgspec.Struct, forbid_unknown_fields=True):
    secret: str


class NewPass(msgspec.Struct, forbid_unknown_fields=True):
    """``transport``: "cookie" for pages; "token" puts the token into the answer instead, for programs."""

    secret: str
    name: str
    transport: str = "cookie"


class Pass(msgspec.Struct, omit_defaults=True):
    """``state``: in or knocking."""

    guest: Author
    room: int
    state: str
    expires_at: int
    token: str | None = None


class Knocks(msgspec.Struct):
    items: list[Knock]


class NewMember(msgspec.Struct, omit_defaults=True):
    user: User
    session: Session
    token: str | None = None


@api.route("POST", "/rooms/<id:room>/link", body=Nothing, answer=DoorLink, statuses=(201,))
def open_door(call: Call, room: int) -> DoorLink:
    """A link by which guests come into a walk-in room. It ends the older one; who is inside stays."""
    limits = call.core.settings.limits
    call.core.rates.take("link", call.me.user_id, burst=limits.links_per_hour, rate=limits.links_per_hour / 3600)
    secret = new_secret()
    expires_at = call.write(lambda tx: door.open_door(tx, call.me, room, secret, limits.guest_link_seconds))
    url = f"{call.core.settings.address}/guest#{secret}"
    return DoorLink(url, expires_at, qr_rows(url))


@api.route("DELETE", "/rooms/<id:room>/link", statuses=(204,))
def close_door(call: Call, room: int) -> None:
    """End the link; who is inside stays."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: door.close_door(tx, call.me, room))


@api.route("POST", "/guest-door", who="anybody", body=Secret, answer=Door)
def look_at_door(call: Call) -> Door:
    """What a link opens."""
    row = _access_door(call)
    return call.read(lambda tx: door.as_door(tx, row, call.core.here_in(door.topic_of(row))))


def _access_door(call: Call) -> Any:
    """The row of the room that the body's secret opens. Raises Forbidden (bad_link), which is counted."""
    call.core.failed_by_address.check(call.address)
    try:
        return call.read(lambda tx: door.find_by_secret(tx, call.body.secret))
    except Forbidden:
        call.core.failed_by_address.failed(call.address)
        raise


@api.route("POST", "/guest-passes", who="anybody", body=NewPass, answer=Pass, statuses=(201, 200))
def come_in(call: Call) -> Reply:
    """Come in as a guest, or knock. Whoever is in already keeps their pass (200); members come in as themselves."""
    settings = call.core.settings
    if call.body.transport not in ("cookie", "token"):
        raise BadField("transport", "The transport is cookie or token.")
    per_minute = settings.limits.guest_passes_per_minute
    call.core.rates.take("guest", call.address, burst=per_minute, rate=per_minute / 60)
    known = auth.find_holder(request, call.core)
    if isinstance(known, Me | Student):
        raise TwidderError("You are signed in: come in as yourself.", code="gone")
    room_id = _access_door(call).id  # first of all: who has no link learns nothing of anybody's name
    if known is not None and known.guest_of == room_id:
        state = call.read(lambda tx: service.state_of(tx, known))
        return Reply(Pass(known.author, known.guest_of, state, known.expires_at), 200)
    name = guests.check_guest_name(call.body.name, settings.limits)
    call.read(lambda tx: guests.check_not_a_member(tx, name))
    token = new_token()
    guest, state = call.write(lambda tx: _replace_pass(tx, call, known, name, token))
    made = Pass(guest.author, guest.guest_of, state, guest.expires_at)
    if call.body.transport == "token":
        made.token = token
        return Reply(made, 201)
    return Reply(made, 201, session_cookie(settings, token, settings.limits.guest_seconds))


def _replace_pass(tx: Tx, call: Call, known: Guest | None, name: str, token: str) -> tuple[Guest, str]:
    """A browser is the guest of one room at a time."""
    if known is not None:
        passes.end(tx, known.user_id, "signed_out")
    return service.come_in(tx, call.body.secret, name, token, call.core.settings.limits)


@api.route("POST", "/guest-passes/account", who="guest", body=NewUser, answer=NewMember, statuses=(201,), hashes=True)
def become_member(call: Call) -> Reply:
    """Turn my pass into an account. What I wrote stays mine, and I am signed in."""
    core, guest = call.core, call.caller
    if not isinstance(guest, Guest):
        raise TwidderError("You have an account.", code="gone")
    limits = core.settings.limits
    core.rates.take("signup", call.address, burst=limits.signups_per_minute, rate=limits.signups_per_minute / 60)
    new = check_new_user(call.body, limits)
    password_hash, token = core.passwords.hash(new.password), new_token()
    agent = agents.describe(request.headers.get("User-Agent", ""))

    def write(tx: Tx) -> Me:
        service.stay_on(tx, guest, new, password_hash, token, agent, loopback=core.settings.loopback)
        made = identify(tx, token, limits)
        assert isinstance(made, Me)
        return made

    me = call.write(write)
    assert isinstance(me, Me)
    if auth.find_credentials(request, core.settings).by_cookie:
        return Reply(NewMember(me.user, me.session), 201, session_cookie(core.settings, token))
    return Reply(NewMember(me.user, me.session, token), 201)


@api.route("GET", "/rooms/<id:room>/knocks", answer=Knocks)
def list_knocks(call: Call, room: int) -> Knocks:
    """Who waits at the door, for those who may open it."""
    return Knocks(call.read(lambda tx: service.knocks(tx, call.me, room)))


@api.route("PUT", "/rooms/<id:room>/guests/<id:user>", body=Nothing, statuses=(204,))
def let_in(call: Call, room: int, user: int) -> None:
    """Let in who knocks."""
    limits = call.core.settings.limits
    rate = limits.invitations_per_hour
    call.core.rates.take("invite", call.me.user_id, burst=rate, rate=rate / 3600)
    call.write(lambda tx: service.let_in(tx, call.me, room, user, limits))


@api.route("DELETE", "/rooms/<id:room>/guests/<id:user>", statuses=(204,))
def put_out(call: Call, room: int, user: int) -> None:
    """Put a guest out, or send away who knocks: their pass ends, and every page of it at once."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: service.put_out(tx, call.me, room, user))
