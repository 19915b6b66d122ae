"""Readers of one wall that keep to the client's rule, and somebody who posts there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable

from tests.faults.history import History, Stored
from tests.faults.members import Member
from tests.faults.plain import Door, live, take_type
from tests.faults.reader import Reader, read_wall

HEARTBEATS = 2  # after the last post, of which the first may have been on its way before it
DEADLINE = 60.0  # ten times the bound, which is a heartbeat (of a second in these tests) and 5 s


class Listeners:
    """All are ``ada``'s, on her own wall; their door may lead through a proxy, hers does not."""

    def __init__(self, door: Door, ada: Member, number: int) -> None:
        self.history = History()
        self._straight = door.through(door.server)
        self._ada = ada
        self.topic = f"wall:{ada.id}"
        self.readers = [
            Reader(f"reader {place}", ada, door, [ada.id], self.history, silence=3.0, careful=True)
            for place in range(number)
        ]

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Until the end of the ``with``; then they are away, and know how far they have come."""
        before = {reader: reader.greetings for reader in self.readers}
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(reader.run()) for reader in self.readers]
            await self._until(lambda reader: reader.greetings > before[reader])
            yield
            for task in tasks:
                task.cancel()

    async def post(self, number: int, text: str = "") -> int:
        """One after the other, each acknowledged. The head after them."""
        async with live(self._straight, self._ada.token) as socket:
            for place in range(number):
                frame = {"type": "send", "id": place, "topic": self.topic, "text": f"post {place} {text}"}
                await socket.send(json.dumps(frame))
                answer = await take_type(socket, "ack")
        return int(answer["seq"])

    async def reach(self, head: int) -> float:
        """Returns when all are there, or when all have had their heartbeats and some are not; in how many seconds."""
        begin = time.monotonic()
        heard = {reader: reader.heartbeats for reader in self.readers}
        await self._until(
            lambda reader: reader.last[self.topic] == head or reader.heartbeats >= heard[reader] + HEARTBEATS
        )
        seconds = time.monotonic() - begin
        posts = await read_wall(self._straight, self._ada.token, self.topic)
        self.history.stored = [
            Stored(self.topic, post["seq"], post["author"]["id"], post["cid"], post["text"]) for post in posts
        ]
        return seconds

    def noticed(self, what: str) -> list[int]:
        """How often each reader learned by that that it had missed something."""
        return [reader.noticed[what] for reader in self.readers]

    async def _until(self, ready: Callable[[Reader], bool]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not all(map(ready, self.readers)):
                await asyncio.sleep(0.01)
