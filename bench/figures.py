"""What was measured: for each case the values of each contestant, round by round."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results"


class Spread(NamedTuple):
    """The median of the rounds, and how far they lie apart."""

    median: float
    least: float
    most: float


class Figures:
    """One scenario's. A case is what was done and its unit: ``"1,000 members, fleeting", "deliveries/s"``."""

    def __init__(self, scenario: str, what: str) -> None:
        self.scenario = scenario
        self.what = what
        self.notes: list[str] = []
        self.missing: dict[str, str] = {}  # contestant → why it is not here
        self.about: dict[str, str] = {}  # contestant → name and version
        self.cases: dict[str, dict[str, Any]] = {}

    def add(self, case: str, unit: str, who: str, value: float) -> None:
        kept = self.cases.setdefault(f"{case} | {unit}", {"case": case, "unit": unit, "values": {}})
        kept["values"].setdefault(who, []).append(round(value, 4 if abs(value) < 100 else 1))

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def spread(self, case: str, unit: str, who: str) -> Spread | None:
        values = self.cases.get(f"{case} | {unit}", {}).get("values", {}).get(who)
        return Spread(statistics.median(values), min(values), max(values)) if values else None

    def all(self) -> Iterator[tuple[str, str, list[str]]]:
        for kept in self.cases.values():
            yield kept["case"], kept["unit"], list(kept["values"])

    def save(self, machine: str) -> None:
        kept = {"machine": machine, **{name: value for name, value in vars(self).items() if name != "scenario"}}
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        (RESULTS / f"{self.scenario}.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, scenario: str) -> Figures | None:
        path = RESULTS / f"{scenario}.json"
        if not path.exists():
            return None
        kept = json.loads(path.read_text("utf-8"))
        figures = cls(scenario, kept.pop("what"))
        vars(figures).update(kept)
        return figures


def number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
