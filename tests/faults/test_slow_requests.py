"""Peers that take their time with requests and answers, or send more than they wait for: R6, and row 48."""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import bystander, peers
from tests.harness.counts import count
from tests.harness.raw import Ended, Raw
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.hostile.stage import Stage, new_post

pytestmark = [pytest.mark.faults, pytest.mark.slow]

# A tenth of the real patience, for drops that fall ten times as often.
HURRIED = {
    **GENEROUS,
    "header_seconds": 1.0,
    "keep_alive_seconds": 1,
    "body_seconds": 2.0,
    "answer_seconds": 1.0,
    "answer_bytes_per_second": 10_000_000,
}
EVERY = 0.1
PATIENCE = 30.0
LAZY = 30  # descriptors that the store's readers open as they are needed
AHEAD = 32 + 1  # pipelined_requests, and the one that is being answered


class Slow(NamedTuple):
    """What is sent at once, and what drips after it."""

    opening: bytes
    drop: bytes


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Server(tmp_path_factory.mktemp("slow") / "data", limits=HURRIED) as server:
        yield Stage(server)


def slow_headers(stage: Stage) -> list[Slow]:
    whole = stage.request("GET", "/api/v1/community")
    return [
        Slow(b"GET /", b"a"),
        Slow(b"GET / HTTP/1.1\r\n", b"a"),
        Slow(whole[:-2] + b"X-A: ", b"a"),
        Slow(b"", b"\r\n"),
        Slow(whole, b"\r\n"),
        Slow(whole, b""),
        Slow(whole + b"GET /", b"a"),
    ]


def slow_bodies(stage: Stage) -> list[Slow]:
    kind = ("Content-Type", "application/json")
    return [
        Slow(stage.posting(b" ", (kind, ("Content-Length", "60000"))), b" "),
        Slow(stage.posting(b"", (kind, ("Content-Length", "60000"))), b""),
        Slow(stage.posting(b"", (kind, ("Transfer-Encoding", "chunked"))), b"1\r\n \r\n"),
    ]


async def drip(port: int, slow: Slow, patience: float) -> bytes | None:
    """What the server said until it closed; None where it is still open after ``patience``."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = asyncio.create_task(reader.read())
    until = time.monotonic() + patience
    try:
        writer.write(slow.opening)
        while not said.done():
            if time.monotonic() > until:
                return None
            writer.write(slow.drop)
            await asyncio.wait((said,), timeout=EVERY)
        return said.result() if said.exception() is None else b""
    finally:
        said.cancel()
        writer.transport.abort()


async def drip_all(stage: Stage, kinds: list[Slow], sockets: int, patience: float = PATIENCE) -> list[bytes | None]:
    each = (kinds[number % len(kinds)] for number in range(sockets))
    return await asyncio.gather(*(drip(stage.server.port, slow, patience) for slow in each))


@pytest.mark.parametrize("kinds", [slow_headers, slow_bodies], ids=["headers", "bodies"])
def test_R6_row48_who_dribbles_is_closed(stage: Stage, kinds: Callable[[Stage], list[Slow]]) -> None:
    """However a request is spun out, its connection ends in time; nobody else notices."""
    with bystander(stage.server):
        said = asyncio.run(drip_all(stage, kinds(stage), count(1_000)))
    assert None not in said
    # Some answers are lost: a drop that meets a closed connection is answered by a reset.
    assert sum(b" 408 " in (answer or b"") for answer in said) > len(said) / 4


def served_meanwhile(stage: Stage, bodies: int) -> tuple[int, int]:
    """The status of a request that is made while so many bodies are on their way, and how many of them still were when
    its answer came."""
    with contextlib.ExitStack() as stack:
        slow = slow_bodies(stage)
        raws = [stack.enter_context(Raw(stage.server)) for _ in range(bodies)]
        for number, raw in enumerate(raws):
            raw.send(slow[number % len(slow)].opening)
        whole = stack.enter_context(Raw(stage.server))
        whole.send(stage.request("GET", "/api/v1/me"))
        status = whole.response(timeout=PATIENCE).status
        ended, _, _ = select.select([raw.socket for raw in raws], [], [], 0)
    return status, bodies - len(ended)


def test_R6_a_body_on_its_way_holds_no_worker(stage: Stage) -> None:
    """Many more of them than there are workers, and another's request is answered before any of them ends."""
    assert served_meanwhile(stage, 100) == (200, 100)


def posts_ahead(stage: Stage, number: int) -> tuple[list[str], str | None]:
    """The texts of the posts that were answered, of so many in one write, and the last answer's Connection."""
    texts: list[str] = []
    last = None
    with Raw(stage.server, timeout=PATIENCE) as raw:
        raw.send(b"".join(stage.posting(json.dumps(new_post(f"ahead {index}")).encode()) for index in range(number)))
        with contextlib.suppress(Ended):
            while len(texts) < number:
                answer = raw.response()
                assert answer.status == 201, answer
                texts.append(answer.json()["text"])
                last = answer.header("connection")
    return texts, last


