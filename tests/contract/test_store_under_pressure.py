"""The store's contract: the order of commit, news and answers; a full queue, the end, and disks that refuse."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.backends import Hold, House
from tests.contract.test_store import TOPIC, emit, keys, put, read_log
from tests.harness.waiting import wait_for
from twidder.errors import Busy, NoSpace, StoreFailed
from twidder.store import Tx


def test_D3_news_and_answers_come_after_the_commit(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is told reads it from the store; the news come before the answer."""
    order: list[str] = []
    publish = house.store.writer._publish

    def hear(batch: list[Any]) -> None:
        publish(batch)
        with ThreadPoolExecutor(1) as pool:  # a reader of its own
            order.append(f"published {len(pool.submit(house.store.read, read_log).result(30))}")

    def answered(_result: Any, error: BaseException | None) -> None:
        assert error is None
        order.append(f"answered {len(house.store.read(read_log))}")

    monkeypatch.setattr(house.store.writer, "_publish", hear)
    with Hold(house.store):
        house.store.submit(emit("a"), answered)
        house.store.submit(emit("b"), answered)
    house.store.write(lambda tx: None)
    assert order == ["published 2", "answered 2", "answered 2"]


def test_news_that_cannot_be_told_are_stored_all_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing bus, or a failing receiver of an answer, takes nothing back and stops nobody."""

    def fail(*_arguments: Any) -> None:
        raise RuntimeError("nobody there")

    monkeypatch.setattr(house.store.writer, "_publish", fail)
    assert house.store.write(emit("a")) == 1
    house.store.submit(emit("b"), fail)
    assert house.store.write(emit("c")) == 3
    assert house.store.read(read_log) == [(1, b'"a"'), (2, b'"b"'), (3, b'"c"')]


def test_busy_when_too_many_wait(house: House) -> None:
    """The queue has an end: beyond it a change is refused at once, and can be tried again."""
    house.reopen(writer_queue=4)
    answers: list[Any] = []
    with Hold(house.store):
        for _ in range(4):
            house.store.submit(emit("waits"), lambda result, _error: answers.append(result))
        with pytest.raises(Busy):
            house.store.submit(emit("too many"), lambda result, _error: answers.append(result))
        with pytest.raises(Busy):
            house.store.write(emit("too many"))
    wait_for(lambda: len(answers) == 4, 30.0, "the answers")
    assert house.store.write(emit("later")) == 5


def test_close_commits_what_waits_and_refuses_what_comes(house: House) -> None:
    """Each change is answered: stored when it came before the end, Busy after."""
    answers: list[Any] = []
    with Hold(house.store):
        for number in range(600):  # more than a batch
            house.store.submit(put(f"k{number}"), lambda _result, error: answers.append(error))
        closing = threading.Thread(target=house.store.close)
        closing.start()
    closing.join(30)
    assert answers == [None] * 600
    with pytest.raises(Busy):
        house.store.write(put("late"))
    house.reopen()
    assert len(house.store.read(keys)) == 600


def test_close_leaves_nobody_without_an_answer(house: House) -> None:
    """Changes that race the end are stored and answered, or refused: never forgotten."""
    for number in range(20):
        begun = threading.Barrier(5)

        def race(name: str, begun: threading.Barrier = begun) -> list[str]:
            begun.wait(30)
            stored = []
            for turn in range(1_000):
                try:
                    house.store.write(put(f"{name} {turn}"))
                except Busy:
                    break
                stored.append(f"{name} {turn}")
            return stored

        with ThreadPoolExecutor(4) as pool:
            racing: list[Future[list[str]]] = [pool.submit(race, f"{number} {thread}") for thread in range(4)]
            begun.wait(30)
            house.store.write(lambda tx: None)
            house.store.close()
            stored = {name for future in racing for name in future.result(30)}
        house.reopen()
        assert {key for key in house.store.read(keys) if key.startswith(f"{number} ")} == stored


@pytest.mark.parametrize("how", ["full", "broken"])
def test_D4_a_disk_that_refuses_is_told_and_recovered_from(house: House, how: str) -> None:
    """Everybody in the batch gets the error, none of it is stored or published, readers go on reading; when there is
    room again the next change is stored, with the next number."""
    assert house.store.write(emit("before")) == 1
    assert house.store.read(read_log) == [(1, b'"before"')]
    house.batches.clear()

    def fill(tx: Tx) -> None:
        tx.emit(TOPIC, "post.created", "x" * 200_000)

    errors: list[Any] = []
    with getattr(house.backend, how)(house.store):
        with Hold(house.store):
            house.store.submit(emit("of the same batch"), lambda _result, error: errors.append(error))
            house.store.submit(fill, lambda _result, error: errors.append(error))
        wait_for(lambda: len(errors) == 2, 30.0, "the refusals")
        assert house.store.read(read_log) == [(1, b'"before"')]
    assert {type(error) for error in errors} == {NoSpace if how == "full" else StoreFailed}
    assert house.batches == []
    assert house.store.write(emit("after")) == 2
    assert house.store.read(read_log) == [(1, b'"before"'), (2, b'"after"')]
    house.reopen()
    assert house.store.read(read_log) == [(1, b'"before"'), (2, b'"after"')]
