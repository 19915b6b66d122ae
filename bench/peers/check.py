"""``python -m bench.peers.check [KEY…]``: does each peer do what it is measured for?

Twenty members and a publisher; a hundred messages, 16 of them under way at once; every one of the 21 must get each of
them, unaltered and in order.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

import click
from websockets.asyncio.client import ClientConnection, connect

from bench.contestants import Stage, started
from bench.load import LoadFailed
from bench.machine import cores
from bench.peers import LIMITS, PEERS, Peer

MEMBERS = 20
MESSAGES = 100
_UNDER_WAY = 16
_SECONDS = 20.0
_ALL = {peer.key: peer for peer in (*PEERS, *LIMITS)}


class Broken(Exception):
    """The peer does not do what it should."""


def payload(number: int) -> str:
    return json.dumps({"type": "typing", "n": f"#{number:010}", "pad": "x" * 72}, separators=(",", ":"))


class Member:
    def __init__(self, peer: Peer, connection: ClientConnection) -> None:
        self.peer = peer
        self.connection = connection
        self.got = 0
        self.progress = asyncio.Event()

    async def enter(self) -> None:
        if self.peer.hello:
            await self.connection.send(self.peer.hello)
        while self.peer.ready and self.peer.ready not in await self.hear():
            pass

    async def hear(self) -> str:
        """The next text that is no ping of the server's own."""
        while True:
            frame = await self.connection.recv()
            if not isinstance(frame, str):
                raise Broken(f"a binary frame: {frame[:80]!r}")
            if not self.peer.ping or not frame.startswith(self.peer.ping) or len(frame) != len(self.peer.ping):
                return frame
            await self.connection.send(self.peer.pong)

    async def follow(self) -> None:
        while self.got < MESSAGES:
            frame = await self.hear()
            if payload(self.got) not in frame:
                raise Broken(f"instead of message {self.got}: {frame[:160]!r}")
            self.got += 1
            self.progress.set()

    async def publish(self) -> None:
        for number in range(MESSAGES):
            while number - self.got >= _UNDER_WAY:
                self.progress.clear()
                await self.progress.wait()
            await self.connection.send(self.peer.send.replace("%s", payload(number)))


async def talk(peer: Peer, port: int) -> None:
    """Raises Broken."""
    address = f"ws://127.0.0.1:{port}{peer.path}"
    members = [Member(peer, await connect(address, compression=None, proxy=None)) for _ in range(MEMBERS + 1)]
    try:
        for member in members:
            await member.enter()
        await asyncio.gather(members[0].publish(), *(member.follow() for member in members))
    finally:
        for member in members:
            member.connection.transport.abort()


def check(peer: Peer, work: Path) -> str:
    """One line about it."""
    if reason := peer.missing():
        return f"missing  {reason}"
    stage = Stage(cores(), work, rounds=1, seconds=1, sizes=(MEMBERS,), most=MEMBERS)
    start = time.monotonic()
    try:
        with started(peer.key, peer.command, stage, peer.env) as (_, port):
            asyncio.run(asyncio.wait_for(talk(peer, port), _SECONDS))
    except TimeoutError:
        return f"BROKEN   not everybody had everything within {_SECONDS:.0f} s"
    except (Broken, LoadFailed, OSError) as error:
        return f"BROKEN   {error}"
    return f"ok       {peer.version()}, {time.monotonic() - start:.1f} s"


@click.command()
@click.argument("keys", nargs=-1, type=click.Choice(sorted(_ALL)))
def main(keys: tuple[str, ...]) -> None:
    """Check these peers, or all of them. Fails when one that is installed is broken."""
    lines = {}
    with tempfile.TemporaryDirectory() as work:
        for key in keys or _ALL:
            lines[key] = check(_ALL[key], Path(work))
            sys.stdout.write(f"{key:<16} {lines[key]}\n")
            sys.stdout.flush()
    sys.exit(any(line.startswith("BROKEN") for line in lines.values()))


if __name__ == "__main__":
    main()
