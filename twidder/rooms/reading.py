"""How far somebody has read: one position for each person and room, which only grows."""

from __future__ import annotations

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.live.channel import ReadUpTo
from twidder.rates import Rates
from twidder.rooms import membership
from twidder.rooms.access import access_inside
from twidder.store import Tx, log


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """Raises RateLimited."""
    rates.take("read", me.user_id, burst=limits.reads_burst, rate=limits.reads_per_second)


def read_up_to(tx: Tx, me: Caller, room_id: int, seq: int) -> None:
    """Everything up to event ``seq``; never back. My other tabs hear of it."""
    place = access_inside(tx, me, room_id)
    seq = min(seq, log.head(tx.driver, place.topic))
    if place.read_seq is not None and seq > place.read_seq:
        tx.driver.execute(_READ, (seq, room_id, me.user_id))
        tx.tell(ReadUpTo(place.topic, me.user_id, seq))


_READ = "UPDATE room_members SET read_seq = ? WHERE room_id = ? AND user_id = ?"


def set_level(tx: Tx, me: Caller, room_id: int, level: str) -> None:
    place = access_inside(tx, me, room_id)
    if place.level != level:
        membership.set_columns(tx, room_id, me.user_id, level=level)
        membership.tell_mine(tx, place, me.user_id)