def test_R3_row48_200_requests_ahead_are_served_in_order_up_to_a_bound(stage: Stage) -> None:
    """So many answers, each in its turn, the last of which says that it is; what was not answered was not done."""
    with bystander(stage.server):
        texts, last = posts_ahead(stage, 200)
    assert texts == [f"ahead {index}" for index in range(AHEAD)]
    assert last == "close"
    with Raw(stage.server) as raw:
        raw.send(stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100"))
        stored = [post["text"] for post in raw.response().json()["items"] if post["text"].startswith("ahead")]
    assert stored == texts[::-1]


def test_R3_row48_requests_without_an_end_cost_nothing(stage: Stage) -> None:
    """Megabytes of requests from somebody who reads no answer."""
    before = stage.server.memory()
    most = before
    flood = stage.request("GET", "/api/v1/community") * 5_000
    with bystander(stage.server), Raw(stage.server) as raw:
        with contextlib.suppress(Ended, TimeoutError):
            for _ in range(20):
                raw.send(flood)
                most = max(most, stage.server.memory())
        most = max(most, stage.server.memory())
    print(f"{(most - before) / 1e6:.1f} MB more")
    assert most - before < 16_000_000


def test_A3_a_refusal_does_not_pass_for_the_answer_before_it(stage: Stage) -> None:
    """Nonsense behind a good request: the good one's answer comes first, and then the end."""
    for nonsense in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"GET /\0"):
        with Raw(stage.server) as raw:
            raw.send(stage.request("GET", "/api/v1/me") + nonsense)
            answer = raw.response()
            assert (answer.status, answer.json()["id"]) == (200, stage.ada)
            assert raw.ended()
            assert raw.buffer == b""


def test_row48_half_closed_and_waiting_is_fine(stage: Stage) -> None:
    """Who says that there will be no more requests still gets the answers to those there were."""
    request = stage.request("GET", "/api/v1/me")
    for asked in (1, 3):
        with Raw(stage.server) as raw:
            raw.send(request * asked)
            raw.end_sending()
            assert [raw.response().json()["id"] for _ in range(asked)] == [stage.ada] * asked
            assert raw.ended()
    for half in (b"", request[:-2], stage.posting(b"{", (("Content-Length", "9"),))):
        with Raw(stage.server) as raw:
            raw.send(half)
            raw.end_sending()
            assert raw.ended()
            assert raw.buffer == b""


def test_row48_a_reset_leaves_no_trace(stage: Stage) -> None:
    """In the middle of a body, or with answers under way: no post, no descriptor, and nothing in the log (which is
    looked at when the server ends)."""
    whole = stage.posting(json.dumps(new_post("from somebody who left")).encode())
    with bystander(stage.server) as beside:
        before = stage.server.descriptors()
        for _ in range(count(500)):
            for said in (whole[:-1], stage.request("GET", "/api/v1/walls/{ada}/posts") * 5):
                with Raw(stage.server) as raw:
                    raw.send(said)
                    raw.reset()
        beside.noticed_nothing()
        wait_for(lambda: stage.server.descriptors() <= before + LAZY, what="the descriptors to come back")
    with Raw(stage.server) as raw:
        raw.send(stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100"))
        assert "somebody who left" not in raw.response().body.decode()


def stuck_readers(stage: Stage, patience: float) -> None:
    """Three who ask for megabytes and read none of them: with the next answers ahead, with none, and going at once."""
    page = stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100")
    last = stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100", {"Connection": "close"})
    with contextlib.ExitStack() as stack:
        ports = set()
        for requests in (page * 16, page * 4, page * 3 + last):
            raw = stack.enter_context(_narrow(stage.server))
            raw.send(requests)
            ports.add(raw.socket.getsockname()[1])
        wait_for(lambda: not ports & peers(stage.server), patience, "the server to let go")


def _narrow(server: Server) -> Raw:
    """With a small window, so that the kernel does not read for us."""
    raw = Raw(server)
    raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    return raw


def test_R1_who_does_not_read_an_answer_is_cut_off(stage: Stage) -> None:
    """It has its time, by the answer's size; then the connection ends."""
    fill_wall(stage)
    with bystander(stage.server) as beside:
        before = stage.server.memory()
        stuck_readers(stage, PATIENCE)
        beside.noticed_nothing()
        more = stage.server.memory() - before
    print(f"{more / 1e6:.1f} MB more")
    assert more < 32_000_000, "less than what they asked for; the allocator keeps some of it"


def fill_wall(stage: Stage) -> None:
    """A page of a hundred posts that has some megabytes."""
    with Raw(stage.server) as raw:
        for _ in range(100):
            raw.send(stage.posting(json.dumps(new_post("\U0001f600" * 3_900), ensure_ascii=False).encode()))
            assert raw.response().status == 201
