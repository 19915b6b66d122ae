"""A board's tiles: all of them are written at once, by whoever saw the newest arrangement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update

from twidder.accounts import Caller
from twidder.boards import state
from twidder.boards.access import Place, access_to_arrange
from twidder.boards.models import Board, Tile, Votes, boards, votes
from twidder.errors import Conflict
from twidder.store import Tx


def arrange(tx: Tx, me: Caller, ref: str, tiles: list[Tile], version: int) -> Board:
    """Checked tiles in the place of those of ``version``. Raises NotFound, Forbidden, Conflict when somebody else has
    arranged the board meanwhile."""
    place = access_to_arrange(tx, me, ref)
    if version != place.version:
        raise Conflict("Somebody else has arranged the board meanwhile.")
    return put(tx, place, tiles)


def put(tx: Tx, place: Place, tiles: list[Tile]) -> Board:
    """A poll that asks something else begins anew."""
    values: dict[str, Any] = {"tiles": state.encode(tiles).decode(), "version": place.version + 1}
    tx.execute(update(boards).where(boards.c.id == place.id).values(**values))
    board = state.as_board(tx, place._replace(**values))
    state.tell(tx, place.id, {state.BOARD: board, **_changed_polls(tx, place, tiles)})
    return board


def _changed_polls(tx: Tx, place: Place, tiles: list[Tile]) -> dict[str, Any]:
    before = {tile.id: tile for tile in state.tiles_of(place) if tile.kind == "poll"}
    after = {tile.id: tile for tile in tiles if tile.kind == "poll"}
    told: dict[str, Any] = {}
    for tile_id in before.keys() | after.keys():
        old, new = before.get(tile_id), after.get(tile_id)
        if old is None or new is None or old.options != new.options:
            tx.execute(delete(votes).where(votes.c.board_id == place.id, votes.c.tile == tile_id))
            told[state.POLL + tile_id] = Votes([0] * len(new.options)) if new else None
    return told
