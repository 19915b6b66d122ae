"""Pictures of bench/results for the README, in docs/pictures. Runs in the peers' environment, which has matplotlib."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

HERE = Path(__file__).resolve().parent
PICTURES = HERE.parent / "docs" / "pictures"
OURS, LIMIT, OTHER = "#0f766e", "#64748b", "#cbd5e1"
LIMITS = ("c-batch", "c-each")

TRANSPORTS = (
    ("flask-polling", "Flask, asked every second", "#94a3b8", "x"),
    ("polling", "asked every second", "#475569", "o"),
    ("long", "long polls", "#9333ea", "s"),
    ("ready", "WebSocket says “ready”, then a request", "#c2410c", "D"),
    ("sse", "server-sent events", "#2563eb", "^"),
    ("socket", "WebSocket with the values", OURS, "o"),
)

pyplot.rcParams.update(
    {"font.family": "DejaVu Sans", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False}
)


def main() -> None:
    _bars(
        "fanout",
        "1,000 members, 64 outstanding | deliveries/s",
        "Messages delivered a second, one room of 1,000 (logarithmic)",
        "bench-fanout.png",
        best="most",
    )
    _bars(
        "paced",
        "1,000 members, 100 messages/s | p99 ms",
        "Delay in ms of 99 in 100 deliveries, 100 messages/s to 1,000 (logarithmic)",
        "bench-delay.png",
        best="least",
    )
    if (HERE / "results" / "transports.json").exists():
        _transports("bench-transports.png")


def _bars(scenario: str, case: str, title: str, name: str, *, best: str) -> None:
    """A bar for each contestant, the best on top; a line from the least to the most of the rounds."""
    results: dict[str, Any] = json.loads((HERE / "results" / f"{scenario}.json").read_text("utf-8"))
    values: dict[str, list[float]] = results["cases"][case]["values"]
    order = sorted(values, key=lambda who: statistics.median(values[who]), reverse=best == "least")
    medians = [statistics.median(values[who]) for who in order]
    spans = [
        [median - min(values[who]) for who, median in zip(order, medians, strict=True)],
        [max(values[who]) - median for who, median in zip(order, medians, strict=True)],
    ]
    figure, axes = pyplot.subplots(figsize=(9, 0.42 * len(order) + 1.1))
    labels = [results["about"][who].partition(" (")[0] for who in order]
    axes.barh(labels, medians, xerr=spans, color=[_color(who) for who in order], ecolor="#475569", height=0.68)
    axes.set_xscale("log")
    figure.suptitle(title, x=0.012, ha="left", fontsize=11, fontweight="bold")
    axes.tick_params(axis="y", length=0)
    for row, median in enumerate(medians):
        text = f" {median:,.0f}" if median >= 100 else f" {median:.1f}"
        axes.annotate(
            text,
            (max(median, max(values[order[row]])), row),
            va="center",
            fontsize=9,
            xytext=(3, 0),
            textcoords="offset points",
        )
    axes.margins(x=0.2)
    figure.tight_layout()
    figure.savefig(PICTURES / name, dpi=140)
    pyplot.close(figure)


def _transports(name: str) -> None:
    """By the number of viewers: the delay (line: p50, up to p99) and the bytes, a line for each transport."""
    cases = json.loads((HERE / "results" / "transports.json").read_text("utf-8"))["cases"]
    figure, (delay, traffic) = pyplot.subplots(1, 2, figsize=(10, 4.6))
    for shift, (who, label, color, marker) in enumerate(TRANSPORTS):
        style = {"color": color, "marker": marker, "markersize": 5, "linewidth": 1.6}
        middle, high = (_by_viewers(cases, unit, who) for unit in ("p50 ms", "p99 ms"))
        aside = [viewers * 1.06 ** (shift - 2.5) for viewers in middle]  # so that no bar hides another
        spans = [[0.0] * len(aside), [high[viewers] - middle[viewers] for viewers in middle]]
        delay.errorbar(aside, list(middle.values()), yerr=spans, elinewidth=0.9, capsize=2, label=label, **style)
        sent = _by_viewers(cases, "bytes/s for each viewer", who)
        traffic.plot(list(sent), list(sent.values()), **style)
    for axes, title in (
        (delay, "Delay in ms from push to viewer: p50, bar up to p99"),
        (traffic, "Bytes a second for each viewer, both ways"),
    ):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        axes.minorticks_off()
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
        axes.set_xlabel("viewers")
        axes.set_title(title, fontsize=10, loc="left")
        axes.grid(color="#e2e8f0", linewidth=0.7)
        axes.set_axisbelow(True)
    figure.suptitle(
        "A board watched in five ways, 10 values a second (both axes logarithmic)",
        x=0.012,
        ha="left",
        fontsize=11,
        fontweight="bold",
    )
    figure.legend(loc="lower center", ncols=3, frameon=False, fontsize=9)
    figure.tight_layout(rect=(0, 0.11, 1, 1))
    figure.savefig(PICTURES / name, dpi=140)
    pyplot.close(figure)


def _by_viewers(cases: dict[str, Any], unit: str, who: str) -> dict[int, float]:
    """Medians at ten values a second, the fewest viewers first."""
    found = {}
    for kept in cases.values():
        viewers, _, rate = kept["case"].partition(" viewer")
        if kept["unit"] == unit and rate.endswith(", 10 values/s") and who in kept["values"]:
            found[int(viewers.replace(",", ""))] = statistics.median(kept["values"][who])
    return dict(sorted(found.items()))


def _color(who: str) -> str:
    return OURS if who.startswith("twidder") else LIMIT if who in LIMITS else OTHER


main()
