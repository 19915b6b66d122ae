"""What Twidder wants to reach, beside its peers and the limit of the same run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bench.figures import Figures
from bench.scenarios import beside, connections, durable, fanout, growth, paced, takeover

Loaded = dict[str, Figures]


class Verdict(NamedTuple):
    id: str
    what: str
    goal: str
    measured: str
    met: bool | None  # None = not measured


class Target(NamedTuple):
    """``value`` of a run is to be ``at least`` or at most ``goal``; None where something it needs is missing."""

    id: str
    what: str
    goal: float
    at_least: bool
    value: Callable[[Loaded], float | None]

    def judge(self, loaded: Loaded) -> Verdict:
        value = self.value(loaded)
        goal = f"{'≥' if self.at_least else '≤'} {self.goal:g}"
        if value is None:
            return Verdict(self.id, self.what, goal, "not measured", None)
        met = value >= self.goal if self.at_least else value <= self.goal
        return Verdict(self.id, self.what, goal, f"{value:.3g}" if value < 1000 else f"{value:,.0f}", met)


def _median(loaded: Loaded, scenario: str, case: str, unit: str, who: str) -> float | None:
    figures = loaded.get(scenario)
    spread = figures.spread(case, unit, who) if figures else None
    return spread.median if spread else None


def _figure(scenario: str, case: str, unit: str, who: str) -> Callable[[Loaded], float | None]:
    return lambda loaded: _median(loaded, scenario, _only(loaded, scenario, case), unit, who)


def _only(loaded: Loaded, scenario: str, case: str) -> str:
    """A case's name that depends on a number of this run: the only one that ends so."""
    names = {name for name, _, _ in loaded[scenario].all()} if scenario in loaded else set()
    return next((name for name in names if name.endswith(case)), case)


def _ratio(
    scenario: str, unit: str, upper: tuple[str, str], lower: tuple[str, str]
) -> Callable[[Loaded], float | None]:
    """Of two (case, contestant) of one scenario."""

    def value(loaded: Loaded) -> float | None:
        above = _median(loaded, scenario, upper[0], unit, upper[1])
        below = _median(loaded, scenario, lower[0], unit, lower[1])
        return above / below if above is not None and below else None

    return value


_ROOM = fanout.case(1000)
_HUNDRED = durable.case(100)
_MILLION = f"a wall with {max(growth.HISTORIES):,} posts"
_TALK = f"a room with {max(growth.TALKS):,} messages"
_COMERS = f"each who comes after {min(growth.COMERS):,} others"
_PER_S = "deliveries/s"

TARGETS = (
    Target("B1", "fan-out to 1,000, ÷ Bun", 2.0, True, _ratio("fanout", _PER_S, (_ROOM, "twidder"), (_ROOM, "bun"))),
    Target("B1", "… ÷ C, batched", 0.9, True, _ratio("fanout", _PER_S, (_ROOM, "twidder"), (_ROOM, "c-batch"))),
    Target(
        "B1", "… ÷ Flask-SocketIO", 100, True, _ratio("fanout", _PER_S, (_ROOM, "twidder"), (_ROOM, "flask-socketio"))
    ),
    Target(
        "B2",
        "stored posts to 1,000, 100 outstanding, ÷ Bun with as many bytes, which stores nothing",
        1.5,
        True,
        _ratio("fanout", _PER_S, (fanout.LONG, "twidder-stored"), (fanout.LONG, "bun")),
    ),
    Target(
        "B3",
        "paced to 1,000, p99 ÷ C",
        1.3,
        False,
        _ratio("paced", "p99 ms", (paced.CASE, "twidder"), (paced.CASE, "c-batch")),
    ),
    Target(
        "B4",
        "durable sends, 100 senders, ÷ SQLite's driver alone",
        0.6,
        True,
        _ratio("durable", durable.RATE, (_HUNDRED, "socket"), (_HUNDRED, "sqlite")),
    ),
    Target(
        "B5",
        "durable posts over HTTP ÷ an empty view",
        0.35,
        True,
        _ratio("durable", durable.RATE, (_HUNDRED, "http"), (_HUNDRED, "empty")),
    ),
    Target("B6", "KB for an idle connection", 4, False, _figure("connections", connections.CASE, "KB each", "twidder")),
    Target("B7", "connects/s", 5000, True, _figure("connections", connections.CASE, "connects/s", "twidder")),
    Target(
        "B7", "s until all are back", 3, False, _figure("connections", connections.CASE, connections.BACK, "twidder")
    ),
    Target("B8", "takeover, p99 ms", 10, False, _figure("takeover", takeover.CASE, takeover.P99, "twidder")),
    Target(
        "B9",
        "broadcast p99 beside 8 busy readers ÷ beside nothing",
        2,
        False,
        _ratio("beside", "p99 ms", (beside.EIGHT, "twidder"), (beside.IDLE, "twidder")),
    ),
    Target(
        "B9",
        "… beside 8 sign-ins hashing",
        2,
        False,
        _ratio("beside", "p99 ms", (beside.HASHING, "twidder"), (beside.IDLE, "twidder")),
    ),
    Target(
        "B10", "opening a wall of 1 M posts, p99 ms", 20, False, _figure("growth", _MILLION, "open, p99 ms", "history")
    ),
    Target("B10", "… a page in its middle", 20, False, _figure("growth", _MILLION, "page, p99 ms", "history")),
    Target("B10", "… resuming", 20, False, _figure("growth", _MILLION, "resume, p99 ms", "history")),
    Target(
        "B10", "opening a room of 1 M messages, p99 ms", 20, False, _figure("growth", _TALK, "open, p99 ms", "talk")
    ),
    Target(
        "B10",
        "… searching it for its most frequent word",
        20,
        False,
        _figure("growth", _TALK, "search, the most frequent word, p99 ms", "talk"),
    ),
    Target(
        "B10",
        "bytes that one more person costs each who is there",
        100,
        False,
        _figure("growth", _COMERS, "bytes to the first", "presence"),
    ),
)


def judge(loaded: Loaded) -> list[Verdict]:
    return [target.judge(loaded) for target in TARGETS]
