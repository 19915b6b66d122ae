"""The topics ``board:ID``: who may follow a board, and the newest of everything to whoever comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twidder.accounts import Caller
from twidder.boards import state
from twidder.boards.access import access_board
from twidder.errors import NotFound
from twidder.live.channel import Missed, Position, Said
from twidder.live.topics import Topic
from twidder.store import ReadTx, log


class BoardChannel:
    kind = "board"
    guests = True
    presence = False

    def join(self, tx: ReadTx, me: Caller, topic: Topic, position: Position) -> Missed:
        place = access_board(tx, me, topic.id)
        head = log.head(tx.driver, topic.name)
        if position.seq is None:
            return Missed(head, None, state.whole(tx, place))
        if position.seq > head or position.epoch not in (None, log.epoch(tx.driver)):
            return Missed(head, None)  # what they show may hold what never was, or is no more
        return Missed(head, None, state.since(tx, place, position.seq) if position.seq < head else {})

    def send(self, me: Caller, topic: Topic, said: Said) -> Callable[[Any], dict[str, Any]]:
        raise NotFound

    def read(self, me: Caller, topic: Topic, seq: int) -> Callable[[Any], Any]:
        raise NotFound
