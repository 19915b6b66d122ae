"""R3, R4: whatever one peer sends, it costs little, and a moment later next to nothing."""

from __future__ import annotations

import contextlib
import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import bystander, cpu_seconds
from tests.faults.kernel import queues
from tests.harness.api import Api
from tests.harness.counts import SOAK, count
from tests.harness.people import ADA, People
from tests.harness.raw import CONTINUATION, PING, PONG, TEXT, Ended, Raw, RawSocket, frame_bytes
from tests.harness.server import Server
from tests.hostile.stage import Stage

pytestmark = [pytest.mark.faults, pytest.mark.slow]

AT_ONCE = 2 * 1_048_576  # bytes that one peer may cost for an instant …
LATER = 256 * 1_024  # … and a moment later
MOMENT = 1.0 if SOAK else 0.3  # seconds
NOISE = 4 * 1_048_576  # bytes that threads keep for themselves, however few the peers
KERNEL = 2 * 131_072  # bytes of one peer's that the kernel holds for us, unread

LIMITS = GENEROUS | {"sockets_per_session": 100_000, "strangers_at_one_address": 100_000}
TEXT_OPENS = frame_bytes(TEXT, b"", fin=False)
GREAT = frame_bytes(TEXT, b'{"type":"nothing","x":"%b"}' % (b"x" * 32_000))


def _bytes_alone(raw: RawSocket) -> None:
    """The most that one message may be, its last part byte by byte."""
    raw.send(GREAT[:-1_000])
    for place in range(len(GREAT) - 1_000, len(GREAT) - 1):
        raw.send(GREAT[place : place + 1])


def _joins(raw: RawSocket) -> None:
    """As much of the past as one may ask for in one breath, and not a byte of it read; then more than is read of us."""
    wall = raw.hello["user"]["id"]
    joins = [{"type": "join", "id": number, "topics": {f"wall:{wall}": 0}} for number in range(16)]
    raw.send(b"".join(frame_bytes(TEXT, json.dumps(join).encode()) for join in joins))
    raw.socket.settimeout(0.05)
    raw.send(GREAT * 60)


def _after_the_close(raw: RawSocket) -> None:
    raw.send(frame_bytes(TEXT, b"{}", mask=False))
    raw.send(GREAT * 20)


KINDS: dict[str, bytes | Callable[[RawSocket], None]] = {
    "empty-fragments": TEXT_OPENS + frame_bytes(CONTINUATION, b"", fin=False) * 40_000,
    "fragments-of-a-byte": TEXT_OPENS + frame_bytes(CONTINUATION, b"x", fin=False) * 63,
    "fragments-without-an-end": frame_bytes(TEXT, b"x" * 512, fin=False)
    + frame_bytes(CONTINUATION, b"x" * 512, fin=False) * 63,
    "bytes-alone": _bytes_alone,
    "100000-pings": frame_bytes(PING) * 100_000,
    "100000-pongs": frame_bytes(PONG) * 100_000,
    "half-a-frame": frame_bytes(TEXT, b"x" * 32_768)[:-1],
    "100-great-messages": GREAT * 100,
    "more-after-the-close": _after_the_close,
}


class Greedy(RawSocket):
    """A member's socket that reads nothing but its hello."""

    def __init__(self, server: Server, api: Api) -> None:
        super().__init__(server, api, timeout=2.0)
        self.hello = self.frame().json()
        self.mine = self.socket.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("greedy") / "data", limits=LIMITS) as greedy:
        yield greedy


@pytest.fixture(scope="module")
def ada(server: Server) -> Iterator[Api]:
    with Api(server) as api:
        person = ADA.unique()
        api.sign_up(person)
        api.sign_in(person, transport="token")
        yield api


class Watched:
    """The most memory that a server has had while this was going."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watched")
        self.before = self.most = server.memory()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, self._server.memory())

    @contextmanager
    def going(self) -> Iterator[Watched]:
        self._thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._thread.join()


@pytest.mark.parametrize("kind", KINDS)
def test_R3_whatever_one_peer_sends_costs_little(server: Server, ada: Api, kind: str) -> None:
    """For an instant and a moment later; what it has sent and we have not read is bounded, too."""
    be_greedy(server, ada, KINDS[kind])


def test_R3_whatever_one_peer_asks_for_costs_little(fresh_server: Callable[..., Server], people: People) -> None:
    """The same, for as much of the past as one may ask for."""
    server = fresh_server(limits=LIMITS)
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada, transport="token")
        for number in range(60):
            ada.post_on(ada.id, f"{number} ".ljust(3_990, "x"))
        for _ in range(3):  # what the readers of the store keep for themselves they have by now
            with contextlib.suppress(Ended, TimeoutError), Greedy(server, ada) as first:
                _joins(first)
        be_greedy(server, ada, _joins)


def be_greedy(server: Server, api: Api, what: bytes | Callable[[RawSocket], None]) -> None:
    """Many at once, on a server that is warm."""
    number = count(200)
    with contextlib.ExitStack() as stack:
        greedy = [stack.enter_context(Greedy(server, api)) for _ in range(number)]
        with bystander(server), Watched(server).going() as memory:
            for one in greedy:
                with contextlib.suppress(Ended, TimeoutError):
                    what(one) if callable(what) else one.send(what)
            time.sleep(MOMENT)  # what is measured
            later = server.memory() - memory.before
        here = queues(server)
        unread = max((here[one.mine].to_read for one in greedy if one.mine in here), default=0)
    most = memory.most - memory.before
    print(f"{most / number / 1024:.1f} KiB each, later {later / number / 1024:.1f} KiB; {unread} bytes unread")
    assert most <= number * AT_ONCE
    assert later <= number * LATER + NOISE
    assert unread <= KERNEL


# R4

BOMB = gzip.compress(bytes(2**30), 1)  # 4.5 MB that are a gigabyte
MEMBERS = gzip.compress(b"") * 100_000
DEFLATED = zlib.compress(bytes(2**25), wbits=-15)[:32_000]


def _refuse_unread(stage: Stage, body: bytes, coding: str) -> None:
    """415 comes before the body has begun."""
    headers = [("Content-Type", "application/json"), ("Content-Encoding", coding), ("Content-Length", str(len(body)))]
    with Raw(stage.server) as raw:
        raw.send(stage.posting(b"", headers))
        assert raw.response().status == 415
        with contextlib.suppress(Ended):
            raw.send(body)
        assert raw.ended()


def test_R4_what_is_compressed_is_not_opened(server: Server) -> None:
    """A bomb, a hundred thousand empty members, and a frame that says it is compressed: refused at the first word of
    it, and neither memory nor processor notice."""
    stage = Stage(server)
    number = count(100)
    with Watched(server).going() as memory:
        processor = cpu_seconds(server)
        for _ in range(number):
            _refuse_unread(stage, BOMB, "gzip")
            _refuse_unread(stage, MEMBERS, "gzip")
            _refuse_unread(stage, BOMB, "identity, br")
            with RawSocket(server, headers=[("Sec-WebSocket-Extensions", "permessage-deflate")]) as socket:
                assert socket.answer is not None
                assert socket.answer.header("sec-websocket-extensions") is None
                with contextlib.suppress(Ended):
                    socket.send(frame_bytes(TEXT, DEFLATED, rsv=4))
        processor = (cpu_seconds(server) - processor) / number / 4
    print(f"{(memory.most - memory.before) / 1e6:.1f} MB more; {1000 * processor:.1f} ms each")
    assert memory.most - memory.before < 16 * 1_048_576
    assert processor < 0.05
