"""Compares what was promised with what was stored and seen. Pure; finds, and never repairs."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from tests.faults.history import Ack, History, Stored


class Violation(NamedTuple):
    kind: str
    what: object

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def check(history: History) -> list[Violation]:
    """Everything that breaks a promise; empty = all kept."""
    rules = (
        _lost,
        _stored_twice,
        _ack_changed,
        _not_dense,
        _against_time,
        _aborted,
        _views,
        _unseen_tail,
        _not_read_back,
    )
    return [violation for rule in rules for violation in rule(history)]


def kinds(history: History) -> set[str]:
    return {violation.kind for violation in check(history)}


def _lost(history: History) -> Iterator[Violation]:
    """D1: what was acknowledged is there, at the seq that was told, as it was sent."""
    stored = {(entry.topic, entry.seq): entry for entry in history.stored}
    for ack in history.acks:
        entry = stored.get((ack.topic, ack.seq))
        if entry is None or (entry.author, entry.cid) != (ack.author, ack.cid):
            yield Violation("lost", ack)
        elif entry.body != ack.body:
            yield Violation("changed", (ack, entry))


def _stored_twice(history: History) -> Iterator[Violation]:
    """D6: one post per author and client id."""
    first: dict[tuple[int, str], Stored] = {}
    for entry in history.stored:
        if (entry.author, entry.cid) in first:
            yield Violation("duplicated", (first[entry.author, entry.cid], entry))
        first.setdefault((entry.author, entry.cid), entry)


def _ack_changed(history: History) -> Iterator[Violation]:
    """D6: the same client id has one answer for ever."""
    first: dict[tuple[int, str], Ack] = {}
    for ack in history.acks:
        if first.setdefault((ack.author, ack.cid), ack).seq != ack.seq:
            yield Violation("ack changed", (first[ack.author, ack.cid], ack))


def _not_dense(history: History) -> Iterator[Violation]:
    """D7: 1, 2, 3 … in each topic."""
    seqs: dict[str, list[int]] = defaultdict(list)
    for entry in history.stored:
        seqs[entry.topic].append(entry.seq)
    for topic, found in seqs.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            missing = set(range(1, max(found) + 1)).difference(found)
            yield Violation("not dense", (topic, f"{len(found)} entries, missing {sorted(missing)[:10]}"))


def _against_time(history: History) -> Iterator[Violation]:
    """D7: what was acknowledged before something else was begun has the smaller seq."""
    by_topic: dict[str, list[Ack]] = defaultdict(list)
    for ack in history.acks:
        by_topic[ack.topic].append(ack)
    for acks in by_topic.values():
        highest: Ack | None = None  # among those acknowledged before the present one began
        waiting = [(ack.acked, ack.seq, ack) for ack in acks]
        heapq.heapify(waiting)
        for ack in sorted(acks, key=lambda ack: ack.invoked):
            while waiting and waiting[0][0] < ack.invoked:
                earlier = heapq.heappop(waiting)[2]
                highest = earlier if highest is None or earlier.seq > highest.seq else highest
            if highest is not None and highest.seq > ack.seq:
                yield Violation("against time", (highest, ack))


def _aborted(history: History) -> Iterator[Violation]:
    """D5: what was refused is nowhere."""
    stored = {(entry.author, entry.cid, entry.body) for entry in history.stored}
    seen = {(entry.author, entry.cid, entry.body) for entry in history.seen}
    for refusal in history.refusals:
        if (refusal.author, refusal.cid, refusal.body) in stored | seen:
            yield Violation("aborted", refusal)


def _views(history: History) -> Iterator[Violation]:
    """L1: every reader got 1, 2, 3 … of each topic, once each. D8: and nothing that the log does not say."""
    stored = {(entry.topic, entry.seq): entry for entry in history.stored}
    last: dict[tuple[str, str], int] = defaultdict(int)
    for seen in history.seen:
        before = last[seen.reader, seen.topic]
        if seen.seq == before:
            yield Violation("seen twice", seen)
        elif seen.seq < before:
            yield Violation("out of order", (before, seen))
        elif seen.seq > before + 1:
            yield Violation("skipped", (before, seen))
        last[seen.reader, seen.topic] = max(before, seen.seq)
        entry = stored.get((seen.topic, seen.seq))
        if entry is None:
            yield Violation("phantom", seen)
        elif (entry.author, entry.cid, entry.body) != (seen.author, seen.cid, seen.body):
            yield Violation("changed", (seen, entry))


def _unseen_tail(history: History) -> Iterator[Violation]:
    """L1, L2: in the end every reader is at the head."""
    heads: dict[str, int] = defaultdict(int)
    for entry in history.stored:
        heads[entry.topic] = max(heads[entry.topic], entry.seq)
    reached: dict[tuple[str, str], int] = defaultdict(int)
    for seen in history.seen:
        reached[seen.reader, seen.topic] = max(reached[seen.reader, seen.topic], seen.seq)
    for reader in sorted(history.readers):
        for topic, head in heads.items():
            if reached[reader, topic] < head:
                yield Violation("unseen", (reader, topic, reached[reader, topic], head))


def _not_read_back(history: History) -> Iterator[Violation]:
    """L8: after the ack, its author's own page has it (a page may be too short for it)."""
    for read in history.read_back:
        if read.seq not in read.seqs and not (read.seqs and min(read.seqs) > read.seq):
            yield Violation("not read back", read)
