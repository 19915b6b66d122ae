"""The door of a walk-in room: a link that lets strangers in. A new one ends the older; closing it puts nobody out."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select, update

from twidder import moderation
from twidder.accounts import Author, Caller, access_author
from twidder.accounts.sessions import token_hash
from twidder.clock import now_ms
from twidder.errors import BadField, Forbidden
from twidder.rooms.access import Place, access_moderator, check_open, topic
from twidder.rooms.models import room_members, rooms
from twidder.store import ReadTx, Tx


class DoorRoom(msgspec.Struct, frozen=True):
    id: int
    name: str
    description: str


class Door(msgspec.Struct, frozen=True):
    """What a stranger with the link sees before coming in. ``here``: how many are in there right now; ``knock``: one
    waits until the host opens."""

    room: DoorRoom
    host: Author | None
    here: int
    knock: bool


def open_door(tx: Tx, me: Caller, room_id: int, secret: str, seconds: int) -> int:
    """By its moderators. When the link ends (ms). Raises NotFound, Forbidden, BadField."""
    place = _access_walkin(tx, me, room_id)
    expires_at = now_ms() + seconds * 1000
    _write(tx, place, token_hash(secret), expires_at)
    moderation.record(tx, me.user_id, "door.opened", room_id)
    return expires_at


def close_door(tx: Tx, me: Caller, room_id: int) -> None:
    """Nobody else comes in; those who are inside stay."""
    place = access_moderator(tx, me, room_id)
    if tx.execute(select(rooms.c.link_hash).where(rooms.c.id == room_id)).scalar() is not None:
        _write(tx, place, None, None)
        moderation.record(tx, me.user_id, "door.closed", room_id)


def find_by_secret(tx: ReadTx, secret: str) -> Any:
    """The row of the room that this link opens. Raises Forbidden (bad_link)."""
    row = tx.execute(
        select(rooms).where(
            rooms.c.link_hash == token_hash(secret),
            rooms.c.link_expires_at > now_ms(),
            rooms.c.kind == "walkin",
            rooms.c.archived_at.is_(None),
        )
    ).first()
    if row is None:
        raise Forbidden(code="bad_link")
    return row


def as_door(tx: ReadTx, row: Any, here: int) -> Door:
    host = select(room_members.c.user_id).where(
        room_members.c.room_id == row.id, room_members.c.role == "owner", room_members.c.state == "in"
    )
    host_id = tx.execute(host.order_by(room_members.c.joined_at).limit(1)).scalar()
    named = access_author(tx, host_id) if host_id is not None else None
    return Door(DoorRoom(row.id, row.name, row.description), named, here, bool(row.knock))


def topic_of(row: Any) -> str:
    return topic(row.kind, row.id)


def _access_walkin(tx: ReadTx, me: Caller, room_id: int) -> Place:
    place = access_moderator(tx, me, room_id)
    check_open(place)
    if place.kind != "walkin":
        raise BadField("kind", "Only a walk-in room has a door.")
    return place


def _write(tx: Tx, place: Place, link_hash: str | None, expires_at: int | None) -> None:
    values = {"link_hash": link_hash, "link_expires_at": expires_at}
    tx.execute(update(rooms).where(rooms.c.id == place.id).values(**values))
