"""A healthy client beside the hostile one: it posts, reads what it posted, and should notice nothing."""

from __future__ import annotations

import itertools
import threading
import time

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA
from tests.harness.server import Server

DEADLINE = 5.0  # of one round; the bound of its p99 is a tenth of it, but this machine may be shared
PAUSE = 0.02


class Bystander:
    """Round after round in a thread of its own: a post by HTTP, and its event by the socket, dense and in order."""

    def __init__(self, server: Server) -> None:
        self._api = Api(server, timeout=DEADLINE)
        person = ADA.unique()
        self._api.sign_up(person)
        self._api.sign_in(person)
        self._live = Live(server, self._api)
        self._live.join({self._api.wall: 0})
        self._news = threading.Condition()
        self._started = self._finished = 0
        self._failure: BaseException | None = None
        self._stopping = threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._run, name="bystander")
        self._thread.start()

    def noticed_nothing(self) -> None:
        """Waits for a round that began after this call, and fails if any round has failed."""
        with self._news:
            wanted = self._started + 1
            done = self._news.wait_for(lambda: self._failure or self._finished >= wanted, 3 * DEADLINE)
        if self._failure is not None:
            raise AssertionError(f"The bystander noticed: {self._failure}") from self._failure
        assert done, "the bystander is stuck"

    def p99(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.99)] if ordered else 0.0

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(3 * DEADLINE)
        self._live.close()
        self._api.close()

    def _run(self) -> None:
        try:
            for number in itertools.count(1):
                if self._stopping.wait(PAUSE):
                    return
                self._round(number)
        except BaseException as failure:
            self._tell(failure=failure)

    def _round(self, number: int) -> None:
        self._tell(started=number)
        begin = time.monotonic()
        post = self._api.post_on(self._api.id, f"round {number}")
        event = self._live.recv("event", DEADLINE)
        assert (event["seq"], event["data"]["id"]) == (number, post["id"]), event
        assert self._live.open
        self.seconds.append(time.monotonic() - begin)
        self._tell(finished=number)

    def _tell(self, started: int = 0, finished: int = 0, failure: BaseException | None = None) -> None:
        with self._news:
            self._started = started or self._started
            self._finished = finished or self._finished
            self._failure = failure
            self._news.notify_all()
