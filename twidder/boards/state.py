"""A board's state: what its topic tells, and how a change is told. Plain statements, since every push goes through."""

from __future__ import annotations

from typing import Any

import msgspec

from twidder.accounts import Author, access_author
from twidder.boards.access import Place, topic
from twidder.boards.built_in import STATISTICS
from twidder.boards.models import GONE, Board, Tile, Value, Votes
from twidder.clock import now_ms
from twidder.live.channel import StateChanged
from twidder.store import ReadTx, Tx

encode = msgspec.json.Encoder().encode
BOARD = "$board"
POLL = "$poll:"  # and the tile's id
_TILES = msgspec.json.Decoder(list[Tile])
COLUMNS = "key, type, unit, every_ms, value, at, seen_at, freshness, seq, past_seq"
_SERIES = f"SELECT {COLUMNS} FROM series WHERE board_id = ? ORDER BY id"
_SINCE = f"SELECT {COLUMNS} FROM series WHERE board_id = ? AND seq > ? AND key NOT LIKE '$%' ORDER BY id"
_VOTES = 'SELECT tile, "option", COUNT(*) FROM votes WHERE board_id = ? GROUP BY tile, "option"'


def as_board(tx: ReadTx, place: Place) -> Board:
    return shape(place, access_author(tx, place.owner_id) if place.owner_id is not None else None, tiles_of(place))


def shape(place: Place, owner: Author | None, tiles: list[Tile]) -> Board:
    return Board(
        place.id,
        place.slug,
        place.name,
        place.description,
        place.created_at,
        place.audience,
        tiles,
        place.version,
        owner=owner,
        room=place.room_id,
        public=place.is_public,
        built_in=bool(place.built_in),
        updates=bool(place.updates),
    )


def tiles_of(place: Place) -> list[Tile]:
    return STATISTICS if place.built_in else _TILES.decode(place.tiles)


def whole(tx: ReadTx, place: Place) -> dict[str, bytes]:
    """Everything that the board shows, each value as JSON."""
    rows = [row for row in tx.driver.execute(_SERIES, (place.id,)) if row[1] != GONE]
    return {BOARD: encode(as_board(tx, place)), **_polls(tx, place), **{row[0]: as_value(row) for row in rows}}


def since(tx: ReadTx, place: Place, seq: int) -> dict[str, bytes]:
    """What may have changed after ``seq``: the series that have; of the little else, all."""
    rows = tx.driver.execute(_SINCE, (place.id, seq)).fetchall()
    return {BOARD: encode(as_board(tx, place)), **_polls(tx, place), **{row[0]: as_value(row) for row in rows}}


def tell(tx: Tx, board_id: int, data: dict[str, Any], seq: int | None = None) -> int:
    """Tell everybody who follows the board these newest values, after the commit; the number of the change. None as a
    value: the series is gone."""
    number = seq or tx.next_seq(topic(board_id))
    tx.tell(StateChanged(topic(board_id), number, now_ms(), {key: encode(value) for key, value in data.items()}))
    return number


def votes_of(tx: ReadTx, board_id: int, tile: Tile) -> Votes:
    query = 'SELECT "option", COUNT(*) FROM votes WHERE board_id = ? AND tile = ? GROUP BY "option"'
    return _as_votes(tile, dict(tx.driver.execute(query, (board_id, tile.id)).fetchall()))


def _polls(tx: ReadTx, place: Place) -> dict[str, bytes]:
    polls = [tile for tile in tiles_of(place) if tile.kind == "poll"]
    counts: dict[str, dict[int, int]] = {tile.id: {} for tile in polls}
    for tile_id, option, number in tx.driver.execute(_VOTES, (place.id,)) if polls else ():
        counts.setdefault(tile_id, {})[option] = number
    return {POLL + tile.id: encode(_as_votes(tile, counts[tile.id])) for tile in polls}


def _as_votes(tile: Tile, counts: dict[int, int]) -> Votes:
    return Votes([counts.get(option, 0) for option in range(len(tile.options))])


def as_value(row: Any) -> bytes:
    """A series' value, of its row's ``COLUMNS``; of one that was deleted, null."""
    _, kind, unit, every, value, at, seen, freshness, _, past = row
    if kind == GONE:
        return b"null"
    return encode(Value(msgspec.Raw(value.encode()), at, seen, kind, unit, every, freshness, past))  # type: ignore[arg-type]
