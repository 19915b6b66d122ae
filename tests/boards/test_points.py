"""Windows of values: sums by minute and hour, fewer points than values, a table, and what is dropped with age."""

from __future__ import annotations

import csv
import io
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.boards.feeding import Feed
from tests.harness.api import Api
from tests.harness.people import People
from twidder.boards import as_csv, points, pushing, retention
from twidder.boards.models import HOUR, MINUTE
from twidder.boards.parsing import Point
from twidder.boards.points import Line, Window
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.store import Store, open_store

LIMITS = Limits()
BOARD = 1  # the built-in one
DAY = 24 * HOUR
names = (f"s{number}" for number in itertools.count())

offsets = st.integers(0, 3 * HOUR)
readings = st.lists(
    st.tuples(offsets, st.floats(-1e6, 1e6) | st.sampled_from([1.7e308, -1.7e308, 0.0])), min_size=1, max_size=40
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("points") / "twidder.db", LIMITS, lambda news: None)
    yield opened
    opened.close()


def push(store: Store, key: str, values: list[tuple[int, Any]], limits: Limits = LIMITS) -> None:
    sent = [Point(place, key, value, at) for place, (at, value) in enumerate(values)]
    assert store.write(lambda tx: pushing.store(tx, BOARD, sent, limits)) == []


def read(store: Store, key: str, since: int, until: int, most: int = 600) -> Line:
    return store.read(lambda tx: points.window(tx, BOARD, Window([key], since, until, most)))[key]


def rows(store: Store, query: str, *parameters: Any) -> list[Any]:
    found: list[Any] = store.read(lambda tx: tx.driver.execute(query, parameters).fetchall())
    return found


def rollups(store: Store, key: str) -> dict[tuple[int, int], tuple[Any, ...]]:
    columns = "step, r.at, count, low, high, total, last"
    query = f"SELECT {columns} FROM rollups r JOIN series s ON s.id = series_id WHERE key = ?"
    return {(step, at): tuple(sums) for step, at, *sums in rows(store, query, key)}


