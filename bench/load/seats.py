"""``python -m bench.load.seats``: teams that take places, and all who watch the seats, in one process: one clock.

Reads one line of JSON (see ``Job``); answers as ``bench.load.watch`` does.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import random
import statistics
import sys
import time
from typing import Any

import msgspec
import uvloop

from bench.load.exchange import OnDemand, request
from bench.load.tally import Tally
from bench.load.viewers import TRANSPORTS, Place
from bench.load.watch import say, until

_AT_ONCE = 50  # who open their connections at a time
_OPENING_SECONDS = 15.0
_SETTLING_SECONDS = 5.0
_TAKEN = frozenset({"taken", "held"})


class Job(msgspec.Struct):
    transport: str  # of TRANSPORTS
    viewers: int
    place: Place
    take_path: str  # %d = the place
    take_body: str  # %d = the team
    takers: list[str]  # for each team a token; "" = nobody says who they are
    tokens: list[str]  # of the viewers, likewise
    places: list[list[int]]  # for each team those that it takes in turn, and nobody else does
    rates: list[float]  # takes a second, one measurement each
    warm: float
    seconds: list[float]  # of each measurement


class Seats(Tally):
    """A viewer has seen a take once they have seen that team there, or at a later place of its own."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.viewers)
        self.opened = 0  # viewers who have the picture
        self._looked = [False] * job.viewers
        self._team_of = {place: team for team, places in enumerate(job.places) for place in places}
        self._takes: list[list[int]] = [[] for _ in job.places]  # of each team
        self._newest: dict[int, int] = {}  # place → the which-th of its team's takes
        self._seen = [[0] * len(job.places) for _ in range(job.viewers)]  # so many of each team's
        self._left: list[int] = []  # by take: viewers who have not seen it
        self._each: list[float] = []
        self._all: list[float] = []

    def taking(self, team: int, place: int) -> int:
        number = len(self.sent)
        self.sent.append(time.perf_counter())
        self._left.append(len(self.has))
        self._newest[place] = len(self._takes[team])
        self._takes[team].append(number)
        return number

    def news(self, which: int, data: bytes) -> bool:
        found = occupied(data)
        if found is None:
            return False
        if not self._looked[which]:
            self._looked[which] = True
            self.opened += 1
        for place in found:
            if place in self._newest:
                self._see(which, self._team_of[place], self._newest[place])
        return True

    def _see(self, which: int, team: int, upto: int) -> None:
        now = time.perf_counter()
        for number in self._takes[team][self._seen[which][team] : upto + 1]:
            self._left[number] -= 1
            if number in self._counted:
                self._each.append(now - self.sent[number])
                if not self._left[number]:
                    self._all.append(now - self.sent[number])
        self._seen[which][team] = max(self._seen[which][team], upto + 1)

    def all_seen(self) -> bool:
        return not any(self._left)

    def begin(self) -> None:
        super().begin()
        self._each, self._all = [], []

    def delays(self) -> dict[str, Any]:
        """p50 and p99 in ms of each delivery, and until all had it; ``missing``: deliveries that never came."""
        wanted = len(self._counted) * len(self.has)
        each = quantiles(self._each, "p50", "p99")
        return {**each, **quantiles(self._all, "all_p50", "all_p99"), "missing": wanted - len(self._each)}


@functools.lru_cache(maxsize=256)
def occupied(data: bytes) -> tuple[int, ...] | None:
    """The places that somebody has, by this frame or this body; None: it is no picture of seats. The same bytes go to
    everybody, so they are read once."""
    start, end = data.find(b"{"), data.rfind(b"}") + 1
    if start < 0 or end <= start:
        return None
    said = msgspec.json.decode(data[start:end])
    if "seats" in said:
        return tuple(place for place, team in enumerate(said["seats"], 1) if team is not None)
    if said.get("type") == "joined":
        return ()
    if said.get("type") != "event" or said.get("event") != "places.changed":
        return None
    return tuple(one["id"] for one in said["data"]["places"] if one["state"] in _TAKEN)


