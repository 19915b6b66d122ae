"""The one session: the row that is the referee. A guest pass is asked for where there is no session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import delete, insert, select, update

from twidder.accounts import ended, passes
from twidder.accounts.models import Author, Caller, Guest, Me, Seated, Session, Student, User, Viewer, sessions
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Forbidden, Unauthorized
from twidder.live.channel import SessionEnded
from twidder.store import ReadTx, Tx

T = TypeVar("T")

_AT_ONCE = 500  # names in one statement; SQLite takes 32,766

# By the driver alone, since every request and every connection begins with it: 10 µs instead of 150.
_WHOLE_SESSION = """
SELECT s.sid, s.created_at, s.seen_at, s.agent, s.scope, u.closed_at,
    u.id, COALESCE(i.value, ''), u.firstname, u.familyname, u.gender, u.city, u.country, u.role, u.created_at,
    u.handle
FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN identities i ON i.user_id = u.id AND i.kind = 'email'
WHERE s.token_hash = ?
"""


def new_token() -> str:
    """256 bits; 43 characters that need no quoting anywhere."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Viewing(Protocol):
    """How those are known who look on by a link. ``prefix``: what each secret of such a link begins with."""

    prefix: str

    def identify(self, tx: ReadTx, hashed: str) -> Viewer | None: ...
    def alive(self, tx: ReadTx, hashes: list[str]) -> set[str]:
        """Of these hashes of links those in force."""


viewing: list[Viewing] = []  # the boards'


def identify(tx: ReadTx, token: str, limits: Limits) -> Me | Guest | Student | Viewer:
    """Who holds this token. Raises Unauthorized, with the reason when it was this very token's session that ended."""
    hashed = token_hash(token)
    row = tx.driver.execute(_WHOLE_SESSION, (hashed,)).fetchone()
    if row is None:
        holder = passes.identify(tx, hashed) or _find_viewer(tx, hashed)
        if holder is not None:
            return holder
        if any(token.startswith(kind.prefix) for kind in viewing):
            raise Unauthorized(code="link_ended")
        raise ended.why_ended(tx, hashed)
    sid, since, seen_at, agent, scope, closed_at, *profile = row
    expires_at = _expires_at(seen_at, since, limits)
    if now_ms() >= expires_at:
        raise Unauthorized(code="session_expired")
    if closed_at is not None:
        raise Unauthorized(code="account_closed")
    user, session = User(*profile), Session(since, agent, expires_at)
    if scope:
        return Student(Author(user.id, user.firstname, user.familyname), session, sid, hashed, seen_at)
    return Me(user, session, sid, hashed, seen_at)


def _find_viewer(tx: ReadTx, hashed: str) -> Viewer | None:
    return next((viewer for kind in viewing if (viewer := kind.identify(tx, hashed))), None)


def as_session(me: Caller, change: Callable[[Tx], T]) -> Callable[[Tx], T]:
    """The same change, refused unless ``me``'s session is still the user's one session, or their pass valid, when it is
    made."""

    def guarded(tx: Tx) -> T:
        if not _is_valid(tx, me):
            raise ended.why_ended(tx, me.token_hash)
        if me.is_staff and not is_staff(tx, me.user_id):
            raise Forbidden
        return change(tx)

    return guarded


def _is_valid(tx: ReadTx, me: Caller) -> bool:
    if me.guest_of:
        return passes.is_valid(tx, me.user_id, me.sid)
    row = tx.driver.execute("SELECT sid FROM sessions WHERE user_id = ?", (me.user_id,)).fetchone()
    return row is not None and row[0] == me.sid


def is_staff(tx: ReadTx, user_id: int) -> bool:
    (role,) = tx.driver.execute("SELECT role FROM users WHERE id = ?", (user_id,)).fetchone()
    return role in ("owner", "staff")


def start(tx: Tx, user_id: int, token: str, agent: str, scope: str = "") -> None:
    """Make this the user's one session; whatever was before has been replaced. ``scope``: what alone it is good for."""
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
            scope=scope,
        )
    )


def scope_of(tx: ReadTx, user_id: int) -> str | None:
    """What the user's session is good for: all ("") or that alone; None when there is none."""
    found: str | None = tx.execute(select(sessions.c.scope).where(sessions.c.user_id == user_id)).scalar()
    return found


def end(tx: Tx, user_id: int, why: str, by: str | None = None) -> None:
    """End the user's session, if there is one: remember why, and tell its sockets, and only those."""
    row = tx.execute(select(sessions.c.sid, sessions.c.token_hash).where(sessions.c.user_id == user_id)).first()
    if row is None:
        return
    tx.execute(delete(sessions).where(sessions.c.user_id == user_id))
    ended.remember(tx, row.token_hash, row.sid, user_id, why, by)


def touch(tx: Tx, me: Me | Guest | Student) -> None:
    """They were here just now."""
    if isinstance(me, Guest):
        passes.touch(tx, me)
    else:
        tx.execute(update(sessions).where(sessions.c.sid == me.sid).values(seen_at=now_ms()))


def over(tx: ReadTx, holders: list[Seated], limits: Limits) -> list[SessionEnded]:
    """Of these sessions and passes the ones that are no longer valid, as their sockets should be told."""
    holders = [me for me in holders if me.sid]  # a gateway's guest has neither
    living: set[str] = set()
    for start_at in range(0, len(holders), _AT_ONCE):
        sids = [me.sid for me in holders[start_at : start_at + _AT_ONCE]]
        living |= _alive(tx, sids, limits) | passes.alive(tx, sids)
    hashes = list({me.token_hash for me in holders if me.user_id < 0})
    links = {link for kind in viewing for link in kind.alive(tx, hashes)} if hashes else set()
    return [_notice(tx, me) for me in holders if me.sid not in living and me.token_hash not in links]


def _notice(tx: ReadTx, me: Seated) -> SessionEnded:
    why = ended.why_ended(tx, me.token_hash)
    expired = "link_ended" if me.user_id < 0 else "pass_expired" if me.guest_of else "session_expired"
    code = expired if why.code == "not_signed_in" else why.code
    return SessionEnded(me.sid, code, why.extra.get("at", now_ms()), why.extra.get("by"))


def _alive(tx: ReadTx, sids: list[str], limits: Limits) -> set[str]:
    now = now_ms()
    query = select(sessions.c.sid).where(
        sessions.c.sid.in_(sids),
        sessions.c.seen_at > now - limits.session_idle_seconds * 1000,
        sessions.c.created_at > now - limits.session_seconds * 1000,
    )
    return {row.sid for row in tx.execute(query)}


def _expires_at(seen_at: int, created_at: int, limits: Limits) -> int:
    return min(seen_at + limits.session_idle_seconds * 1000, created_at + limits.session_seconds * 1000)
