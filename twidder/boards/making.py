"""Making, changing and deleting boards."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, insert, select, update

from twidder import rooms
from twidder.accounts import Caller
from twidder.boards import shown, state
from twidder.boards.access import Place, access_board, access_to_arrange, find_place, may_arrange, may_see
from twidder.boards.fields import BoardChange, NewBoard, as_slug, check_alone, with_tail
from twidder.boards.models import boards, votes
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError
from twidder.store import ReadTx, Tx

_NUMBERED = 20  # boards of one name that are told apart by counting


class Deleted(msgspec.Struct, frozen=True):
    """``undo_until``: until then whoever deleted it can take that back."""

    id: int
    undo_until: int
    deleted: bool = True


def create(tx: Tx, me: Caller, new: NewBoard, limits: Limits) -> Place:
    """From checked fields; whoever makes it arranges it. Raises BadField (taken), Forbidden, TwidderError (full)."""
    owned = select(func.count()).where(boards.c.owner_id == me.user_id, boards.c.deleted_at.is_(None))
    if tx.execute(owned).scalar_one() >= limits.boards_of_user:
        raise TwidderError(f"You have {limits.boards_of_user} boards. Delete one first.", code="full")
    if new.room is not None:
        shown.check_room(tx, me, new.room)
    values = {
        "slug": _free_slug(tx, me, new.slug, new.name, new.audience),
        "name": new.name,
        "description": new.description,
        "owner_id": me.user_id,
        "created_at": now_ms(),
        "audience": new.audience,
        "room_id": new.room,
        "tiles": "[]",
        "version": 1,
        "built_in": False,
        "updates": False,
    }
    board_id: int = tx.execute(insert(boards).values(**values)).inserted_primary_key[0]  # type: ignore[index]
    place = find_place(tx, board_id)
    shown.tell_shown(tx, place)
    return place


def change(tx: Tx, me: Caller, ref: str, wanted: BoardChange) -> Place:
    """By who may arrange it; out of a room its moderators take it, too. Raises NotFound, Forbidden, BadField."""
    place = access_board(tx, me, ref)
    hides = wanted == BoardChange(room=None) and place.room_id is not None and rooms.moderates(tx, me, place.room_id)
    if not may_arrange(me, place) and not hides:
        raise Forbidden
    if wanted.updates is not None and not me.is_staff:
        raise Forbidden
    values = _differences(tx, me, place, wanted)
    if not values:
        return place
    if values.get("updates"):
        _take_updates(tx)
    tx.execute(update(boards).where(boards.c.id == place.id).values(**values))
    after = place._replace(**values)
    _tell(tx, place, after)
    return after


def _differences(tx: Tx, me: Caller, place: Place, wanted: BoardChange) -> dict[str, Any]:
    """The columns that get another value."""
    audience, room = _find_audience(place, wanted)
    given = {"name": wanted.name, "description": wanted.description, "updates": wanted.updates}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    values |= {"audience": audience, "room_id": room}
    if audience != "members":  # anybody at all hears the gateway
        if wanted.updates:
            raise BadField("updates", "Only of a board that all members see.")
        values["updates"] = False
    if room is not None and room != place.room_id:
        shown.check_room(tx, me, room)
    if wanted.slug not in (None, place.slug):
        values["slug"] = _free_slug(tx, me, wanted.slug, place.name, audience)
    return {name: value for name, value in values.items() if value != getattr(place, name)}


def _find_audience(place: Place, wanted: BoardChange) -> tuple[str, int | None]:
    """Who sees it from now on, and in which room. What a room's people saw is its maker's alone without that room."""
    audience = wanted.audience or place.audience
    room = place.room_id if wanted.room is msgspec.UNSET else wanted.room
    if wanted.audience == "me":
        room = None
    check_alone(audience, room)
    if audience == "room" and room is None:
        if wanted.audience == "room":
            raise BadField("room", "Say in which room the board is shown.")
        audience = "me"
    return audience, room


def _tell(tx: Tx, before: Place, after: Place) -> None:
    """Who may see it no more hears nothing of what it is now."""
    if (before.audience, before.room_id) != (after.audience, after.room_id):
        shown.narrow(tx, after, "audience")
    if before.room_id != after.room_id:
        shown.tell_hidden(tx, before)
    elif (before.name, before.slug) != (after.name, after.slug):
        shown.forget_name(tx, before)
    if (before.room_id, before.name, before.slug) != (after.room_id, after.name, after.slug):
        shown.tell_shown(tx, after)
    state.tell(tx, after.id, {state.BOARD: state.as_board(tx, after)})


def _take_updates(tx: Tx) -> None:
    """The gateway tells of one board."""
    holders = tx.execute(select(boards.c.id).where(boards.c.updates, boards.c.deleted_at.is_(None))).scalars().all()
    tx.execute(update(boards).where(boards.c.updates).values(updates=False))
    for board_id in holders:
        state.tell(tx, board_id, {state.BOARD: state.as_board(tx, find_place(tx, board_id))})


def delete(tx: Tx, me: Caller, ref: str, limits: Limits) -> Deleted:
    """Gone at once for everybody, its link too. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    now = _remove(tx, place, me.user_id)
    return Deleted(place.id, now + limits.undo_seconds * 1000)