def quantiles(found: list[float], *names: str) -> dict[str, float | None]:
    """p50 and p99 under these names, in ms."""
    if len(found) < 2:
        return dict.fromkeys(names)
    cuts = statistics.quantiles(found, n=100, method="inclusive")
    return dict(zip(names, (cuts[49] * 1000, cuts[98] * 1000), strict=True))


class Takers:
    """Each team in turn takes its next place, on a connection of its own."""

    def __init__(self, job: Job, seats: Seats) -> None:
        self._job, self._seats = job, seats
        self._own = Tally(0)
        self._exchanges = [
            OnDemand(self._own, job.place.port, functools.partial(self._answered, team))
            for team in range(len(job.places))
        ]
        self._asked: list[float] = [0.0] * len(job.places)
        self._busy = [False] * len(job.places)
        self._took: list[float] = []
        self._turn = 0

    async def run(self, rate: float, seconds: float) -> None:
        """At irregular moments. A team that has no answer yet is passed over."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in range(round(rate * seconds)):
            await asyncio.sleep(start + (number + random.random()) / rate - loop.time())
            self._take()
        await asyncio.sleep(start + seconds - loop.time())

    def _take(self) -> None:
        round_, team = divmod(self._turn, len(self._job.places))
        self._turn += 1
        if self._busy[team]:
            return
        place = self._job.places[team][round_ % len(self._job.places[team])]
        body = (self._job.take_body.replace("%d", str(team))).encode()
        path = self._job.take_path.replace("%d", str(place))
        self._busy[team] = True
        self._seats.taking(team, place)
        self._asked[team] = time.perf_counter()
        self._exchanges[team].ask(request("PUT", path, self._job.place.port, self._job.takers[team], body))

    def _answered(self, team: int, body: bytes) -> None:
        self._took.append(time.perf_counter() - self._asked[team])
        self._busy[team] = False

    def begin(self) -> None:
        self._took = []

    def times(self) -> dict[str, float | None]:
        return quantiles(self._took, "take_p50", "take_p99")

    @property
    def first_refusal(self) -> str:
        return self._own.first_refusal

    def close(self) -> None:
        self._own.over = True


async def watch(job: Job) -> None:
    seats = Seats(job)
    takers = Takers(job, seats)
    start = time.perf_counter()
    kind = TRANSPORTS[job.transport]
    tokens = job.tokens or [""]
    viewers = [kind(which, seats, job.place, tokens[which % len(tokens)]) for which in range(job.viewers)]
    for first in range(0, len(viewers), _AT_ONCE):
        await asyncio.gather(*(viewer.open() for viewer in viewers[first : first + _AT_ONCE]))
    if not await until(lambda: seats.opened == job.viewers, _OPENING_SECONDS):
        say(failed=f"{seats.opened} of {job.viewers} saw the seats. {seats.first_refusal}")
        return
    say(opened=time.perf_counter() - start)
    for rate, seconds in zip(job.rates, job.seconds, strict=True):
        await _measure(job, seats, takers, rate, seconds)
    seats.over = True
    takers.close()


async def _measure(job: Job, seats: Seats, takers: Takers, rate: float, seconds: float) -> None:
    await takers.run(rate, job.warm)
    await until(seats.all_seen, _SETTLING_SECONDS)
    seats.begin()
    takers.begin()
    say(measuring=True)
    start, busy = time.perf_counter(), time.process_time()
    await takers.run(rate, seconds)
    passed, used = time.perf_counter() - start, time.process_time() - busy
    seats.end()
    refused = seats.refusals / max(1, seats.answers)
    say(seconds=passed, busy=used / passed, bytes=seats.bytes / passed / job.viewers, refused=refused)
    await until(seats.all_seen, _SETTLING_SECONDS)
    refusals = {"first_refusal": seats.first_refusal, "take_refusal": takers.first_refusal}
    say(**seats.delays(), **takers.times(), **refusals, lost=seats.lost)


def main() -> None:
    job = msgspec.json.decode(sys.stdin.readline(), type=Job)
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(watch(job))


if __name__ == "__main__":
    main()
