"""``twidder pairup …``: what anybody does with a round's papers, without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twidder.pairup.drawing import Draw

_LARGEST = 64 * 1_048_576  # a draw of a thousand teams has 100 KB


@click.group()
def pairup() -> None:
    """What Pair-Up has published, checked on your own machine."""


@pairup.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--commitment", help="What the round showed before the draw, if you have kept it.")
@click.option("--again", is_flag=True, help="Draw again from the published inputs, too. Needs SciPy.")
def verify(file: Path, commitment: str | None, again: bool) -> None:
    """Check the draw in FILE, as GET /api/v1/pairup/rounds/ID/draw answers it: that it comes from the secret that was
    committed to, that no other assignment is as good, and that it was counted right."""
    from twidder.pairup import checking

    try:
        draw = checking.read(_read(file))
        checking.check(draw, commitment.strip().lower() if commitment else None)
        if again:
            _draw_again(draw)
    except checking.NotRight as error:
        click.echo(f"NOT RIGHT: {error}", err=True)
        sys.exit(1)
    ranks = ", ".join(f"{number} × {rank}." for rank, number in enumerate(draw.choices.ranks, 1) if number)
    click.echo(f"Right: round {draw.inputs.round}, {len(draw.inputs.teams)} teams, {len(draw.inputs.places)} places.")
    click.echo(f"Choices: {ranks or 'none'}; not ranked {draw.choices.unranked}, without a place {draw.choices.none}.")
    click.echo(f"No other assignment is as good. The commitment was {draw.commitment}")


def _read(file: Path) -> bytes:
    with click.open_file(str(file), "rb") as opened:
        data: bytes = opened.read(_LARGEST)
    return data


def _draw_again(draw: Draw) -> None:
    from twidder.pairup import checking, solving

    try:
        mine = solving.solve(draw.inputs, draw.secret, draw.at)
    except solving.NoSolver:
        raise click.ClickException("To draw again takes SciPy: make solver") from None
    if mine.assignment != draw.assignment:
        raise checking.NotRight("Drawn again, it came out differently.")
