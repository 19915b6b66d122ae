"""``python -m bench.load.watch``: an audience in one process, and the producer whose values it waits for: one clock.

Reads one line of JSON (see ``Job``); answers ``{"opened": s}`` when all have the first value, and for each rate
``{"measuring": true}`` when it begins to count and then the figures. A process of its own, for a core of its own.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from typing import Any

import msgspec
import uvloop

from bench.load.exchange import Exchange, request
from bench.load.tally import FIRST, KEY, Tally
from bench.load.viewers import TRANSPORTS, Place

_AT_ONCE = 50  # who open their connections at a time
_OPENING_SECONDS = 6.0
_ENOUGH = 0.5  # a server that refuses some from the beginning is measured as it is
_SETTLING_SECONDS = 3.0
_PAUSE_SECONDS = 0.3  # … of those who are told; the others need not wait for the next second


class Job(msgspec.Struct):
    transport: str  # of TRANSPORTS
    viewers: int
    place: Place
    push_path: str
    push_token: str
    rates: list[float]  # pushes a second, one measurement each
    warm: float
    seconds: list[float]  # of each measurement
    tokens: list[str]  # of the viewers; none: nobody says who they are


class Producer:
    """Pushes on time, on another connection where the server has not answered the last one."""

    def __init__(self, job: Job, tally: Tally) -> None:
        self._job, self._tally = job, tally
        self._own = Tally(0)  # its bytes and requests are not the viewers'
        self._free: list[Exchange] = []

    async def run(self, rate: float, seconds: float) -> None:
        """At irregular moments: what comes each 100 ms might never meet a clock that ticks as often, or always."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in range(round(rate * seconds)):
            await asyncio.sleep(start + (number + random.random()) / rate - loop.time())
            await self.push()
        await asyncio.sleep(start + seconds - loop.time())

    async def push(self) -> None:
        """Returns as soon as it is written."""
        exchange = self._free.pop() if self._free else await self._another()
        number = len(self._tally.sent)
        body = json.dumps({KEY: FIRST + number}).encode()
        self._tally.sent.append(time.perf_counter())
        exchange.ask(request("POST", self._job.push_path, self._job.place.port, self._job.push_token, body))

    async def _another(self) -> Exchange:
        exchange = Exchange(self._own, self._job.place.port, lambda body: self._answered(exchange))
        await exchange.open()
        return exchange

    def _answered(self, exchange: Exchange) -> None:
        self._tally.answered += 1
        self._free.append(exchange)

    def close(self) -> None:
        self._own.over = True

    @property
    def first_refusal(self) -> str:
        return self._own.first_refusal


async def watch(job: Job) -> None:
    tally = Tally(job.viewers)
    producer = Producer(job, tally)
    await producer.push()
    await until(lambda: tally.answered > 0, _SETTLING_SECONDS)
    start = time.perf_counter()
    await _open(job, tally)
    await until(lambda: tally.have(0) == 1, _OPENING_SECONDS)
    if tally.have(0) < _ENOUGH:
        say(failed=f"{tally.have(0):.0%} of {job.viewers} saw a value. {tally.first_refusal}")
        return
    say(opened=time.perf_counter() - start)
    for rate, seconds in zip(job.rates, job.seconds, strict=True):
        await _measure(job, tally, producer, rate, seconds)
    tally.over = True
    producer.close()


async def _open(job: Job, tally: Tally) -> None:
    kind = TRANSPORTS[job.transport]
    tokens = job.tokens or [""]
    viewers = [kind(which, tally, job.place, tokens[which % len(tokens)]) for which in range(job.viewers)]
    for first in range(0, len(viewers), _AT_ONCE):
        batch = slice(first, first + _AT_ONCE)
        await asyncio.gather(*(viewer.open() for viewer in viewers[batch]))
        await until(lambda batch=batch: min(tally.has[batch]) >= 0, _PAUSE_SECONDS)


async def _measure(job: Job, tally: Tally, producer: Producer, rate: float, seconds: float) -> None:
    await producer.run(max(rate, 4 / job.warm), job.warm)
    await until(lambda: tally.have(len(tally.sent) - 1) == 1, _PAUSE_SECONDS)
    tally.begin()
    say(measuring=True)
    start, busy = time.perf_counter(), time.process_time()
    await producer.run(rate, seconds)
    passed, used = time.perf_counter() - start, time.process_time() - busy
    tally.end()
    counted = {
        "seconds": passed,
        "busy": used / passed,
        "bytes": tally.bytes / passed / job.viewers,
        "requests": tally.requests / passed,
        "refused": tally.refusals / max(1, tally.answers),
    }
    say(**counted)
    await until(lambda: tally.have(len(tally.sent) - 1) == 1, _SETTLING_SECONDS)
    say(**tally.delays(), lost=tally.lost, first_refusal=tally.first_refusal, push_refusal=producer.first_refusal)


async def until(done: Any, seconds: float) -> bool:
    end = time.perf_counter() + seconds
    while not done() and time.perf_counter() < end:
        await asyncio.sleep(0.02)
    return bool(done())


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    job = msgspec.json.decode(sys.stdin.readline(), type=Job)
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(watch(job))


if __name__ == "__main__":
    main()
