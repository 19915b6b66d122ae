"""The checker passes what is well and finds each fault that is planted."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from tests.faults.checker import check, kinds
from tests.faults.history import Ack, History, ReadBack, Refusal, Seen, Stored

TOPIC = "wall:1"


def clean() -> History:
    """Two authors, nine posts on one wall and one on another, two readers, a refusal, and a retry answered alike."""
    history = History(readers={"r1", "r2"})
    for seq in range(1, 10):
        author, cid, body = seq % 2, f"cid-{seq}", f"body {seq}"
        history.acks.append(Ack(author, cid, TOPIC, body, seq, seq * 1.0, seq + 0.5))
        history.stored.append(Stored(TOPIC, seq, author, cid, body))
        history.seen += [Seen(reader, TOPIC, seq, author, cid, body) for reader in ("r1", "r2")]
    history.acks.append(history.acks[0]._replace(acked=20.0))
    history.stored.append(Stored("wall:2", 1, 7, "unanswered", "stored all the same"))
    history.seen += [Seen(reader, "wall:2", 1, 7, "unanswered", "stored all the same") for reader in ("r1", "r2")]
    history.refusals.append(Refusal(0, "cid-x", TOPIC, "refused"))
    history.read_back.append(ReadBack(TOPIC, 4, (1, 2, 3, 4)))
    return history


def lose(history: History) -> None:
    history.stored = [entry for entry in history.stored if entry.seq != 9]
    history.seen = [seen for seen in history.seen if seen.seq != 9]


def move(history: History) -> None:
    history.acks[4] = history.acks[4]._replace(seq=6)


def duplicate(history: History) -> None:
    history.stored.append(Stored(TOPIC, 10, 1, "cid-9", "body 9"))
    history.seen += [Seen(reader, TOPIC, 10, 1, "cid-9", "body 9") for reader in ("r1", "r2")]


def answer_anew(history: History) -> None:
    history.acks[-1] = history.acks[-1]._replace(seq=2)


def leave_a_hole(history: History) -> None:
    """An unacknowledged seq that nobody ever saw: as a rolled back number of a sequence would be."""
    history.acks = [ack for ack in history.acks if ack.seq != 5]
    history.stored = [entry for entry in history.stored if entry.seq != 5]
    history.seen = [seen for seen in history.seen if seen.seq != 5]


def overtake(history: History) -> None:
    history.acks[2] = history.acks[2]._replace(invoked=6.6, acked=6.7)


def store_what_was_refused(history: History) -> None:
    history.refusals.append(Refusal(1, "cid-3", TOPIC, "body 3"))


def show_twice(history: History) -> None:
    history.seen.insert(3, history.seen[2])


def swap(history: History) -> None:
    history.seen[4], history.seen[6] = history.seen[6], history.seen[4]


def skip(history: History) -> None:
    del history.seen[8]


def stop_early(history: History) -> None:
    history.seen = [seen for seen in history.seen if seen.reader == "r1" or seen.seq < 9]


def spread_a_rumour(history: History) -> None:
    history.seen.append(Seen("r1", TOPIC, 10, 1, "cid-10", "rolled back"))


def rewrite(history: History) -> None:
    history.seen[2] = history.seen[2]._replace(body="something else")


def rewrite_the_store(history: History) -> None:
    history.stored[2] = history.stored[2]._replace(body="something else")


def hide_from_its_author(history: History) -> None:
    history.read_back.append(ReadBack(TOPIC, 5, (1, 2, 3, 4)))


PLANTED: dict[Callable[[History], None], str] = {
    lose: "lost",
    move: "lost",
    duplicate: "duplicated",
    answer_anew: "ack changed",
    leave_a_hole: "not dense",
    overtake: "against time",
    store_what_was_refused: "aborted",
    show_twice: "seen twice",
    swap: "out of order",
    skip: "skipped",
    stop_early: "unseen",
    spread_a_rumour: "phantom",
    rewrite: "changed",
    rewrite_the_store: "changed",
    hide_from_its_author: "not read back",
}


def test_a_clean_history_passes() -> None:
    """Nothing is found where nothing is wrong."""
    assert check(clean()) == []


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_each_planted_fault_is_found(plant: Callable[[History], None]) -> None:
    """Each way to break a promise is named by its kind."""
    history = copy.deepcopy(clean())
    plant(history)
    assert PLANTED[plant] in kinds(history)


def test_a_page_that_is_too_short_is_no_fault() -> None:
    """Others may have posted so much that one's own post is on the next page."""
    history = clean()
    history.read_back.append(ReadBack(TOPIC, 1, (8, 9)))
    assert check(history) == []


def test_an_attempt_without_an_answer_may_be_stored_or_not() -> None:
    """Unknown is not lost: neither outcome is a fault."""
    history = clean()
    history.attempts, history.lost_answers = 2, 2
    assert check(history) == []
