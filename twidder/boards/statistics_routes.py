"""The HTTP API of one's own figures."""

from __future__ import annotations

import msgspec

from twidder.boards.visits import Visits, topic_of, visits_of
from twidder.store import ReadTx, log
from twidder.web.api import Api, Call

api = Api("statistics")


class MyStatistics(msgspec.Struct):
    """``seq`` and ``epoch``: the position from which to follow the topic ``stats``."""

    visits: Visits
    seq: int
    epoch: str


@api.route("GET", "/me/statistics", answer=MyStatistics)
def my_statistics(call: Call) -> MyStatistics:
    """Visits of my wall by others."""
    me = call.me.user_id

    def read(tx: ReadTx) -> MyStatistics:
        return MyStatistics(visits_of(tx, me), log.head(tx.driver, topic_of(me)), log.epoch(tx.driver))

    return call.read(read)
