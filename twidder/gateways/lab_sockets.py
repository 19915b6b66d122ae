"""The labs' auto-logout sockets: the token goes in, one farewell comes out when the session ends, and nothing else.

A page proves itself with its token and not with a cookie, so no Origin is asked for. The node knows these sockets by
their session, as it knows its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.live import closing, frames
from twidder.live.closing import Closing
from twidder.live.connection import Connection, Link, State
from twidder.live.node import Node
from twidder.live.switchboard import Endpoint, Handshake
from twidder.live.websocket import WebSocket
from twidder.strictjson import parse

ReadToken = Callable[[bytes, Limits], str | None]

_SESSION_IS_OVER = frozenset(
    {closing.REPLACED, closing.SIGNED_OUT, closing.ACCOUNT_CLOSED, closing.NOT_AUTHENTICATED.code}
)


class LabConnection(Connection):
    """Says its farewell where the live protocol would say bye; only when the token is worth nothing (any more)."""

    __slots__ = ("_farewell",)

    hears = False

    def __init__(self, link: Link, limits: Limits, now: float, farewell: bytes) -> None:
        super().__init__(link, limits, now)
        self._farewell = farewell

    def close(self, why: Closing) -> None:
        if self.state is State.CLOSING:
            return
        if why.code in _SESSION_IS_OVER:
            self.link.send(self._farewell)
        self.state = State.CLOSING
        self.link.close(why.code, why.reason)


class LabSockets:
    """The endpoint at one of the paths."""

    pings = True

    def __init__(self, node: Node, limits: Limits, farewell: str, read_token: ReadToken) -> None:
        self._node = node
        self._limits = limits
        self._farewell = frames.text_frame(farewell.encode())
        self._read_token = read_token

    def check(self, handshake: Handshake) -> None:
        pass

    def open(self, link: WebSocket, handshake: Handshake, now: float) -> LabConnection:
        return LabConnection(link, self._limits, now, self._farewell)

    def received(self, connection: LabConnection, text: bytes, now: float) -> None:
        if not connection.count_frame(now) or connection.state is not State.NEW:
            return
        token = self._read_token(text, self._limits)
        if token is not None:
            self._node.identify(connection, token, _say_nothing)

    def pinged(self, connection: LabConnection, now: float) -> None:
        connection.count_frame(now)

    def tick(self, connection: LabConnection, now: float) -> None:
        if connection.state is State.NEW and now - connection.opened > self._limits.authenticate_seconds:
            connection.close(closing.TRY_AGAIN)  # no farewell: its token may be good

    def lost(self, connection: LabConnection) -> None:
        self._node.lost(connection)

    def shutdown(self, connection: LabConnection) -> None:
        self._node.shutdown(connection)


def _say_nothing(_connection: Connection) -> None:
    """These clients take whatever comes for the farewell."""


def raw_token(text: bytes, _limits: Limits) -> str | None:
    return text.decode().strip()


def login_frame(text: bytes, limits: Limits) -> str | None:
    """The token of ``{"type": "login", "data": TOKEN}``; None for any other frame, which is ignored."""
    try:
        frame: Any = parse(text, depth=limits.json_depth)
    except TwidderError:
        return None
    token = frame.get("data") if isinstance(frame, dict) and frame.get("type") == "login" else None
    return token if isinstance(token, str) else None


# Each path with the word that its clients in the wild wait for.
_PATHS: Mapping[str, tuple[str, ReadToken]] = {
    "/connect": ("user logout", raw_token),
    "/sock": ("Log Out", raw_token),
    "/echo": ("sign_out", raw_token),
    "/new_session": ("signout", raw_token),
    "/socket-api": ('{"type":"signout"}', login_frame),
}


def endpoints(node: Node, limits: Limits) -> dict[str, Endpoint]:
    return {path: LabSockets(node, limits, farewell, read) for path, (farewell, read) in _PATHS.items()}
