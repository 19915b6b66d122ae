"""Who a text means by ``@handle``: only people who may see the room where it is said."""

from __future__ import annotations

from typing import Any

import msgspec

from twidder.accounts import Caller
from twidder.accounts.handles import mentioned
from twidder.config import Limits
from twidder.rooms.access import Place
from twidder.store import ReadTx

_IN_THE_ROOM = "m.state = 'in'"
_NOT_BANNED = "(m.state IS NULL OR m.state <> 'banned')"
_MEANT = """
SELECT u.handle, u.id FROM users u LEFT JOIN room_members m ON m.user_id = u.id AND m.room_id = ?
WHERE u.handle IN (SELECT value FROM json_each(?)) AND u.closed_at IS NULL AND {}
"""


def find_mentioned(tx: ReadTx, me: Caller, place: Place, text: str, limits: Limits) -> dict[str, int]:
    """Handle → user id. Costs nothing for a text without a mention. A guest calls nobody but those in the room, and
    learns of nobody else's handle."""
    handles = mentioned(text, limits.message_marks) if "@" in text else []
    if not handles:
        return {}
    who = _NOT_BANNED if place.kind in ("open", "walkin") and me.guest_of is None else _IN_THE_ROOM
    rows: list[Any] = tx.driver.execute(
        _MEANT.format(who), (place.id, msgspec.json.encode(handles).decode())
    ).fetchall()
    return dict(rows)


def encode_mentions(mentions: dict[str, int]) -> str:
    return msgspec.json.encode(mentions).decode() if mentions else "{}"