def _remove(tx: Tx, place: Place, by: int) -> int:
    now = now_ms()
    tx.execute(update(boards).where(boards.c.id == place.id).values(deleted_at=now, deleted_by=by))
    shown.tell_hidden(tx, place)
    shown.close(tx, place, "deleted")
    return now


def restore(tx: Tx, me: Caller, board_id: int, limits: Limits) -> Place:
    """By who deleted it. Raises NotFound, TwidderError (gone)."""
    row = tx.execute(select(boards).where(boards.c.id == board_id)).first()
    if row is None or row.deleted_at is None or row.deleted_by != me.user_id:
        raise NotFound
    if now_ms() > row.deleted_at + limits.undo_seconds * 1000:
        raise TwidderError(code="gone")
    tx.execute(update(boards).where(boards.c.id == board_id).values(deleted_at=None, deleted_by=None))
    place = find_place(tx, board_id)
    shown.tell_shown(tx, place)
    return place


def delete_own(tx: Tx, user_id: int) -> None:
    """As a hook of ``accounts.service.when_closed``. What only they saw goes with them; the others stay, and staff look
    after them."""
    own = select(boards.c.id).where(boards.c.owner_id == user_id, boards.c.audience == "me")
    for board_id in tx.execute(own.where(boards.c.deleted_at.is_(None))).scalars().all():
        _remove(tx, find_place(tx, board_id), user_id)


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether a deleted board has outlived its undo."""
    return tx.execute(select(boards.c.id).where(_outlived(limits)).limit(1)).first() is not None


def forget_deleted(tx: Tx, limits: Limits) -> None:
    """Overwrite what it was called and what was voted there; its address is free. Its values go by and by, as those
    that are too old."""
    ids = list(tx.execute(select(boards.c.id).where(_outlived(limits))).scalars())
    tx.execute(sql_delete(votes).where(votes.c.board_id.in_(ids)))
    blank = {"name": "", "description": "", "tiles": "[]", "link_hash": None, "updates": False}
    for board_id in ids:
        tx.execute(update(boards).where(boards.c.id == board_id).values(slug=_no_slug(board_id), **blank))
    tx.scrub()


def _outlived(limits: Limits) -> Any:
    return (boards.c.deleted_at < now_ms() - limits.undo_seconds * 1000) & (boards.c.name != "")


def _no_slug(board_id: int) -> str:
    """What no address can be."""
    return f":{board_id}"


def _free_slug(tx: ReadTx, me: Caller, chosen: str | None, name: str, audience: str) -> str:
    """An address for a board: ``chosen``, or made of its name. That of a board that not every member sees cannot be
    guessed, so that nobody learns of it by finding the address taken. Raises BadField (taken)."""
    wanted = chosen or as_slug(name)
    if audience != "members":
        return with_tail(wanted)
    for number in range(1, _NUMBERED):
        slug = wanted if number == 1 else with_tail(wanted, str(number))
        holder = tx.execute(select(boards.c.id, boards.c.deleted_at).where(boards.c.slug == slug)).first()
        if holder is None:
            return slug
        if holder.deleted_at is not None or not may_see(tx, me, find_place(tx, holder.id)):
            break
        if chosen is not None:
            raise BadField("slug", "There is a board at this address.", code="taken")
    return with_tail(wanted)
