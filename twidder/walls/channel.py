"""The topics ``wall:ID``: who may follow a wall, and posting over the socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twidder.accounts import Me
from twidder.config import Limits
from twidder.live.channel import Missed, Position
from twidder.live.topics import Topic
from twidder.rates import Rates
from twidder.store import ReadTx, Tx, log
from twidder.walls import service
from twidder.walls.models import NewPost


class WallChannel:
    kind = "wall"

    def __init__(self, limits: Limits, rates: Rates) -> None:
        self._limits = limits
        self._rates = rates

    def join(self, tx: ReadTx, me: Me, topic: Topic, position: Position) -> Missed:
        service.access_wall(tx, me, topic.id)
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))

    def send(self, me: Me, topic: Topic, text: str, cid: str | None) -> Callable[[Tx], dict[str, Any]]:
        new = service.check_post(NewPost(text, cid), self._limits)
        service.take_turn(self._rates, me, self._limits)

        def write(tx: Tx) -> dict[str, Any]:
            post, _ = service.post(tx, me, topic.id, new)
            return {"seq": post.seq, "post": post}

        return write
