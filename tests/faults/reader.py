"""A reader that comes back by itself: it keeps its positions, and records every event as it comes."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.faults.history import History, Seen
from tests.faults.members import Member
from tests.faults.plain import Door, Frame, NoAnswer, ask, live, take


class Reader:
    """Follows ``walls`` through ``door`` until cancelled. ``silence``: after so long without a frame it is gone.
    ``careful``: it keeps to a client's one rule, the next event only; else it takes what it is given, to be judged.

    ``noticed`` counts by what it learned that it had missed something: a later "event", a "heartbeat", a "gap", a
    "reset". ``refused`` counts how often the server was there and did not let it in."""

    def __init__(
        self,
        name: str,
        member: Member,
        door: Door,
        walls: list[int],
        history: History,
        *,
        silence: float,
        patience: float = 2.0,
        careful: bool = False,
    ) -> None:
        """``patience``: for the handshake."""
        self.name = name
        self.last = {f"wall:{wall}": 0 for wall in walls}
        self.greetings = self.heartbeats = self.refused = 0
        self.noticed: Counter[str] = Counter()
        self._member = member
        self._door = door
        self._history = history
        self._silence = silence
        self._patience = patience
        self._careful = careful
        self._epoch: str | None = None
        self._pause = random.Random(name)
        self._ids = 0
        self._joining: set[str] = set()  # asked, not answered yet
        history.readers.add(name)

    async def run(self) -> None:
        while True:
            try:
                async with live(self._door, self._member.token, timeout=self._patience) as socket:
                    await self._follow(socket)
            except InvalidStatus:
                self.refused += 1
            except (OSError, TimeoutError, EOFError, WebSocketException, NoAnswer):
                self._history.reconnects += 1
            await asyncio.sleep(self._pause.uniform(0.01, 0.1))  # the back-off of a client, shortened

    async def _follow(self, socket: ClientConnection) -> None:
        hello = await take(socket, self._silence)
        if hello["type"] == "bye" and hello["code"] < 4500:
            self.refused += 1
            return
        assert hello["type"] == "hello", hello
        self.greetings += 1
        assert self._epoch in (None, hello["epoch"])
        self._epoch = hello["epoch"]
        self._joining.clear()
        await self._join(socket, *self.last)
        while True:
            frame = await take(socket, self._silence)
            match frame["type"]:
                case "joined":
                    for topic, answer in frame["topics"].items():
                        await self._catch_up(topic, answer)
                case "event" if frame["topic"] not in self._joining:  # else it comes with the answer
                    await self._hear(socket, frame["topic"], frame)
                case "gap":
                    await self._catch_up_after("gap", socket, frame["topic"])
                case "heartbeat":
                    self.heartbeats += 1
                    heads = frame["heads"]
                    if behind := [topic for topic, head in heads.items() if head > self.last[topic]]:
                        await self._catch_up_after("heartbeat", socket, *behind)
                case "bye":
                    assert frame["code"] < 4500, frame

    async def _hear(self, socket: ClientConnection, topic: str, event: Frame) -> None:
        if not self._careful or event["seq"] == self.last[topic] + 1:
            self._record(topic, event)
        elif event["seq"] > self.last[topic]:
            await self._catch_up_after("event", socket, topic)

    async def _catch_up_after(self, what: str, socket: ClientConnection, *topics: str) -> None:
        self.noticed[what] += 1
        await self._join(socket, *topics)

    async def _join(self, socket: ClientConnection, *topics: str) -> None:
        self._ids += 1
        self._joining.update(topics)
        positions = {topic: self.last[topic] for topic in topics}
        join = {"type": "join", "id": self._ids, "epoch": self._epoch, "topics": positions}
        await socket.send(json.dumps(join))

    async def _catch_up(self, topic: str, answer: Frame) -> None:
        assert "error" not in answer, (topic, answer)
        self._joining.discard(topic)
        if answer.get("reset"):
            self.noticed["reset"] += 1
            assert "events" not in answer, answer
            await self._load(topic, answer["seq"])
        for event in answer.get("events", ()):
            self._record(topic, event)

    async def _load(self, topic: str, upto: int) -> None:
        """Too much was missed: the pages, back to what is known."""
        posts = await read_wall(self._door, self._member.token, topic, back_to=self.last[topic])
        for post in posts:
            if self.last[topic] < post["seq"] <= upto:
                self._record(topic, {"seq": post["seq"], "data": post})

    def _record(self, topic: str, event: Frame) -> None:
        post = event["data"]
        seen = Seen(self.name, topic, event["seq"], post["author"]["id"], post["cid"], post["text"])
        self._history.seen.append(seen)
        self.last[topic] = max(self.last[topic], event["seq"])


async def read_wall(door: Door, token: str, topic: str, *, back_to: int = 0) -> list[Frame]:
    """All posts of a wall newer than ``back_to``, oldest first, page by page. Raises NoAnswer."""
    found: list[Frame] = []
    path = f"/walls/{topic.removeprefix('wall:')}/posts?limit=100"
    before = None
    while True:
        answer = await ask(door, "GET", path if before is None else f"{path}&before={before}", token=token)
        if answer.status != 200:
            raise NoAnswer(repr(answer))
        found += answer.body["items"]
        before = answer.body["next"]
        if before is None or found[-1]["seq"] <= back_to:
            return found[::-1]
