"""``python -m bench [SCENARIO …]``: run, keep the figures in bench/results/, print the table and what is missed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from bench import house, report
from bench.contestants import Stage
from bench.machine import cores, describe, raise_descriptors
from bench.scenarios import SCENARIOS


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(SCENARIOS)))
@click.option("--rounds", default=3, show_default=True, help="Of each contestant, in turn.")
@click.option("--seconds", default=2.0, show_default=True, help="Of each measurement, after its warm-up.")
@click.option("--sizes", default="100,1000,5000", show_default=True, help="Members of the room.")
@click.option("--most", default=5000, show_default=True, help="Connections, where it is about their number.")
@click.option("--dir", "folder", type=click.Path(exists=True, file_okay=False), help="On which disk the data lies.")
def main(names: tuple[str, ...], rounds: int, seconds: float, sizes: str, most: int, folder: str | None) -> None:
    """Run these scenarios, or all of them."""
    members = tuple(int(size) for size in sizes.split(","))
    if max(*members, most) + 200 > raise_descriptors():
        raise click.ClickException("This shell may not open that many sockets: ulimit -n, or --sizes and --most.")
    with tempfile.TemporaryDirectory(dir=folder, prefix="twidder-bench-") as work:
        stage = Stage(cores(), Path(work), rounds, seconds, members, most)
        for name in names or SCENARIOS:
            sys.stderr.write(f"{name}\n")
            figures = SCENARIOS[name](stage)
            figures.note("Raised, since a bench writes faster than people do: " + ", ".join(sorted(house.RAISED)) + ".")
            figures.save(describe())
    sys.stdout.write(report.text(list(names or SCENARIOS)))


main()
