"""The official Python client of Socket.IO, without async: a thread runs its loop, the test asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from types import TracebackType
from typing import Any

import aiohttp
import httpx
import socketio

from tests.harness.server import Server
from tests.harness.waiting import wait_for

CHAT = "/chat"


class SocketIo:
    """One client in one namespace. ``heard`` is every event that came, as (name, data)."""

    def __init__(
        self,
        url: str,
        *,
        transport: str = "websocket",
        namespace: str = CHAT,
        headers: dict[str, str] | None = None,
        auth: dict[str, str] | None = None,
    ) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.over = threading.Event()
        self._namespace = namespace
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="socketio")
        self._thread.start()
        try:
            self._run(self._connect(url, transport, dict(headers or {}), auth))  # which it empties
        except BaseException:
            self.close()
            raise

    async def _connect(self, url: str, transport: str, headers: dict[str, str], auth: Any) -> None:
        self._http = aiohttp.ClientSession()
        self._client = socketio.AsyncClient(http_session=self._http, reconnection=False)
        self._client.on("*", self._hear, namespace=self._namespace)
        self._client.on("disconnect", lambda *_reason: self.over.set(), namespace=self._namespace)
        await self._client.connect(
            url, headers=headers, auth=auth, transports=[transport], namespaces=[self._namespace], wait_timeout=10
        )

    def _hear(self, event: str, *data: Any) -> None:
        self.heard.append((event, data[0] if data else None))

    def emit(self, event: str, data: Any = None) -> None:
        self._run(self._client.emit(event, data, namespace=self._namespace))

    def call(self, event: str, data: Any = None) -> Any:
        """Send it, and what the acknowledgement says."""
        return self._run(self._client.call(event, data, namespace=self._namespace, timeout=10))

    def hear(self, event: str, data: Any) -> None:
        """Waits for it; what came before it is forgotten."""
        wait_for(lambda: (event, data) in self.heard, 10, f"{event} {data!r} among {self.heard}")
        del self.heard[: self.heard.index((event, data)) + 1]

    def close(self) -> None:
        if self._loop.is_closed():
            return
        try:
            self._run(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _close(self) -> None:
        await self._client.disconnect()
        await self._http.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    def __enter__(self) -> SocketIo:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def enter(server: Server, name: str, room: str = "general") -> dict[str, str]:
    """By the form; the headers of somebody who has the entrance's cookie."""
    answer = httpx.post(f"{server.url}/chat/enter", data={"name": name, "room": room}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/chat"), answer.text
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


def statuses(heard: Iterable[tuple[str, Any]]) -> list[str]:
    return [data["msg"] for event, data in heard if event == "status"]
