"""How often others look at my wall. Told to me alone, live, on my topic ``stats``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import msgspec

from twidder.accounts import Me
from twidder.clock import now_ms
from twidder.core import Core
from twidder.errors import Busy, NotFound, RateLimited
from twidder.live.channel import Missed, Position, Said, StateChanged
from twidder.live.topics import Topic
from twidder.store import ReadTx, Tx, log

_DAY = 86_400_000
_COUNT = """
INSERT INTO wall_visits (wall_id, day, visits) VALUES (?, ?, 1)
ON CONFLICT (wall_id, day) DO UPDATE SET visits = visits + 1
"""
_VISITS = "SELECT COALESCE(SUM(visits), 0), COALESCE(SUM(visits * (day = ?)), 0) FROM wall_visits WHERE wall_id = ?"


class Visits(msgspec.Struct, frozen=True):
    """Of my wall, by others. ``today`` begins at midnight UTC."""

    total: int
    today: int


def count_visit(core: Core, me: Me, wall_id: int) -> None:
    """``me`` looks at the wall. Whoever looks again soon is the same visit; to one's own one pays none."""
    if me.user_id == wall_id:
        return
    with contextlib.suppress(RateLimited, Busy):  # one visit is not worth anybody's waiting
        seconds = core.settings.limits.visit_seconds
        core.rates.take("visit", (me.user_id, wall_id), burst=1, rate=1 / seconds)
        core.store.submit(lambda tx: count(tx, wall_id), lambda _result, _error: None)


def count(tx: Tx, wall_id: int) -> None:
    tx.driver.execute(_COUNT, (wall_id, now_ms() // _DAY))
    topic = topic_of(wall_id)
    tx.tell(StateChanged(topic, tx.next_seq(topic), now_ms(), _state(tx, wall_id)))


def visits_of(tx: ReadTx, user_id: int) -> Visits:
    return Visits(*tx.driver.execute(_VISITS, (now_ms() // _DAY, user_id)).fetchone())


def topic_of(user_id: int) -> str:
    return f"stats:{user_id}"


def _state(tx: ReadTx, user_id: int) -> dict[str, bytes]:
    return {"visits": msgspec.json.encode(visits_of(tx, user_id))}


class StatsChannel:
    """The topic ``stats``: my own figures."""

    kind = "stats"
    guests = False
    presence = False

    def join(self, tx: ReadTx, me: Any, topic: Topic, position: Position) -> Missed:
        return Missed(log.head(tx.driver, topic.name), None, _state(tx, topic.id))

    def send(self, me: Any, topic: Topic, said: Said) -> Callable[[Any], dict[str, Any]]:
        raise NotFound

    def read(self, me: Any, topic: Topic, seq: int) -> Callable[[Any], Any]:
        raise NotFound
