"""Between the processes: what one writer has committed, every hub hears of. This page is the contract.

* ``publish(batch)`` is called from the writer's thread, after the commit, in commit order.
* Every subscriber, in this process and in others, gets each item at most once; batches of one publisher arrive in
  order.
* Nothing is promised beyond that. A lost batch is found by the heads in the next heartbeat and read from the log; a
  lost notice by the hub's own re-check of its sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

Subscriber = Callable[[list[Any]], None]


class Bus(Protocol):
    def publish(self, batch: list[Any]) -> None:
        """Items are ``LogEvent``, ``SessionEnded`` and ``AccessRevoked``. Never blocks for long."""

    def subscribe(self, subscriber: Subscriber) -> None:
        """``subscriber(batch)`` is called in any thread and must return at once."""
