"""R8: a server that has no descriptor left sends people away, and goes on for those it has."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import cpu_seconds
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA
from tests.harness.raw import Ended, Raw, http
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.needs("prlimit")]

FILES = 128
CROWD = 400
QUIET = 2.0  # seconds in which the CPU is counted
PREFIX = ("prlimit", f"--nofile={FILES}")
LIMITS = {**GENEROUS, "header_seconds": 120.0}  # or the crowd would go by itself


@contextlib.contextmanager
def crowd(server: Server) -> Iterator[list[Raw]]:
    """More silent connections than there are descriptors, and somebody who goes on trying."""
    with contextlib.ExitStack() as stack:
        over = threading.Event()
        trying = threading.Thread(target=_knock, args=(server, over))
        stack.callback(trying.join)
        stack.callback(over.set)
        inside = [stack.enter_context(Raw(server)) for _ in range(CROWD)]
        trying.start()
        yield inside


def _knock(server: Server, over: threading.Event) -> None:
    while not over.wait(0.02):
        with contextlib.suppress(OSError, Ended, TimeoutError), Raw(server, timeout=1.0) as raw:
            raw.ended(0.01)


def go_on_in_a_crowd(server: Server, number: int = 8) -> None:
    """So many people who were here before the crowd, each with one open connection: all at once they post and read."""
    with contextlib.ExitStack() as stack:
        people = [stack.enter_context(Api(server)) for _ in range(number)]
        for api in people:
            person = ADA.unique()
            api.sign_up(person)
            api.sign_in(person)
        with crowd(server), ThreadPoolExecutor(number) as together:
            for done in together.map(_post_and_read, people):
                assert done == 5


def _post_and_read(api: Api) -> int:
    for number in range(5):
        api.post_on(api.id, f"number {number}")
    return len(api.get(f"/walls/{api.id}/posts", expect=200).json()["items"])


def test_R8_without_descriptors_it_sheds_and_recovers(tmp_path: Path) -> None:
    """Newcomers are sent away, told so where they listen; the log says it once; no CPU is burnt; a socket that was
    there goes on; and once the crowd has gone, everybody is let in again."""
    with Server(tmp_path / "data", limits=LIMITS, prefix=PREFIX) as server, Api(server) as api:
        person = ADA.unique()
        api.sign_up(person)
        api.sign_in(person)
        with Live(server, api) as live:
            live.join({api.wall: 0})
            with crowd(server) as inside:
                told = [raw for raw in inside if raw.ended(0.01)]
                assert len(told) >= CROWD - FILES
                assert any(b" 503 " in raw.buffer and b"retry-after" in raw.buffer for raw in told)
                assert server.descriptors() < FILES
                before = cpu_seconds(server)
                time.sleep(QUIET)  # what is measured
                busy = (cpu_seconds(server) - before) / QUIET
                print(f"{len(told)} of {CROWD} sent away; {busy:.1%} CPU in the crowd")
                assert busy < 0.2
                api.post_on(api.id, "still here")
                assert live.recv("event")["data"]["text"] == "still here"
            wait_for(lambda: _is_let_in(server), what="the server to let people in")
        assert server.stderr.count("sent away") == 1


def test_R8_who_is_inside_can_go_on(tmp_path: Path) -> None:
    """The store still gets the descriptors that it opens as it needs them."""
    with Server(tmp_path / "data", limits=LIMITS, prefix=PREFIX) as server:
        go_on_in_a_crowd(server)


def _is_let_in(server: Server) -> bool:
    with contextlib.suppress(OSError, Ended):
        return http(server, "GET", "/").status == 200  # a file, too
    return False
