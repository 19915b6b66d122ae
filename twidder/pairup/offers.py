"""Offers to swap, as rows: they end with the bookings that they are about."""

from __future__ import annotations

from typing import Any

from twidder.pairup import telling
from twidder.store import Tx


def end_offers(tx: Tx, round_row: Any, *team_ids: int) -> None:
    """All that these teams have made or been made: what they have has changed."""
    ended = [pair for team_id in team_ids for pair in tx.driver.execute(_END, (team_id, team_id)).fetchall()]
    tell_teams(tx, *{team_id for pair in ended for team_id in pair})


_END = "DELETE FROM pairup_swaps WHERE from_team = ? OR to_team = ? RETURNING from_team, to_team"


def tell_teams(tx: Tx, *team_ids: int) -> None:
    members = telling.members_of(tx, team_ids) if team_ids else {}
    telling.tell_mine(tx, [one.id for team in members.values() for one in team])
