"""Writers and readers at once, while something is done to them; then the whole history."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from tests.faults.history import History, Stored
from tests.faults.members import sign_up
from tests.faults.plain import Door
from tests.faults.proxy import Fate, Proxy
from tests.faults.reader import Reader, read_wall
from tests.faults.writer import Writer
from tests.harness.server import Server

# What a crowd's server must allow: all of it sits behind one address, and is faster than people are.
LIMITS: dict[str, float] = {
    "signups_per_minute": 100_000,
    "posts_burst": 100_000,
    "posts_per_second": 100_000,
    "edits_per_minute": 100_000,
    "frames_burst": 100_000,
    "frames_per_second": 100_000,
    "heartbeat_seconds": 1,
}
_END_SECONDS = 30.0  # for the last answers, and for the readers to reach the head


async def run_crowd(
    server: Server,
    rng: random.Random,
    nemesis: Callable[[Callable[[], None]], Awaitable[None]],
    *,
    writers: int = 8,
    readers: int = 5,
    pause: float = 0.03,
    writers_fate: Callable[[], Fate] = Fate,
    readers_fate: Callable[[], Fate] = Fate,
) -> History:
    """The crowd lives behind proxies for as long as ``nemesis`` takes, which is given the scissors for all wires. The
    fates are those of each connection."""
    history = History()
    own = Door(server.port, server.port)
    members = [await sign_up(own, f"member{number}") for number in range(writers + readers)]
    walls = [member.id for member in members[:3]]
    async with (
        Proxy(server.port, writers_fate) as near_writers,
        Proxy(server.port, readers_fate) as near_readers,
        asyncio.TaskGroup() as tasks,
    ):
        the_readers = [
            Reader(f"reader {member.id}", member, own.through(near_readers.port), walls, history, silence=3.0)
            for member in members[writers:]
        ]
        following = [tasks.create_task(reader.run()) for reader in the_readers]
        the_writers = [
            Writer(
                *(f"writer {member.id}", member, own.through(near_writers.port), walls, history),
                random.Random(rng.random()),
                by_socket=number % 2 == 1,
                pause=pause,
            )
            for number, member in enumerate(members[:writers])
        ]
        writing = [tasks.create_task(writer.run()) for writer in the_writers]

        def cut() -> None:
            near_writers.cut_all()
            near_readers.cut_all()

        await nemesis(cut)
        for writer in the_writers:
            writer.over = True
        near_writers.fate = near_readers.fate = Fate
        async with asyncio.timeout(_END_SECONDS):
            await asyncio.gather(*writing)
        for topic in the_readers[0].last:
            for post in await read_wall(own, members[0].token, topic):
                author = post["author"]["id"]
                history.stored.append(Stored(topic, post["seq"], author, post["cid"], post["text"]))
        await _until_the_head(the_readers, history)
        for task in following:
            task.cancel()
    return history


async def _until_the_head(readers: list[Reader], history: History) -> None:
    """Or until the time is over; the checker tells who is missing what."""
    heads = {topic: max((e.seq for e in history.stored if e.topic == topic), default=0) for topic in readers[0].last}
    end = asyncio.get_running_loop().time() + _END_SECONDS
    while any(reader.last[topic] < head for reader in readers for topic, head in heads.items()):
        if asyncio.get_running_loop().time() > end:
            return
        await asyncio.sleep(0.02)
