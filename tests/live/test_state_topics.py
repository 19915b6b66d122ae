"""P3, P4: boards under pressure, on a real server. A slow reader skips and never goes back; messages lose nothing."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.boards.making import make_board
from tests.conftest import GENEROUS
from tests.harness.api import Api
from tests.harness.counts import SOAK
from tests.harness.live import Live
from tests.harness.people import ADA, BERT
from tests.harness.raw import RawSocket
from tests.harness.server import Server
from tests.rooms.talk import join, make_room, say

KEYS = [f"key{number}" for number in range(20)]
RATE = 50  # pushes a second …
SECONDS = 30.0 if SOAK else 3.0  # … for so long
PACE = 10  # frames a second that a board tells
PAD = "x" * 200  # so that a frame is 7 KB, and three seconds of them more than any buffer here
BUFFERS = 100_000  # bytes: of the kernel on both sides, and what may wait here, with much slack
LIMITS = {
    **GENEROUS,
    "pushes_burst": 100_000,
    "pushes_per_second": 100_000,
    "kernel_bytes": 4_096,
    "fleeting_bytes": 8_192,
    "typing_seconds": 0.001,
}


class Board(NamedTuple):
    """A board, its maker, and who feeds it."""

    server: Server
    ada: Api
    producer: Api
    id: int

    @property
    def topic(self) -> str:
        return f"board:{self.id}"

    def push(self, version: int) -> None:
        """Every key has the same version."""
        values = {key: f"{version} {PAD}" for key in KEYS}
        self.producer.post(f"/boards/{self.id}/values", values, expect=200)

    def push_many(self, seconds: float) -> int:
        """At RATE; the last version."""
        begin, last = time.monotonic(), int(seconds * RATE)
        for version in range(1, last + 1):
            time.sleep(max(0.0, begin + version / RATE - time.monotonic()))
            self.push(version)
        return last


class Reader:
    """What a board's page knows: the newest of each key. ``faults``: what P3 forbids."""

    def __init__(self) -> None:
        self.seq = self.frames = 0
        self.state: dict[str, Any] = {}
        self.faults: Counter[str] = Counter()

    def joined(self, answer: dict[str, Any]) -> None:
        self.seq, self.state = answer["seq"], answer["state"]

    def take(self, frame: dict[str, Any]) -> None:
        self.frames += 1
        self.faults["seq"] += frame["seq"] <= self.seq
        self.seq = frame["seq"]
        for key, value in frame["data"].items():
            self.faults["version"] += version_of(value) <= version_of(self.state.get(key))
            self.state[key] = value

    def has(self, version: int) -> bool:
        return all(version_of(self.state.get(key)) == version for key in KEYS)


def version_of(value: dict[str, Any] | None) -> int:
    return int(value["value"].split()[0]) if value else 0


class Slow(Reader):
    """With small buffers; reads one frame a second while ``patiently``, and then all there is."""

    def __init__(self, board: Board, topics: list[str]) -> None:
        super().__init__()
        self.others: list[dict[str, Any]] = []  # frames that are not the board's
        self.socket = RawSocket(board.server, board.ada, handshake=False, timeout=10.0)
        self.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.shake()
        self.socket.send_json({"type": "join", "id": 1, "topics": dict.fromkeys(topics)})
        while (frame := self._next())["type"] != "joined":
            pass
        self.joined(frame["topics"][board.topic])

    def _next(self) -> dict[str, Any]:
        frame: dict[str, Any] = self.socket.frame().json()
        return frame

    def read(self) -> int:
        """The next frame, and how long it is."""
        frame = self._next()
        if frame["type"] == "state":
            self.take(frame)
        elif frame["type"] != "heartbeat":
            self.others.append(frame)
        return len(json.dumps(frame))

    def patiently(self, over: threading.Event) -> None:
        while not over.wait(1.0):
            self.read()


