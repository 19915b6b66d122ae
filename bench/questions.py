"""The tables of docs/questions.md: what was measured that answers a course's question."""

from __future__ import annotations

from collections.abc import Callable

from bench.figures import Figures, number
from bench.scenarios import formats, pixels, transports


def ways_to_watch(figures: Figures) -> str:
    """Each transport with the most viewers, a line for values that come often and one for seldom."""
    most = max(_viewers(name) for name, _, _ in figures.all())
    lines = _head(
        f"{most:,} viewers", "values/s", "p50 / p99 ms", "bytes/s each", "requests/s", "refused", "server CPU"
    )
    for how, about in figures.about.items():
        for rate in (transports.OFTEN, transports.SELDOM):
            case = transports.case(most, rate)
            if figures.spread(case, "p50 ms", how) is not None:
                delays = " / ".join(_cell(figures, case, f"{percent} ms", how) for percent in ("p50", "p99"))
                costs = (_cell(figures, case, unit, how) for unit in transports.COSTS)
                lines.append(_row(about.partition(" (")[0], str(rate), delays, *costs))
    return "\n".join(lines)


def _viewers(case: str) -> int:
    return int(case.partition(" ")[0].replace(",", ""))


def to_the_screen(figures: Figures) -> str:
    lines = _head("", "", "p50 ms", "p99 ms")
    for who, about in figures.about.items():
        for case, unit, everybody in figures.all():
            if unit == pixels.P50 and who in everybody:
                cells = (_cell(figures, case, each, who) for each in (pixels.P50, pixels.P99))
                lines.append(_row(about.partition(" (")[0], case, *cells))
    return "\n".join(lines)


def json_or_xml(figures: Figures) -> str:
    units = formats.BYTES, formats.PACKED, formats.WRITE, formats.READ
    lines = _head(formats.CASE, *units)
    for who, about in figures.about.items():
        lines.append(_row(about, *(_cell(figures, formats.CASE, unit, who) for unit in units)))
    return "\n".join(lines)


def _cell(figures: Figures, case: str, unit: str, who: str) -> str:
    spread = figures.spread(case, unit, who)
    return number(spread.median) if spread else "–"


def _head(first: str, *others: str) -> list[str]:
    return [_row(first, *others), "|---|" + "--:|" * len(others)]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


TABLES: dict[str, tuple[str, Callable[[Figures], str]]] = {
    "formats": ("formats", json_or_xml),
    "transports": ("transports", ways_to_watch),
    "pixels": ("pixels", to_the_screen),
}
