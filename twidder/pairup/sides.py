"""My team, and whether it may have a place."""

from __future__ import annotations

from typing import Any, NamedTuple

from twidder.errors import Forbidden
from twidder.pairup import telling
from twidder.pairup.access import Seat
from twidder.pairup.models import teams
from twidder.pairup.rows import Rows
from twidder.store import ReadTx

_TEAM = Rows(teams, "SELECT * FROM pairup_teams WHERE id = ?")


class Side(NamedTuple):
    """A team's row, and those of its members."""

    team: Any
    members: list[Any]

    def others(self, entry: Any | None) -> list[int]:
        """Entries of the members but this one."""
        return [one.id for one in self.members if entry is None or one.id != entry.id]


def own_side(tx: ReadTx, seat: Seat) -> Side:
    """Raises Forbidden where the caller has no team."""
    if seat.student.team_id is None:
        raise Forbidden("Places are for teams. Find a partner first.")
    return side_of(tx, seat.student.team_id)


def side_of(tx: ReadTx, team_id: int) -> Side:
    team = _TEAM.one(tx, team_id)
    assert team is not None, "teams end with their last member"
    return Side(team, telling.members_of(tx, [team_id])[team_id])


def check_unlocked(side: Side) -> None:
    if side.team.locked:
        raise Forbidden("Staff have locked your team as it is.")


def check_may_take(side: Side, round_row: Any) -> None:
    """Raises Forbidden."""
    check_unlocked(side)
    if not telling.is_complete(side.members, round_row):
        raise Forbidden("Your team is not complete yet.")
