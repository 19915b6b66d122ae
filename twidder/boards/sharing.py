"""The public link: whoever has it looks on, without an account, until it is withdrawn or too old."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from twidder.accounts import Caller, Viewer
from twidder.accounts.links import new_secret
from twidder.accounts.sessions import token_hash
from twidder.boards import shown, state
from twidder.boards.access import Place, access_to_arrange
from twidder.boards.models import boards
from twidder.clock import now_ms
from twidder.store import ReadTx, Tx

_PREFIX = "twv_"  # so that a link that has ended is known for what it was


def make_secret() -> str:
    return _PREFIX + new_secret()


def open_link(tx: Tx, me: Caller, ref: str, secret: str, seconds: int) -> int:
    """When it ends (ms). Who came by an older link is put out. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    expires_at = now_ms() + seconds * 1000
    _write(tx, place, token_hash(secret), expires_at)
    return expires_at


def end_link(tx: Tx, me: Caller, ref: str) -> None:
    """Who came by it is put out at once. Raises NotFound, Forbidden."""
    place = access_to_arrange(tx, me, ref)
    if place.link_hash is not None:
        _write(tx, place, None, None)


def _write(tx: Tx, place: Place, link_hash: str | None, expires_at: int | None) -> None:
    values: dict[str, Any] = {"link_hash": link_hash, "link_expires_at": expires_at}
    tx.execute(update(boards).where(boards.c.id == place.id).values(**values))
    shown.end_viewing(tx, place)
    state.tell(tx, place.id, {state.BOARD: state.as_board(tx, place._replace(**values))})


class ByLink:
    """Who holds the secret of a board's link is its onlooker; nothing is written for a look."""

    prefix = _PREFIX

    def identify(self, tx: ReadTx, hashed: str) -> Viewer | None:
        row = tx.driver.execute(_BY_LINK, (hashed, now_ms())).fetchone()
        return Viewer(row[0], shown.viewers_sid(hashed), hashed, row[1]) if row else None

    def alive(self, tx: ReadTx, hashes: list[str]) -> set[str]:
        rows = tx.driver.execute(_ALIVE, (state.encode(hashes).decode(), now_ms())).fetchall()
        return {link_hash for (link_hash,) in rows}


_BY_LINK = """
SELECT id, link_expires_at FROM boards WHERE link_hash = ? AND link_expires_at > ? AND deleted_at IS NULL
"""
_ALIVE = """
SELECT link_hash FROM boards
WHERE link_hash IN (SELECT value FROM json_each(?)) AND link_expires_at > ? AND deleted_at IS NULL
"""
