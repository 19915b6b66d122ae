"""Socket.IO as the lecture's chat speaks it (docs/gateways.md): who a client is, and which frames it may send.

Who comes with a session, or with the pass to a room, is that person; otherwise the entrance's cookie names a guest,
or the event itself does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import socketio  # type: ignore[import-untyped]
from engineio import packet as engine_packet  # type: ignore[import-untyped]
from socketio.exceptions import ConnectionRefusedError as Refusal  # type: ignore[import-untyped]

from twidder.accounts import Seated, as_session
from twidder.config import Limits
from twidder.errors import BadField, TwidderError
from twidder.gateways.callers import Caller, Callers
from twidder.gateways.host import Host
from twidder.gateways.tables import Came, Heard, News
from twidder.rooms import access_room, guests, members
from twidder.store import Tx

logger = logging.getLogger(__name__)

CHAT, PLAIN = "/chat", "/"
_NAMESPACES = (CHAT, PLAIN)
_PING_SECONDS = 20


class TextPacket(socketio.packet.Packet):  # type: ignore[misc]
    """Without attachments: a client may announce thousands of millions, which would be waited for in memory."""

    def decode(self, encoded_packet: str) -> int:
        attachments: int = super().decode(encoded_packet)
        if self.packet_type in (socketio.packet.BINARY_EVENT, socketio.packet.BINARY_ACK):
            raise ValueError("There are no attachments here.")
        return attachments


class Chatter:
    """A client in one of the namespaces, and once it has joined a seat."""

    def __init__(self, gateway: SocketIo, sid: str, namespace: str, caller: Caller) -> None:
        self.gateway = gateway
        self.sid = sid
        self.namespace = namespace
        self.caller = caller
        self.dialect = dialect_of(namespace, plain=namespace == PLAIN)
        self.me: Seated
        self.name = ""
        self.is_open = True

    def speak(self, *, plain: bool) -> None:
        """How it joins says which of the two ways of talking it knows."""
        self.dialect = dialect_of(self.namespace, plain=plain)

    def take(self, said: Any) -> None:
        self.gateway.put(self, said)

    def tell(self, text: str) -> None:
        """To this client alone."""
        self.take(self.dialect(text))

    def end(self, reason: str) -> None:
        self._leave("You are no longer in this room.")

    def sign_out(self, reason: str) -> None:
        self._leave("Your session has ended.")

    def _leave(self, text: str) -> None:
        self.tell(text)
        self.gateway.disconnect(self)


class SocketIo:
    """``server`` is what Engine.IO is served by; its handlers are here."""

    def __init__(self, host: Host, callers: Callers, limits: Limits) -> None:
        self._host = host
        self._callers = callers
        self._limits = limits
        self._chatters: dict[str, Chatter] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        quiet = logging.getLogger(f"{__name__}.engine")
        quiet.setLevel(logging.CRITICAL + 1)  # it logs whatever a stranger sends it, with a traceback
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,  # one event of a client after the other
            max_http_buffer_size=limits.message_bytes,
            ping_interval=limits.heartbeat_seconds,
            ping_timeout=_PING_SECONDS,
            cors_allowed_origins=[],  # checked before it is asked, and pages elsewhere are not let in
            http_compression=False,
            serializer=TextPacket,
            namespaces=list(_NAMESPACES),
            logger=quiet,
            engineio_logger=quiet,
        )
        for namespace in _NAMESPACES:
            self.server.on("connect", self._connect_to(namespace), namespace=namespace)
            self.server.on("disconnect", self._gone, namespace=namespace)
            for event, handler in self._events().items():
                self.server.on(event, self._guarded(handler), namespace=namespace)

    def _events(self) -> dict[str, Callable[[Chatter, Any], Awaitable[None]]]:
        return {
            "joined": self._joined,
            "text": self._text,
            "left": self._left,
            "join": self._join,
            "leave": self._left,
            "message": self._message,
        }

    def put(self, chatter: Chatter, said: Any) -> None:
        """Queue a packet; who leaves too many lying is cut off, and may come again."""
        client = self._client(chatter.sid, chatter.namespace)
        if client is None:
            return
        if client.queue.qsize() < self._limits.socketio_packets:
            client.queue.put_nowait(said)
        else:
            self._start(client.close(wait=False, abort=True))

    def disconnect(self, chatter: Chatter) -> None:
        self._start(self.server.disconnect(chatter.sid, namespace=chatter.namespace))

    async def stop(self) -> None:
        await self.server.shutdown()

    # Coming and going

    def _connect_to(self, namespace: str) -> Callable[..., Awaitable[None]]:
        async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
            try:
                caller = await self._callers.find(environ["asgi.scope"], auth)
            except TwidderError as error:
                raise Refusal(error.detail) from None
            if self._client(sid, namespace) is None:  # it has gone meanwhile
                self._callers.lost(caller)
                raise Refusal
            chatter = self._chatters[sid] = Chatter(self, sid, namespace, caller)
            caller.when_ended = chatter.sign_out

        return connect

    async def _gone(self, sid: str, _reason: str) -> None:
        chatter = self._chatters.pop(sid, None)
        if chatter is not None:
            chatter.is_open = False
            self._host.rise(chatter)
            self._callers.lost(chatter.caller)

    # What clients say

    async def _joined(self, chatter: Chatter, _data: Any) -> None:
        chatter.speak(plain=False)
        await self._let_in(chatter, chatter.caller.name, chatter.caller.room)

    async def _join(self, chatter: Chatter, data: Any) -> None:
        chatter.speak(plain=True)
        await self._let_in(chatter, _field(data, "username"), _field(data, "room"))

    async def _text(self, chatter: Chatter, data: Any) -> None:
        await self._say(chatter, _field(data, "msg"))

    async def _message(self, chatter: Chatter, data: Any) -> None:
        await self._say(chatter, data if isinstance(data, str) else _field(data, "msg"))

    async def _left(self, chatter: Chatter, _data: Any) -> None:
        self._host.rise(chatter)

    async def _let_in(self, chatter: Chatter, name: str | None, room: str | None) -> None:
        me = chatter.caller.me
        if me is None and name is None:
            raise BadField("username", "Say your name at /chat/enter first, or sign in.")

        def admit(tx: Tx, room_id: int) -> Seated:
            if me is None:
                guest = guests.gateway_guest(tx, room_id, name or "", "socketio", self._limits)
                return Seated(guest.id, "", "", guest, room_id)
            return as_session(me, lambda tx: self._join_as(tx, me, room_id))(tx)

        own_name = None if me is not None else name
        await self._host.let_in(chatter, room, admit, address=chatter.caller.address, name=own_name)

    def _join_as(self, tx: Tx, me: Seated, room_id: int) -> Seated:
        if not access_room(tx, me, room_id).is_in:
            members.join(tx, me, room_id, self._limits)
        return me

    async def _say(self, chatter: Chatter, text: str) -> None:
        if not self._host.is_seated(chatter):
            raise BadField("room", "Join a room first.")
        await self._host.say(chatter, text)

    # How handlers are called

    def _guarded(self, handler: Callable[[Chatter, Any], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """What goes wrong is told to the client alone; an acknowledgement is sent in any case."""

        async def guarded(sid: str, data: Any = None, *_more: Any) -> None:
            chatter = self._chatters.get(sid)
            if chatter is None:
                return
            try:
                await handler(chatter, data)
            except TwidderError as error:
                chatter.tell(error.detail)
            except Exception:
                logger.exception("an event could not be answered")
                chatter.tell(TwidderError().detail)

        return guarded

    def _client(self, sid: str, namespace: str) -> Any:
        """Engine.IO's end of it; None when it is closing."""
        client = self.server.eio.sockets.get(self.server.manager.eio_sid_from_sid(sid, namespace))
        return None if client is None or client.closed or client.closing else client

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _field(data: Any, name: str) -> str:
    """Raises BadField."""
    text = data.get(name) if isinstance(data, dict) else None
    if not isinstance(text, str):
        raise BadField(name, f"This event needs a text {name!r}.")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise BadField(name, "The text holds a character that is not text.")
    return text


def _event_of(news: News | str, *, plain: bool) -> tuple[str, Any]:
    """Name and data of the event by which ``news``, or a word to one client, is told."""
    if isinstance(news, Heard):
        text, event = f"{news.name}:{news.text}", "message"
    elif isinstance(news, str):
        text, event = news, "status"
    else:
        text, event = f"{news.name} has {'entered' if isinstance(news, Came) else 'left'} the room.", "status"
    return ("message", text) if plain else (event, {"msg": text})


def _dialect(namespace: str, *, plain: bool) -> Callable[[News | str], Any]:
    def speak(news: News | str) -> Any:
        data = list(_event_of(news, plain=plain))
        event = TextPacket(socketio.packet.EVENT, namespace=namespace, data=data)
        return engine_packet.Packet(engine_packet.MESSAGE, data=event.encode())

    return speak


_DIALECTS = {
    (namespace, plain): _dialect(namespace, plain=plain) for namespace in _NAMESPACES for plain in (True, False)
}


def dialect_of(namespace: str, *, plain: bool) -> Callable[[News | str], Any]:
    """``plain``: everything is a ``message`` that is just a text."""
    return _DIALECTS[namespace, plain]
