"""Who looks for a partner, and says so; and what they said is gone when they do not any more."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import update

from twidder.accounts import Caller
from twidder.accounts.fields import check_line
from twidder.config import Limits
from twidder.errors import Forbidden, TwidderError
from twidder.pairup import telling
from twidder.pairup.access import access_entry, check_open
from twidder.pairup.models import entries
from twidder.pairup.shapes import Looking
from twidder.pairup.teams import stop_looking
from twidder.store import ReadTx, Tx


class About(msgspec.Struct, forbid_unknown_fields=True):
    """A line about oneself, or none."""

    about: str = ""


def look(tx: Tx, me: Caller, entry_id: int, about: str, limits: Limits) -> Looking:
    """From now on everybody in the round reads the name and the line. Raises TwidderError (full) in a full team."""
    seat, entry = _access_own(tx, me, entry_id)
    about = check_line("about", about, limits.about_length) if about.strip() else ""
    members = telling.members_of(tx, [entry.team_id])[entry.team_id] if entry.team_id else [entry]
    if len(members) >= seat.round.size_max:
        raise TwidderError("Your team is full.", code="full")
    tx.execute(update(entries).where(entries.c.id == entry.id).values(looking=True, about=about))
    _, entry = access_entry(tx, me, entry_id)
    shown = telling.as_looking(entry, len(members))
    tx.emit(seat.topic, "looking.changed", {"looking": shown})
    telling.tell_mine(tx, [entry.id])
    telling.record(tx, seat.round.id, me.user_id, "looking", entry=entry.id)
    return shown


def stop(tx: Tx, me: Caller, entry_id: int) -> None:
    seat, entry = _access_own(tx, me, entry_id)
    if entry.looking:
        stop_looking(tx, seat.round, [entry])
        telling.tell_mine(tx, [entry.id])
        telling.record(tx, seat.round.id, me.user_id, "looking_ended", entry=entry.id)


def _access_own(tx: ReadTx, me: Caller, entry_id: int) -> tuple[Any, Any]:
    seat, entry = access_entry(tx, me, entry_id)
    if seat.student.id != entry_id:
        raise Forbidden("That is somebody else’s to say.")
    check_open(seat)
    return seat, entry
