"""The HTTP API of boards: the list, one, making, changing, arranging."""

from __future__ import annotations

import msgspec

from twidder.boards import arranging, fields, listing, making
from twidder.boards.fields import BoardChange, NewBoard
from twidder.boards.listing import BoardCard, BoardNow, BoardsPage
from twidder.boards.making import Deleted
from twidder.boards.models import Board, Tile
from twidder.errors import BadField
from twidder.web.api import Api, Call, Nothing

api = Api("boards")


class BoardsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``room``: those that are shown there."""

    room: int | None = None


class Arrangement(msgspec.Struct, forbid_unknown_fields=True):
    """``version``: of the board as it was when this was begun."""

    tiles: list[Tile]
    version: int


@api.route("GET", "/boards", who="viewer", query=BoardsQuery, answer=BoardsPage)
def list_boards(call: Call) -> BoardsPage:
    """The boards that I may see, the newest first: for guests those of their room, by a link its one. Without tiles."""
    room = call.query.room
    if room is not None and not 0 <= room < 2**63:
        raise BadField("room", "That is no room.")
    return call.read(lambda tx: listing.page(tx, call.onlooker, room, call.core.settings.limits))


@api.route("POST", "/boards", body=NewBoard, answer=BoardCard, statuses=(201,))
def create_board(call: Call) -> BoardCard:
    """Make a board; it is mine to arrange."""
    limits = call.core.settings.limits
    new = fields.check_new_board(call.body, limits)
    call.core.rates.take("board", call.me.user_id, burst=limits.boards_per_hour, rate=limits.boards_per_hour / 3600)
    return call.write(lambda tx: listing.as_card(tx, call.me, making.create(tx, call.me, new, limits)))


@api.route("GET", "/boards/<board:ref>", who="viewer", answer=BoardNow)
def get_board(call: Call, ref: str) -> BoardNow:
    """A board, and the newest of everything on it."""
    return call.read(lambda tx: listing.now(tx, call.onlooker, ref))


@api.route("PATCH", "/boards/<board:ref>", body=BoardChange, answer=BoardCard)
def change_board(call: Call, ref: str) -> BoardCard:
    """By whoever made it, and staff; its room's moderators can take it out of there."""
    wanted = fields.check_change(call.body, call.core.settings.limits)
    _take_edit(call)
    return call.write(lambda tx: listing.as_card(tx, call.me, making.change(tx, call.me, ref, wanted)))


@api.route("PUT", "/boards/<board:ref>/tiles", body=Arrangement, answer=Board)
def arrange_board(call: Call, ref: str) -> Board:
    """All tiles anew; 409 when somebody else has arranged the board meanwhile."""
    tiles = fields.check_tiles(call.body.tiles, call.core.settings.limits)
    _take_edit(call)
    return call.write(lambda tx: arranging.arrange(tx, call.me, ref, tiles, call.body.version))


@api.route("DELETE", "/boards/<board:ref>", answer=Deleted)
def delete_board(call: Call, ref: str) -> Deleted:
    """It can be restored until ``undo_until``."""
    _take_edit(call)
    return call.write(lambda tx: making.delete(tx, call.me, ref, call.core.settings.limits))


@api.route("POST", "/boards/<id:board>/restore", body=Nothing, answer=BoardCard)
def restore_board(call: Call, board: int) -> BoardCard:
    """Take my deletion back."""
    limits = call.core.settings.limits
    _take_edit(call)
    return call.write(lambda tx: listing.as_card(tx, call.me, making.restore(tx, call.me, board, limits)))


def _take_edit(call: Call) -> None:
    """Raises RateLimited."""
    per_minute = call.core.settings.limits.edits_per_minute
    call.core.rates.take("edit", call.me.user_id, burst=per_minute, rate=per_minute / 60)
