"""Guest passes: a token for one room and some hours. As a session wherever a guest may act."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import select, update

from twidder.accounts import ended
from twidder.accounts.models import Author, Guest, guests
from twidder.clock import now_ms
from twidder.errors import Unauthorized
from twidder.store import ReadTx, Tx

_AT_ONCE = 500  # visits ended in one transaction

# Called with (tx, user id, room id, why) when a visit ends: the room takes the guest out.
when_ended: list[Callable[[Tx, int, int, str], None]] = []

_WHOLE_PASS = """
SELECT g.user_id, u.firstname, g.room_id, g.sid, g.created_at, g.expires_at, g.seen_at
FROM guests g JOIN users u ON u.id = g.user_id WHERE g.token_hash = ?
"""


def identify(tx: ReadTx, hashed: str) -> Guest | None:
    """Who holds the pass with this hash. Raises Unauthorized (pass_expired)."""
    row = tx.driver.execute(_WHOLE_PASS, (hashed,)).fetchone()
    if row is None:
        return None
    user_id, name, room_id, sid, since, expires_at, seen_at = row
    if now_ms() >= expires_at:
        raise Unauthorized(code="pass_expired", at=expires_at)
    return Guest(Author(user_id, name, "", guest=True), room_id, sid, hashed, since, expires_at, seen_at)


def is_valid(tx: ReadTx, user_id: int, sid: str) -> bool:
    """A gateway's guest has no pass (an empty ``sid``): whether they may act is for the room alone to say."""
    if not sid:
        return True
    row = tx.driver.execute("SELECT sid, expires_at FROM guests WHERE user_id = ?", (user_id,)).fetchone()
    return row is not None and row[0] == sid and now_ms() < row[1]


def alive(tx: ReadTx, sids: list[str]) -> set[str]:
    """Of these passes the valid ones."""
    query = select(guests.c.sid).where(guests.c.sid.in_(sids), guests.c.expires_at > now_ms())
    return {row.sid for row in tx.execute(query)}


def new_sid() -> str:
    return secrets.token_hex(8)


def end(tx: Tx, user_id: int, why: str) -> None:
    """End the guest's visit, if it goes on. Their row stays: what they wrote has an author."""
    row = tx.execute(select(guests).where(guests.c.user_id == user_id, guests.c.expires_at.is_not(None))).first()
    if row is None:
        return
    over = {"sid": None, "token_hash": None, "expires_at": None}
    tx.execute(update(guests).where(guests.c.user_id == user_id).values(**over))
    for told in when_ended:
        told(tx, user_id, row.room_id, why)
    if row.sid is not None:
        ended.remember(tx, row.token_hash, row.sid, user_id, why)


def touch(tx: Tx, guest: Guest) -> None:
    tx.execute(update(guests).where(guests.c.sid == guest.sid).values(seen_at=now_ms()))


def expired(tx: ReadTx) -> list[int]:
    """Ids of guests whose time is up, some at a time."""
    query = select(guests.c.user_id).where(guests.c.expires_at <= now_ms()).limit(_AT_ONCE)
    return [row.user_id for row in tx.execute(query)]


def end_expired(tx: Tx) -> None:
    for user_id in expired(tx):
        end(tx, user_id, "pass_expired")
