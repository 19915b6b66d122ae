"""Polls: one vote for each voter, which can be changed."""

from __future__ import annotations

from twidder.accounts import Caller
from twidder.boards import state
from twidder.boards.access import Place, find_place
from twidder.boards.models import Tile, Votes
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, NotFound
from twidder.rates import Rates
from twidder.store import ReadTx, Tx


def take_turn(rates: Rates, me: Caller, limits: Limits) -> None:
    """Raises RateLimited."""
    rates.take("vote", me.user_id, burst=limits.reactions_per_minute, rate=limits.reactions_per_minute / 60)


def voter(me: Caller) -> str:
    """A member or guest, as their vote is kept."""
    return f"user:{me.user_id}"


def vote(tx: Tx, board_id: int, tile_id: str, voter: str, option: int | None) -> Votes:
    """``voter``'s one vote; None withdraws it. Who may is the caller's affair. Raises NotFound for a tile that is no
    poll, BadField."""
    tile = access_poll(find_place(tx, board_id), tile_id)
    if option is None:
        tx.driver.execute(_WITHDRAW, (board_id, tile_id, voter))
    elif 0 <= option < len(tile.options):
        tx.driver.execute(_VOTE, (board_id, tile_id, voter, option, now_ms()))
    else:
        raise BadField("option", f"An option is 0 to {len(tile.options) - 1}.")
    votes = state.votes_of(tx, board_id, tile)
    state.tell(tx, board_id, {state.POLL + tile_id: votes})
    return votes


def access_poll(place: Place, tile_id: str) -> Tile:
    """Raises NotFound."""
    found = next((tile for tile in state.tiles_of(place) if (tile.id, tile.kind) == (tile_id, "poll")), None)
    if found is None:
        raise NotFound
    return found


def votes_of(tx: ReadTx, board_id: int, voter: str) -> dict[str, int]:
    """What they have voted for, by tile."""
    return dict(tx.driver.execute(_MINE, (board_id, voter)).fetchall())


_VOTE = """
INSERT INTO votes (board_id, tile, voter, "option", at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (board_id, tile, voter) DO UPDATE SET "option" = excluded."option", at = excluded.at
"""
_WITHDRAW = "DELETE FROM votes WHERE board_id = ? AND tile = ? AND voter = ?"
_MINE = 'SELECT tile, "option" FROM votes WHERE board_id = ? AND voter = ?'
