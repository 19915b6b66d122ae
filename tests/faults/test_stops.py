"""R14: a server that is asked to stop, in the middle of everything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.checker import check
from tests.faults.crowd import LIMITS, run_crowd
from tests.faults.history import History
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.people import BERT, Person
from tests.harness.raw import Raw, RawSocket, request_bytes
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BOUND = 10.0  # seconds from SIGTERM to the exit; here, beside other work, it may take twice as long


@contextlib.contextmanager
def listening(server: Server, person: Person) -> Iterator[Live]:
    with Api(server) as api, Live(server, api.sign_in(person)) as live:
        yield live


@contextlib.contextmanager
def idlers(server: Server, person: Person) -> Iterator[Live]:
    """Those whom a stop must not wait for: half a request, half a body, a connection kept for later, a socket that was
    never opened, and one that does not read. And one that listens."""
    host = f"localhost:{server.port}"
    posting = request_bytes("POST", "/api/v1/session", {"Content-Length": "9"}, b"{", host=host)
    with contextlib.ExitStack() as stack:
        api = stack.enter_context(Api(server))
        api.sign_in(person)
        for said in (b"", b"GET / HTTP/1.1\r\nX-A: ", posting, request_bytes("GET", "/", host=host) * 2 + posting):
            stack.enter_context(Raw(server)).send(said)
        stack.enter_context(RawSocket(server, origin=None))
        stuck = stack.enter_context(RawSocket(server, api, handshake=False))
        stuck.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        stuck.shake()
        stuck.send_json({"type": "join", "id": 1, "topics": {"wall:1": None, "wall:2": None, "wall:3": None}})
        yield stack.enter_context(Live(server, api))


def stop(server: Server, person: Person, *, crowded: bool) -> float:
    """Stops it politely (``crowded``: with the idlers about), and how long that took. It tells sockets that it will be
    back, leaves with code 0 and a clean log, and one database file that holds everything."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context((idlers if crowded else listening)(server, person))
        seconds = server.terminate(2 * BOUND)
        assert listener.closed_with()[0] == 1012
        bye = [frame for frame in listener.seen if frame["type"] == "bye"]
        assert [(frame["code"], frame["reason"]) for frame in bye] == [(1012, "restart")]
    left = {path.name for path in server.data.iterdir()}
    assert not {name for name in left if name.startswith("twidder.db-") and (server.data / name).stat().st_size}, left
    return seconds


async def stop_often(server: Server, rng: random.Random, stops: int) -> tuple[History, list[float]]:
    """The history of a crowd whose server was stopped and started so often, and how long each stop took."""
    took: list[float] = []
    person = BERT.unique()
    with Api(server) as api:
        api.sign_up(person)

    async def nemesis(cut: Callable[[], None]) -> None:
        for number in range(stops):
            await asyncio.sleep(rng.uniform(0.2, 0.6))  # chance, not synchronisation
            took.append(await asyncio.to_thread(stop, server, person, crowded=number % 5 == 0))
            await asyncio.to_thread(server.start)

    return await run_crowd(server, rng, nemesis), took


def test_R14_a_stop_under_load_loses_nothing(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """Whatever was acknowledged is there after it, once; and nobody who is stuck holds it up."""
    stops = count(50)
    history, took = asyncio.run(stop_often(fresh_server(limits=LIMITS), rng, stops))
    print(history)
    print(f"{stops} stops, the longest {max(took):.1f} s (bound {BOUND:g} s)")
    assert check(history) == []
    assert len(history.acks) > 5 * stops


def posts_then_is_told_twice(server: Server) -> tuple[float, int, int]:
    """Asked to stop a second time while somebody's unread answer keeps it: how long it took then, its exit code, and
    how many of ten acknowledged posts are there after it."""
    with Api(server) as api:
        person = BERT.unique()
        api.sign_up(person)
        api.sign_in(person, transport="token")
        for number in range(10):
            api.post_on(api.id, f"{number} " + "\U0001f600" * 3_900)
        with Raw(server) as raw:
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            headers = {"Authorization": f"Bearer {api.token}"}
            page = request_bytes("GET", f"/api/v1/walls/{api.id}/posts", headers, host=f"localhost:{server.port}")
            raw.send(page * 30)
            raw.fill(time.monotonic() + 10.0)
            assert server.process is not None
            os.kill(server.pid, signal.SIGTERM)
            _until_it_lets_nobody_in(server)
            begin = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            code = server.process.wait(2 * BOUND)
            seconds = time.monotonic() - begin
        server.start()
        stored = api.get(f"/walls/{api.id}/posts", expect=200).json()["items"]
    return seconds, code, len(stored)


def _until_it_lets_nobody_in(server: Server) -> None:
    end = time.monotonic() + BOUND
    while time.monotonic() < end:
        with contextlib.suppress(ConnectionRefusedError, ConnectionResetError):
            Raw(server).close()
            continue
        return
    raise AssertionError("It still lets people in.")


def test_R14_a_second_signal_ends_it_at_once(fresh_server: Callable[..., Server]) -> None:
    """By the signal itself; what was acknowledged is there all the same."""
    seconds, code, stored = posts_then_is_told_twice(fresh_server(limits=LIMITS))
    print(f"gone {seconds:.2f} s after the second signal")
    assert code == -signal.SIGTERM
    assert stored == 10
    assert seconds < 4.0  # the answer that nobody reads would keep it for eight
