"""The host of the tables: lets the chat gateways' clients in, and has stored what they say."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from twidder.accounts import Seated, as_session
from twidder.config import Settings
from twidder.core import Core
from twidder.gateways.tables import Heard, Seat, Table, name_of
from twidder.live.channel import Channel, Said
from twidder.live.mailbox import Mailbox
from twidder.live.node import Node
from twidder.live.topics import Topic
from twidder.rooms.bridged import FIRST_ROOM, check_bridged, find_room
from twidder.store import Tx

T = TypeVar("T")
Admit = Callable[[Tx, int], Seated]
"""(transaction, room): as whom a client sits there. Raises TwidderError."""


class Host:
    """``channel`` of the rooms: what is said here goes the same way as a ``send`` of the live connection."""

    def __init__(self, core: Core, node: Node, mailbox: Mailbox, channel: Channel) -> None:
        self._core = core
        self._limits = core.settings.limits
        self._first_room = opens_first_room(core.settings)
        self._node = node
        self._mailbox = mailbox
        self._channel = channel
        self._tables: dict[int, Table] = {}
        self._table_of: dict[Seat, Table] = {}

    async def let_in(self, seat: Seat, room: str | None, admit: Admit, *, address: str, name: str | None) -> None:
        """Give ``seat`` its place in the room ``room`` (None = the first), under the name that it goes by in its own
        language (None = the person's). Raises TwidderError.

        The table watches before the room is asked: whoever is taken out in that moment is so here too.
        """
        per_minute = self._limits.guest_passes_per_minute
        self._core.rates.take("gateway", address, burst=per_minute, rate=per_minute / 60)
        room_id = FIRST_ROOM if room is None else await self._write(lambda tx: find_room(tx, room))
        table = self._table(room_id)
        table.expected += 1
        try:
            me = await self._write(lambda tx: self._admit(tx, room_id, admit))
            if self._table_of.get(seat) not in (None, table):
                self.rise(seat)
            seat.me, seat.name = me, name or name_of(me.author)
            if seat.is_open and table.sit(seat):
                self._table_of[seat] = table
        finally:
            table.settle()
            self._clear(table)

    def is_seated(self, seat: Seat) -> bool:
        return seat in self._table_of

    def rise(self, seat: Seat) -> None:
        """``seat`` leaves, or has gone; harmless where it has not come."""
        table = self._table_of.pop(seat, None)
        if table is not None:
            table.rise(seat)
            self._clear(table)

    async def say(self, seat: Seat, text: str, frame: bytes | None = None) -> None:
        """Store it as a message of the room, by which everybody hears it. ``frame``: as of ``Heard``. Raises
        TwidderError."""
        table, cid = self._table_of[seat], uuid.uuid4().hex
        change = self._channel.send(seat.me, Topic("room", table.room_id), Said(text, cid))

        def write(tx: Tx) -> Any:
            check_bridged(tx, table.room_id, first_room=self._first_room)
            return change(tx)

        table.spoken[cid] = Heard(seat.name, text, frame)
        try:
            await self._write(as_session(seat.me, write))
        finally:
            table.spoken.pop(cid, None)  # its event came before this answer

    def _admit(self, tx: Tx, room_id: int, admit: Admit) -> Seated:
        check_bridged(tx, room_id, first_room=self._first_room)
        return admit(tx, room_id)

    def _table(self, room_id: int) -> Table:
        if room_id not in self._tables:
            self._tables[room_id] = Table(self._node, room_id, self._limits)
        return self._tables[room_id]

    def _clear(self, table: Table) -> None:
        if table.is_empty:
            table.clear()
            if self._tables.get(table.room_id) is table:
                del self._tables[table.room_id]

    async def _write(self, change: Callable[[Tx], T]) -> T:
        """``store.write`` for the loop. Its answer comes by the mailbox, behind the news that were published before."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._core.store.submit(change, lambda result, error: self._mailbox.put(_settle, answer, result, error))
        return await answer


def _settle(answer: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if answer.done():  # nobody waits for it any more
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)


def opens_first_room(settings: Settings) -> bool:
    """Nobody has switched it on, so only this machine's own clients come into it: unless the operator gives them a
    port."""
    return settings.loopback or settings.tutorial12_port is not None
