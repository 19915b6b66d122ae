"""What staff do with one team: a message, a lock, a place."""

from __future__ import annotations

import unicodedata

from sqlalchemy import select, update

from twidder.accounts import Caller
from twidder.accounts.fields import is_visible
from twidder.config import Limits
from twidder.errors import BadField
from twidder.pairup import places as seats
from twidder.pairup import shapes, telling, waiting
from twidder.pairup.access import Seat, access_team, check_staff
from twidder.pairup.models import places, teams
from twidder.pairup.shapes import Team
from twidder.store import ReadTx, Tx


def check_text(text: str, limits: Limits) -> str:
    """Raises BadField."""
    text = text.strip()
    if not is_visible(text):
        raise BadField("text", "Write something first.")
    if len(text) > limits.message_length:
        raise BadField("text", f"A message has at most {limits.message_length:,} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
        raise BadField("text", "This is plain text.")
    return text


def send(tx: Tx, me: Caller, team_id: int, text: str) -> int:
    """Checked text to each of the team, who find it in the round: how many they are. Who has not come yet finds it
    then. The audit says that there was one, and not what it said."""
    seat = _access(tx, me, team_id)
    members = [one.id for one in telling.members_of(tx, [team_id])[team_id]]
    telling.notify(tx, members, "message", {"text": text, "by": f"{me.author.firstname} {me.author.familyname}"})
    telling.record(tx, seat.round.id, me.user_id, "team_messaged", team=team_id)
    return len(members)


def lock(tx: Tx, me: Caller, team_id: int, *, locked: bool) -> Team:
    """Its members change nothing of it, until it is unlocked."""
    seat = _access(tx, me, team_id)
    changed = update(teams).where(teams.c.id == team_id, teams.c.locked.is_not(locked)).values(locked=locked)
    if tx.execute(changed.returning(teams.c.id)).first() is not None:
        telling.tell_team(tx, seat.round.id, team_id)
        telling.tell_mine(tx, [one.id for one in telling.members_of(tx, [team_id])[team_id]])
        telling.record(tx, seat.round.id, me.user_id, "team_locked" if locked else "team_unlocked", team=team_id)
        waiting.serve(tx, seat.round, team_id)
    return telling.public_teams(tx, seat.round.id, [team_id], named=True)[0]


def move(tx: Tx, me: Caller, team_id: int, place_id: int | None) -> shapes.Place | None:
    """To that place, in a closed round and to a kept place too, or to none. Raises TwidderError (taken), BadField."""
    seat = _access(tx, me, team_id)
    if place_id is None:
        seats.move(tx, me, team_id, None)
        return None
    _check_of_round(tx, seat, place_id)
    seats.move(tx, me, team_id, place_id)
    return telling.public_places(tx, seat.round, telling.load_places(tx, places.c.id == place_id), named=True)[0]


def _access(tx: ReadTx, me: Caller, team_id: int) -> Seat:
    """For staff. Raises NotFound, Forbidden."""
    seat, _ = access_team(tx, me, team_id)
    check_staff(seat)
    return seat


def _check_of_round(tx: ReadTx, seat: Seat, place_id: int) -> None:
    of_round = places.c.id == place_id, places.c.round_id == seat.round.id
    if tx.execute(select(places.c.id).where(*of_round)).first() is None:
        raise BadField("place", "There is no such place in this round.")
