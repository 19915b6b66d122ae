"""The bus of a single process: a function call."""

from __future__ import annotations

from typing import Any

from twidder.live.bus import Subscriber


class MemoryBus:
    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def publish(self, batch: list[Any]) -> None:
        for subscriber in self._subscribers:
            subscriber(batch)

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.append(subscriber)
