"""Making and changing rooms."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField
from twidder.rooms import membership
from twidder.rooms.access import Place, access_moderator, check_open
from twidder.rooms.fields import NewRoom, RoomChange, name_key
from twidder.rooms.models import Room, rooms
from twidder.rooms.views import as_everybody_sees, as_room
from twidder.store import Tx

_SWITCHES = ("knock", "gateways")  # of walk-in rooms alone


def create(tx: Tx, me: Caller, new: NewRoom, limits: Limits) -> Room:
    """From checked fields; whoever makes it owns it. Raises BadField (taken)."""
    values = {
        "kind": new.kind,
        "name": new.name,
        "name_key": _free_key(tx, new.kind, new.name),
        "description": new.description,
        "created_by": me.user_id,
        "created_at": now_ms(),
        "slow_seconds": 0,
        "knock": False,
        "gateways": False,
    }
    room_id: int = tx.execute(insert(rooms).values(**values)).inserted_primary_key[0]  # type: ignore[index]
    membership.enter(tx, room_id, new.kind, me.user_id, limits, role="owner")
    return as_room(tx, me.user_id, room_id, limits)


def change(tx: Tx, me: Caller, room_id: int, wanted: RoomChange, limits: Limits) -> Room:
    """By its owners and moderators. In an archived room nothing changes but that. Raises BadField, Forbidden."""
    place = access_moderator(tx, me, room_id)
    if wanted.archived is not False:
        check_open(place)
    values = _differences(tx, place, wanted)
    if values:
        tx.execute(update(rooms).where(rooms.c.id == room_id).values(**values))
        if "kind" in values:
            membership.narrow(tx, place, values["kind"])
        tx.emit(place.topic, "room.changed", as_everybody_sees(as_room(tx, me.user_id, room_id, limits, last=False)))
    return as_room(tx, me.user_id, room_id, limits)


def _differences(tx: Tx, place: Place, wanted: RoomChange) -> dict[str, Any]:
    """The columns that get another value."""
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}
    archived = given.pop("archived", None)
    values = {name: value for name, value in given.items() if value != getattr(place, name)}
    kind = values.get("kind", place.kind)
    if kind != "walkin":
        if place.kind == "walkin":  # its door is gone for good: made a walk-in room again, it gets a new link
            values |= {"link_hash": None, "link_expires_at": None}
        for name in _SWITCHES:
            if values.get(name):
                raise BadField(name, "Only a walk-in room has that.")
            if getattr(place, name):
                values[name] = False
    if "name" in values or "kind" in values:
        values["name_key"] = _free_key(tx, kind, values.get("name", place.name), place.id)
    if archived is not None and archived != (place.archived_at is not None):
        values["archived_at"] = now_ms() if archived else None
    return values


def _free_key(tx: Tx, kind: str, name: str, own_id: int | None = None) -> str | None:
    """Names of rooms that everybody sees are different; that of a members-only room is nobody else's affair."""
    if kind == "members":
        return None
    key = name_key(name)
    holder = tx.execute(select(rooms.c.id).where(rooms.c.name_key == key)).scalar()
    if holder not in (None, own_id):
        raise BadField("name", "There is a room of this name.", code="taken")
    return key
