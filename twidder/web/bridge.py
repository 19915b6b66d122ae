"""From ASGI to Flask: whole body in, one worker thread, whole answer out.

Our own, and small, because a2wsgi's threads stand still while slow clients dribble a body, it hands Flask empty chunked
bodies, and it answers half as many requests a second (docs/decisions/0002). A request takes a thread only once it is
complete, and crosses back to the loop once. Passwords are hashed in a lane of their own, so that a whole class
signing in never holds the other workers.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import queue
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from twidder.config import Settings
from twidder.errors import Busy, TooLarge, TwidderError
from twidder.forwarded import address_behind
from twidder.turns import Turns
from twidder.web.problems import body_of, headers_of, new_request_id
from twidder.web.sender import PIECE, FileBody, Sender
from twidder.web.spool import Body, Gone, Spool, check_headers, parts_of

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes | FileBody]
Refuse = Callable[[str, TwidderError], Answer | None]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Job:
    """One request on its way through a lane."""

    __slots__ = ("_claim", "environ", "future", "loop")

    def __init__(self, environ: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
        self.environ = environ
        self.loop = loop
        self.future: asyncio.Future[Answer] = loop.create_future()
        self._claim = threading.Lock()

    def resolve(self, answer: Answer | None, error: Exception | None) -> None:
        """On the loop."""
        if self.future.done():  # nobody waits for it any more
            if answer is not None and isinstance(answer[2], FileBody):
                answer[2].close()
            return
        if error is not None:
            self.future.set_exception(error)
        elif answer is not None:
            self.future.set_result(answer)

    def claim(self) -> bool:
        """True for the first who asks: a request is either carried out or answered 503, never both."""
        return self._claim.acquire(blocking=False)

    def expire(self) -> None:
        """On the loop, when it has waited long enough."""
        if self.claim():
            self.resolve(None, Busy())


class Lane:
    """Worker threads and a bounded queue before them."""

    def __init__(self, wsgi: Wsgi, turns: Turns, *, name: str, threads: int, waiting: int, nice: int) -> None:
        self._wsgi = wsgi
        self._turns = turns
        self._waiting = waiting
        self._nice = nice
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def put(self, job: Job) -> None:
        """Raises Busy when too many are waiting."""
        if self._jobs.qsize() >= self._waiting:
            raise Busy
        self._jobs.put(job)

    def _work(self) -> None:
        # Per thread on Linux: the loop goes first when both want the CPU.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._nice)
        while (job := self._jobs.get()) is not None:
            if not job.claim():  # it expired
                continue
            answer, error = None, None
            try:
                with self._turns.taken():
                    answer = call_wsgi(self._wsgi, job.environ)
            except Exception as failure:
                error = failure
            job.loop.call_soon_threadsafe(job.resolve, answer, error)


class Bridge:
    """The ASGI application. ``hashes(method, path)`` says which requests hash a password; the ``spool`` takes
    those that bring a file; ``refuse(path, error)`` puts the bridge's own refusals as a gateway does, None where the
    path is not a gateway's."""

    def __init__(
        self,
        wsgi: Wsgi,
        settings: Settings,
        turns: Turns,
        *,
        hashes: Callable[[str, str], bool],
        refuse: Refuse,
        spool: Spool | None = None,
    ) -> None:
        self._limits = limits = settings.limits
        self._proxies = settings.proxies
        self._hashes = hashes
        self._spool = spool
        self._sender = Sender(limits)
        self._refuse = refuse
        nice = limits.thread_nice
        self._work = Lane(wsgi, turns, name="work", threads=limits.work_threads, waiting=limits.work_queue, nice=nice)
        # Hashing needs no turn: nearly all of it runs beside Python.
        hashing = Turns(limits.hash_threads)
        self._hash = Lane(wsgi, hashing, name="hash", threads=limits.hash_threads, waiting=limits.hash_queue, nice=nice)

        # Nor do uploads: they wait for the process that makes a picture anew, and for the disk.
        loading = Turns(limits.upload_threads)
        threads, waiting = limits.upload_threads, limits.upload_queue
        self._upload = Lane(wsgi, loading, name="upload", threads=threads, waiting=waiting, nice=nice)

    def start(self) -> None:
        for lane in (self._work, self._hash, self._upload):
            lane.start()

    def stop(self) -> None:
        for lane in (self._work, self._hash, self._upload):
            lane.stop()
        if self._spool is not None:
            self._spool.stop()
        self._sender.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = new_request_id()
        try:
            answer = await self._answer(scope, receive, request_id)
        except Gone:
            return
        except TimeoutError:
            answer = self._refusal(scope, TwidderError(code="timeout"), request_id, close=True)
        except TwidderError as error:
            answer = self._refusal(scope, error, request_id, close=not isinstance(error, Busy))
        except Exception as error:
            logger.error("request %s failed", request_id, exc_info=error)
            answer = self._refusal(scope, TwidderError(), request_id, close=True)
        status, headers, content = answer
        headers.append((b"x-request-id", request_id.encode()))
        if status == 400:  # what follows a request that made no sense is not another request
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if isinstance(content, FileBody):
            await self._sender.send(content, scope, receive, send)
        else:
            await send({"type": "http.response.body", "body": content})

    def _refusal(self, scope: Scope, error: TwidderError, request_id: str, *, close: bool) -> Answer:
        status, headers, body = self._refuse(scope["path"], error) or problem(error, request_id)
        if close:  # the rest of the body is not worth reading
            headers.append((b"connection", b"close"))
        return status, headers, body

    async def _answer(self, scope: Scope, receive: Receive, request_id: str) -> Answer:
        if self._spool is not None and self._spool.takes(scope["method"], scope["path"]):
            async with self._spool.receive(scope, receive) as upload:
                return await self._pass_through(self._upload, scope, upload, request_id)
        content = await asyncio.wait_for(self._read_body(scope, receive), self._limits.body_seconds)
        lane = self._hash if self._hashes(scope["method"], scope["path"]) else self._work
        answer = await self._pass_through(lane, scope, Body(io.BytesIO(content), len(content)), request_id)
        if isinstance(answer[2], FileBody):
            self._sender.check_free(answer[2])
        return answer

    async def _read_body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body, within its limit."""
        check_headers(scope, self._limits.body_bytes)
        parts, size = [], 0
        async for part in parts_of(receive):
            parts.append(part)
            size += len(part)
            if size > self._limits.body_bytes:
                raise TooLarge
        return b"".join(parts)

    async def _pass_through(self, lane: Lane, scope: Scope, body: Body, request_id: str) -> Answer:
        loop = asyncio.get_running_loop()
        job = Job(build_environ(scope, body, request_id, self._proxies), loop)
        lane.put(job)
        expiry = loop.call_later(self._limits.work_wait_seconds, job.expire)
        try:
            return await job.future
        finally:
            expiry.cancel()
            job.claim()  # when the server stops, nobody waits for it any more


def client_address(scope: Scope, proxies: int) -> str:
    """Whom the request came from."""
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return address_behind(str((scope.get("client") or ("",))[0]), values, proxies)


def build_environ(scope: Scope, body: Body, request_id: str, proxies: int = 0) -> dict[str, Any]:
    """PEP 3333. Header names with an underscore are left out: they would pass for the ones with a hyphen."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client_address(scope, proxies),
        "CONTENT_LENGTH": str(body.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body.file,
        "wsgi.file_wrapper": FileBody,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "twidder.request_id": request_id,
    }
    for name, value in scope["headers"]:
        if name in (b"content-length", b"transfer-encoding") or b"_" in name:
            continue
        text = value.decode("latin-1")
        key = "CONTENT_TYPE" if name == b"content-type" else "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        joiner = "; " if name == b"cookie" else ","
        environ[key] = f"{environ[key]}{joiner}{text}" if key in environ else text
    return environ


def call_wsgi(wsgi: Wsgi, environ: dict[str, Any]) -> Answer:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started[:] = [int(status[:3]), headers]
        return lambda _data: None

    chunks = wsgi(environ, start_response)
    if isinstance(chunks, FileBody) and chunks.size() > PIECE:  # the sender's
        body: bytes | FileBody = chunks
    else:
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
    status, headers = started
    return status, [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers], body


def problem(error: TwidderError, request_id: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    body = body_of(error, request_id)
    headers = [(name.lower().encode(), value.encode()) for name, value in headers_of(error).items()]
    headers.append((b"content-length", str(len(body)).encode()))
    return error.status, headers, body
