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


def _color(who: str) -> str:
    return OURS if who.startswith("twidder") else LIMIT if who in LIMITS else OTHER


main()
