"""A room that is busy: somebody writes at a steady rate, and some who read tell how late everything came."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection

from tests.faults.members import Member
from tests.faults.plain import Door, live, take_type

TEXT_BYTES = 1_024


class Heard(NamedTuple):
    """One event at one reader: when it was written (monotonic), and how many seconds later it was here."""

    at: float
    seconds: float


class BusyRoom:
    """``rate`` posts of 1 KiB a second in a topic, by default a member's own wall, and ``readers`` of it that read."""

    def __init__(self, door: Door, member: Member, rate: float, readers: int = 3, topic: str = "") -> None:
        self._door = door
        self._member = member
        self._rate = rate
        self._readers = readers
        self._written: list[float] = []
        self._heard: list[Heard] = []
        self._writing: asyncio.Task[None] | None = None
        self.topic = topic or f"wall:{member.id}"
        self.acknowledged: list[float] = []  # seconds that the answers took
        self.faults: list[str] = []  # what the readers should not have seen

    @asynccontextmanager
    async def open(self) -> AsyncIterator[BusyRoom]:
        async with contextlib.AsyncExitStack() as stack:
            tasks = []
            for number in range(self._readers):
                reader = await stack.enter_async_context(live(self._door, self._member.token))
                await reader.send(json.dumps({"type": "join", "id": 1, "topics": {self.topic: None}}))
                joined = await take_type(reader, "joined", 30.0)
                seq = joined["topics"][self.topic]["seq"]
                tasks.append(asyncio.create_task(self._read(reader, f"reader {number}", seq)))
            writer = await stack.enter_async_context(live(self._door, self._member.token))
            self._writing = asyncio.create_task(self._write(writer))
            tasks += [self._writing, asyncio.create_task(self._take_answers(writer))]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def fall_silent(self, patience: float) -> None:
        """Write no more, and wait until the readers have heard it all, but not for ever."""
        assert self._writing is not None
        self._writing.cancel()
        until = time.monotonic() + patience
        while len(self._heard) < len(self._written) * self._readers and time.monotonic() < until:
            await asyncio.sleep(0.02)

    def late(self, share: float, since: float, until: float = math.inf) -> float:
        """That percentile, in seconds, of what was written between these times; what was never heard is late for
        ever."""
        seconds = [heard.seconds for heard in self._heard if since <= heard.at < until]
        written = sum(since <= at < until for at in self._written) * self._readers
        seconds += [math.inf] * (written - len(seconds))
        return sorted(seconds)[int(len(seconds) * share)] if seconds else math.inf

    async def _write(self, writer: ClientConnection) -> None:
        begin = time.monotonic()
        number = 0
        while True:
            number += 1
            at = time.monotonic()
            self._written.append(at)
            text = f"{at} ".ljust(TEXT_BYTES, "x")
            await writer.send(json.dumps({"type": "send", "id": number, "topic": self.topic, "text": text}))
            await asyncio.sleep(max(0.0, begin + number / self._rate - time.monotonic()))

    async def _take_answers(self, writer: ClientConnection) -> None:
        async for raw in writer:
            now = time.monotonic()
            frame = json.loads(raw)
            if frame["type"] == "ack":
                self.acknowledged.append(now - self._written[frame["id"] - 1])
            elif frame["type"] in ("error", "bye"):
                self.faults.append(f"writer: {frame}")

    async def _read(self, reader: ClientConnection, name: str, seq: int) -> None:
        async for raw in reader:
            now = time.monotonic()
            frame = json.loads(raw)
            if frame["type"] == "event":
                at = float(frame["data"]["text"].split(" ", 1)[0])
                self._heard.append(Heard(at, now - at))
                if frame["seq"] != seq + 1:
                    self.faults.append(f"{name}: {frame['seq']} after {seq}")
                seq = frame["seq"]
            elif frame["type"] == "heartbeat":
                await reader.send('{"type":"pong"}')
            elif frame["type"] in ("gap", "bye"):
                self.faults.append(f"{name}: {frame}")
