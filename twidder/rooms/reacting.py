"""Reactions: an emoji of somebody on a message, there or not."""

from __future__ import annotations

from sqlalchemy import delete, distinct, func, insert, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import NotFound, TwidderError
from twidder.rates import Rates
from twidder.rooms.access import check_may_speak
from twidder.rooms.models import reactions
from twidder.rooms.paging import access_message
from twidder.store import ReadTx, Tx


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """Raises RateLimited."""
    rates.take("reaction", me.user_id, burst=limits.reactions_per_minute, rate=limits.reactions_per_minute / 60)


def react(tx: Tx, me: Caller, message_id: int, emoji: str, limits: Limits, *, on: bool) -> None:
    """Raises NotFound, Forbidden, TwidderError (full: of so many kinds)."""
    row, place = access_message(tx, me, message_id)
    if row.deleted_at is not None:
        raise NotFound
    check_may_speak(place)
    mine = {"message_id": row.id, "emoji": emoji, "user_id": me.user_id}
    if on == _is_there(tx, **mine):
        return
    if on:
        _check_kinds(tx, row.id, emoji, limits)
        tx.execute(insert(reactions).values(**mine, at=now_ms()))
    else:
        tx.execute(delete(reactions).filter_by(**mine))
    tx.emit(place.topic, "reaction.changed", {"message": row.id, "emoji": emoji, "user": me.user_id, "on": on})


def _is_there(tx: ReadTx, **key: object) -> bool:
    return tx.execute(select(reactions).filter_by(**key)).first() is not None


def _check_kinds(tx: ReadTx, message_id: int, emoji: str, limits: Limits) -> None:
    others = (reactions.c.message_id == message_id) & (reactions.c.emoji != emoji)
    if tx.execute(select(func.count(distinct(reactions.c.emoji))).where(others)).scalar_one() >= limits.message_marks:
        raise TwidderError("There are as many kinds of reaction as fit.", code="full")
