"""Tutorial 12, "Web Sockets" (docs/gateways.md): a chat of three frames, in a room of ours.

The page is opened from the disk or served by anybody, so no Origin is asked for, and no cookie read: whoever comes is a
guest of the room under the name they say, with guests' limits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any
from urllib.parse import unquote

from twidder.accounts import Seated
from twidder.config import Limits
from twidder.errors import BadField, RateLimited, TwidderError
from twidder.gateways.host import Host
from twidder.gateways.tables import Came, Heard, News
from twidder.live import closing
from twidder.live.connection import Link
from twidder.live.frames import text_frame
from twidder.live.switchboard import Handshake, Refused
from twidder.rates import Bucket, Rates
from twidder.rooms.guests import gateway_guest
from twidder.store import Tx
from twidder.store.log import encode
from twidder.strictjson import parse

logger = logging.getLogger(__name__)

PATH = "/tutorial12"
_HELP = "See instructions for list of valid message formats."
_LOGGED_PER_MINUTE = 10  # of all clients together: nobody fills the disk with frames that mean nothing


def frame_of(news: News) -> bytes:
    """``users``, and ``username`` beside the names of who came and went, are for clients of the tutorial's older
    editions."""
    if isinstance(news, Heard):
        return news.frame or text_frame(encode({"type": "chat", "text": news.text, "username": news.name}))
    kind, who = ("login", "user_joined") if isinstance(news, Came) else ("disconnect", "user_left")
    here = news.here
    return text_frame(
        encode({"type": kind, who: news.name, "active_users": here, "users": here, "username": news.name})
    )


class Client:
    """A socket, and once it has logged in a seat at its room's table."""

    dialect = staticmethod(frame_of)

    def __init__(self, link: Link, room: str | None, address: str, limits: Limits, now: float) -> None:
        self.link = link
        self.room = room
        self.address = address
        self.bucket = Bucket(limits.frames_burst, now)
        self.waiting: deque[bytes] = deque()  # frames behind the one that is being answered: the bucket bounds them
        self.working: asyncio.Task[None] | None = None
        self.me: Seated
        self.name = ""
        self.is_open = True

    def take(self, said: bytes) -> None:
        if self.link.congested:  # what it misses it could never ask for
            self.close(closing.TOO_SLOW.code, closing.TOO_SLOW.reason)
        else:
            self.link.send(said)

    def end(self, reason: str) -> None:
        self.complain("You are no longer in this room.", reason)
        self.close(closing.PASS_ENDED, reason)

    def complain(self, error: str, details: str) -> None:
        """The one thing that is told to the sender alone."""
        self.take(text_frame(encode({"error": error, "details": details})))

    def close(self, code: int, reason: str) -> None:
        self.is_open = False
        self.link.close(code, reason)


class Tutorial12:
    """The endpoint at PATH and below it, where the rest names the room; on a port of its own it is everywhere."""

    pings = True

    def __init__(self, host: Host, limits: Limits, rates: Rates) -> None:
        self._host = host
        self._limits = limits
        self._rates = rates
        self._open = 0

    def check(self, handshake: Handshake) -> None:
        if self._open >= self._limits.tutorial_sockets:
            raise Refused(503, "There is no room for more.")

    def open(self, link: Link, handshake: Handshake, now: float) -> Client:
        self._open += 1
        return Client(link, room_of(handshake.path), handshake.address, self._limits, now)

    def received(self, client: Client, text: bytes, now: float) -> None:
        if not client.is_open or not self._count(client, now):
            return
        client.waiting.append(text)
        if client.working is None:
            client.link.pause_reading()
            client.working = asyncio.get_running_loop().create_task(self._work(client))

    def pinged(self, client: Client, now: float) -> None:
        self._count(client, now)

    def tick(self, client: Client, now: float) -> None:
        """Who has not logged in yet is choosing a name, and may take their time."""

    def lost(self, client: Client) -> None:
        self._open -= 1
        client.is_open = False
        self._host.rise(client)

    def shutdown(self, client: Client) -> None:
        client.close(closing.RESTART, "restart")

    def _count(self, client: Client, now: float) -> bool:
        if client.bucket.take(self._limits.frames_burst, self._limits.frames_per_second, now):
            client.close(closing.TOO_MANY_FRAMES.code, closing.TOO_MANY_FRAMES.reason)
        return client.is_open

    async def _work(self, client: Client) -> None:
        """One frame after the other."""
        while client.waiting and client.is_open:
            text = client.waiting.popleft()
            try:
                await self._answer(client, text)
            except TwidderError as error:
                client.complain(error.detail, error.code)
            except Exception:
                logger.exception("a frame could not be answered")
                client.complain(TwidderError().detail, "internal")
        client.working = None
        client.link.resume_reading()

    async def _answer(self, client: Client, text: bytes) -> None:
        try:
            frame = parse(text, depth=self._limits.json_depth)
        except TwidderError:
            client.complain(f"error decoding {text.decode()}", _HELP)
            return
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "login":
            await self._log_in(client, frame)
        elif kind == "chat":
            await self._chat(client, frame, text)
        elif kind == "disconnect":
            self._host.rise(client)
        else:
            self._log_unknown(kind)

    async def _log_in(self, client: Client, frame: dict[str, Any]) -> None:
        name = frame.get("username")
        if not isinstance(name, str):
            raise BadField("username", "A login needs a username.")

        def admit(tx: Tx, room_id: int) -> Seated:
            guest = gateway_guest(tx, room_id, name, "tutorial12", self._limits)
            return Seated(guest.id, "", "", guest, room_id)

        await self._host.let_in(client, client.room, admit, address=client.address, name=name)

    async def _chat(self, client: Client, frame: dict[str, Any], text: bytes) -> None:
        if not self._host.is_seated(client):
            raise BadField("username", "Log in first.")
        if not isinstance(frame.get("text"), str):
            raise BadField("text", "A chat needs a text.")
        await self._host.say(client, frame["text"], text_frame(text))

    def _log_unknown(self, kind: Any) -> None:
        try:
            self._rates.take("unknown", PATH, burst=_LOGGED_PER_MINUTE, rate=_LOGGED_PER_MINUTE / 60)
        except RateLimited:
            return
        logger.warning("Unrecognized message type: %.80r", kind)


def room_of(path: str) -> str | None:
    """The room that an address names; None = the first one."""
    path = path.partition("?")[0]
    name = unquote(path.removeprefix(f"{PATH}/")) if path.startswith(f"{PATH}/") else ""
    return name or None
