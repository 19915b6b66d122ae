"""``python -m bench [SCENARIO …]``: run, print, keep the figures in bench/results/."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bench import takeover

SCENARIOS: dict[str, Callable[[], dict[str, Any]]] = {"takeover": takeover.run}
RESULTS = Path(__file__).parent / "results"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(SCENARIOS)))
def main(names: tuple[str, ...]) -> None:
    """Run these scenarios, or all of them."""
    for name in names or sorted(SCENARIOS):
        figures = SCENARIOS[name]()
        figures["machine"] = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
        (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(f"\n{name}: {figures.pop('what')}\n")
        for label, value in figures.items():
            sys.stdout.write(f"  {label:<34} {value}\n")


main()
