"""Somebody who only reads, by page and by socket, beside a disk that refuses; and should notice nothing."""

from __future__ import annotations

import threading
import time

from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server
from tests.hostile.bystander import DEADLINE, PAUSE


class Onlooker:
    """Reads a wall's newest page again and again in a thread of its own; each answer comes in time and is dense. The
    wall's events come by a socket that stays open."""

    def __init__(self, server: Server, api: Api, wall: int) -> None:
        """``api`` is signed in, and is used by nobody else from now on."""
        self._api = api
        self._wall = wall
        self._live = Live(server, api)
        self._missed: list[Frame] = self._live.join({f"wall:{wall}": 0})[f"wall:{wall}"]["events"]
        self._news = threading.Condition()
        self._started = self._finished = 0
        self._failure: BaseException | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="onlooker")
        self._thread.start()

    def noticed_nothing(self) -> None:
        """Waits for a page that was asked for after this call, and for the socket's answer."""
        with self._news:
            wanted = self._started + 1
            done = self._news.wait_for(lambda: self._failure or self._finished >= wanted, 3 * DEADLINE)
        if self._failure is not None:
            raise AssertionError(f"The onlooker noticed: {self._failure}") from self._failure
        assert done, "the onlooker is stuck"
        assert self._live.join({"me": None}, timeout=DEADLINE)

    def events(self, upto: int) -> list[Frame]:
        """All of the wall's, from the first on. Waits for the one with that seq."""
        self._live.events(f"wall:{self._wall}", upto, DEADLINE)
        return self._missed + [frame for frame in self._live.seen if frame["type"] == "event"]

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(3 * DEADLINE)
        self._live.close()

    def _run(self) -> None:
        try:
            while not self._stopping.wait(PAUSE):
                self._tell(started=1)
                self._read()
                self._tell(finished=1)
        except BaseException as failure:
            self._tell(failure=failure)

    def _read(self) -> None:
        begin = time.monotonic()
        page = self._api.get(f"/walls/{self._wall}/posts", expect=200, limit=50).json()
        assert time.monotonic() - begin < DEADLINE
        seqs = [post["seq"] for post in page["items"]]
        assert seqs == sorted(seqs, reverse=True)
        assert len(set(seqs)) == len(seqs)

    def _tell(self, *, started: int = 0, finished: int = 0, failure: BaseException | None = None) -> None:
        with self._news:
            self._started += started
            self._finished += finished
            self._failure = failure or self._failure
            self._news.notify_all()
