"""The seam between what was missed and what comes live."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable

import pytest
from websockets.asyncio.client import ClientConnection

from tests.faults.crowd import LIMITS
from tests.faults.members import sign_up
from tests.faults.plain import Door, live, take
from tests.harness.counts import count
from tests.harness.server import Server

pytestmark = pytest.mark.faults


async def join_during_posting(server: Server, joins: int, rng: random.Random) -> list[str]:
    """What was wrong at the seam of ``joins`` joins to a wall on which somebody posts all the time."""
    door = Door(server.port, server.port)
    ada, eve = await sign_up(door, "ada"), await sign_up(door, "eve")
    async with live(door, ada.token) as writing, live(door, eve.token) as reading:
        posting = asyncio.create_task(_post_on(writing, ada.id))
        try:
            faults = await _join_again_and_again(reading, f"wall:{ada.id}", joins, rng)
            assert not posting.done(), "the posting ended early"
        finally:
            posting.cancel()
            await asyncio.gather(posting, return_exceptions=True)
    return faults


async def _post_on(socket: ClientConnection, wall: int) -> None:
    """Posts without a pause, four at a time under way."""
    number = 0
    while True:
        number += 1
        frame = {"type": "send", "id": number, "topic": f"wall:{wall}", "text": f"post {number}"}
        await socket.send(json.dumps(frame | {"cid": f"posted-{number:08}"}))
        if number > 4:
            while (await take(socket))["type"] != "ack":
                pass


async def _join_again_and_again(socket: ClientConnection, topic: str, joins: int, rng: random.Random) -> list[str]:
    faults: list[str] = []
    last: int | None = None  # the first join starts at the head
    for number in range(1, joins + 1):
        await socket.send(json.dumps({"type": "join", "id": number, "topics": {topic: last}}))
        after, joined = rng.randrange(8), False
        while not joined or after > 0:
            frame = await take(socket)
            if frame["type"] == "joined":
                joined, answer = True, frame["topics"][topic]
                last = answer["seq"] if last is None or answer.get("reset") else last
                news = answer.get("events", [])
            elif joined and frame["type"] == "event":
                after, news = after - 1, [frame]
            else:
                news = []  # of the join before: it left with this one
            for event in news:
                if event["seq"] != (last or 0) + 1:
                    faults.append(f"join {number}: {event['seq']} after {last}")
                last = event["seq"]
    return faults


def test_L3_joining_while_others_post_has_no_hole_and_no_repeat(
    fresh_server: Callable[..., Server], rng: random.Random
) -> None:
    """Each join's answer and the live events after it are 1, 2, 3 …, however the posting falls between."""
    server = fresh_server(limits=LIMITS)
    assert asyncio.run(join_during_posting(server, count(5_000), rng)) == []
