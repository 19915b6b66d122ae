"""Taking somebody off the roster of a round."""

from __future__ import annotations

from sqlalchemy import delete

from twidder.accounts import Caller
from twidder.errors import Conflict
from twidder.pairup import claiming, teams
from twidder.pairup.access import access_entry, check_staff
from twidder.pairup.models import entries, notices
from twidder.pairup.rounds import tell_round
from twidder.pairup.telling import full_name, record
from twidder.store import Tx


def remove(tx: Tx, me: Caller, entry_id: int) -> None:
    """Whoever has not claimed their entry, or is in no team. Raises NotFound, Forbidden, Conflict (taken)."""
    seat, entry = access_entry(tx, me, entry_id)
    check_staff(seat)
    if entry.user_id is not None and entry.team_id is not None:
        raise Conflict("They are in a team. Take them out of it first.", code="taken")
    if entry.team_id is not None:
        teams.remove_member(tx, seat.round, entry, by_id=me.user_id)
    teams.end_invitations(tx, [entry_id])
    claiming.free(tx, me, entry_id)
    tx.execute(delete(notices).where(notices.c.entry_id == entry_id))
    tx.execute(delete(entries).where(entries.c.id == entry_id))
    record(tx, seat.round.id, me.user_id, "entry_removed", number=entry.number, name=full_name(entry))
    tell_round(tx, seat.round.id)
