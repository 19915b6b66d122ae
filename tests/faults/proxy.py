"""A TCP proxy that loses what the server says: it resets a connection, or falls silent with both ends still open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Literal, NamedTuple, Self

_PIECE = 65_536


class Fate(NamedTuple):
    """How a connection ends, once ``after`` bytes of the server's have come through. "swallow": from then on nothing
    passes in either direction, and nobody is told."""

    kind: Literal["pass", "reset", "swallow"] = "pass"
    after: int = 0


class Proxy:
    """``fate`` is asked once for each connection. Runs on the present loop, from ``async with`` to its end."""

    def __init__(self, target: int, fate: Callable[[], Fate] = Fate) -> None:
        self.target = target
        self.fate = fate
        self.port = 0
        self.ended: dict[str, int] = {"reset": 0, "swallow": 0}
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.cut_all()
        await self._server.wait_closed()

    def cut_all(self) -> None:
        """A RST for every connection of now."""
        for writer in list(self._writers):
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            await self._relay(reader, writer)
        except asyncio.CancelledError:
            pass  # the proxy ends
        finally:
            _reset(writer)
            self._writers.discard(writer)
            self._tasks.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate = self.fate()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return
        self._writers.add(far_writer)
        up = asyncio.create_task(self._pump(reader, far_writer))
        down = asyncio.create_task(self._pump(far_reader, writer, None if fate.kind == "pass" else fate.after))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            if down.done() and not down.cancelled() and down.result() == "cut":
                self.ended[fate.kind] += 1
                if fate.kind == "swallow":
                    up.cancel()
                    await asyncio.gather(_swallow(reader), _swallow(far_reader))
        finally:
            up.cancel()
            down.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            _reset(far_writer)
            self._writers.discard(far_writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int | None = None) -> str:
        """Passes on until an end closes, or until ``most`` bytes are through ("cut")."""
        with contextlib.suppress(OSError):
            while data := await reader.read(_PIECE):
                if most is not None and len(data) > most:
                    writer.write(data[:most])
                    await writer.drain()
                    return "cut"
                most = None if most is None else most - len(data)
                writer.write(data)
                await writer.drain()
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        return "closed"


async def _swallow(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        while await reader.read(_PIECE):
            pass


def _reset(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket | None = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
