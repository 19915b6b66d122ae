"""A round's draw: read, reckoned outside any transaction, and published in one, or not at all."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Busy, NotFound, TwidderError
from twidder.pairup import rounds, solving, telling
from twidder.pairup.access import access_round, check_staff, find_round, phase, topic
from twidder.pairup.drawing import Draw, Inputs, make_inputs
from twidder.pairup.models import draws, places, rankings, teams
from twidder.pairup.models import rounds as rounds_table
from twidder.store import Database, ReadTx, Tx

_TIMES = 3  # so often staff may change something while it is reckoned


def run(store: Database, round_id: int, limits: Limits) -> None:
    """Draws a round that has closed, once, whoever else does. Blocks, for seconds where it is large. Raises
    TwidderError (no_solver, full, busy): then it stays as it was."""
    for _ in range(_TIMES):
        inputs, secret = store.read(lambda tx: _read(tx, round_id))
        if inputs is None:
            return
        if len(inputs.teams) > limits.draw_teams:
            raise TwidderError(f"A draw has at most {limits.draw_teams:,} teams.", code="full")
        draw = _solve(inputs, secret)
        if store.write(functools.partial(_publish, draw=draw)):
            return
    raise Busy


def close(tx: Tx, me: Caller, round_id: int) -> None:
    """By staff: nobody ranks any more, and it is drawn now. Raises TwidderError (closed, gone, no_solver)."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    if seat.round.mode != "draw":
        raise TwidderError("The places of this round are not drawn.", code="gone")
    if seat.round.drawn_at is not None:
        raise TwidderError("The draw is done.", code="gone")
    now = phase(seat.round)
    if now == "soon":
        raise TwidderError("The round has not opened yet: nobody has ranked.", code="closed")
    if not solving.is_there():  # or it would be closed and nothing else
        raise TwidderError(code="no_solver")
    if now == "open":
        tx.execute(update(rounds_table).where(rounds_table.c.id == round_id).values(closes_at=now_ms()))
        rounds.tell_round(tx, round_id)
        telling.record(tx, round_id, me.user_id, "close_for_draw")


def document(tx: ReadTx, me: Caller, round_id: int) -> bytes:
    """The published draw, as JSON. Raises NotFound."""
    access_round(tx, me, round_id)
    found = tx.execute(select(draws.c.document).where(draws.c.round_id == round_id)).scalar()
    if found is None:
        raise NotFound
    return str(found).encode()


def _solve(inputs: Inputs, secret: str) -> Draw:
    try:
        return solving.solve(inputs, secret, now_ms())
    except solving.NoSolver:
        raise TwidderError(code="no_solver") from None


def _read(tx: ReadTx, round_id: int) -> tuple[Inputs | None, str]:
    """What is drawn and the secret; nothing where there is nothing to draw, or no longer."""
    row = find_round(tx, round_id)
    if row.mode != "draw" or row.drawn_at is not None or phase(row) != "closed":
        return None, ""
    query = select(places.c.id).where(
        places.c.round_id == round_id, places.c.team_id.is_(None), places.c.kept.is_(False)
    )
    return make_inputs(round_id, _teams(tx, row), tx.execute(query).scalars(), _rankings(tx, round_id)), row.secret


def _teams(tx: ReadTx, row: Any) -> list[int]:
    """Complete, and without a place."""
    placed = select(places.c.team_id).where(places.c.round_id == row.id, places.c.team_id.is_not(None))
    query = select(teams.c.id).where(teams.c.round_id == row.id, teams.c.id.not_in(placed))
    members = telling.members_of(tx, list(tx.execute(query).scalars()))
    return [team_id for team_id, some in members.items() if telling.is_complete(some, row)]


def _rankings(tx: ReadTx, round_id: int) -> dict[int, list[int]]:
    query = select(rankings.c.team_id, rankings.c.place_id).join(teams, teams.c.id == rankings.c.team_id)
    found: dict[int, list[int]] = {}
    for row in tx.execute(query.where(teams.c.round_id == round_id).order_by(rankings.c.rank)):
        found.setdefault(row.team_id, []).append(row.place_id)
    return found


def _publish(tx: Tx, draw: Draw) -> bool:
    """Whether what was drawn is still so; then all have their places and know it."""
    round_id = draw.inputs.round
    inputs, _ = _read(tx, round_id)
    if inputs is None:
        return True  # somebody else has drawn it, or it is open again
    if inputs != draw.inputs:
        return False
    tx.execute(insert(draws).values(round_id=round_id, document=msgspec.json.encode(draw).decode(), at=draw.at))
    tx.execute(update(rounds_table).where(rounds_table.c.id == round_id).values(drawn_at=draw.at))
    _book(tx, round_id, draw.assignment)
    tx.emit(topic(round_id), "draw.published", {"round": rounds.as_round(tx, find_round(tx, round_id))})
    for team_id, members in telling.members_of(tx, draw.inputs.teams).items():
        telling.notify(tx, [one.id for one in members], "drawn", {"place": draw.assignment[team_id]})
    telling.record(tx, round_id, None, "draw", teams=len(inputs.teams), places=len(inputs.places), seed=draw.seed)
    return True


def _book(tx: Tx, round_id: int, assignment: Mapping[int, int | None]) -> None:
    """All at once, and told in one event. Holds end: before a draw there should be none."""
    of_round = places.c.round_id == round_id
    tx.execute(update(places).where(of_round, places.c.held_by.is_not(None)).values(held_by=None, held_until=None))
    booked = [{"place": place, "team": team} for team, place in assignment.items() if place is not None]
    if booked:
        one = update(places).where(of_round, places.c.id == bindparam("place"), places.c.team_id.is_(None))
        tx.execute(one.values(team_id=bindparam("team"), fence=places.c.fence + 1), booked)
    telling.tell_places(tx, round_id, [place["place"] for place in booked])
