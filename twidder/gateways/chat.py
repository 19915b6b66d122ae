"""The chat gateways, put together: Tutorial 12 and Socket.IO over one host of tables."""

from __future__ import annotations

from typing import Any

from twidder.core import Core
from twidder.gateways import engineio, tutorial12
from twidder.gateways.callers import Callers
from twidder.gateways.engineio import EngineIo
from twidder.gateways.entrance import Entrance
from twidder.gateways.host import Host
from twidder.gateways.socketio import SocketIo
from twidder.gateways.tutorial12 import Tutorial12
from twidder.live.mailbox import Mailbox
from twidder.live.node import Node
from twidder.live.switchboard import Endpoint
from twidder.rooms.channel import RoomChannel


class ChatGateways:
    """``endpoints`` by path at the ports that have them; ``elsewhere`` those of Tutorial 12's own port."""

    def __init__(self, core: Core, node: Node, mailbox: Mailbox) -> None:
        settings, limits = core.settings, core.settings.limits
        host = Host(core, node, mailbox, RoomChannel("room", limits, core.rates))
        ports = {settings.port: settings}
        if settings.course_client is not None:
            ports[settings.course_port] = settings.as_course()
        entrances = {port: Entrance(seen) for port, seen in ports.items()}
        self._tutorial12 = Tutorial12(host, limits, core.rates)
        self._socketio = SocketIo(host, Callers(node, settings, entrances), limits)
        self._engine = EngineIo(self._socketio.server.eio, lambda port: ports[port].origins, limits)
        self.endpoints: dict[str, Endpoint] = {
            tutorial12.PATH: self._tutorial12,
            f"{tutorial12.PATH}/": self._tutorial12,
            engineio.PATH: self._engine,
        }
        own_port = settings.tutorial12_port
        self.elsewhere: dict[int, dict[str, Endpoint]] = {own_port: {"/": self._tutorial12}} if own_port else {}

    def answers(self, scope: dict[str, Any]) -> bool:
        """Whether an HTTP request is for Socket.IO's polling, or came to a port that has nothing but WebSockets."""
        path: str = scope["path"]
        return path.startswith(engineio.PATH) or scope["server"][1] in self.elsewhere

    async def http(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["server"][1] in self.elsewhere:
            await engineio.answer(send, 426, "This is a WebSocket's address.")
        else:
            await self._engine.http(scope, receive, send)

    def end_polls(self) -> None:
        """The server is about to wait for the requests that it still owes an answer."""
        self._engine.stop()

    async def stop(self) -> None:
        await self._socketio.stop()
