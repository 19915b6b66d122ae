"""Boards as lists and pages show them, with the caller's own side."""

from __future__ import annotations

from typing import Any

import msgspec

from twidder import rooms
from twidder.accounts import Author, Caller, authors
from twidder.boards import state
from twidder.boards.access import Place, access_board, may_arrange, shown_in, visible
from twidder.boards.models import Board
from twidder.boards.voting import voter, votes_of
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.store import ReadTx, log


class BoardMine(msgspec.Struct, frozen=True, omit_defaults=True):
    """``votes``: what I voted for, by tile; of a board's page alone."""

    may_arrange: bool
    votes: dict[str, int] = {}


class BoardCard(msgspec.Struct, frozen=True):
    """In lists without its tiles."""

    board: Board
    mine: BoardMine


class BoardsPage(msgspec.Struct, frozen=True):
    items: list[BoardCard]


class BoardNow(msgspec.Struct, frozen=True):
    """``state``: the newest of everything. ``seq`` and ``epoch``: the position from which to join the board's topic
    without a hole. ``now``: the server's clock (ms)."""

    board: Board
    mine: BoardMine
    state: dict[str, Any]
    seq: int
    epoch: str
    now: int


def page(tx: ReadTx, me: Caller, room_id: int | None, limits: Limits) -> BoardsPage:
    """All that they may see, or those of one room; the newest first. Raises NotFound."""
    found = _find(tx, me, room_id, limits)
    names = authors(tx, {place.owner_id for place in found if place.owner_id is not None})
    return BoardsPage([_as_card(me, place, names.get(place.owner_id or 0)) for place in found])


def _find(tx: ReadTx, me: Caller, room_id: int | None, limits: Limits) -> list[Place]:
    if room_id is None and me.user_id < 0:
        return [access_board(tx, me, -me.user_id)]
    if room_id is None and me.guest_of is None:
        return visible(tx, me, limits.boards_listed)
    room = rooms.access_room(tx, me, room_id if room_id is not None else me.guest_of or 0)
    return shown_in(tx, room.id)[: limits.boards_listed]


def now(tx: ReadTx, me: Caller, ref: str) -> BoardNow:
    """Raises NotFound."""
    place = access_board(tx, me, ref)
    seq = log.head(tx.driver, place.topic)
    shown = {key: msgspec.Raw(value) for key, value in state.whole(tx, place).items()}
    mine = BoardMine(may_arrange(me, place), votes_of(tx, place.id, voter(me)))
    return BoardNow(state.as_board(tx, place), mine, shown, seq, log.epoch(tx.driver), now_ms())


def as_card(tx: ReadTx, me: Caller, place: Place) -> BoardCard:
    """After a change, with its tiles."""
    return BoardCard(state.as_board(tx, place), BoardMine(may_arrange(me, place)))


def _as_card(me: Caller, place: Place, owner: Author | None) -> BoardCard:
    return BoardCard(state.shape(place, owner, []), BoardMine(may_arrange(me, place)))
