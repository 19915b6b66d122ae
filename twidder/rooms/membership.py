"""Who is in a room: the row, and everybody who has to hear of it. What members and guests do stands on this."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from twidder.accounts import access_author, passes
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.live.channel import AccessNarrowed, AccessRevoked, Belongs
from twidder.rooms.access import Place, topic
from twidder.rooms.models import room_members
from twidder.rooms.views import as_room
from twidder.store import ReadTx, Tx, log

# Called with (tx, room id, user id, reason) when somebody may perhaps not read the room any more, and with (tx, room
# id) when its kind has changed: for features whose things are shown in rooms.
when_left: list[Callable[[Tx, int, int, str], None]] = []
when_narrowed: list[Callable[[Tx, int], None]] = []


def put(tx: Tx, room_id: int, user_id: int, *, role: str, state: str, read_seq: int = 0) -> None:
    """Write the row, over the one of an earlier time."""
    values: dict[str, Any] = {"role": role, "state": state, "joined_at": now_ms(), "read_seq": read_seq}
    if not tx.execute(update(room_members).where(_row(room_id, user_id)).values(**values)).rowcount:
        row = {"room_id": room_id, "user_id": user_id, "level": "all", "muted_until": 0, **values}
        tx.execute(insert(room_members).values(**row))


def check_room(tx: ReadTx, room_id: int, limits: Limits) -> None:
    """Raises TwidderError (full)."""
    if count_in(tx, room_id) >= limits.room_members:
        raise TwidderError(code="full")


def enter(tx: Tx, room_id: int, kind: str, user_id: int, limits: Limits, *, role: str = "member") -> None:
    """They are in from now on, and it stands in their list."""
    take_in(tx, room_id, kind, user_id, role=role)
    show(tx, room_id, user_id, limits)


def take_in(tx: Tx, room_id: int, kind: str, user_id: int, *, role: str) -> None:
    """They are in from now on, and what was said before counts as read."""
    name = topic(kind, room_id)
    put(tx, room_id, user_id, role=role, state="in", read_seq=log.head(tx.driver, name))
    muted_until = tx.execute(select_row(room_id, user_id)).one().muted_until
    joined = {"user": access_author(tx, user_id), "role": role, "muted_until": muted_until}
    tx.emit(name, "member.joined", joined)
    tx.tell(Belongs(user_id, name, True))


def show(tx: Tx, room_id: int, user_id: int, limits: Limits) -> None:
    """The room stands in this user's list from now on, or stands there anew."""
    tx.emit(f"me:{user_id}", "room.added", as_room(tx, user_id, room_id, limits, last=False))


def leave(tx: Tx, place: Place, user_id: int, state: str, reason: str) -> None:
    """They are in no more, or not invited, as ``state`` says. A mute outlives it: coming back is no way out."""
    was = state_of(tx, place.id, user_id)
    set_columns(tx, place.id, user_id, state=state, joined_at=now_ms())
    if was == "in":
        tx.emit(place.topic, "member.left", {"user": user_id, "reason": reason})
    if was in ("in", "invited", "knocking"):
        tx.emit(f"me:{user_id}", "room.removed", {"id": place.id, "reason": reason})
    tx.tell(Belongs(user_id, place.topic, False))
    tx.tell(AccessRevoked(place.topic, user_id, reason))
    for told in when_left:
        told(tx, place.id, user_id, reason)
    passes.end(tx, user_id, "pass_ended")  # a guest has no other room


def changed(tx: Tx, place: Place, user_id: int) -> None:
    """Tell the room what somebody is in it now, and themselves what is theirs."""
    row = tx.execute(select_row(place.id, user_id)).one()
    public = {"user": user_id, "role": row.role, "muted_until": row.muted_until}
    tx.emit(place.topic, "member.changed", public)
    tell_mine(tx, place, user_id)


def tell_mine(tx: Tx, place: Place, user_id: int) -> None:
    row = tx.execute(select_row(place.id, user_id)).one()
    mine = {name: getattr(row, name) for name in ("level", "state", "role", "muted_until")}
    tx.emit(f"me:{user_id}", "room.mine", {"id": place.id, **mine})


def set_columns(tx: Tx, room_id: int, user_id: int, **values: Any) -> None:
    tx.execute(update(room_members).where(_row(room_id, user_id)).values(**values))


def narrow(tx: Tx, place: Place, kind: str) -> None:
    """The room's kind has changed; whoever may not read it any more hears nothing more of it."""
    if kind == "members":
        query = select(room_members.c.user_id).where(room_members.c.room_id == place.id, room_members.c.state == "in")
        tx.tell(AccessNarrowed(place.topic, frozenset(tx.execute(query).scalars()), "members_only"))
        for told in when_narrowed:
            told(tx, place.id)


def count_in(tx: ReadTx, room_id: int) -> int:
    query = select(func.count()).where(room_members.c.room_id == room_id, room_members.c.state == "in")
    return int(tx.execute(query).scalar_one())


def state_of(tx: ReadTx, room_id: int, user_id: int) -> str | None:
    state: str | None = tx.execute(select(room_members.c.state).where(_row(room_id, user_id))).scalar()
    return state


def share_a_room(tx: ReadTx, one: int, other: int) -> bool:
    """Whether both are in some room; a direct conversation is none."""
    return tx.driver.execute(_COMMON, (one, other)).fetchone() is not None


_COMMON = """
SELECT 1 FROM room_members a JOIN room_members b ON b.room_id = a.room_id JOIN rooms r ON r.id = a.room_id
WHERE a.user_id = ? AND b.user_id = ? AND a.state = 'in' AND b.state = 'in' AND r.kind <> 'dm' LIMIT 1
"""


def select_row(room_id: int, user_id: int) -> Select[Any]:
    return select(room_members).where(_row(room_id, user_id))


def _row(room_id: int, user_id: int) -> Any:
    return (room_members.c.room_id == room_id) & (room_members.c.user_id == user_id)
