"""The store's contract (``twidder.store``): changes, their isolation, the log, its order."""

from __future__ import annotations

import contextlib
import functools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.contract.backends import Hold, House
from twidder.store import ReadTx, Tx, log
from twidder.store.schema import settings

TOPIC = "wall:1"


class Refused(Exception):
    pass


def put(key: str, value: str = "x") -> Any:
    return lambda tx: tx.execute(insert(settings).values(key=key, value=value)) and None


def emit(data: Any, topic: str = TOPIC) -> Any:
    return lambda tx: tx.emit(topic, "post.created", data).seq


def keys(tx: ReadTx) -> set[str]:
    return {row.key for row in tx.execute(select(settings.c.key))} - {"epoch"}


def read_log(tx: ReadTx, topic: str = TOPIC) -> list[tuple[int, bytes]]:
    missed = log.catch_up(tx.driver, topic, 0, None, 100_000)
    assert missed.events is not None
    return [(event.seq, event.data) for event in missed.events]


def read_head(tx: ReadTx, topic: str) -> int:
    return log.head(tx.driver, topic)


def test_what_was_written_is_read(house: House) -> None:
    """A change is there for every reader once write has returned, and after the store was closed and opened."""
    assert house.store.write(lambda tx: put("a")(tx) or "done") == "done"
    assert house.store.read(keys) == {"a"}
    house.reopen()
    assert house.store.read(keys) == {"a"}


def test_a_reader_has_one_snapshot_and_cannot_write(house: House) -> None:
    """What is committed while a read goes on is not seen by it; a read that writes is refused."""

    def read(tx: ReadTx) -> tuple[set[str], set[str]]:
        before = keys(tx)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(house.store.write, put("a")).result(30)
        return before, keys(tx)

    assert house.store.read(read) == (set(), set())
    assert house.store.read(keys) == {"a"}
    with pytest.raises(DBAPIError):
        house.store.read(put("b"))


def test_D5_a_failing_change_undoes_itself_alone(house: House) -> None:
    """In one batch with others, it leaves neither rows nor events, and its author alone gets what it raised."""

    def fail(tx: Tx) -> None:
        put("fails")(tx)
        tx.emit(TOPIC, "post.created", "fails")
        tx.tell("fails")
        raise Refused

    def change(number: int) -> Any:
        return fail if number % 2 else lambda tx: put(f"k{number}")(tx) or emit(number)(tx)

    def remember(number: int) -> Any:
        return lambda result, error: answers.update({number: (result, error)})

    answers: dict[int, tuple[Any, BaseException | None]] = {}
    with Hold(house.store):
        for number in range(10):
            house.store.submit(change(number), remember(number))
    house.store.write(lambda tx: None)
    assert [answers[number] for number in range(0, 10, 2)] == [(seq, None) for seq in range(1, 6)]
    assert all(isinstance(answers[number][1], Refused) for number in range(1, 10, 2))
    assert house.store.read(keys) == {"k0", "k2", "k4", "k6", "k8"}
    assert [event.data for event in house.published] == [b"0", b"2", b"4", b"6", b"8"]
    assert len(house.batches) == 1, "they were no batch"


def test_a_broken_rule_of_the_database_is_the_changes_own_affair(house: House) -> None:
    """A row that stands there already, or a statement that makes no sense, fails one change of a batch, not the
    batch."""
    house.store.write(put("a"))
    errors: list[Any] = []
    with Hold(house.store):
        for change in (put("a"), put("b"), lambda tx: put("c")(tx) or tx.execute(text("SELECT 1 FROM nowhere"))):
            house.store.submit(change, lambda _result, error: errors.append(error))
        house.store.submit(put("d"), lambda _result, error: errors.append(error))
    house.store.write(lambda tx: None)
    assert isinstance(errors[0], IntegrityError)
    assert isinstance(errors[2], DBAPIError)
    assert errors[1::2] == [None, None]
    assert house.store.read(keys) == {"a", "b", "d"}


def test_D7_the_log_is_dense_while_many_write_and_some_fail(house: House, rng: random.Random) -> None:
    """Eight writers on three topics, every third change failing after it took its number: 1, 2, 3 … in each, as
    answered, and published in the order of the log."""
    topics = [f"wall:{number}" for number in range(3)]

    def change(topic: str, name: str, fails: bool) -> Callable[[Tx], int]:
        def run(tx: Tx) -> int:
            seq = tx.next_seq(topic)
            if fails:
                raise Refused
            return tx.emit(topic, "post.created", name, seq).seq

        return run

    def work(seed: float) -> list[tuple[str, int, str]]:
        chance, answered = random.Random(seed), []
        for number in range(60):
            topic, name, fails = chance.choice(topics), f"{seed} {number}", chance.random() < 0.3
            with contextlib.suppress(Refused):
                answered.append((topic, house.store.write(change(topic, name, fails)), name))
        return answered

    with ThreadPoolExecutor(8) as pool:
        answered = [entry for part in pool.map(work, [rng.random() for _ in range(8)]) for entry in part]
    for topic in topics:
        stored = house.store.read(functools.partial(read_log, topic=topic))
        assert [seq for seq, _ in stored] == list(range(1, len(stored) + 1))
        assert sorted((seq, log.encode(name)) for on, seq, name in answered if on == topic) == stored
        assert [(event.seq, event.data) for event in house.published if event.topic == topic] == stored
        assert house.store.read(functools.partial(read_head, topic=topic)) == len(stored)


def test_D7_each_writer_sees_its_own_order(house: House) -> None:
    """What was answered before something else was begun has the smaller seq."""
    seqs = [house.store.write(emit(None)) for _ in range(20)]
    assert seqs == list(range(1, 21))


def test_a_position_is_answered_by_what_came_after_it(house: House) -> None:
    """From nowhere: the head. From the past: all since. Too far, ahead, or of another log: a reset."""
    for number in range(5):
        house.store.write(emit(number))

    def ask(position: int | None, epoch: str | None = None, most: int = 4) -> tuple[int, list[int] | None]:
        missed = house.store.read(lambda tx: log.catch_up(tx.driver, TOPIC, position, epoch, most))
        return missed.seq, None if missed.events is None else [event.seq for event in missed.events]

    epoch = house.store.read(lambda tx: log.epoch(tx.driver))
    assert ask(None) == (5, [])
    assert ask(5) == (5, [])
    assert ask(3, epoch) == (5, [4, 5])
    assert ask(1) == (5, [2, 3, 4, 5])
    assert ask(0) == ask(6) == ask(3, "other") == (5, None)


def test_the_epoch_stays(house: House) -> None:
    """It names the log as long as there is the log."""
    epoch = house.store.read(lambda tx: log.epoch(tx.driver))
    assert epoch
    house.reopen()
    assert house.store.read(lambda tx: log.epoch(tx.driver)) == epoch
