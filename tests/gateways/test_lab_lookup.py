"""While somebody is still looking a token up: the real node and the real socket, with a lookup held back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from tests.harness.people import ADA
from twidder.accounts.models import Me, Session, User
from twidder.config import Limits
from twidder.gateways.lab_sockets import LabConnection, LabSockets, raw_token
from twidder.live import frames
from twidder.live.channel import SessionEnded
from twidder.live.mailbox import Mailbox
from twidder.live.node import Node, Outside
from twidder.live.switchboard import Handshake, Switchboard
from twidder.live.websocket import WebSocket
from twidder.rates import Rates

PROFILE = {name: value for name, value in ADA.fields().items() if name != "password"}
ME = Me(User(id=7, role="member", created_at=0, handle="ada", **PROFILE), Session(0, "curl", 2**52), "sid", "hash", 0)
LIMITS = Limits()


class Wire:
    """The way out, kept."""

    congested = False

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed: int | None = None

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def unsent(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class House:
    """A node whose lookups wait for ``go``."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = threading.Event()
        outside = Outside(
            read=lambda fn: fn(None),
            identify=self.identify,
            over=lambda holders: [],
            ahead_of=lambda heads: {},
            submit=lambda *_: None,
            belongs=lambda tx, me: {},
            epoch="epoch",
            origins=frozenset(),
            cookie="sid",
        )
        mailbox = Mailbox(asyncio.get_running_loop().call_soon_threadsafe)
        self.node = Node(outside, (), LIMITS, Rates(10), mailbox)
        board = Switchboard({}, LIMITS)
        board.start(asyncio.get_running_loop())
        self.node.start(board)
        self.sockets = LabSockets(self.node, LIMITS, "user logout", raw_token)
        self.wire = Wire()
        handshake = cast(Handshake, None)
        self.connection: LabConnection = self.sockets.open(cast(WebSocket, self.wire), handshake, board.now)
        self.sockets.received(self.connection, b"token", board.now)

    def identify(self, _tx: Any, token: str) -> Any:
        self.asked.set()
        assert self.go.wait(10)
        return ME


async def _until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not look():
            await asyncio.sleep(0.005)


def _run(scenario: Callable[[House], Awaitable[None]]) -> None:
    async def main() -> None:
        house = House()
        try:
            await _until(house.asked.is_set)
            await scenario(house)
        finally:
            house.go.set()
            await asyncio.to_thread(house.node.stop)

    asyncio.run(main())


@pytest.mark.parametrize(("why", "code"), [("session_replaced", 4500), ("signed_out", 4501), ("account_closed", 4502)])
def test_an_end_that_comes_first_is_not_missed(why: str, code: int) -> None:
    """The session ends after its row was read and before the answer is here: the farewell, and no dead socket kept."""

    async def scenario(house: House) -> None:
        delivered = threading.Event()
        house.node.hear([SessionEnded("sid", why, 1, None)])
        asyncio.get_running_loop().call_soon(delivered.set)
        await _until(delivered.is_set)
        house.go.set()
        await _until(lambda: house.wire.closed)
        assert (house.wire.sent, house.wire.closed) == ([frames.text_frame(b"user logout")], code)
        assert house.node.hub.principals() == []

    _run(scenario)


def test_a_peer_that_left_is_not_brought_back() -> None:
    """The answer about a connection that is gone meanwhile adds nobody."""

    async def scenario(house: House) -> None:
        house.sockets.lost(house.connection)
        house.go.set()
        await asyncio.to_thread(house.node.stop)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert house.node.hub.principals() == []

    _run(scenario)


def test_an_end_after_it_ends_the_socket() -> None:
    """The ordinary way: known, silent, and then its one frame, whatever else comes."""

    async def scenario(house: House) -> None:
        house.go.set()
        await _until(house.node.hub.principals)
        assert house.wire.sent == []
        house.node.hear([SessionEnded("another", "signed_out", 1, None)])
        house.node.hear(
            [SessionEnded("sid", "session_replaced", 1, "Firefox"), SessionEnded("sid", "signed_out", 2, None)]
        )
        await _until(lambda: house.wire.closed)
        assert (house.wire.sent, house.wire.closed) == ([frames.text_frame(b"user logout")], 4500)

    _run(scenario)
