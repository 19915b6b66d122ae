"""R1, R2: readers that stop reading cost little, for a short time, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.faults.audience import Audience
from tests.faults.busy_room import TEXT_BYTES, BusyRoom
from tests.faults.crowd import LIMITS as CROWD
from tests.faults.kernel import queues
from tests.faults.members import sign_up
from tests.faults.plain import Door
from tests.harness.api import Api
from tests.harness.counts import SOAK, count
from tests.harness.people import People
from tests.harness.raw import PING, TEXT, RawSocket, frame_bytes
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.slow]

EACH = 100 * 1_024  # bytes of ours that one of them may cost: 100 MiB for a thousand
QUEUE = 2 * 65_536 + 16_384  # bytes in the kernel's send queue, which is filled by whole segments
LATE = 5.0  # seconds: ten times the bound of the other readers' p99
EVERY = 0.1
POSTS = 50

# All sockets are one session's, and nobody here answers heartbeats.
LIMITS = {**CROWD, "heartbeat_seconds": 25, "idle_seconds": 1_000, "sockets_per_session": 100_000}
HURRIED = {**LIMITS, "stuck_seconds": 1.0}  # for messages that come three times as fast
RATE = 300.0


class Seen(NamedTuple):
    """What ``readers`` that stopped reading did to a server."""

    readers: int
    memory: int  # bytes more than they cost while they read
    queue: int  # bytes in the fullest send queue of the kernel
    closed: float | None  # seconds from the stop until the last of them was gone
    p50: tuple[float, float]  # of the other readers, before the stop and after it
    p99: tuple[float, float]
    faults: list[str]

    def wrong(self, late: float = LATE) -> set[str]:
        found = {
            "memory": self.memory > self.readers * EACH,
            "queue": self.queue > QUEUE,
            "open": self.closed is None,
            "late": self.p99[1] > late,
            "dropped": bool(self.faults),
        }
        return {name for name, is_so in found.items() if is_so}

    def __str__(self) -> str:
        p50, p99 = (" → ".join(f"{1000 * seconds:.0f}" for seconds in pair) for pair in (self.p50, self.p99))
        gone = "never" if self.closed is None else f"{self.closed:.1f} s later"
        return (
            f"{self.readers} stopped: {self.memory / self.readers / 1024:.1f} KiB each, send queue {self.queue} bytes, "
            f"gone {gone}; the others' p50 {p50} ms, p99 {p99} ms"
        )


async def stop_reading(
    server: Server, readers: int, rate: float, *, reading: float, patience: float, late: float = LATE, more: float = 0.0
) -> Seen:
    """``readers`` read for so many seconds what comes at ``rate``, and then no more. What the others have not heard
    ``late`` after the last word they never will. ``more``: seconds beyond ``patience`` for a server that should be
    found to grow, but on a busy machine is sent less."""
    door = Door(server.port, server.port)
    member = await sign_up(door, "writer")
    room = BusyRoom(door, member, rate)
    with await asyncio.to_thread(Audience, door, member.token, [room.topic], readers) as audience:
        async with room.open():
            begin = time.monotonic()
            before = await _most_memory(server, begin + reading)
            stopped = time.monotonic()
            await asyncio.to_thread(audience.stop)
            memory = queue = 0
            closed = None
            while closed is None and time.monotonic() < stopped + patience + more:
                if time.monotonic() > stopped + patience and memory - before > readers * EACH:
                    break
                here = queues(server)
                queue = max([queue, *(here[port].to_send for port in audience.ports & here.keys())])
                memory = max(memory, server.memory())
                if not audience.ports & here.keys():
                    closed = time.monotonic() - stopped
                await asyncio.sleep(EVERY)
            await room.fall_silent(late)
    p50, p99 = ((room.late(share, begin, stopped), room.late(share, stopped)) for share in (0.5, 0.99))
    return Seen(readers, memory - before, queue, closed, p50, p99, room.faults)


async def _most_memory(server: Server, until: float) -> int:
    most = 0
    while time.monotonic() < until:
        most = max(most, server.memory())
        await asyncio.sleep(EVERY)
    return most


def test_R1_R2_readers_that_stop_reading_cost_little(fresh_server: Callable[..., Server]) -> None:
    """Next to no memory, a bounded send queue, and soon they are gone; the other readers hear everything in time.
    `make test` does not wait for the real patience, but for an eighth."""
    if SOAK:
        work = stop_reading(fresh_server(limits=LIMITS), count(1_000), 100.0, reading=5.0, patience=130.0)
    else:
        work = stop_reading(fresh_server(limits=HURRIED), count(1_000), RATE, reading=1.0, patience=40.0)
    seen = asyncio.run(work)
    print(seen)
    assert not seen.wrong(), seen


def test_R1_a_reader_of_many_rooms_costs_no_more(fresh_server: Callable[..., Server], people: People) -> None:
    """What waits for a reader is kept once for everybody, also where two rooms had news in the same breath."""
    server = fresh_server(limits=HURRIED | {"stuck_seconds": 1_000.0, "kernel_bytes": 4_096})
    readers = 40
    with Api(server) as ada, Api(server) as bert:
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person, transport="token")
        topics = [ada.wall, bert.wall]
        with RawSocket(server, ada) as writer:
            assert writer.frame().json()["type"] == "hello"
            _write_to_all(writer, topics)  # whatever that costs by itself
            with Audience(Door(server.port, server.port), str(ada.token), topics, readers) as audience:
                audience.stop()
                before = server.memory()
                _write_to_all(writer, topics)
                memory = server.memory() - before
    print(f"{memory / readers / 1024:.1f} KiB each")
    assert memory < readers * EACH


def _write_to_all(writer: RawSocket, topics: list[str]) -> None:
    """In one breath to all of them, again and again: more than may wait for a reader."""
    for number in range(200):
        posts = [
            {"type": "send", "id": number * len(topics) + index, "topic": topic, "text": "x" * TEXT_BYTES}
            for index, topic in enumerate(topics)
        ]
        writer.send(b"".join(frame_bytes(TEXT, json.dumps(post).encode()) for post in posts))
        acks = 0
        while acks < len(topics):
            acks += writer.frame().json()["type"] == "ack"


def test_R1_who_is_too_slow_is_told_so(fresh_server: Callable[..., Server], people: People) -> None:
    """4000: come back. It stands behind what had been sent, and is there for whoever reads on in time."""
    small = {"outbound_bytes": 65_536, "fleeting_bytes": 4_096, "kernel_bytes": 16_384}
    server = fresh_server(limits=GENEROUS | small | {"stuck_seconds": 0.5, "close_seconds": 60.0})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada, transport="token")
        with RawSocket(server, ada, handshake=False) as slow:
            slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
            slow.shake()
            slow.send_json({"type": "join", "id": 1, "topics": {ada.wall: None}})
            while slow.frame().json()["type"] != "joined":
                pass
            port = slow.socket.getsockname()[1]
            for number in range(POSTS):
                ada.post_on(ada.id, f"{number} ".ljust(3_900, "x"))
            slow.send_frame(PING)
            assert queues(server)[port].to_read, "who does not read is not read from"
            wait_for(lambda: not queues(server)[port].to_read, 30.0, "the server to say the last word")
            frames, code, reason = slow.until_close(30.0)
    events = [said["seq"] for frame in frames if (said := frame.json())["type"] == "event"]
    assert events == list(range(1, len(events) + 1))
    assert 0 < len(events) < POSTS
    assert (code, reason) == (4000, "too_slow")
