"""The two wrong orders of a writer, on a disk slow enough that a kill finds the gap."""

from __future__ import annotations

import time
from typing import Any

from twidder.store.log import Event
from twidder.store.tx import Tx
from twidder.store.writer import Outcome, Writer

COMMIT_SECONDS = 0.1


def commit_last(self: Writer, batch: list[Any], *, answer_first: bool) -> list[Outcome]:
    """In the place of ``Writer._commit``: where something is posted, COMMIT comes after the answers, or the news."""
    connection = self._connection = self._connection or self._engine.connect()
    early = False
    with connection.begin():
        tx = Tx(connection)
        outcomes = [self._run_job(tx, job) for job in batch]
        if any(isinstance(news, Event) and news.event == "post.created" for news in tx.news):
            early = True
            self._publish(tx.news) if not answer_first else _answer(outcomes)
            time.sleep(COMMIT_SECONDS)
    if tx.news and (answer_first or not early):
        self._publish(tx.news)
    return [] if answer_first and early else outcomes


def _answer(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        outcome.done(outcome.result, outcome.error)
