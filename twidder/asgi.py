"""The composition root: settings in, a running house out. Nothing else builds things.

One process, one port (two with a course's own client): uvicorn speaks HTTP to the bridge, which hands whole requests to
Flask's threads, and hands upgrades to the switchboard. One writer behind both.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from twidder.accounts import sessions
from twidder.accounts.channel import MeChannel
from twidder.admin import AdminSocket
from twidder.boards.channel import BoardChannel
from twidder.boards.freshness import Freshness
from twidder.boards.statistics import Statistics
from twidder.boards.visits import StatsChannel
from twidder.config import Limits, Settings
from twidder.core import Core, build_core
from twidder.files import service as files
from twidder.gateways import course, lab, lab_sockets
from twidder.gateways import pairup as pairup_gateway
from twidder.gateways.chat import ChatGateways
from twidder.gateways.updates import Updates
from twidder.housekeeping import tidy
from twidder.live.bus.memory import MemoryBus
from twidder.live.channel import Channel
from twidder.live.mailbox import Mailbox
from twidder.live.node import Node, Outside
from twidder.live.streams import Streams
from twidder.live.switchboard import Endpoint, Switchboard
from twidder.live.viewing import Viewing
from twidder.live.websocket import as_protocol
from twidder.pairup import draws
from twidder.pairup.channel import EntryChannel, RoundChannel
from twidder.pairup.keeper import Keeper
from twidder.rates import Rates
from twidder.rooms.belonging import belongs
from twidder.rooms.channel import RoomChannel
from twidder.store import log, open_store
from twidder.turns import Turns
from twidder.walls.channel import WallChannel
from twidder.web.app import build_app, hashes, uploads
from twidder.web.auth import admit
from twidder.web.bridge import Bridge, problem
from twidder.web.problems import new_request_id
from twidder.web.spool import Spool

logger = logging.getLogger(__name__)

# A thread holds the GIL for at most this long once another wants it (default 5 ms): at 5 ms a busy loop starves the
# writer.
_SWITCH_SECONDS = 0.0005
_TIDY_SECONDS = 5.0


class House:
    """Everything that runs, and the ASGI application that uvicorn calls."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        limits = settings.limits
        self._loop: asyncio.AbstractEventLoop | None = None
        self.bus = MemoryBus()
        turns = Turns(limits.work_running)
        self.store = open_store(settings.data / "twidder.db", limits, self.bus.publish, turns.given_away)
        self.core = build_core(
            settings,
            self.store,
            lambda: self.node.hub.people(),
            lambda topic: len(self.node.here(topic)),
        )
        self.mailbox = Mailbox(self._wake)
        self.node = Node(
            _outside(self.core),
            _channels(limits, self.core.rates),
            limits,
            self.core.rates,
            self.mailbox,
        )
        self.chat = ChatGateways(self.core, self.node, self.mailbox)
        ports = {settings.port} | ({settings.course_port} if settings.course_client else set())
        self.updates = Updates(self.core, self.node, ports)
        gateways: dict[str, Endpoint] = {
            **lab_sockets.endpoints(self.node, limits),
            **self.chat.endpoints,
            **self.updates.endpoints,
        }
        native: dict[str, Endpoint] = {"/live": self.node, "/live/view": Viewing(self.node, limits)}
        elsewhere = {settings.course_port: gateways} if settings.course_client else {}
        elsewhere |= self.chat.elsewhere
        self.board = Switchboard({**native, **gateways}, limits, elsewhere, settings.proxies)
        self.streams = Streams(self.node, self.board, settings, lambda error: problem(error, new_request_id()))
        self.bus.subscribe(self.node.hear)
        self.freshness = Freshness(self.store, limits)
        self.bus.subscribe(self.freshness.hear)
        self.keeper = Keeper(self.store, limits, draws.run)
        self.statistics = Statistics(self.core, self.node.hub.has)
        self.bridge = Bridge(
            course.by_port(build_app(self.core).wsgi_app, self.core),
            settings,
            turns,
            hashes=hashes(),
            refuse=lambda path, error: lab.refusal(path, error, settings) or pairup_gateway.refusal(path, error),
            spool=Spool(self.core.storage.tmp, limits, uploads(), lambda *headers: admit(self.core, *headers)),
        )
        self.admin = AdminSocket(settings.data / "admin.sock", self.core)
        self._tidying: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            doors = (self.streams, self.updates, self.chat)
            await next((door.http for door in doors if door.answers(scope)), self.bridge)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        self.core.storage.sweep(self.store.read(files.all_ids))
        sys.setswitchinterval(_SWITCH_SECONDS)
        self.board.start(self._loop)
        self.node.start(self.board)
        self.updates.start()
        self.bridge.start()
        self.freshness.start()
        self.keeper.start()
        self.statistics.start()
        await self.admin.start()
        self._tidying = asyncio.create_task(self._tidy())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._tidying.cancel()
        await self.chat.stop()
        await self.admin.stop()
        await asyncio.to_thread(self._stop)
        await send({"type": "lifespan.shutdown.complete"})

    def end_waiting(self) -> None:
        """The server is about to wait for the answers that it still owes; these would take for ever."""
        self.streams.end()
        self.updates.end()
        self.chat.end_polls()

    def _stop(self) -> None:
        """Views first, then what they write to: every answer that was promised is given."""
        self.core.pictures.stop()
        self.bridge.stop()
        self.node.stop()
        self.freshness.stop()
        self.keeper.stop()
        self.statistics.stop()
        self.store.close()

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            try:
                await asyncio.to_thread(tidy, self.core)
            except Exception:
                logger.exception("tidying up failed")

    def _wake(self, call: Any) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(call)


