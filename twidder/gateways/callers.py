"""Who a Socket.IO client is: a session's holder, a name from the entrance, or nobody yet.

A session is held by a connection that the node knows, as every socket of it: when the session ends, so does this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from twidder import credentials
from twidder.accounts import Seated
from twidder.config import Settings
from twidder.errors import TwidderError, Unauthorized
from twidder.gateways.entrance import Entrance
from twidder.live.connection import Connection
from twidder.live.node import Node
from twidder.web.bridge import client_address

_OVER = "Your session has ended. Sign in again."


class Caller:
    """``me`` None: somebody without a session, who goes by ``name`` if they have been at the entrance."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.me: Seated | None = None
        self.name: str | None = None
        self.room: str | None = None
        self.connection: Connection | None = None
        self.when_ended: Callable[[str], None] = lambda _reason: None


class Callers:
    """``entrances``: by the port at which they are."""

    def __init__(self, node: Node, settings: Settings, entrances: dict[int, Entrance]) -> None:
        self._node = node
        self._settings = settings
        self._entrances = entrances

    async def find(self, scope: dict[str, Any], auth: Any) -> Caller:
        """Raises Unauthorized for a token that is not valid (any more); a cookie that is not is as none."""
        caller = Caller(client_address(scope, self._settings.proxies))
        cookies = _values(scope, b"cookie")
        entrance = self._entrances.get(scope["server"][1])
        if entrance is not None:
            caller.name, caller.room = entrance.read(cookies) or (None, None)
        token = _token(scope, auth)
        if token is not None:
            await self._identify(caller, token)
        elif (token := self._cookie(scope, cookies)) is not None:
            try:
                await self._identify(caller, token)
            except TwidderError:
                caller.me = None
        return caller

    def lost(self, caller: Caller) -> None:
        if caller.connection is not None:
            self._node.lost(caller.connection)

    def _cookie(self, scope: dict[str, Any], cookies: list[str]) -> str | None:
        """The browser's session, where it is our own page that asks: a page of another port would send it too."""
        if scope["server"][1] != self._settings.port:
            return None
        origins = _values(scope, b"origin")
        ours = origins[0] in self._settings.origins if origins else _values(scope, b"sec-fetch-site") == ["same-origin"]
        return credentials.find((), cookies, self._settings.cookie).token if ours else None

    async def _identify(self, caller: Caller, token: str) -> None:
        answer: asyncio.Future[Seated] = asyncio.get_running_loop().create_future()

        def closed(reason: str) -> None:
            if answer.done():
                caller.when_ended(reason)
            else:
                answer.set_exception(Unauthorized(_OVER))

        link = _SessionLink(closed)
        connection = Connection(link, self._settings.limits, asyncio.get_running_loop().time())
        self._node.identify(connection, token, lambda connection: answer.set_result(connection.me.seated))
        caller.me = await answer
        caller.connection = connection


class _SessionLink:
    """Of a connection that nothing is sent by: it is there to be closed."""

    congested = False

    def __init__(self, closed: Callable[[str], None]) -> None:
        self._closed = closed

    def send(self, data: bytes) -> None:
        pass

    def send_last(self, data: bytes) -> None:
        pass

    def unsent(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        self._closed(reason)

    def flush(self) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def _token(scope: dict[str, Any], auth: Any) -> str | None:
    """As a header, or where none can be set in the client's ``auth``."""
    token = auth.get("token") if isinstance(auth, dict) else None
    return token if isinstance(token, str) else credentials.find(_values(scope, b"authorization"), (), "").token


def _values(scope: dict[str, Any], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
