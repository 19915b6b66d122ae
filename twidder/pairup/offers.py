"""Offers to swap, as rows: they end with the bookings that they are about."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_

from twidder.pairup import telling
from twidder.pairup.models import swaps
from twidder.store import Tx


def end_offers(tx: Tx, round_row: Any, *team_ids: int) -> None:
    """All that these teams have made or been made: what they have has changed."""
    theirs = or_(swaps.c.from_team.in_(team_ids), swaps.c.to_team.in_(team_ids))
    ended = tx.execute(delete(swaps).where(theirs).returning(swaps.c.from_team, swaps.c.to_team)).all()
    tell_teams(tx, *{team_id for pair in ended for team_id in pair})


def tell_teams(tx: Tx, *team_ids: int) -> None:
    members = telling.members_of(tx, team_ids) if team_ids else {}
    telling.tell_mine(tx, [one.id for team in members.values() for one in team])
