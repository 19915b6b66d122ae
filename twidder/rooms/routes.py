"""The HTTP API of rooms: the list, making and changing them, my side of one."""

from __future__ import annotations

import msgspec

from twidder.errors import BadField
from twidder.rooms import dms, fields, listing, making, reading
from twidder.rooms.fields import NewRoom, RoomChange
from twidder.rooms.models import Room
from twidder.rooms.service import take_edit
from twidder.web.api import Api, Call, Reply

api = Api("rooms")


class RoomsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``browse``: rooms that I am not in, and could join. ``q``: with this in their name."""

    browse: bool = False
    q: str = ""


class LevelChange(msgspec.Struct, forbid_unknown_fields=True):
    level: str


class ReadUpTo(msgspec.Struct, forbid_unknown_fields=True):
    """``seq``: of the newest event that I have read."""

    seq: int


class NewConversation(msgspec.Struct, forbid_unknown_fields=True):
    """``users``: whom I write to."""

    users: list[int]


@api.route("GET", "/rooms", query=RoomsQuery, answer=listing.RoomsPage)
def list_rooms(call: Call) -> listing.RoomsPage:
    """The rooms and conversations that I am in or invited to, newest activity first; or those that I could join."""
    limits = call.core.settings.limits
    if len(call.query.q) > limits.search_length:
        raise BadField("q", f"At most {limits.search_length} characters.")
    if call.query.browse:
        return call.read(lambda tx: listing.browse(tx, call.me, call.query.q, limits))
    return call.read(lambda tx: listing.mine(tx, call.me, limits))


@api.route("POST", "/rooms", body=NewRoom, answer=Room, statuses=(201,))
def create_room(call: Call) -> Room:
    """Make a room; it is mine."""
    limits = call.core.settings.limits
    new = fields.check_new_room(call.body, limits)
    call.core.rates.take("room", call.me.user_id, burst=limits.rooms_per_hour, rate=limits.rooms_per_hour / 3600)
    return call.write(lambda tx: making.create(tx, call.me, new, limits))


@api.route("GET", "/rooms/<id:room>", who="guest", answer=listing.RoomNow)
def get_room(call: Call, room: int) -> listing.RoomNow:
    """A room that I may see; of one that I am invited to, as much as stands on its door."""
    return call.read(lambda tx: listing.one(tx, call.caller, room, call.core.settings.limits))


@api.route("PATCH", "/rooms/<id:room>", body=RoomChange, answer=Room)
def change_room(call: Call, room: int) -> Room:
    """By its owners and moderators, and staff."""
    limits = call.core.settings.limits
    wanted = fields.check_change(call.body, limits)
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    return call.write(lambda tx: making.change(tx, call.me, room, wanted, limits))


@api.route("DELETE", "/rooms/<id:room>", answer=Room)
def archive_room(call: Call, room: int) -> Room:
    """Archive it: it can be read, and nothing in it changes any more until it is opened again."""
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    return call.write(lambda tx: making.change(tx, call.me, room, RoomChange(archived=True), call.core.settings.limits))


@api.route("PATCH", "/rooms/<id:room>/mine", body=LevelChange, statuses=(204,))
def change_level(call: Call, room: int) -> None:
    """What I want to be told of: all, mentions or nothing."""
    level = fields.check_level(call.body.level)
    take_edit(call.core.rates, call.me, call.core.settings.limits)
    call.write(lambda tx: reading.set_level(tx, call.me, room, level))


@api.route("PUT", "/rooms/<id:room>/read", who="guest", body=ReadUpTo, statuses=(204,))
def read_room(call: Call, room: int) -> None:
    """I have read everything up to this event; it never goes back."""
    if not 0 <= call.body.seq < 2**63:
        raise BadField("seq", "That is no position.")
    reading.take_turn(call.core.rates, call.caller, call.core.settings.limits)
    call.write(lambda tx: reading.read_up_to(tx, call.caller, room, call.body.seq))


@api.route("GET", "/dms", answer=listing.RoomsPage)
def list_conversations(call: Call) -> listing.RoomsPage:
    """My direct conversations, newest activity first."""
    return call.read(lambda tx: listing.mine(tx, call.me, call.core.settings.limits, kind="dm"))


@api.route("POST", "/dms", body=NewConversation, answer=Room, statuses=(201, 200))
def begin_conversation(call: Call) -> Reply:
    """Begin a direct conversation, or find the one with these people again (200)."""
    limits = call.core.settings.limits
    others = dms.check_others(call.body.users, call.me, limits)
    rate = limits.conversations_per_hour
    call.core.rates.take("conversation", call.me.user_id, burst=rate, rate=rate / 3600)
    room, is_new = call.write(lambda tx: dms.begin(tx, call.me, others, limits))
    return Reply(room, 201 if is_new else 200)