def sums_of(values: dict[int, float]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """What the values come to, counted plainly."""
    found: dict[tuple[int, int], list[float]] = {}
    for at, value in sorted(values.items()):
        for step in (MINUTE, HOUR):
            found.setdefault((step, at - at % step), []).append(value)
    return {key: (len(some), min(some), max(some), sum(some), some[-1]) for key, some in found.items()}


@given(
    st.lists(st.lists(st.tuples(offsets, st.integers(-1000, 1000)), min_size=1, max_size=12), min_size=1, max_size=5)
)
@example([[(5, 1)], [(5, 2)], [(4, 9), (5, 3), (5, 4)]])
def test_sums_are_right_whatever_the_order(store: Store, pushes: list[list[tuple[int, int]]]) -> None:
    """Late ones, several at once, and replaced ones: by minute and hour the sums are those of the values that count."""
    key, begin = next(names), now_ms() - 4 * HOUR
    counted: dict[int, float] = {}
    for values in pushes:
        sent = [(begin + offset, float(number)) for offset, number in values]
        push(store, key, sent)
        counted.update(sent)
    assert rollups(store, key) == sums_of(counted)
    assert dict(read(store, key, begin, begin + 4 * HOUR).items) == counted


@given(readings, st.integers(1, 30), offsets, offsets)
def test_fewer_points_keep_the_envelope(
    store: Store, values: list[tuple[int, float]], most: int, one: int, other: int
) -> None:
    """No more points than asked for; each value of the window lies in its point, and each end of a point is a value."""
    key, begin = next(names), now_ms() - 4 * HOUR
    push(store, key, [(begin + offset, number) for offset, number in values])
    since, until = begin + min(one, other), begin + max(one, other) + 1
    inside = {
        at: value for at, value in dict((begin + at, value) for at, value in values).items() if since <= at < until
    }
    line = read(store, key, since, until, most)
    assert len(line.items) <= most
    if line.step == 0:
        assert dict(line.items) == inside
        return
    assert sum(1 for _ in line.items) <= len(inside)
    found: dict[int, list[float]] = {}
    for at, value in inside.items():
        found.setdefault(since + (at - since) // line.step * line.step, []).append(value)
    assert [(at, low, high) for at, low, high, _ in line.items] == [
        (at, min(some), max(some)) for at, some in sorted(found.items())
    ]
    assert all(low <= mean <= high for _, low, high, mean in line.items)


@given(readings, st.integers(1, 30))
def test_coarser_sums_keep_the_envelope(store: Store, values: list[tuple[int, float]], most: int) -> None:
    """Of values too old to be kept one by one: lowest and highest of the whole are those of the values."""
    key, begin = next(names), now_ms() - 5 * DAY
    push(store, key, [(begin + offset, number) for offset, number in values])
    line = read(store, key, begin, begin + 4 * HOUR, most)
    numbers = [value for _, value in dict((begin + at, value) for at, value in values).items()]
    assert line.step % MINUTE == 0
    assert 0 < len(line.items) <= most
    assert (min(item[1] for item in line.items), max(item[2] for item in line.items)) == (min(numbers), max(numbers))
    assert all(low <= mean <= high for _, low, high, mean in line.items)


def test_a_window_is_as_fine_as_what_is_kept(store: Store) -> None:
    """Values themselves where they reach back as far, minutes where those do, hours beyond."""
    key, now = next(names), now_ms()
    push(store, key, [(now - offset, 1.0) for offset in (100 * DAY, 5 * DAY, HOUR // 2, 1_000)])
    steps = [read(store, key, now - back, now, 2_000).step for back in (HOUR, 10 * DAY, 200 * DAY)]
    assert (steps[0], steps[1] % MINUTE, steps[1] < HOUR, steps[2] % HOUR) == (0, 0, True, 0)
    counts = [len(read(store, key, now - back, now, 2_000).items) for back in (HOUR, 10 * DAY, 200 * DAY)]
    assert counts in ([2, 3, 3], [2, 3, 4]), "the newest two lie in one hour, or in two"


_MANY = """
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO {} FROM n
"""


def fill(store: Store, key: str, number: int, until: int, pace: int) -> None:
    """So many values every ``pace`` ms, and their minutes, faster than by pushing them."""
    push(store, key, [(until, 1.0)])

    def insert(tx: Any) -> None:
        (series_id,) = tx.driver.execute("SELECT id FROM series WHERE key = ?", (key,)).fetchone()
        values = _MANY.format("points SELECT ?, ? - (i + 1) * ?, 1.0, NULL")
        tx.driver.execute(values, (number - 2, series_id, until, pace))
        minutes = _MANY.format("rollups SELECT ?, 60000, ? / 60000 * 60000 - (i + 1) * 60000, 10, 1.0, 1.0, 10.0, 1.0")
        tx.driver.execute(minutes, (number * pace // MINUTE, series_id, until))

    store.write(insert)


def test_R15_no_window_costs_more_than_it_may(store: Store) -> None:
    """Twenty series of a day; what one answer reads and tells is bounded."""
    keys, now = [next(names) for _ in range(20)], now_ms()
    for key in keys:
        fill(store, key, 12_000, now, 6_000)
    window = Window(keys, now - 70_000_000, now + 1, 2_000)
    seen: list[int] = []

    def count(tx: Any) -> dict[str, Line]:
        tx.driver.set_progress_handler(lambda: seen.append(1), 1_000)
        try:
            return points.window(tx, BOARD, window)
        finally:
            tx.driver.set_progress_handler(None, 0)

    lines = store.read(count)
    assert {line.step for line in lines.values()} == {3 * MINUTE}
    assert {300 < len(line.items) <= 500 for line in lines.values()} == {True}
    assert len(seen) < 3_000, "three million steps of SQLite's machine: some 0.1 s"


def test_R15_texts_fill_no_memory(store: Store) -> None:
    """However many series are asked for: 2,000 texts in one answer, the newest of each."""
    keys, now = [next(names) for _ in range(4)], now_ms()
    for key in keys:
        push(store, key, [(now - 1_000 + place, str(place)) for place in range(600)])
    lines = store.read(lambda tx: points.window(tx, BOARD, Window(keys, now - 5_000, now, 2_000)))
    assert [[text for _, text in line.items] for line in lines.values()] == [[str(n) for n in range(100, 600)]] * 4


def test_R15_a_crowded_minute_is_not_counted_again(store: Store) -> None:
    """A value replaced among very many widens their sums; the writer does not read them all."""
    key, minute = next(names), now_ms() // MINUTE * MINUTE - 10 * MINUTE
    for begin in range(0, 21_000, 3_000):
        push(store, key, [(minute + begin + place, 1.0) for place in range(3_000)])
    seen: list[int] = []

    def replace(tx: Any) -> None:
        tx.driver.set_progress_handler(lambda: seen.append(1), 1_000)
        try:
            pushing.store(tx, BOARD, [Point(0, key, 5.0, minute + 7)], LIMITS)
        finally:
            tx.driver.set_progress_handler(None, 0)

    store.write(replace)
    assert rollups(store, key)[MINUTE, minute] == (21_000, 1.0, 5.0, 21_004.0, 1.0)
    assert len(seen) < 10, "ten thousand steps of SQLite's machine"


def test_text_and_flags_are_told_as_they_are(store: Store) -> None:
    """The newest so many."""
    log, door, now = next(names), next(names), now_ms()
    push(store, log, [(now - 10 + place, f"line {place}") for place in range(10)])
    push(store, door, [(now - 2, True), (now - 1, False)])
    assert read(store, log, now - 1_000, now, 3).items == [(now - 3 + place, f"line {7 + place}") for place in range(3)]
    assert read(store, door, now - 1_000, now).items == [(now - 2, True), (now - 1, False)]


# Through the API


def test_a_window_is_asked_for(client: Callable[..., Api], people: People) -> None:
    """The last hour when nothing is said; what is no window is refused by name; who may not see it finds nothing."""
    feed, now = Feed(client(people.ada), client(), audience="me"), int(time.time() * 1000)
    feed.push([{"key": "temp", "value": number, "at": now - 60_000 * number} for number in range(120)])
    assert [value for _, value in feed.items("temp")] == [float(number) for number in reversed(range(60))]
    assert feed.items("temp", since=now - 60_000 * 3, until=now) == [[now - 60_000 * n, float(n)] for n in (3, 2, 1)]
    coarse = feed.points("temp", "none", since=now - 7_200_000, most=10)
    assert set(coarse) == {"temp"}
    assert coarse["temp"]["step"] > 0
    assert len(coarse["temp"]["items"][0]) == 4
    wrong = [("most", 0), ("most", 2_001), ("since", -1), ("until", 2**60), ("series", "a b"), ("series", "")]
    for field, value in wrong:
        answer = feed.owner.get(f"{feed.path}/points", expect=422, **{"series": "temp", field: value})
        assert answer.json()["field"] == field
    feed.owner.get(f"{feed.path}/points", expect=422, series="temp", since=5, until=5)
    year = int(time.time() * 1000) - 365 * DAY
    eleven = ",".join(f"s{number}" for number in range(11))
    feed.owner.get(f"{feed.path}/points", expect=200, series=eleven, since=year)
    assert feed.owner.get(f"{feed.path}/points", expect=422, series=eleven, since=0).json()["field"] == "series"
    many = ",".join(f"s{number}" for number in range(21))
    assert feed.owner.get(f"{feed.path}/points", expect=422, series=many).json()["field"] == "series"
    bert = client(people.bert)
    for path in ("points", "points.csv"):
        bert.get(f"{feed.path}/{path}", expect=404, series="temp")


def test_a_window_is_a_table_too(client: Callable[..., Api], people: People) -> None:
    """For a spreadsheet, in which no text becomes a formula."""
    feed = Feed(client(people.ada), client())
    feed.push(
        {"temp": {"value": -21.5, "at": 1_000 * (at := int(time.time()))}, "state": '=HYPERLINK("x")', "door": True}
    )
    answer = feed.owner.get(f"{feed.path}/points.csv", expect=200, series="temp,state,door")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{feed.board["slug"]}.csv"'
    table = list(csv.reader(io.StringIO(answer.text)))
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at))
    assert table[:2] == [["series", "at", "value"], ["temp", moment, "-21.5"]]
    assert [(row[0], row[2]) for row in table[2:]] == [("state", '\'=HYPERLINK("x")'), ("door", "true")]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever it begins with; coarse and fine lines stand in one table."""
    written = as_csv.write({"a": Line("text", 0, [(0, text)]), "b": Line("number", 60_000, [(0, 1.0, 3.0, 2.0)])})
    table = list(csv.reader(io.StringIO(written.decode(), newline="")))
    assert table[0] == ["series", "at", "value", "low", "high", "mean"]
    assert table[1] == ["a", "1970-01-01T00:00:00.000Z", f"'{text}", "", "", ""]
    assert table[2] == ["b", "1970-01-01T00:00:00.000Z", "", "1.0", "3.0", "2.0"]


# What is dropped

SMALL = Limits(raw_points=50, board_points=120)
SHORT = Limits(raw_seconds=3_600, minute_seconds=7_200, hour_seconds=86_400)


@pytest.fixture
def own_store(tmp_path: Any) -> Iterator[Store]:
    opened = open_store(tmp_path / "twidder.db", LIMITS, lambda news: None)
    yield opened
    opened.close()


def sweep(store: Store, limits: Limits) -> None:
    for turn in range(12):
        retention.sweep(store, limits, turn)


def test_what_is_too_old_goes(own_store: Store) -> None:
    """Values first, then minutes, then hours; what is younger stays, and so does the newest value of a series."""
    now = now_ms()
    push(
        own_store,
        "temp",
        [(now - 30 * DAY, 1.0), (now - 4 * HOUR, 2.0), (now - HOUR * 3 // 2, 3.0), (now - 1_000, 4.0)],
    )
    push(own_store, "old", [(now - 30 * DAY, 1.0)])
    sweep(own_store, LIMITS)
    assert len(rows(own_store, "SELECT * FROM points")) == 3
    sweep(own_store, SHORT)
    assert rows(own_store, "SELECT number FROM points") == [(4.0,)]
    left = sorted(rollups(own_store, "temp").items())
    assert [sums[-1] for (step, _), sums in left if step == MINUTE] == [3.0, 4.0]
    assert [sums[-1] for (step, _), sums in left if step == HOUR][0:1] == [2.0]
    assert rollups(own_store, "old") == {}
    assert rows(own_store, "SELECT key, value FROM series WHERE key = 'old'") == [("old", "1.0")]


def test_of_too_many_the_oldest_go(own_store: Store) -> None:
    """So many of a series; so many of a board, and a small series loses nothing to a large one."""
    now = now_ms()
    for key, number in (("a", 70), ("b", 50), ("c", 45), ("d", 5)):
        push(own_store, key, [(now - 1_000 * place, 1.0) for place in range(number)])
    sweep(own_store, SMALL)
    left = dict(rows(own_store, "SELECT key, COUNT(*) FROM points JOIN series ON id = series_id GROUP BY key"))
    assert left["d"] == 5
    assert 110 <= sum(left.values()) <= 120
    oldest = dict(rows(own_store, "SELECT key, MIN(p.at) FROM points p JOIN series ON id = series_id GROUP BY key"))
    assert oldest == {key: now - 1_000 * (number - 1) for key, number in left.items()}


def test_what_was_deleted_leaves_nothing(own_store: Store) -> None:
    """Of a series: its values, and after a while its row; one that began anew keeps what is its own."""
    now = now_ms()
    for key in ("gone", "again"):
        push(own_store, key, [(now - 10 * DAY, 1.0), (now, 2.0)])

    def delete(tx: Any) -> None:
        tx.driver.execute("UPDATE series SET type = 'gone', every_ms = NULL, value = 'null', seen_at = ?", (now,))

    own_store.write(delete)
    push(own_store, "again", [(now, "a text")])
    sweep(own_store, LIMITS)
    assert rows(own_store, "SELECT number, text FROM points") == [(None, "a text")]
    assert rows(own_store, "SELECT * FROM rollups") == []
    assert rows(own_store, "SELECT key, type FROM series ORDER BY key") == [("again", "text"), ("gone", "gone")]
    own_store.write(lambda tx: tx.driver.execute("UPDATE series SET seen_at = 1 WHERE key = 'gone'") and None)
    sweep(own_store, LIMITS)
    assert rows(own_store, "SELECT key FROM series") == [("again",)]


def test_of_a_deleted_board_nothing_is_left(own_store: Store) -> None:
    """Nor of its producers, once the keys of their pushes are forgotten; of those, the newest so many are kept."""
    now = now_ms()
    push(own_store, "temp", [(now, 1.0)])

    def prepare(tx: Any) -> None:
        tx.driver.execute(
            "INSERT INTO users (id, firstname, familyname, gender, city, country, role, password_hash, created_at)"
            " VALUES (1, 'Ada', 'Lind', '', '', '', 'member', '', 0)"
        )
        made = (
            "INSERT INTO producers (id, board_id, name, token_hash, created_by, created_at) VALUES (?, 1, '', ?, 1, 0)"
        )
        tx.driver.executemany(made, [(1, "one"), (2, "two")])
        pushes = [(1, f"key {place}", b"", "", now - (2 * DAY if place < 5 else place)) for place in range(20)]
        tx.driver.executemany("INSERT INTO pushes VALUES (?, ?, ?, ?, ?)", pushes)
        tx.driver.execute("UPDATE boards SET deleted_at = ?", (now - 3 * DAY,))

    own_store.write(prepare)
    sweep(own_store, LIMITS)
    for table in ("points", "rollups", "series"):
        assert rows(own_store, f"SELECT * FROM {table}") == []
    assert rows(own_store, "SELECT id FROM producers") == [(1,)]
    assert rows(own_store, "SELECT COUNT(*) FROM pushes") == [(15,)]
    sweep(own_store, Limits(push_keys=10))
    assert [int(key[4:]) for (key,) in rows(own_store, "SELECT key FROM pushes ORDER BY at DESC")] == [*range(5, 15)]


def test_of_phones_whose_link_has_ended_nothing_is_left(own_store: Store) -> None:
    """But the last one of a board that is there: the next phone gets a number that nobody had."""
    now = now_ms()

    def prepare(tx: Any) -> None:
        tx.driver.execute(
            "INSERT INTO users (id, firstname, familyname, gender, city, country, role, password_hash, created_at)"
            " VALUES (1, 'Ada', 'Lind', '', '', '', 'member', '', 0)"
        )
        tx.driver.execute(
            "INSERT INTO boards (id, slug, name, description, created_at, audience, tiles, version, built_in, updates,"
            " deleted_at) VALUES (2, 'b', '', '', 0, 'me', '[]', 1, FALSE, FALSE, ?)",
            (now - 2 * DAY,),
        )
        link = "INSERT INTO sensor_links VALUES (?, ?, ?, '[]', NULL, 1, 0, ?, ?)"
        old, new = now - 2 * DAY, now + DAY
        links = [(1, 1, "a", old, None), (2, 1, "b", new, old), (3, 1, "c", new, None), (4, 2, "d", new, None)]
        tx.driver.executemany(link, links)
        phone = "INSERT INTO sensors (link_id, number, token_hash, created_at) VALUES (?, ?, ?, 0)"
        numbers = [(1, 1), (1, 2), (3, 3), (2, 4), (2, 5), (4, 1), (4, 2)]
        tx.driver.executemany(phone, [(*one, f"token {one}") for one in numbers])

    own_store.write(prepare)
    sweep(own_store, LIMITS)
    assert rows(own_store, "SELECT link_id, number FROM sensors ORDER BY number") == [(3, 3), (2, 5)]
    assert rows(own_store, "SELECT id FROM sensor_links ORDER BY id") == [(2,), (3,)]


def test_large_series_go_in_steps(own_store: Store) -> None:
    """A look drops so many and no more; the next goes on."""
    now = now_ms()
    fill(own_store, "temp", 45_000, now, 200)
    (series_id,) = rows(own_store, "SELECT id FROM series")[0]
    retention.sweep(own_store, SMALL, series_id % 12)
    assert rows(own_store, "SELECT COUNT(*) FROM points") == [(5_000,)]
    retention.sweep(own_store, SMALL, series_id % 12)
    assert rows(own_store, "SELECT COUNT(*) FROM points") == [(50,)]


@given(st.lists(st.integers(0, 100), max_size=8), st.integers(0, 300))
def test_a_fair_level_keeps_as_much_as_it_may(counts: list[int], most: int) -> None:
    """Together no more than allowed, and not less than that by more than one each."""
    level = retention.fair_level(counts, most)
    kept = sum(min(count, level) for count in counts)
    assert kept <= most or not counts
    assert kept == sum(counts) or kept > most - len(counts)
