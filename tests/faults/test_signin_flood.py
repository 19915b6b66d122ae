"""R9: thousands of wrong passwords, hashed as dearly as they should be, while everybody else goes on."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import bystander
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.people import EVE
from tests.harness.raw import PONG, RawSocket
from tests.harness.server import Server
from twidder.config import Limits

pytestmark = [pytest.mark.faults, pytest.mark.slow]

A_SECOND = 200
_REAL = Limits()
LAG = 0.05  # of the loop, p99
# As dear as in earnest; the queue short, so that it is full after a second on the fastest machine.
EARNEST = {
    **GENEROUS,
    "failed_signins_address": _REAL.failed_signins_address,
    "argon2_memory_kib": _REAL.argon2_memory_kib,
    "argon2_time": _REAL.argon2_time,
    "hash_queue": 32,
}


class Pulse:
    """Pings one socket all the time, from a thread of its own; how long each pong took."""

    def __init__(self, server: Server, api: Api) -> None:
        self.seconds: list[float] = []
        self._socket = RawSocket(server, api, timeout=30.0)
        assert self._socket.frame().json()["type"] == "hello"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse")
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(0.06):  # within the frame rate
            begin = time.monotonic()
            self._socket.send_frame(9, b"lag")
            while self._socket.frame().opcode != PONG:
                pass
            self.seconds.append(time.monotonic() - begin)

    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()


@contextlib.contextmanager
def pulse(server: Server) -> Iterator[Pulse]:
    with Api(server) as api:
        person = EVE.unique()
        api.sign_up(person)
        api.sign_in(person)
        beating = Pulse(server, api)
        try:
            yield beating
        finally:
            beating.close()


async def flood(server: Server, seconds: int, address: Callable[[], str]) -> Counter[int]:
    """Wrong sign-ins, those of each second at once, whatever becomes of them; how many got which answer."""
    told: Counter[int] = Counter()
    loop = asyncio.get_running_loop()
    begin = loop.time()
    async with asyncio.TaskGroup() as tasks:
        for second in range(seconds):
            await asyncio.sleep(max(0.0, begin + second - loop.time()))
            tasks.create_task(_burst(server, [address() for _ in range(A_SECOND)], told))
    return told


async def _burst(server: Server, addresses: list[str], told: Counter[int]) -> None:
    """First all are connected, then all of them ask."""
    wires = [await asyncio.open_connection("127.0.0.1", server.port) for _ in addresses]
    statuses = [_sign_in_wrongly(server, wire, address) for wire, address in zip(wires, addresses, strict=True)]
    told.update(await asyncio.gather(*statuses))


async def _sign_in_wrongly(
    server: Server, wire: tuple[asyncio.StreamReader, asyncio.StreamWriter], address: str
) -> int:
    body = json.dumps({"email": "somebody@example.org", "password": "not the password"})
    lines = [
        "POST /api/v1/session HTTP/1.1",
        f"Host: localhost:{server.port}",
        f"X-Forwarded-For: {address}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    reader, writer = wire
    try:
        writer.write("\r\n".join([*lines, "", body]).encode())
        async with asyncio.timeout(60.0):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
    finally:
        writer.transport.abort()
    status = int(head.split(b" ", 2)[1])
    assert (b"\r\nretry-after: " in head) == (status in (429, 503)), head
    return status


def lag_in_a_flood(server: Server, seconds: int, address: Callable[[], str]) -> tuple[Counter[int], float]:
    """The answers to a flood, and the p99 of a pong meanwhile."""
    with pulse(server) as beating:
        told = asyncio.run(flood(server, seconds, address))
    lag = beating.p99()  # with the pong that was waited for to the last
    print(f"{dict(told)}; {len(beating.seconds)} pongs, p99 {lag * 1000:.1f} ms")
    return told, lag


def many_addresses() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"10.{(number := next(numbers)) >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("flooded") / "data", limits=EARNEST, args=["--proxies", "1"]) as flooded:
        yield flooded


def test_R9_wrong_passwords_do_not_stall_the_loop(server: Server) -> None:
    """From as many addresses as attempts, so that each is hashed or turned away: 401, or 503 with a Retry-After. The
    loop hardly notices, and neither does somebody who posts."""
    with bystander(server):
        told, lag = lag_in_a_flood(server, count(30), many_addresses())
    assert set(told) == {401, 503}
    assert lag < 10 * LAG


def test_R9_wrong_passwords_from_one_address_are_slowed_down(server: Server) -> None:
    """After a few that are hashed: 429 with a Retry-After, which costs nothing."""
    told, lag = lag_in_a_flood(server, count(10), lambda: "192.168.0.1")
    assert set(told) <= {401, 429, 503}
    assert told[429] > told[401]
    assert told[401] < 100
    assert lag < 10 * LAG