@contextlib.contextmanager
def made_board(server: Server) -> Iterator[Board]:
    with Api(server) as ada, Api(server) as producer:
        ada.sign_up(person := ADA.unique())
        ada.sign_in(person, transport="token")
        board = make_board(ada)["id"]
        producer.use_token(ada.post(f"/boards/{board}/producers", {"name": "Load"}, expect=201).json()["token"])
        yield Board(server, ada, producer, board)


@pytest.fixture(scope="module")
def pressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("pressed") / "data", limits=LIMITS) as server:
        yield server


def watch_under_pressure(server: Server, seconds: float) -> set[str]:
    """One reads a frame a second, another all that comes: what was wrong, by name."""
    with made_board(server) as board, Live(server, board.ada) as live:
        quick = Reader()
        quick.joined(live.join({board.topic: None})[board.topic])
        slow = Slow(board, [board.topic])
        over = threading.Event()
        reading = threading.Thread(target=slow.patiently, args=(over,))
        with slow.socket:
            reading.start()
            begin = time.monotonic()
            last = board.push_many(seconds)
            lasted = time.monotonic() - begin
            over.set()
            reading.join()
            waited = 0
            wrong = set()
            try:
                while not slow.has(last):
                    waited += slow.read()
            except TimeoutError:
                wrong.add("the slow one does not end with the newest")
        try:
            while not quick.has(last):
                quick.take(live.recv("state"))
        except AssertionError:
            wrong.add("the quick one does not end with the newest")
        if quick.state != board.ada.get(f"/boards/{board.id}").json()["state"]:
            wrong.add("snapshot and frames are not the state")
    print(f"{last} pushes, {quick.frames} frames, {slow.frames} to the slow one, {waited} bytes waited for it")
    wrong |= {f"{name} goes back" for reader in (quick, slow) for name, times in reader.faults.items() if times}
    if quick.frames > 1.2 * PACE * lasted + 2:
        wrong.add("too many frames")
    if waited > BUFFERS:
        wrong.add("a queue grows")
    return wrong


def test_P3_a_slow_reader_skips_and_never_goes_back(pressed: Server) -> None:
    """50 pushes a second of 20 keys. Both readers end with the newest; what waits for the slow one is bounded; the
    other hears ten frames a second, whatever comes; and what they have then is what the API says."""
    assert watch_under_pressure(pressed, SECONDS) == set()


def test_P4_a_board_and_typing_give_way_and_messages_do_not(pressed: Server) -> None:
    """Somebody who does not read for a while, in a room where much is said, beside a busy board: each message arrives,
    whole and in order; of what was typed nothing, and of the board the newest, in a frame or two."""
    with made_board(pressed) as board, Api(pressed) as bert:
        bert.sign_up(person := BERT.unique())
        bert.sign_in(person, transport="token")
        room = make_room(board.ada)["id"]
        join(bert, room)
        slow = Slow(board, [board.topic, f"room:{room}"])
        with slow.socket, Live(pressed, bert) as typing:
            head = typing.join({f"room:{room}": None})[f"room:{room}"]["seq"]
            said = [say(bert, room, f"{number} ".ljust(3_000, "m"))["text"] for number in range(30)]
            for version in range(1, 101):
                board.push(version)
                typing.send({"type": "typing", "topic": f"room:{room}"})
            said += [say(bert, room, f"and {number}")["text"] for number in range(10)]
            events: list[dict[str, Any]] = []
            while len(events) < len(said) or not slow.has(100):
                slow.read()
                events = [frame for frame in slow.others if frame["type"] == "event"]
    assert [event["seq"] for event in events] == list(range(head + 1, head + 1 + len(said)))
    assert [event["data"]["text"] for event in events] == said
    assert {frame["type"] for frame in slow.others} <= {"event", "presence"}, "no typing, and no gap"
    assert slow.frames <= 5, "the board was passed over"
    assert not +slow.faults
