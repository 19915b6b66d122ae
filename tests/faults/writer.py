"""A writer that does not give up: the same client id until it is told yes or no."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from tests.faults.history import Ack, History, ReadBack, Refusal
from tests.faults.members import Member
from tests.faults.plain import Answer, Door, NoAnswer, ask, live, take

_PATIENCE = 1.0  # for one attempt; then the wire is taken for dead


class Order(NamedTuple):
    wall: int
    cid: str
    text: str


class Writer:
    """Posts on ``walls`` through ``door``: over HTTP, or with ``by_socket`` over the live connection. One in ten posts
    is one that must be refused; one in ten acks is read back."""

    def __init__(
        self,
        name: str,
        member: Member,
        door: Door,
        walls: list[int],
        history: History,
        rng: random.Random,
        *,
        by_socket: bool,
        pause: float = 0.03,
    ) -> None:
        self.over = False
        self._name = name
        self._member = member
        self._door = door
        self._walls = walls
        self._history = history
        self._rng = rng
        self._attempt = self._by_socket if by_socket else self._by_http
        self._pause = pause
        self._number = 0
        self._last: Order | None = None
        self._stack = contextlib.AsyncExitStack()
        self._socket: ClientConnection | None = None

    async def run(self) -> None:
        async with self._stack:
            while not self.over:
                await self._post(self._invent())
                await asyncio.sleep(self._rng.uniform(0, 2 * self._pause))

    async def _post(self, order: Order) -> None:
        """Until there is an answer; how it ended goes into the history."""
        invoked = time.monotonic()
        topic = f"wall:{order.wall}"
        while True:
            self._history.attempts += 1
            try:
                answer = await self._attempt(order)
            except NoAnswer:
                self._history.lost_answers += 1
                await asyncio.sleep(self._rng.uniform(0.01, 0.05))
                continue
            if answer.status in (200, 201):
                acked = time.monotonic()
                seq, text = answer.body["seq"], answer.body["text"]
                self._history.acks.append(Ack(self._member.id, order.cid, topic, text, seq, invoked, acked))
                self._last = order
                if self._rng.random() < 0.1:
                    await self._read_back(topic, seq)
                return
            if answer.status < 500:
                self._history.refusals.append(Refusal(self._member.id, order.cid, topic, order.text))
                return

    def _invent(self) -> Order:
        self._number += 1
        wall = self._rng.choice(self._walls)
        cid = str(uuid.UUID(int=self._rng.getrandbits(128)))
        text = f"{self._name} says {self._number}: {self._rng.getrandbits(64):x}"
        if self._rng.random() >= 0.1:
            return Order(wall, cid, text)
        wrong = [Order(wall, cid, text * 400), Order(wall, "short", text), Order(999_999, cid, text)]
        if self._last is not None:  # a client id that has been used for something else
            wrong.append(self._last._replace(text=text))
        return self._rng.choice(wrong)

    async def _read_back(self, topic: str, seq: int) -> None:
        path = f"/walls/{topic.removeprefix('wall:')}/posts?limit=50"
        straight = self._door.through(self._door.server)  # a page is long, and a bad wire would cut every one of them
        with contextlib.suppress(NoAnswer):
            answer = await ask(straight, "GET", path, token=self._member.token)
            if answer.status == 200:
                seqs = tuple(post["seq"] for post in answer.body["items"])
                self._history.read_back.append(ReadBack(topic, seq, seqs))

    async def _by_http(self, order: Order) -> Answer:
        body = {"text": order.text, "cid": order.cid}
        path = f"/walls/{order.wall}/posts"
        return await ask(self._door, "POST", path, body, token=self._member.token, timeout=_PATIENCE)

    async def _by_socket(self, order: Order) -> Answer:
        try:
            if self._socket is None:
                self._socket = await self._stack.enter_async_context(live(self._door, self._member.token, _PATIENCE))
            self._number += 1
            frame = {"type": "send", "id": self._number, "topic": f"wall:{order.wall}"}
            await self._socket.send(json.dumps(frame | {"cid": order.cid, "text": order.text}))
            while True:
                answer = await take(self._socket, _PATIENCE)
                if answer["type"] == "ack" and answer["id"] == self._number:
                    return Answer(200, answer["post"])
                if answer["type"] == "error" and answer["id"] == self._number:
                    return Answer(503 if "retry_ms" in answer else 422, answer)
                assert answer["type"] != "bye" or answer["code"] < 4500, answer
        except (OSError, TimeoutError, EOFError, WebSocketException) as error:
            self._socket = None
            await self._stack.aclose()
            raise NoAnswer(repr(error)) from None
