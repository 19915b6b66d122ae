"""The topics ``pairup:ID``, for everybody in the round, and ``entry:ID``, for one student of its roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from twidder.accounts import Caller
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.live.channel import Missed, Position, Said
from twidder.live.topics import Topic
from twidder.pairup import acting
from twidder.pairup.access import access_entry, access_round
from twidder.rates import Rates
from twidder.store import ReadTx, Tx, log


class _PairupChannel:
    guests = True  # who came by a PIN is one to the live core; who has no entry finds nothing here

    def __init__(self, limits: Limits, rates: Rates) -> None:
        self._limits = limits
        self._rates = rates

    def send(self, me: Caller, topic: Topic, said: Said) -> Callable[[Tx], dict[str, Any]]:
        raise NotFound

    def read(self, me: Caller, topic: Topic, seq: int) -> Callable[[Tx], None]:
        raise NotFound


class RoundChannel(_PairupChannel):
    kind = "pairup"
    presence: Literal["count"] = "count"  # how many look at the seats; who they are is not said

    def join(self, tx: ReadTx, me: Caller, topic: Topic, position: Position) -> Missed:
        access_round(tx, me, topic.id)
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))

    def act(self, me: Caller, topic: Topic, act: str, data: Mapping[str, Any]) -> Callable[[Tx], dict[str, Any]]:
        """``take``, ``confirm`` and ``give_back``, as by HTTP."""
        return acting.act(self._rates, me, topic.id, act, data, self._limits)


class EntryChannel(_PairupChannel):
    kind = "entry"
    presence = False

    def join(self, tx: ReadTx, me: Caller, topic: Topic, position: Position) -> Missed:
        _, entry = access_entry(tx, me, topic.id)
        if entry.user_id != me.user_id:
            raise NotFound
        return Missed(*log.catch_up(tx.driver, topic.name, *position, self._limits.missed_events))
