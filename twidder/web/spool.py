"""Bodies of uploads: received whole before a worker thread is taken, on the disk beyond 64 KiB, so that a hundred of
them on slow lines are no memory. Whose token is good for nothing is not listened to at all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NamedTuple

from twidder.config import Limits
from twidder.datadir import refusals
from twidder.errors import Busy, StoreFailed, TooLarge, TwidderError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
# (Authorization headers, Cookie headers) → whose they are; raises Unauthorized.
Admit = Callable[[list[str], list[str]], int]


class Gone(Exception):
    """The client went before its request was complete."""


class Body(NamedTuple):
    file: IO[bytes]
    size: int


class Spool:
    """``takes(method, path)`` says which requests; ``admit`` is asked in a thread of its own, and so is the disk."""

    def __init__(self, folder: Path, limits: Limits, takes: Callable[[str, str], bool], admit: Admit) -> None:
        self.takes = takes
        self._folder = folder
        self._limits = limits
        self._most = limits.file_bytes + limits.body_bytes  # the file, and the form around it
        self._admit = admit
        self._by_user: Counter[int] = Counter()
        self._disk = ThreadPoolExecutor(2, "spool", lambda: _be_nice(limits.thread_nice))

    def stop(self) -> None:
        self._disk.shutdown(cancel_futures=True)

    @contextlib.asynccontextmanager
    async def receive(self, scope: Scope, receive: Receive) -> AsyncIterator[Body]:
        """The whole body, to be read until the end of the context. Raises Gone, TimeoutError, Unauthorized, Busy,
        TooLarge, NoSpace, StoreFailed."""
        check_headers(scope, self._most)
        user = await self._run(self._admit, *_credentials(scope))
        refusal = self._check_free(user)
        self._by_user[user] += 1
        try:
            with tempfile.SpooledTemporaryFile(self._limits.upload_spool_bytes, dir=str(self._folder)) as file:
                async with asyncio.timeout(self._limits.upload_seconds):
                    size = await self._fill(file, receive, refusal)
                yield Body(file, size)
        finally:
            self._by_user[user] -= 1
            self._by_user += Counter()  # whoever has none is forgotten

    def _check_free(self, user: int) -> TwidderError | None:
        at_once, of_user = self._limits.uploads_at_once, self._limits.uploads_at_once_user
        return Busy() if self._by_user.total() >= at_once or self._by_user[user] >= of_user else None

    async def _fill(self, file: IO[bytes], receive: Receive, refusal: TwidderError | None) -> int:
        """The size. Who is refused is listened to all the same, since a browser that is still sending does not hear
        the answer."""
        size = 0
        async for part in parts_of(receive):
            size += len(part)
            if size > self._most:
                raise TooLarge
            if refusal is None:
                refusal = await self._run(self._write, file, part)
        if refusal is not None:
            raise refusal
        return size

    def _write(self, file: IO[bytes], part: bytes) -> StoreFailed | None:
        """Leaves the file at its beginning, to be read."""
        try:
            with refusals():
                self._folder.mkdir(parents=True, exist_ok=True)
                file.seek(0, os.SEEK_END)
                file.write(part)
                file.seek(0)
        except StoreFailed as refusal:
            return refusal
        return None

    def _run(self, call: Callable[..., Any], *arguments: Any) -> Awaitable[Any]:
        return asyncio.get_running_loop().run_in_executor(self._disk, call, *arguments)


def check_headers(scope: Scope, most: int) -> None:
    """Raises TooLarge; and TwidderError (unsupported_media) for a compressed body, unread: a bomb is small on the
    wire."""
    for name, value in scope["headers"]:
        if name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise TwidderError(code="unsupported_media")
        if name == b"content-length" and int(value) > most:
            raise TooLarge


async def parts_of(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes in. Raises Gone: half a request is none, even if its body looks whole."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _credentials(scope: Scope) -> tuple[list[str], list[str]]:
    headers = [(name, value.decode("latin-1")) for name, value in scope["headers"]]
    authorizations = [value for name, value in headers if name == b"authorization"]
    return authorizations, [value for name, value in headers if name == b"cookie"]


def _be_nice(nice: int) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
