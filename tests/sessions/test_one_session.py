"""One valid session: whoever signs in ends what was before, at that moment."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.faults.crowd import LIMITS
from tests.faults.members import Member, sign_in, sign_up
from tests.faults.plain import Door, ask, live, take
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.people import People
from tests.harness.raw import Raw, http, request_bytes
from tests.harness.server import Server


class Use(NamedTuple):
    """A token was used, and accepted or not."""

    session: int
    invoked: float
    accepted: bool
    how: str


class Turn(NamedTuple):
    """One user's sign-ins, by number; and when each was answered."""

    signed_in: dict[int, float]
    uses: list[Use]


def two_sessions(turn: Turn) -> list[str]:
    """Uses that were accepted although they began after the answer to a newer sign-in. ``session`` counts in the order
    in which the sessions began."""
    return [
        f"session {use.session} was accepted by {use.how} after {newer} had been answered"
        for use in turn.uses
        if use.accepted
        for newer, answered in turn.signed_in.items()
        if newer > use.session and answered < use.invoked
    ]


async def sign_in_all_over(server: Server, rng: random.Random, *, users: int, rounds: int) -> list[Turn]:
    """Each user signs in at three places in turn, and all the while uses all the tokens there are."""
    door = Door(server.port, server.port)
    members = [await sign_up(door, f"hopper{number}") for number in range(users)]
    return list(await asyncio.gather(*(_hop(door, member, random.Random(rng.random()), rounds) for member in members)))


async def _hop(door: Door, member: Member, rng: random.Random, rounds: int) -> Turn:
    turn = Turn({}, [])
    tokens: list[str] = []
    over = asyncio.Event()

    async def use() -> None:
        while not over.is_set():
            if tokens:
                session = rng.randrange(max(0, len(tokens) - 3), len(tokens))
                how = rng.choice((_by_http, _by_socket))
                invoked = time.monotonic()
                accepted = await how(door, tokens[session])
                turn.uses.append(Use(session, invoked, accepted, how.__name__))
            await asyncio.sleep(0)

    users = [asyncio.create_task(use()) for _ in range(2)]
    for _ in range(rounds):
        token = (await sign_in(door, member.email)).token
        turn.signed_in[len(tokens)] = time.monotonic()
        tokens.append(token)
        await asyncio.sleep(rng.uniform(0, 0.1))  # chance, not synchronisation
    over.set()
    await asyncio.gather(*users)
    return turn


async def _by_http(door: Door, token: str) -> bool:
    answer = await ask(door, "GET", "/session", token=token)
    assert answer.status in (200, 401), answer
    return answer.status == 200


async def _by_socket(door: Door, token: str) -> bool:
    async with live(door, token) as socket:
        frame = await take(socket)
        assert frame["type"] in ("hello", "bye"), frame
        return bool(frame["type"] == "hello")


@pytest.mark.faults
def test_S1_a_token_is_refused_once_a_newer_sign_in_was_answered(
    fresh_server: Callable[..., Server], rng: random.Random
) -> None:
    """However the requests and sockets of three browsers fall between the sign-ins, there are never two sessions."""
    turns = asyncio.run(sign_in_all_over(fresh_server(limits=LIMITS), rng, users=count(80), rounds=12))
    assert [fault for turn in turns for fault in two_sessions(turn)] == []
    accepted = [use.accepted for turn in turns for use in turn.uses]
    assert accepted.count(True) > 20
    assert accepted.count(False) > 20


def test_S1_the_checker_finds_two_sessions() -> None:
    """A use that began before the newer answer may go either way; one that began after it may not."""
    signed_in = {0: 1.0, 1: 2.0}
    assert two_sessions(Turn(signed_in, [Use(0, 1.9, True, "http"), Use(0, 2.1, False, "http")])) == []
    assert two_sessions(Turn(signed_in, [Use(0, 2.1, True, "http")])) != []


def test_S2_of_fifty_sign_ins_at_once_one_survives(fresh_server: Callable[..., Server], people: People) -> None:
    """All fifty get a token; exactly one of them is valid afterwards, and the others know why they are not."""
    server = fresh_server(limits=LIMITS)
    with Api(server) as stranger:
        stranger.sign_up(people.ada)
    credentials = json.dumps({**people.ada.credentials(), "transport": "token"}).encode()
    request = request_bytes(
        *("POST", "/api/v1/session"),
        {"Content-Type": "application/json"},
        credentials,
        host=f"localhost:{server.port}",
    )
    for _ in range(count(100)):
        tokens = _sign_in_together(server, request, 50)
        answers = [_show_session(server, token) for token in tokens]
        assert sorted(status for status, _ in answers) == [200] + [401] * 49
        assert {code for status, code in answers if status == 401} == {"session_replaced"}


def _sign_in_together(server: Server, request: bytes, number: int) -> list[str]:
    """All but the last byte on each wire, then all the last bytes."""
    wires = [Raw(server, timeout=30.0) for _ in range(number)]
    try:
        for wire in wires:
            wire.send(request[:-1])
        for wire in wires:
            wire.send(request[-1:])
        answers = [wire.response() for wire in wires]
    finally:
        for wire in wires:
            wire.close()
    assert [answer.status for answer in answers] == [201] * number
    tokens = [answer.json()["token"] for answer in answers]
    assert len(set(tokens)) == number
    return tokens


def _show_session(server: Server, token: str) -> tuple[int, str]:
    answer = http(server, "GET", "/api/v1/session", {"Authorization": f"Bearer {token}"})
    return answer.status, answer.json().get("code", "")
