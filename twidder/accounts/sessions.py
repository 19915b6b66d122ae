"""The one session: the row that is the referee, and the memory of those that ended."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, insert, select, update

from twidder.accounts.models import Me, Session, User, ended_sessions, sessions
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Unauthorized
from twidder.live.channel import SessionEnded
from twidder.store import ReadTx, Tx

T = TypeVar("T")

_AT_ONCE = 500  # names in one statement; SQLite takes 32,766
_REMEMBERED = 50  # ended sessions of one user: signing in in a loop must not fill the disk

# By the driver alone, since every request and every connection begins with it: 10 µs instead of 150.
_WHOLE_SESSION = """
SELECT s.sid, s.created_at, s.seen_at, s.agent, u.closed_at,
    u.id, i.value, u.firstname, u.familyname, u.gender, u.city, u.country, u.role, u.created_at
FROM sessions s JOIN users u ON u.id = s.user_id JOIN identities i ON i.user_id = u.id AND i.kind = 'email'
WHERE s.token_hash = ?
"""


def new_token() -> str:
    """256 bits; 43 characters that need no quoting anywhere."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def identify(tx: ReadTx, token: str, limits: Limits) -> Me:
    """Who holds this token. Raises Unauthorized, with the reason when it was this very token's session that ended."""
    hashed = token_hash(token)
    row = tx.driver.execute(_WHOLE_SESSION, (hashed,)).fetchone()
    if row is None:
        raise _why_ended(tx, hashed)
    sid, since, seen_at, agent, closed_at, *profile = row
    expires_at = _expires_at(seen_at, since, limits)
    if now_ms() >= expires_at:
        raise Unauthorized(code="session_expired")
    if closed_at is not None:
        raise Unauthorized(code="account_closed")
    return Me(User(*profile), Session(since, agent, expires_at), sid, hashed, seen_at)


def as_session(me: Me, change: Callable[[Tx], T]) -> Callable[[Tx], T]:
    """The same change, refused unless ``me``'s session is still the user's one session when it is made."""

    def guarded(tx: Tx) -> T:
        row = tx.driver.execute("SELECT sid FROM sessions WHERE user_id = ?", (me.user_id,)).fetchone()
        if row is None or row[0] != me.sid:
            raise _why_ended(tx, me.token_hash)
        return change(tx)

    return guarded


def start(tx: Tx, user_id: int, token: str, agent: str) -> None:
    """Make this the user's one session; whatever was before has been replaced."""
    end(tx, user_id, "session_replaced", by=agent)
    now = now_ms()
    tx.execute(
        insert(sessions).values(
            user_id=user_id,
            sid=secrets.token_hex(8),
            token_hash=token_hash(token),
            created_at=now,
            seen_at=now,
            agent=agent,
        )
    )


def end(tx: Tx, user_id: int, why: str, by: str | None = None) -> None:
    """End the user's session, if there is one: remember why, and tell its sockets, and only those."""
    row = tx.execute(select(sessions.c.sid, sessions.c.token_hash).where(sessions.c.user_id == user_id)).first()
    if row is None:
        return
    now = now_ms()
    tx.execute(delete(sessions).where(sessions.c.user_id == user_id))
    tx.execute(insert(ended_sessions).values(token_hash=row.token_hash, user_id=user_id, why=why, at=now, by=by))
    _forget_oldest(tx, user_id)
    tx.tell(SessionEnded(row.sid, why, now, by))


def touch(tx: Tx, me: Me) -> None:
    tx.execute(update(sessions).where(sessions.c.sid == me.sid).values(seen_at=now_ms()))


def over(tx: ReadTx, holders: list[Me], limits: Limits) -> list[SessionEnded]:
    """Of these sessions the ones that are no longer valid, as their sockets should be told."""
    living: set[str] = set()
    for start_at in range(0, len(holders), _AT_ONCE):
        living |= _alive(tx, [me.sid for me in holders[start_at : start_at + _AT_ONCE]], limits)
    return [_notice(tx, me) for me in holders if me.sid not in living]


def _notice(tx: ReadTx, me: Me) -> SessionEnded:
    why = _why_ended(tx, me.token_hash)
    code = "session_expired" if why.code == "not_signed_in" else why.code
    return SessionEnded(me.sid, code, why.extra.get("at", now_ms()), why.extra.get("by"))


def _alive(tx: ReadTx, sids: list[str], limits: Limits) -> set[str]:
    now = now_ms()
    query = select(sessions.c.sid).where(
        sessions.c.sid.in_(sids),
        sessions.c.seen_at > now - limits.session_idle_seconds * 1000,
        sessions.c.created_at > now - limits.session_seconds * 1000,
    )
    return {row.sid for row in tx.execute(query)}


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether an ended session is older than anybody needs to know."""
    return tx.execute(select(ended_sessions.c.at).where(_outdated(limits)).limit(1)).first() is not None


def forget_ended(tx: Tx, limits: Limits) -> None:
    tx.execute(delete(ended_sessions).where(_outdated(limits)))


def _outdated(limits: Limits) -> ColumnElement[bool]:
    return ended_sessions.c.at < now_ms() - limits.ended_session_seconds * 1000


def _expires_at(seen_at: int, created_at: int, limits: Limits) -> int:
    return min(seen_at + limits.session_idle_seconds * 1000, created_at + limits.session_seconds * 1000)


def _why_ended(tx: ReadTx, hashed: str) -> Unauthorized:
    row = tx.execute(select(ended_sessions).where(ended_sessions.c.token_hash == hashed)).first()
    return Unauthorized(code=row.why, at=row.at, by=row.by) if row else Unauthorized()


def _forget_oldest(tx: Tx, user_id: int) -> None:
    newest = (
        select(ended_sessions.c.token_hash)
        .where(ended_sessions.c.user_id == user_id)
        .order_by(ended_sessions.c.at.desc())
        .limit(_REMEMBERED)
    )
    tx.execute(
        delete(ended_sessions).where(ended_sessions.c.user_id == user_id, ended_sessions.c.token_hash.not_in(newest))
    )
