"""The websockets library's ``broadcast()``, on uvloop, as its documentation advises. Port from the command line."""

from __future__ import annotations

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

members: set[ServerConnection] = set()


async def stay(connection: ServerConnection) -> None:
    members.add(connection)
    try:
        async for message in connection:
            broadcast(members, message)
    finally:
        members.discard(connection)


async def main() -> None:
    async with serve(stay, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=2048):
        await asyncio.get_running_loop().create_future()


uvloop.run(main())
