"""A store that breaks its contract turns the contract's tests red."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from typing import Any

import pytest

from tests.contract.backends import House
from tests.contract.conftest import house
from tests.contract.test_store import (
    test_D5_a_failing_change_undoes_itself_alone as failing_changes,
)
from tests.contract.test_store import (
    test_D7_the_log_is_dense_while_many_write_and_some_fail as dense_log,
)
from tests.contract.test_store_under_pressure import (
    test_D3_news_and_answers_come_after_the_commit as commit_comes_first,
)
from tests.mutants import answers_before_commit, publishes_before_commit
from twidder.store import log, writer

__all__ = ["house"]  # the fixture


@pytest.mark.parametrize("mutation", [answers_before_commit, publishes_before_commit])
def test_D3_a_writer_that_speaks_before_the_commit_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch, mutation: Any
) -> None:
    """Whether it answers first or publishes first."""
    monkeypatch.setattr(writer.Writer, "_commit", mutation.mutated)
    with pytest.raises(AssertionError):
        commit_comes_first(house, monkeypatch)


def test_D7_numbers_that_are_not_taken_back_are_found(
    house: House, monkeypatch: pytest.MonkeyPatch, rng: random.Random
) -> None:
    """Numbers from a sequence, as databases have them, stay used when their change is undone: the log has holes."""
    sequences: dict[str, Any] = defaultdict(lambda: itertools.count(1))

    def take(driver: Any, topic: str) -> Any:
        driver.execute(log._NEXT_SEQ, (topic,))
        return next(sequences[topic])

    monkeypatch.setattr(log, "next_seq", take)
    with pytest.raises(AssertionError):
        dense_log(house, rng)


def test_D5_a_failing_change_that_is_kept_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that does not undo what a failing change began."""

    def run_job(self: writer.Writer, tx: Any, job: writer.Job) -> writer.Outcome:
        try:
            return writer.Outcome(job.done, job.change(tx), None)
        except Exception as error:
            return writer.Outcome(job.done, None, error)

    monkeypatch.setattr(writer.Writer, "_run_job", run_job)
    with pytest.raises(AssertionError):
        failing_changes(house)
