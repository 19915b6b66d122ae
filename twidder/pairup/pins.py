"""My PIN, and somebody's whom staff help."""

from __future__ import annotations

from sqlalchemy import select

from twidder.accounts import Caller
from twidder.accounts.pins import find_by_number, numbers_of, pin_hash_of, remove_pin, set_pin, sign_in_with_pin
from twidder.errors import BadField, NotFound
from twidder.pairup.access import access_entry, check_staff
from twidder.pairup.models import entries
from twidder.pairup.telling import record, tell_mine
from twidder.store import ReadTx, Tx

__all__ = ["change", "current", "reset", "sign_in_with_pin"]


def current(tx: ReadTx, me: Caller) -> tuple[str, str | None]:
    """(my student number, the hash of my PIN). Raises BadField (pin) where there is no number for it."""
    numbers = numbers_of(tx, me.user_id)
    if not numbers:
        raise BadField("pin", "A PIN goes with a student number. Claim your entry of a roster first.")
    return numbers[0], pin_hash_of(tx, me.user_id)


def change(tx: Tx, me: Caller, verified_hash: str | None, new_hash: str) -> None:
    """``verified_hash``: of the PIN that was given as the old one. Raises BadField (old)."""
    _, before = current(tx, me)
    if before != verified_hash:
        raise BadField("old", "That is not your PIN.")
    set_pin(tx, me.user_id, new_hash)
    tell_mine(tx, tx.execute(select(entries.c.id).where(entries.c.user_id == me.user_id)).scalars())


def reset(tx: Tx, me: Caller, entry_id: int) -> None:
    """By staff: the PIN is gone, and the session that it opened. Who has no account chooses another by a new code. Also
    of whoever has the number by another round, and not this entry yet: it is their PIN that is asked for."""
    seat, entry = access_entry(tx, me, entry_id)
    check_staff(seat)
    user_id = entry.user_id or find_by_number(tx, entry.number)
    if user_id is None:
        raise NotFound
    remove_pin(tx, user_id)
    tell_mine(tx, [entry_id])
    record(tx, seat.round.id, me.user_id, "pin_reset", entry=entry_id)
