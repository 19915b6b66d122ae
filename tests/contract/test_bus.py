"""The bus's contract (``twidder.live.bus``): each batch, once, to everybody, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.waiting import wait_for
from twidder.live.bus import Bus
from twidder.live.bus.memory import MemoryBus
from twidder.live.channel import AccessRevoked, SessionEnded
from twidder.store import Event

# name → two ends of one bus, as two processes would have them (one process has one)
BUSES: dict[str, Callable[[], tuple[Bus, Bus]]] = {"memory": lambda: (bus := MemoryBus(), bus)}


@pytest.fixture(params=BUSES)
def ends(request: pytest.FixtureRequest) -> tuple[Bus, Bus]:
    return BUSES[request.param]()


def batch(number: int) -> list[Any]:
    return [
        Event("wall:1", number, 1_700_000_000_000 + number, "post.created", b'{"id":%d}' % number),
        SessionEnded(f"sid{number}", "session_replaced", 1_700_000_000_000, "Firefox on Linux"),
        AccessRevoked("wall:1", number, "removed"),
    ]


def test_everybody_hears_each_batch_once_and_in_order(ends: tuple[Bus, Bus]) -> None:
    """Two subscribers at one end and one at the other get the same, item for item, as it was published."""
    heard: list[list[Any]] = [[], [], []]
    here, there = ends
    for bus, hears in ((here, heard[0]), (here, heard[1]), (there, heard[2])):
        bus.subscribe(hears.extend)
    for number in range(1, 51):
        here.publish(batch(number))
    everything = [news for number in range(1, 51) for news in batch(number)]
    wait_for(lambda: all(len(hears) >= len(everything) for hears in heard), 10.0, "the news")
    assert heard == [everything] * 3


def test_news_keep_their_kind_and_their_bytes(ends: tuple[Bus, Bus]) -> None:
    """An event's data arrives as the bytes that the log has; a notice arrives as that notice."""
    heard: list[Any] = []
    ends[1].subscribe(heard.extend)
    ends[0].publish(batch(7))
    wait_for(lambda: len(heard) == 3, 10.0, "the news")
    assert [type(news) for news in heard] == [Event, SessionEnded, AccessRevoked]
    assert heard[0].data == b'{"id":7}'


def test_a_newcomer_hears_nothing_of_the_past(ends: tuple[Bus, Bus]) -> None:
    """The log has the past; the bus has what happens now."""
    heard: list[Any] = []
    ends[0].publish(batch(1))
    ends[1].subscribe(heard.extend)
    ends[0].publish(batch(2))
    wait_for(lambda: len(heard) == 3, 10.0, "the news")
    assert heard == batch(2)
