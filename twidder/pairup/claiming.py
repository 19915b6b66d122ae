"""Claiming an entry of a roster, once: with an account, or without one by a PIN; and freeing it again.

A student number is one user's over the whole place. Who came without an account can be taken over by one: whoever has
the code of the entry, and an account, becomes them in every round.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select, update

from twidder.accounts import Caller, is_staff, pins
from twidder.accounts.service import when_closed
from twidder.clock import now_ms
from twidder.errors import BadField, Forbidden, TwidderError
from twidder.live.channel import AccessRevoked
from twidder.pairup.access import access_entry, check_staff, entry_topic, find_round, topic
from twidder.pairup.models import entries, rounds
from twidder.pairup.roster import code_hash
from twidder.pairup.rounds import as_round
from twidder.pairup.shapes import RoundCard
from twidder.pairup.teams import stop_looking
from twidder.pairup.telling import full_name, record, tell_mine
from twidder.store import ReadTx, Tx

_USED = {"code_hash": None, "code_until": None}


class Invited(msgspec.Struct, frozen=True):
    """Whom a code is for."""

    round: str
    name: str
    number: str


class Registering(msgspec.Struct, frozen=True):
    """What a registration by code goes on. ``user_id``: who has the number already; ``pin_hash``: of the PIN that they
    have to give."""

    number: str
    user_id: int | None
    pin_hash: str | None


def check_code(tx: ReadTx, code: str) -> Invited:
    """Raises Forbidden (bad_link)."""
    entry = _find(tx, code)
    return Invited(find_round(tx, entry.round_id).name, full_name(entry), entry.number)


def _find(tx: ReadTx, code: str) -> Any:
    """The entry that the code is for. Raises Forbidden (bad_link)."""
    query = select(entries).join(rounds, rounds.c.id == entries.c.round_id)
    valid = entries.c.code_hash == code_hash(code), entries.c.code_until > now_ms(), rounds.c.deleted_at.is_(None)
    entry = tx.execute(query.where(*valid)).first()
    if entry is None:
        raise Forbidden(code="bad_link")
    return entry


# With an account


def claim(tx: Tx, me: Caller, code: str, pin_hash: str | None) -> RoundCard:
    """The entry is mine; the code is used up. Raises Forbidden (bad_link), TwidderError (taken)."""
    entry = _find(tx, code)
    before = pins.find_by_number(tx, entry.number)
    others = {entry.user_id, before} - {None, me.user_id}
    alone = [other for other in others if pins.is_for_pairup_alone(tx, other)]
    if entry.user_id in others and entry.user_id not in alone:
        raise TwidderError("Somebody else has claimed this entry.", code="taken")
    theirs = tx.execute(select(entries).where(entries.c.user_id.in_(alone))).all()
    for one in (entry, *theirs):
        _check_no_other_entry(tx, me.user_id, one.round_id, one.id)
    for other in alone:
        _take_over(tx, me, other)
    _give(tx, entry, me.user_id)
    pins.add_number(tx, me.user_id, entry.number)
    if pin_hash is not None:
        if not pins.numbers_of(tx, me.user_id):
            raise BadField("pin", "This number signs in another account. Claim the entry without a PIN.")
        pins.set_pin(tx, me.user_id, pin_hash)
    record(tx, entry.round_id, me.user_id, "claimed", entry=entry.id)
    return RoundCard(as_round(tx, find_round(tx, entry.round_id)), entry.id)


def _check_no_other_entry(tx: ReadTx, user_id: int, round_id: int, entry_id: int) -> None:
    mine = entries.c.round_id == round_id, entries.c.user_id == user_id, entries.c.id != entry_id
    other = tx.execute(select(entries).where(*mine)).first()
    if other is not None:
        raise TwidderError(f"You are on this roster already, as {other.number}.", code="taken")


def _take_over(tx: Tx, me: Caller, user_id: int) -> None:
    """All that somebody has who came without an account."""
    theirs = tx.execute(select(entries).where(entries.c.user_id == user_id)).all()
    for entry in theirs:
        _let_go(tx, entry)
    tx.execute(update(entries).where(entries.c.user_id == user_id).values(user_id=me.user_id))
    pins.move_student(tx, user_id, me.user_id)
    for entry in theirs:
        record(tx, entry.round_id, me.user_id, "taken_over", entry=entry.id)
    tell_mine(tx, [entry.id for entry in theirs])


# Without an account


def find_registration(tx: ReadTx, code: str) -> Registering:
    """Raises Forbidden (bad_link), TwidderError (taken) where an account has to be used."""
    entry = _find(tx, code)
    user_id = pins.find_by_number(tx, entry.number)
    if entry.user_id not in (None, user_id):
        raise TwidderError("Somebody else has claimed this entry.", code="taken")
    if user_id is None:
        return Registering(entry.number, None, None)
    if not pins.is_for_pairup_alone(tx, user_id):
        raise TwidderError("This number has an account. Sign in with its password, then claim the entry.", code="taken")
    return Registering(entry.number, user_id, pins.pin_hash_of(tx, user_id))


def register(tx: Tx, code: str, before: Registering, pin_hash: str) -> str:
    """The number, with which, and the PIN, one signs in from now on. Who has a PIN already has given it, and keeps it.
    Raises Forbidden (bad_link), TwidderError (taken), Forbidden when something has changed since ``before``."""
    entry = _find(tx, code)
    if find_registration(tx, code) != before:
        raise Forbidden(code="bad_link")
    _register(tx, entry, before, pin_hash)
    return before.number


def register_by_number(tx: Tx, round_row: Any, number: str, pin_hash: str) -> Any:
    """The row of the entry, claimed by its bare number where the round lets anybody do that. ``number``: folded.
    ``pin_hash``: of a new PIN, or the one that the PIN of whoever has the number has matched. Raises Forbidden,
    BadField (number) for an unknown one, TwidderError (taken)."""
    if not round_row.open_registration:
        raise Forbidden("In this round an entry is claimed by its invitation code.")
    wanted = entries.c.round_id == round_row.id, entries.c.number == number
    entry = tx.execute(select(entries).where(*wanted)).first()
    if entry is None:
        raise BadField("number", "Nobody on this roster has that number.")
    user_id = pins.find_by_number(tx, number)
    if entry.user_id is not None or (user_id is not None and pins.pin_hash_of(tx, user_id) != pin_hash):
        raise TwidderError("Somebody has registered with this number already.", code="taken")
    if user_id is not None:
        _check_no_other_entry(tx, user_id, round_row.id, entry.id)
    _register(tx, entry, Registering(number, user_id, None if user_id is None else pin_hash), pin_hash)
    return tx.execute(select(entries).where(entries.c.id == entry.id)).one()


def _register(tx: Tx, entry: Any, before: Registering, pin_hash: str) -> None:
    user_id = before.user_id
    if user_id is None:
        user_id = pins.make_student(tx, entry.number, entry.preferred or entry.firstname, entry.familyname, pin_hash)
    elif before.pin_hash is None:
        pins.set_pin(tx, user_id, pin_hash)
    _give(tx, entry, user_id)
    record(tx, entry.round_id, user_id, "registered", entry=entry.id)


# Both


def _give(tx: Tx, entry: Any, user_id: int) -> None:
    tx.execute(update(entries).where(entries.c.id == entry.id).values(user_id=user_id, **_USED))
    tell_mine(tx, [entry.id])


def free(tx: Tx, me: Caller, entry_id: int) -> None:
    """By staff: nobody has claimed it any more; teams and places stay as they are. Of somebody without an account
    nothing is left once their last entry is free. Raises NotFound, Forbidden."""
    seat, entry = access_entry(tx, me, entry_id)
    check_staff(seat)
    if entry.user_id is None:
        return
    _let_go(tx, entry)
    if entry.looking:
        stop_looking(tx, seat.round, [entry])
    tx.execute(update(entries).where(entries.c.id == entry_id).values(user_id=None, about="", **_USED))
    _end_claims(tx, entry.user_id, entry.number)
    record(tx, seat.round.id, me.user_id, "freed", entry=entry_id)


def _end_claims(tx: Tx, user_id: int, number: str) -> None:
    left = tx.execute(select(entries.c.number).where(entries.c.user_id == user_id)).scalars().all()
    if not left and pins.is_for_pairup_alone(tx, user_id):
        pins.close_student(tx, user_id)
        return
    if number not in left:
        pins.remove_number(tx, user_id, number)
    if not left:
        pins.remove_pin(tx, user_id)
    elif pins.is_for_pairup_alone(tx, user_id):
        pins.end_session(tx, user_id)


def forget(tx: Tx, user_id: int) -> None:
    """Their account was closed: their entries are free to be claimed again."""
    query = select(rounds, entries.c.id.label("entry")).join(entries, entries.c.round_id == rounds.c.id)
    for row in tx.execute(query.where(entries.c.user_id == user_id, entries.c.looking)).all():
        stop_looking(tx, row, list(tx.execute(select(entries).where(entries.c.id == row.entry))))
    tx.execute(update(entries).where(entries.c.user_id == user_id).values(user_id=None, about=""))
    pins.forget_student(tx, user_id)


when_closed.append(forget)


def _let_go(tx: Tx, entry: Any) -> None:
    """Whoever has it hears no more of it, nor of the round, unless they look after it."""
    tx.tell(AccessRevoked(entry_topic(entry.id), entry.user_id, "freed"))
    if pins.came_by_pin(tx, entry.user_id) or not is_staff(tx, entry.user_id):
        tx.tell(AccessRevoked(topic(entry.round_id), entry.user_id, "freed"))
