"""The audit log: it only grows."""

from __future__ import annotations

from sqlalchemy import insert

from twidder.clock import now_ms
from twidder.moderation.models import audit
from twidder.store import Tx


def record(
    tx: Tx,
    by_id: int | None,
    action: str,
    room_id: int | None = None,
    user_id: int | None = None,
    item: str | int | None = None,
) -> None:
    """One line. ``action``: noun and verb, as events are named (``member.banned``). ``item``: an id or a new value,
    never what somebody wrote. ``by_id`` None: the server itself, or the operator at the command line."""
    tx.execute(
        insert(audit).values(
            by_id=by_id,
            action=action,
            room_id=room_id,
            user_id=user_id,
            item=None if item is None else str(item),
            at=now_ms(),
        )
    )


def record_role(tx: Tx, by_id: int, user_id: int, role: str) -> None:
    """As a hook of ``accounts.service.when_role_changed``."""
    record(tx, by_id, "role.changed", user_id=user_id, item=role)
