"""The board whose news the updates gateway tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from twidder.boards.access import topic
from twidder.store import ReadTx

_OF = "SELECT id FROM boards WHERE updates AND deleted_at IS NULL ORDER BY id LIMIT 1"


class _Board(msgspec.Struct):
    updates: bool = False


def find_default(tx: ReadTx) -> str | None:
    """Its topic; None while there is none."""
    row: Any = tx.driver.execute(_OF).fetchone()
    return topic(row[0]) if row else None


def is_default(data: Mapping[str, bytes]) -> bool | None:
    """Whether a board is it from now on, by news of its state; None where they do not say."""
    board = data.get("$board")
    if board is None:
        return None
    told = msgspec.json.decode(board, type=_Board | None)
    return told is not None and told.updates
