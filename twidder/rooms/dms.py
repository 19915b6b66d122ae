"""Direct conversations: between the same people there is one, however often it is begun."""

from __future__ import annotations

from sqlalchemy import insert, select

from twidder.accounts import Caller, access_author, check_member, may_write_to
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Forbidden
from twidder.live.channel import Belongs
from twidder.rooms import membership, notices
from twidder.rooms.access import Place, topic
from twidder.rooms.models import Room, rooms
from twidder.rooms.views import as_room
from twidder.store import ReadTx, Tx


def check_others(user_ids: list[int], me: Caller, limits: Limits) -> list[int]:
    """Whom ``me`` wants to write to, once each. Raises BadField."""
    others = sorted(set(user_ids) - {me.user_id})
    if not 1 <= len(others) < limits.conversation_members:
        raise BadField("users", f"A conversation has 2 to {limits.conversation_members} people.")
    if others[0] < 1 or others[-1] >= 2**63:
        raise BadField("users", "There is no such person.")
    return others


def begin(tx: Tx, me: Caller, others: list[int], limits: Limits) -> tuple[Room, bool]:
    """(the conversation with exactly these people, whether it is new). Raises NotFound, Forbidden when one of them does
    not want to be written to."""
    key = ",".join(map(str, sorted([me.user_id, *others])))
    room_id = tx.execute(select(rooms.c.id).where(rooms.c.dm_key == key)).scalar()
    if room_id is not None:
        _come_back(tx, me, room_id, others, limits)
        return as_room(tx, me.user_id, room_id, limits), False
    for user_id in others:
        _check_may_write_to(tx, me, user_id)
    room_id = _make(tx, key, me)
    for user_id in [me.user_id, *others]:
        membership.put(tx, room_id, user_id, role="member", state="in")
    _show_all(tx, me, room_id, others, limits)
    return as_room(tx, me.user_id, room_id, limits), True


def check_heard(tx: ReadTx, place: Place) -> None:
    """Raises Forbidden when everybody else has left the conversation: who has gone is not to be written to."""
    if place.kind == "dm" and membership.count_in(tx, place.id) < 2:
        raise Forbidden("Nobody else is in this conversation any more.")


def _make(tx: Tx, key: str, me: Caller) -> int:
    values = {"kind": "dm", "name": "", "description": "", "dm_key": key, "slow_seconds": 0}
    values |= {"created_by": me.user_id, "created_at": now_ms(), "knock": False, "gateways": False}
    inserted = tx.execute(insert(rooms).values(**values)).inserted_primary_key
    assert inserted is not None
    return int(inserted[0])


def _show_all(tx: Tx, me: Caller, room_id: int, others: list[int], limits: Limits) -> None:
    by = access_author(tx, me.user_id)
    for user_id in [me.user_id, *others]:
        tx.tell(Belongs(user_id, topic("dm", room_id), True))
        membership.show(tx, room_id, user_id, limits)
        if user_id != me.user_id:
            notices.notify(tx, user_id, "direct", by, room_id=room_id)


def _come_back(tx: Tx, me: Caller, room_id: int, others: list[int], limits: Limits) -> None:
    """Whoever begins it again is in it again; the other of two likewise, if that is welcome."""
    for user_id in [me.user_id, *others] if len(others) == 1 else [me.user_id]:
        if membership.state_of(tx, room_id, user_id) != "in":
            if user_id != me.user_id:
                _check_may_write_to(tx, me, user_id)
            membership.enter(tx, room_id, "dm", user_id, limits)


def _check_may_write_to(tx: Tx, me: Caller, user_id: int) -> None:
    check_member(tx, user_id)
    if not may_write_to(tx, me, user_id, share_a_room=membership.share_a_room):
        raise Forbidden("They don’t take messages from you.")
