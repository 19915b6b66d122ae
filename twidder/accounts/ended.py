"""The memory of sessions and passes that ended, so that their holder, and nobody else, can be told why."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, insert, select

from twidder.accounts.models import ended_sessions
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Unauthorized
from twidder.live.channel import SessionEnded
from twidder.store import ReadTx, Tx

_REMEMBERED = 50  # ended sessions of one user: signing in in a loop must not fill the disk


def remember(tx: Tx, hashed: str, sid: str, user_id: int, why: str, by: str | None = None) -> None:
    """The session ``sid`` has ended: keep why, and tell its sockets, and only those."""
    now = now_ms()
    tx.execute(insert(ended_sessions).values(token_hash=hashed, user_id=user_id, why=why, at=now, by=by))
    _forget_oldest(tx, user_id)
    tx.tell(SessionEnded(sid, why, now, by))


def why_ended(tx: ReadTx, hashed: str) -> Unauthorized:
    row = tx.execute(select(ended_sessions).where(ended_sessions.c.token_hash == hashed)).first()
    return Unauthorized(code=row.why, at=row.at, by=row.by) if row else Unauthorized()


def forgettable(tx: ReadTx, limits: Limits) -> bool:
    """Whether an ended session is older than anybody needs to know."""
    return tx.execute(select(ended_sessions.c.at).where(_outdated(limits)).limit(1)).first() is not None


def forget_ended(tx: Tx, limits: Limits) -> None:
    tx.execute(delete(ended_sessions).where(_outdated(limits)))


def _outdated(limits: Limits) -> ColumnElement[bool]:
    return ended_sessions.c.at < now_ms() - limits.ended_session_seconds * 1000


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
