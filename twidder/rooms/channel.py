"""The topics ``room:ID`` and ``dm:ID``: who may follow a room, writing in it and reading it over the socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.live.channel import Missed, Position, Said
from twidder.live.topics import Topic
from twidder.rates import Rates
from twidder.rooms import reading, service
from twidder.rooms.access import access_room
from twidder.rooms.fields import check_message
from twidder.rooms.models import NewMessage
from twidder.store import ReadTx, Tx, log


class RoomChannel:
    """``kind``: room or dm."""

    presence = True

    def __init__(self, kind: str, limits: Limits, rates: Rates) -> None:
        self.kind = kind
        self.guests = kind == "room"
        self._limits = limits
        self._rates = rates

    def join(self, tx: ReadTx, me: Caller, topic: Topic, position: Position) -> Missed:
        self._check(tx, me, topic)
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))

    def send(self, me: Caller, topic: Topic, said: Said) -> Callable[[Tx], dict[str, Any]]:
        new = check_message(NewMessage(said.text, said.cid, said.reply_to, list(said.files)), self._limits)
        service.take_turn(self._rates, me, self._limits)

        def write(tx: Tx) -> dict[str, Any]:
            self._check(tx, me, topic)
            message, _ = service.post(tx, me, topic.id, new, self._limits)
            return {"seq": message.seq, "message": message}

        return write

    def read(self, me: Caller, topic: Topic, seq: int) -> Callable[[Tx], None]:
        reading.take_turn(self._rates, me, self._limits)

        def write(tx: Tx) -> None:
            self._check(tx, me, topic)
            reading.read_up_to(tx, me, topic.id, seq)

        return write

    def _check(self, tx: ReadTx, me: Caller, topic: Topic) -> None:
        """A conversation is not to be had by a room's name, nor the other way round."""
        if access_room(tx, me, topic.id).topic != topic.name:
            raise NotFound
