"""Contestants side by side: in turn, several rounds, every second one in the reverse order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bench.contestants import Contestant, Running, Stage
from bench.figures import Figures
from bench.load import Load, LoadFailed, crowd
from bench.machine import cpu_seconds

Measure = Callable[[Contestant, Running, Load], None]


def in_turn(stage: Stage, figures: Figures, parts: Mapping[str, Callable[[], None]]) -> None:
    """Run each part in each round. A part that fails is named in ``figures.missing`` with the reason, and left out."""
    for turn in range(stage.rounds):
        present = [key for key in parts if key not in figures.missing]
        for key in present if turn % 2 == 0 else reversed(present):
            sys.stderr.write(
                f"  {figures.scenario}, round {turn + 1} of {stage.rounds}: {figures.about.get(key, key)}\n"
            )
            try:
                parts[key]()
            except LoadFailed as failure:
                figures.missing[key] = str(failure)


def alternate(stage: Stage, figures: Figures, contestants: Sequence[Contestant], measure: Measure) -> None:
    """``measure`` each contestant, with a server and a crowd of its own each time."""

    def run(contestant: Contestant) -> None:
        with contestant.run(stage) as running, crowd(stage.cores, stage.work) as load:
            measure(contestant, running, load)

    for contestant in contestants:
        figures.about[contestant.key] = contestant.about
        if reason := contestant.missing():
            figures.missing[contestant.key] = reason
    in_turn(stage, figures, {one.key: partial(run, one) for one in contestants})


class Cost:
    """A server's CPU time while something is measured, in seconds."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._start = 0.0

    def begin(self) -> None:
        self._start = cpu_seconds(self._pid)

    def end(self) -> float:
        return cpu_seconds(self._pid) - self._start


def check_order(answer: dict[str, Any], contestant: Contestant, case: str, figures: Figures) -> None:
    """What should never be is said beside the figures, not swallowed."""
    for what, said in (("disorder", "deliveries out of order"), ("shut", "clients cut off"), ("bad", "refusals")):
        if answer[what]:
            figures.note(f"{contestant.about}, {case}: {answer[what]:,} {said} {answer['first_bad'][:80]}".rstrip())
