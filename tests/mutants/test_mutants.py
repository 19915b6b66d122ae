"""Whoever breaks a promise turns its test red: a test that cannot fail proves nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import syscalls
from tests.faults.checker import kinds
from tests.faults.crowd import LIMITS
from tests.faults.test_cuts import cut_often
from tests.faults.test_fsync import find_early
from tests.faults.test_joins import join_during_posting
from tests.faults.test_kills import kill_often
from tests.mutants import Mutant
from tests.sessions.test_notice import misled_by_a_sign_in
from tests.sessions.test_one_session import sign_in_all_over, two_sessions

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture
def mutant(tmp_path: Path) -> Iterator[Callable[[str], Mutant]]:
    """Starts a mutant by name. How it ends does not matter."""
    with ExitStack() as stack:

        def make(mutation: str) -> Mutant:
            new = Mutant(mutation, tmp_path / "data", limits=LIMITS)
            stack.callback(new.kill9)
            new.start()
            return new

        yield make


def test_D1_an_answer_before_the_commit_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A writer that answers first loses acknowledged posts, and the kills show it."""
    assert "lost" in kinds(asyncio.run(kill_often(mutant("answers_before_commit"), rng, 6)))


def test_D8_news_before_the_commit_are_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A writer that publishes first shows what never happened, and the kills show it."""
    assert kinds(asyncio.run(kill_often(mutant("publishes_before_commit"), rng, 6))) & {"phantom", "changed"}


def test_D6_a_forgotten_client_id_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """Without the client id a retry is a second post, and the lost answers show it."""
    assert "duplicated" in kinds(asyncio.run(cut_often(mutant("forgets_client_ids"), rng, 2)))


def test_L3_subscribing_too_late_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A join that reads first has holes at its seam."""
    assert asyncio.run(join_during_posting(mutant("reads_before_subscribing"), 500, rng))


def test_L3_a_repeat_at_the_seam_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A hub that does not know how far a joiner has read repeats itself."""
    assert asyncio.run(join_during_posting(mutant("repeats_at_the_seam"), 1_000, rng))


@pytest.mark.needs("strace")
def test_D3_an_answer_before_the_fsync_is_found(tmp_path: Path) -> None:
    """The trace of a writer that answers first is not accepted."""
    trace = tmp_path / "trace"
    server = Mutant("answers_before_commit", tmp_path / "data", limits=LIMITS, prefix=syscalls.prefix(trace))
    with server.start(timeout=60.0):
        assert "without a sync" in "".join(find_early(server, trace, posts=4))


def test_S1_a_remembered_token_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A server that does not look at the row each time has two sessions for a while."""
    turns = asyncio.run(sign_in_all_over(mutant("remembers_tokens"), rng, users=3, rounds=8))
    assert [fault for turn in turns for fault in two_sessions(turn)]


def test_S5_a_notice_by_user_is_found(mutant: Callable[[str], Mutant], rng: random.Random) -> None:
    """A notice that is addressed to the user reaches the new browser too."""
    assert misled_by_a_sign_in(mutant("ends_by_user"), rng, users=3)
