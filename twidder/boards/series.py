"""What is said of a series beside its values: its unit, its pace; and its end."""

from __future__ import annotations

from typing import Any

import msgspec

from twidder.accounts import Caller
from twidder.boards.access import Place, access_to_arrange, topic
from twidder.boards.parsing import BadPoint, check_every, check_unit
from twidder.boards.state import COLUMNS, as_value, tell
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, NotFound
from twidder.store import ReadTx, Tx

_FIND = f"SELECT {COLUMNS} FROM series WHERE board_id = ? AND key = ? AND type <> 'gone'"
_CHANGE = f"""
UPDATE series SET unit = ?, every_ms = ?, freshness = ?, seq = ? WHERE board_id = ? AND key = ? RETURNING {COLUMNS}
"""
_DELETE = """
UPDATE series SET type = 'gone', unit = '', every_ms = NULL, freshness = NULL, value = 'null', seen_at = ?,
    seq = ?
WHERE board_id = ? AND key = ?
"""


class SeriesChange(msgspec.Struct, forbid_unknown_fields=True):
    """Only what is there is changed. ``every``: seconds; null: it promises no pace."""

    key: str
    unit: str | msgspec.UnsetType = msgspec.UNSET
    every: float | msgspec.UnsetType | None = msgspec.UNSET


def check_change(change: SeriesChange, limits: Limits) -> SeriesChange:
    """``every`` in ms. Raises BadField."""
    unit, every = change.unit, change.every
    try:
        if unit is not msgspec.UNSET:
            unit = check_unit(unit, limits) or ""
        if every is not msgspec.UNSET:
            every = check_every(every, limits)
    except BadPoint as bad:
        raise BadField(bad.code.removeprefix("bad_"), bad.detail) from None
    return SeriesChange(change.key, unit, every)


def change(tx: Tx, me: Caller, ref: str, wanted: SeriesChange) -> None:
    """Raises NotFound, Forbidden, BadField. Whoever promises a new pace is fresh to begin with."""
    place, row = _access(tx, me, ref, wanted.key)
    _, _, unit, every, *_, freshness, _, _ = row
    if wanted.unit is not msgspec.UNSET:
        unit = wanted.unit
    if wanted.every is not msgspec.UNSET and wanted.every != every:
        every, freshness = wanted.every, None if wanted.every is None else "fresh"
    seq = tx.next_seq(place.topic)
    changed = tx.driver.execute(_CHANGE, (unit, every, freshness, seq, place.id, wanted.key)).fetchone()
    tell(tx, place.id, {wanted.key: msgspec.Raw(as_value(changed))}, seq)


def delete(tx: Tx, me: Caller, ref: str, key: str) -> None:
    """Nobody sees its values any more; housekeeping takes them away. Raises NotFound, Forbidden, BadField."""
    place, _ = _access(tx, me, ref, key)
    forget(tx, place.id, key)


def forget(tx: Tx, board_id: int, key: str) -> None:
    """A series that is there."""
    seq = tx.next_seq(topic(board_id))
    tx.driver.execute(_DELETE, (now_ms(), seq, board_id, key))
    tell(tx, board_id, {key: None}, seq)


def _access(tx: ReadTx, me: Caller, ref: str, key: str) -> tuple[Place, Any]:
    place = access_to_arrange(tx, me, ref)
    row = tx.driver.execute(_FIND, (place.id, key)).fetchone()
    if row is None:
        raise NotFound
    return place, row
