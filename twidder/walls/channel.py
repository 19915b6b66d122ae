"""The topics ``wall:ID``: who may follow a wall, and posting over the socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twidder.accounts import Me
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.live.channel import Missed, Position, Said
from twidder.live.topics import Topic
from twidder.rates import Rates
from twidder.store import ReadTx, Tx, log
from twidder.walls import service
from twidder.walls.audience import access_wall
from twidder.walls.models import NewPost


class WallChannel:
    kind = "wall"
    guests = False
    presence = False

    def __init__(self, limits: Limits, rates: Rates) -> None:
        self._limits = limits
        self._rates = rates

    def join(self, tx: ReadTx, me: Me, topic: Topic, position: Position) -> Missed:
        access_wall(tx, me, topic.id)
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))

    def send(self, me: Me, topic: Topic, said: Said) -> Callable[[Tx], dict[str, Any]]:
        new = service.check_post(NewPost(said.text, said.cid, list(said.files)), self._limits)
        service.take_turn(self._rates, me, self._limits)

        def write(tx: Tx) -> dict[str, Any]:
            post, _ = service.post(tx, me, topic.id, new)
            return {"seq": post.seq, "post": post}

        return write

    def read(self, me: Me, topic: Topic, seq: int) -> Callable[[Any], Any]:
        raise NotFound
