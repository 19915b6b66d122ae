"""One-time links: set up the place, join it, choose a new password.

The secret stands in the fragment (``/join#…``), which browsers send to nobody; it is kept as a hash.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, select, update

from twidder.accounts.models import links
from twidder.accounts.sessions import token_hash
from twidder.clock import now_ms
from twidder.errors import Forbidden
from twidder.store import ReadTx, Tx


def make(tx: Tx, purpose: str, secret: str, *, seconds: int, user_id: int | None = None) -> int:
    """Returns when it expires (ms). An older link of the same purpose for the same user ends; an older
    invitation does not."""
    now = now_ms()
    expires_at = now + seconds * 1000
    older = (links.c.purpose == purpose) & (links.c.user_id.is_not_distinct_from(user_id))
    many = purpose == "join"  # one for each person who is invited
    tx.execute(delete(links).where(links.c.expires_at < now) if many else delete(links).where(older))
    tx.execute(
        insert(links).values(secret_hash=token_hash(secret), purpose=purpose, user_id=user_id, expires_at=expires_at)
    )
    return expires_at


def check(tx: ReadTx, purpose: str, secret: str) -> int | None:
    """The user whom the link is for, if it is for one. Raises Forbidden (bad_link)."""
    row = tx.execute(
        select(links.c.user_id).where(
            links.c.secret_hash == token_hash(secret),
            links.c.purpose == purpose,
            links.c.used_at.is_(None),
            links.c.expires_at > now_ms(),
        )
    ).first()
    if row is None:
        raise Forbidden(code="bad_link")
    return row.user_id  # type: ignore[no-any-return]


def use(tx: Tx, purpose: str, secret: str) -> int | None:
    """As ``check``, and the link is used up."""
    user_id = check(tx, purpose, secret)
    tx.execute(update(links).where(links.c.secret_hash == token_hash(secret)).values(used_at=now_ms()))
    return user_id


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def qr_rows(url: str) -> list[str]:
    """The QR code as rows of 0 and 1, without its quiet zone; the page draws it."""
    import segno  # here: few pages show one, and every start would wait for it

    return ["".join(str(int(module)) for module in row) for row in segno.make(url, error="m", micro=False).matrix]
