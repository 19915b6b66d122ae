"""The demo's people are here: their live connections, in one thread. They see what everybody sees, and look away."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
from collections.abc import Mapping

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

_HERE = 240.0, 900.0  # seconds; then they are away for a while
_AWAY = 20.0, 60.0
_LEAVING = 15.0  # so long the server may count those who have gone
_STOP_SECONDS = 5.0


class Presence:
    """Called by other threads."""

    def __init__(self, host: str, port: int, tokens: Mapping[str, str], stopping: threading.Event) -> None:
        """``tokens``: of those who are signed in, at any time."""
        self._host, self._port = host, port
        self._tokens = tokens
        self._stopping = stopping
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="demo-presence")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._open: dict[str, ClientConnection] = {}

    def come(self, key: str, rooms: list[int]) -> None:
        """From now on this person is here most of the time."""
        if not self._thread.is_alive() and not self._stopping.is_set():
            self._thread.start()
        self._loop.call_soon_threadsafe(self._begin, key, rooms)

    def type(self, key: str, room: int) -> None:
        self._loop.call_soon_threadsafe(self._say, key, {"type": "typing", "topic": f"room:{room}"})

    def count(self) -> int:
        """How many of them are here, as the server sees it."""
        return len(self._open)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_STOP_SECONDS)
        else:
            self._loop.close()

    def _run(self) -> None:
        try:
            self._loop.run_forever()
            for task in self._tasks.values():
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*self._tasks.values(), return_exceptions=True))
        finally:
            self._loop.close()

    def _begin(self, key: str, rooms: list[int]) -> None:
        if key not in self._tasks:
            self._tasks[key] = self._loop.create_task(self._live(key, rooms))

    def _say(self, key: str, frame: object) -> None:
        if key in self._open:
            self._tasks[f"{key} types"] = self._loop.create_task(self._send(self._open[key], frame))

    async def _send(self, connection: ClientConnection, frame: object) -> None:
        with contextlib.suppress(WebSocketException):
            await connection.send(json.dumps(frame))

    async def _live(self, key: str, rooms: list[int]) -> None:
        while True:
            with contextlib.suppress(KeyError, OSError, TimeoutError, WebSocketException):
                async with asyncio.timeout(random.uniform(*_HERE)):
                    await self._be_here(key, rooms)
            await asyncio.sleep(random.uniform(*_AWAY))

    async def _be_here(self, key: str, rooms: list[int]) -> None:
        connection = connect(
            f"ws://localhost:{self._port}/live",
            host=self._host,
            additional_headers={"Authorization": f"Bearer {self._tokens[key]}"},
            compression=None,
            proxy=None,
            ping_interval=None,  # the server's heartbeats suffice
            close_timeout=1.0,
        )
        async with connection as live:
            self._open[key] = live
            try:
                topics = {f"room:{room}": None for room in rooms}
                await self._send(live, {"type": "join", "id": 1, "topics": topics})
                async for text in live:
                    if json.loads(text).get("type") == "heartbeat":
                        await self._send(live, {"type": "pong"})
            finally:
                self._loop.call_later(_LEAVING, self._open.pop, key, None)
