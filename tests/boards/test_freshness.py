"""Late, silent, back: what the server says of series that promise a pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.boards.feeding import Feed
from tests.boards.making import follow, told
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.rooms.talk import follow as follow_room
from tests.rooms.talk import make_room
from twidder.boards import pushing
from twidder.boards.freshness import Freshness
from twidder.boards.parsing import Point
from twidder.config import Limits
from twidder.live.channel import StateChanged
from twidder.store import Store, open_store

LIMITS = Limits()
BOARD = 1


class House:
    """A store whose news the freshness hears, and a clock that the test winds."""

    def __init__(self, path: Path) -> None:
        self.now = 0.0
        self.path = path
        self.told: list[tuple[str, str | None]] = []
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.path, LIMITS, self.publish)
        self.freshness = Freshness(self.store, LIMITS, lambda: self.now)
        for series in self.store.read(self.freshness.promised):
            self.freshness.remember(*series)

    def publish(self, news: list[Any]) -> None:
        self.freshness.hear(news)
        for one in news:
            if isinstance(one, StateChanged):
                self.told += [(key, _freshness(value)) for key, value in one.data.items()]

    def push(self, key: str, every: float | None = None) -> None:
        point = Point(0, key, 1.0, every=None if every is None else int(every * 1_000))
        self.store.write(lambda tx: pushing.store(tx, BOARD, [point], LIMITS))

    def wait(self, seconds: float) -> list[tuple[str, str | None]]:
        """What is told in that time."""
        self.told.clear()
        self.now += seconds
        self.freshness.look()
        return sorted(self.told)

    def write(self, statement: str) -> None:
        self.store.write(lambda tx: tx.driver.execute(statement) and None)


def _freshness(value: bytes) -> str | None:
    for name in ("fresh", "late", "silent"):
        if b'"freshness":"%s"' % name.encode() in value:
            return name
    return None


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "twidder.db")
    yield made
    made.store.close()


def test_a_series_becomes_late_and_then_silent(house: House) -> None:
    """After 1.5 times its pace and a second; after five times and ten seconds: each told once. A value ends it."""
    house.push("temp", 10)
    house.push("free")
    assert house.told == [("temp", "fresh"), ("free", None)]
    assert house.wait(15.9) == []
    assert house.wait(0.2) == [("temp", "late")]
    assert house.wait(43.8) == []
    assert house.wait(0.2) == [("temp", "silent")]
    assert house.wait(1e6) == []
    house.told.clear()
    house.push("temp")
    assert house.told == [("temp", "fresh")]
    assert house.wait(16.1) == [("temp", "late")]


def test_who_keeps_the_pace_is_never_late(house: House) -> None:
    """However long; and nothing is written for it."""
    house.push("temp", 10)
    for _ in range(100):
        assert house.wait(15) == []
        house.push("temp")


def test_a_restart_makes_nobody_silent_at_once(house: House) -> None:
    """Each has its whole time anew; what was silent stays so."""
    house.push("temp", 10)
    house.push("quiet", 1)
    assert house.wait(16) == [("quiet", "late"), ("quiet", "silent"), ("temp", "late")]
    house.store.close()
    house.open()
    assert house.wait(59) == []
    assert house.wait(2) == [("temp", "silent")]


def test_what_was_deleted_is_not_told_of(house: House) -> None:
    """A series whose promise is withdrawn, a series that is gone, a board that is."""
    for key in ("free", "temp"):
        house.push(key, 10)
    house.push("quiet", 1)
    assert ("quiet", "silent") in house.wait(16)
    house.write("UPDATE series SET every_ms = NULL WHERE key = 'free'")
    house.write("UPDATE boards SET deleted_at = 1")
    assert house.wait(1_000) == []
    assert house.freshness._promises == {}


def test_a_shorter_promise_counts_at_once(house: House) -> None:
    """And a longer one."""
    house.push("temp", 1_000)
    house.push("temp", 1)
    assert house.wait(3) == [("temp", "late")]
    house.push("temp", 1_000)
    assert house.wait(1_000) == []


def test_a_store_that_refuses_is_asked_again(house: House) -> None:
    """Nothing of it is lost."""
    house.push("temp", 10)
    house.store.close()
    house.now += 20
    house.freshness.look()  # a store that is closed is busy
    seen = dict(house.freshness._promises)
    house.open()
    house.freshness._promises = seen
    assert house.wait(0) == [("temp", "late")]


def test_a_room_hears_so_much_of_silence_and_no_more(house: House) -> None:
    """Of however many series: its log is kept for ever. After an hour it hears again."""
    house.write("UPDATE boards SET room_id = 1")

    def told() -> int:
        query = "SELECT COUNT(*) FROM events WHERE topic = 'room:1' AND event IN ('board.silent', 'board.back')"
        return int(house.store.read(lambda tx: tx.driver.execute(query).fetchone()[0]))

    for number in range(60):
        house.push(f"s{number}", 1)
    house.wait(16)
    assert told() == 60
    for number in range(60):
        house.push(f"s{number}")
    assert told() == 100
    house.write("UPDATE events SET at = at - 3600001 WHERE topic = 'room:1'")
    house.wait(16)
    assert told() == 160


# A real server

QUICK = {"late_seconds": 0.1, "silent_factor": 2.0, "silent_seconds": 0.5, "pushes_burst": 4, "pushes_per_second": 0.2}


def test_a_room_is_told_of_silence_once(
    fresh_server: Callable[..., Server],
    client: Callable[..., Api],
    live: Callable[..., Live],
    people: People,
) -> None:
    """The board's followers hear late, silent, fresh; its room hears of silence and return. Who feeds too fast is told
    when to come again."""
    server = fresh_server(limits=QUICK)
    ada = client(people.ada, on=server)
    room = make_room(ada)
    feed = Feed(ada, client(on=server), audience="room", room=room["id"])
    board = {name: feed.board[name] for name in ("id", "slug", "name")}
    watching, talking = live(ada), live(ada)
    follow(watching, board["id"])
    follow_room(talking, room["id"])
    feed.push({"temp": {"value": 1, "every": 0.5}, "calm": {"value": 1, "every": 600}})
    seen = [told(watching, board["id"], "temp")["freshness"] for _ in range(3)]
    assert seen == ["fresh", "late", "silent"]
    event = talking.recv("event", topic=f"room:{room['id']}")
    value = feed.state()["temp"]
    assert (event["event"], event["data"]) == ("board.silent", {"board": board, "key": "temp", "since": value["seen"]})
    feed.push("temp=2")
    event = talking.recv("event", topic=f"room:{room['id']}")
    assert (event["event"], event["data"]) == ("board.back", {"board": board, "key": "temp"})
    while feed.producer.post(f"{feed.path}/values", {"temp": 3}).status_code == 200:
        pass
    answer = feed.push("temp=3", expect=429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert (answer.json()["code"], feed.state()["calm"]["freshness"]) == ("rate_limited", "fresh")
