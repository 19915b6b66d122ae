"""The topic ``me``: what concerns only this user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twidder.accounts.models import Caller
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.live.channel import Missed, Position, Said
from twidder.live.topics import Topic
from twidder.store import ReadTx, log


class MeChannel:
    kind = "me"
    guests = True
    presence = False

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def join(self, tx: ReadTx, me: Caller, topic: Topic, position: Position) -> Missed:
        if me.guest_of == 0:  # who looks on by a link has nothing of their own; a PIN opens Pair-Up alone
            raise NotFound
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))

    def send(self, me: Caller, topic: Topic, said: Said) -> Callable[[Any], dict[str, Any]]:
        raise NotFound

    def read(self, me: Caller, topic: Topic, seq: int) -> Callable[[Any], Any]:
        raise NotFound