def _channels(limits: Limits, rates: Rates) -> tuple[Channel, ...]:
    rooms = (RoomChannel(kind, limits, rates) for kind in ("room", "dm"))
    pairup = RoundChannel(limits, rates), EntryChannel(limits, rates)
    return MeChannel(limits), WallChannel(limits, rates), *rooms, BoardChannel(), StatsChannel(), *pairup


def _outside(core: Core) -> Outside:
    limits, settings = core.settings.limits, core.settings

    def submit(me: Any, change: Any, done: Any) -> None:
        core.store.submit(sessions.as_session(me, change), done)

    return Outside(
        read=core.store.read,
        identify=lambda tx, token: sessions.identify(tx, token, limits),
        over=lambda holders: core.store.read(lambda tx: sessions.over(tx, holders, limits)),
        ahead_of=lambda heads: core.store.read(lambda tx: log.ahead_of(tx.driver, heads)),
        submit=submit,
        belongs=lambda tx, me: belongs(tx, me, limits),
        epoch=core.store.read(lambda tx: log.epoch(tx.driver)),
        origins=settings.origins,
        cookie=settings.cookie,
    )


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_stopping()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Once is a request; whoever asks again does not want to wait. What was answered is on disk by then."""
        super().handle_exit(sig, frame)
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_DFL)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # uvicorn would raise the signal again once all is closed; having been asked to stop is no failure.
            self._captured_signals.clear()


def run(settings: Settings, sockets: list[socket.socket], started: Callable[[House], None]) -> None:
    """Serve on ``sockets`` until SIGTERM or SIGINT. ``started`` is called once requests are answered."""
    house = House(settings)
    Server(_uvicorn_config(house), lambda: started(house), house.end_waiting).run(sockets=sockets)


def _uvicorn_config(house: House) -> uvicorn.Config:
    limits = house.settings.limits
    return uvicorn.Config(
        house,
        http=course.guard_ports(house.settings),
        ws=as_protocol(house.board),  # type: ignore[arg-type]  # a factory, called as a class is
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=limits.keep_alive_seconds,
        # Without it, one peer that does not read would hang the shutdown for ever.
        timeout_graceful_shutdown=limits.shutdown_seconds,
    )
