"""The figures as Markdown: everything, what was missed, and the short table of the README."""

from __future__ import annotations

from pathlib import Path

from bench import questions
from bench.figures import Figures, Spread, number
from bench.scenarios import SCENARIOS, connections, fanout, paced, stuck
from bench.targets import Loaded, judge

OURS = ("twidder", "socket", "history")
ROOT = Path(__file__).resolve().parents[1]


def load() -> Loaded:
    return {name: figures for name in SCENARIOS if (figures := Figures.load(name)) is not None}


def text(names: list[str]) -> str:
    """All that was measured in these scenarios, and every target."""
    loaded = load()
    parts = [_scenario(loaded[name]) for name in names if name in loaded]
    return "\n".join([*parts, targets(loaded)])


def _scenario(figures: Figures) -> str:
    lines = [f"\n## {figures.scenario}: {figures.what}\n"]
    lines += ["| case | unit | who | median | least to most | Twidder ÷ it |", "|---|---|---|--:|--:|--:|"]
    for case, unit, everybody in figures.all():
        ours = next((figures.spread(case, unit, who) for who in OURS if who in everybody), None)
        for who in everybody:
            spread = figures.spread(case, unit, who)
            assert spread is not None
            cells = case, unit, figures.about.get(who, who), number(spread.median), _range(spread), _ratio(ours, spread)
            lines.append("| " + " | ".join(cells) + " |")
    lines += [f"\n**Missing: {figures.about.get(who, who)}**: {why}" for who, why in figures.missing.items()]
    lines += [f"\n{note}" for note in figures.notes]
    return "\n".join(lines)


def _ratio(ours: Spread | None, other: Spread) -> str:
    return f"{ours.median / other.median:.2f}" if ours and other.median else ""


def _range(spread: Spread) -> str:
    return f"{number(spread.least)} to {number(spread.most)}"


def targets(loaded: Loaded) -> str:
    words = {True: "met", False: "**missed**", None: "not measured"}
    lines = ["\n## Targets\n", "| | what | goal | measured | |", "|---|---|--:|--:|---|"]
    lines += [f"| {one.id} | {one.what} | {one.goal} | {one.measured} | {words[one.met]} |" for one in judge(loaded)]
    return "\n".join(lines) + "\n"


def short() -> str:
    """A line for each contestant of the fan-out: the README's table."""
    loaded = load()
    figures = loaded["fanout"]
    room = fanout.case(1000)
    lines = [
        "| | deliveries/s | CPU µs each | p50 / p99 ms, paced | KB a connection |",
        "|---|--:|--:|--:|--:|",
    ]
    everybody = {who: about for who, about in figures.about.items() if figures.spread(room, "deliveries/s", who)}
    rates = {who: figures.spread(room, "deliveries/s", who) for who in everybody}
    for who in sorted(everybody, key=lambda who: -rates[who].median):  # type: ignore[union-attr]
        cpu = figures.spread(room, "server CPU s per million deliveries", who)
        delay = " / ".join(_cell(loaded, "paced", paced.CASE, f"{percent} ms", who) for percent in ("p50", "p99"))
        memory = _memory(loaded, "twidder" if who == "twidder-stored" else who)
        name = everybody[who].partition(" (")[0]
        name = f"**{name}**" if who.startswith("twidder") else name
        lines.append(f"| {name} | {number(rates[who].median)} | {number(cpu.median)} | {delay} | {memory} |")  # type: ignore[union-attr]
    return "\n".join(lines) + "\n"


def _cell(loaded: Loaded, scenario: str, case: str, unit: str, who: str) -> str:
    spread = loaded[scenario].spread(case, unit, who) if scenario in loaded else None
    return number(spread.median) if spread else "–"


def _memory(loaded: Loaded, who: str) -> str:
    if "connections" not in loaded:
        return "–"
    case = next(name for name, _, _ in loaded["connections"].all() if name.endswith(connections.CASE))
    return _cell(loaded, "connections", case, "KB each", who)


def stuck_readers(figures: Figures) -> str:
    lines = [
        f"| {stuck.CASE} | memory for each, KiB | the others' p99, ms: before → beside them "
        "| of 100 messages the others miss |",
        "|---|--:|--:|--:|",
    ]
    rows = {who: figures.spread(stuck.CASE, "KiB for each", who) for who in figures.about}
    for who, kept in sorted(rows.items(), key=lambda row: row[1].median if row[1] else 0):
        if kept is not None:
            before, beside = (figures.spread(stuck.CASE, unit, who) for unit in stuck.DELAYS)
            missed = figures.spread(stuck.CASE, stuck.MISSED, who)
            if before is None or beside is None or missed is None:
                continue
            late = number(beside.median) if missed.median < 100 else "nothing arrives"
            delays = f"{number(before.median)} → {late}"
            lines.append(f"| {figures.about[who]} | {number(kept.median)} | {delays} | {missed.median:.0f} |")
    return "\n".join(lines)


def write_docs() -> None:
    """The tables of the README and the documents, between their marks."""
    loaded = load()
    everything = "\n".join(_scenario(figures).replace("\n## ", "\n### ", 1) for figures in loaded.values())
    _replace(ROOT / "README.md", "short", short())
    if "stuck" in loaded:
        _replace(ROOT / "docs" / "guarantees.md", "stuck", stuck_readers(loaded["stuck"]))
    _replace(ROOT / "docs" / "benchmarks.md", "targets", targets(loaded).replace("\n## Targets\n\n", ""))
    _replace(ROOT / "docs" / "benchmarks.md", "all", everything + "\n")
    for mark, (scenario, table) in questions.TABLES.items():
        if scenario in loaded:
            _replace(ROOT / "docs" / "questions.md", mark, table(loaded[scenario]))


def _replace(path: Path, mark: str, table: str) -> None:
    start, end = f"<!-- bench: {mark} -->\n", f"<!-- bench: end of {mark} -->"
    before, _, rest = path.read_text("utf-8").partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{path} has no marks for {mark}.")
    path.write_text(f"{before}{start}\n{table.strip()}\n\n{end}{after}", "utf-8")


if __name__ == "__main__":
    write_docs()
