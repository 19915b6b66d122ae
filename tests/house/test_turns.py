"""Turns: so many at a time, first come first served, and nobody waits behind one that waits."""

from __future__ import annotations

import threading

from tests.harness.waiting import wait_for
from twidder.turns import Turns


def test_one_at_a_time_and_in_order() -> None:
    """Who came first goes first; the one that has just finished stands behind them."""
    turns, order, inside = Turns(1), list[int](), list[int]()

    def work(number: int) -> None:
        with turns.taken():
            inside.append(number)
            assert len(inside) == 1
            order.append(number)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    with turns.taken():
        for thread in threads:
            waiting = len(turns._line)
            thread.start()
            wait_for(lambda waiting=waiting: len(turns._line) > waiting, 5, "the next to stand in line")  # type: ignore[misc]
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3, 4]
    with turns.taken():
        pass


def test_who_waits_for_something_gives_the_turn_away() -> None:
    """Another runs meanwhile; afterwards it goes on before those that came later."""
    turns, told, order = Turns(1), threading.Event(), list[str]()

    def slow() -> None:
        with turns.taken():
            with turns.given_away():
                assert told.wait(5)
            order.append("slow")

    def quick() -> None:
        with turns.taken():
            order.append("quick")

    first = threading.Thread(target=slow)
    first.start()
    wait_for(lambda: turns._free == 1, 5, "the turn to be given away")
    with turns.taken():
        second = threading.Thread(target=quick)
        second.start()
        wait_for(lambda: len(turns._line) == 1, 5, "the second to stand in line")
        told.set()
        wait_for(lambda: len(turns._line) == 2, 5, "the first to come back")
    first.join(5)
    second.join(5)
    assert order == ["slow", "quick"]


def test_a_stranger_to_turns_may_wait() -> None:
    """A thread that has taken none gives none away."""
    turns = Turns(1)
    with turns.given_away():
        assert turns._free == 1
    assert turns._free == 1
