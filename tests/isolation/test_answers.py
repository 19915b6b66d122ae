"""A3: an answer belongs to its request, whoever hangs up in the middle."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable

import pytest

from tests.faults.crowd import LIMITS
from tests.faults.members import Member, sign_up
from tests.faults.plain import Answer, Door
from tests.harness.counts import count
from tests.harness.server import Server

pytestmark = pytest.mark.faults

_EMAIL = re.compile(r"canary\d+@example\.org")


class Wire:
    """One connection that is kept, for as many requests as it bears, of whomever."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, token: str, method: str, path: str, body: str = "", most: int | None = None) -> None:
        """The request, or only its first ``most`` bytes."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._door.port)
        head = f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost:{self._door.server}\r\nAuthorization: {token}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self._streams[1].write(f"{head}\r\n{body}".encode()[:most])
        await self._streams[1].drain()

    async def answer(self) -> Answer:
        assert self._streams is not None
        async with asyncio.timeout(20.0):
            head = await self._streams[0].readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            content = await self._streams[0].readexactly(int(length[1]) if length else 0)
        return Answer(int(head.split(b" ", 2)[1]), content.decode())

    def cut(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


async def ask_and_hang_up(server: Server, rng: random.Random, *, clients: int, requests: int) -> list[str]:
    """Foreign e-mails in anybody's answers, when one request in five is given up in the middle, and half the
    connections are shared by two people."""
    door = Door(server.port, server.port)
    members = [await sign_up(door, f"canary{number}") for number in range(clients)]
    lone = [_use(Wire(door), [member], random.Random(rng.random()), requests) for member in members[::2]]
    pairs = zip(members[1::2], members[::2], strict=False)
    shared = [_use(Wire(door), list(pair), random.Random(rng.random()), requests) for pair in pairs]
    return [fault for faults in await asyncio.gather(*lone, *shared) for fault in faults]


async def _use(wire: Wire, members: list[Member], rng: random.Random, requests: int) -> list[str]:
    faults = []
    try:
        for number in range(requests):
            member = rng.choice(members)
            text = json.dumps({"text": f"{member.email} {number}"})
            method, path, body = rng.choice(
                (
                    ("GET", "/session", ""),
                    ("GET", f"/users/{member.id}", ""),
                    ("PATCH", "/me", json.dumps({"city": member.email})),
                    ("POST", f"/walls/{member.id}/posts", text),
                )
            )
            fate = rng.random()
            await wire.send(member.token, method, path, body, most=rng.randrange(200) if fate < 0.1 else None)
            if fate < 0.2:
                wire.cut()
                continue
            answer = await wire.answer()
            told = set(_EMAIL.findall(answer.body))
            if answer.status not in (200, 201) or told != {member.email}:
                faults.append(f"{method} {path} of {member.email}: {answer}")
    finally:
        wire.cut()
    return faults


def test_A3_nobody_gets_an_answer_of_somebody_else(fresh_server: Callable[..., Server], rng: random.Random) -> None:
    """Each answer has the e-mail of whoever asked in it, and nobody else's."""
    server = fresh_server(limits=LIMITS)
    assert asyncio.run(ask_and_hang_up(server, rng, clients=count(200), requests=60)) == []


def test_A3_two_people_in_one_write_are_kept_apart(fresh_server: Callable[..., Server]) -> None:
    """Requests of two tokens, sent without waiting on one connection, are answered in order, each to its own."""

    async def pipeline(server: Server) -> list[str]:
        door = Door(server.port, server.port)
        ada, eve = await sign_up(door, "canary1"), await sign_up(door, "canary2")
        wire = Wire(door)
        try:
            for member in (ada, eve) * 10:
                await wire.send(member.token, "GET", "/session")
            return ["".join(set(_EMAIL.findall((await wire.answer()).body))) for _ in range(20)]
        finally:
            wire.cut()

    assert asyncio.run(pipeline(fresh_server())) == ["canary1@example.org", "canary2@example.org"] * 10
