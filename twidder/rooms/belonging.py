"""Which topics somebody hears the heads of without having joined them."""

from __future__ import annotations

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.store import ReadTx


def belongs(tx: ReadTx, me: Caller, limits: Limits) -> dict[str, int]:
    """Topics of the rooms and conversations that they are in, and the heads of these; the newest rooms first."""
    return dict(tx.driver.execute(_MINE, (me.user_id, me.guest_of, limits.heads_per_connection)).fetchall())


# A plain statement: every connection asks for it.
_MINE = """
SELECT t.topic, t.head
FROM room_members m JOIN rooms r ON r.id = m.room_id
JOIN topics t ON t.topic = CASE r.kind WHEN 'dm' THEN 'dm:' ELSE 'room:' END || r.id
WHERE m.user_id = ?1 AND m.state = 'in' AND (?2 IS NULL OR r.id = ?2) ORDER BY r.id DESC LIMIT ?3
"""
