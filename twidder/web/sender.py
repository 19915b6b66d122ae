"""Files as answers: a view names an open one, and it is sent from here in pieces, as fast as its reader takes them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from twidder.config import Limits
from twidder.errors import Busy
from twidder.extensions import CUT

PIECE = 65_536

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class FileBody:
    """PEP 3333's ``wsgi.file_wrapper``: the body of an answer is this open file."""

    def __init__(self, file: IO[bytes], _block_size: int = PIECE) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return self  # Werkzeug's ranges take and close the iterator, and not what they were given

    def __next__(self) -> bytes:
        if piece := self.file.read(PIECE):
            return piece
        raise StopIteration

    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def close(self) -> None:
        self.file.close()


class Sender:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._under_way = 0
        self._disk = ThreadPoolExecutor(2, "download", lambda: _be_nice(limits.thread_nice))

    def stop(self) -> None:
        self._disk.shutdown(cancel_futures=True)

    def check_free(self, body: FileBody) -> None:
        """Raises Busy, and lets go of the file, when as many are on their way as there may be."""
        if self._under_way >= self._limits.downloads_at_once:
            body.close()
            raise Busy

    async def send(self, body: FileBody, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """After the headers. A reader who takes longer than an answer of that size may is cut off."""
        limits = self._limits
        self._under_way += 1
        try:
            async with asyncio.timeout(limits.answer_seconds + body.size() / limits.answer_bytes_per_second):
                await self._send_pieces(body, send)
        except TimeoutError:
            scope["extensions"][CUT]()
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._under_way -= 1
            body.close()

    async def _send_pieces(self, body: FileBody, send: Send) -> None:
        loop = asyncio.get_running_loop()
        while piece := await loop.run_in_executor(self._disk, body.file.read, PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _be_nice(nice: int) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
