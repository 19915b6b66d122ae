"""What members and staff do with a team: make, change, leave, dissolve."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
from sqlalchemy import update

from twidder.accounts import Caller
from twidder.accounts.fields import check_description
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError
from twidder.pairup import teams as membership
from twidder.pairup import telling
from twidder.pairup.access import Seat, access_entry, access_own_team, access_round, check_open
from twidder.pairup.models import teams
from twidder.pairup.shapes import Id, Team
from twidder.store import ReadTx, Tx


class NewTeam(msgspec.Struct, forbid_unknown_fields=True):
    """``entries``: who is in it, by staff; a student's is of themselves."""

    title: str = ""
    description: str = ""
    entries: list[Id] | None = None


class TeamChange(msgspec.Struct, forbid_unknown_fields=True):
    """Only what is there is changed."""

    title: str | None = None
    description: str | None = None


def check_title(text: str, limits: Limits) -> str:
    """One line, or nothing. Raises BadField."""
    text = text.strip()
    if len(text) > limits.title_length:
        raise BadField("title", f"A title has at most {limits.title_length} characters.")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise BadField("title", "This is one line of plain text.")
    return text


def make(tx: Tx, me: Caller, round_id: int, new: NewTeam, limits: Limits) -> Team:
    """By staff of anybody; by a student of themselves, where the round lets their cohort be alone."""
    seat = access_round(tx, me, round_id)
    title, description = check_title(new.title, limits), check_description(new.description, limits)
    if new.entries is not None and not seat.is_staff:
        raise Forbidden("Invite them: both sides agree to be a team.")
    check_open(seat)
    wanted = new.entries
    if wanted is None:
        if not telling.is_complete([seat.student], seat.round):
            raise TwidderError("In this round you need a partner.", code="forbidden")
        wanted = [seat.student.id]
    text = {"title": title, "description": description}
    return _shown(tx, seat, membership.join_entries(tx, seat.round, wanted, by_id=me.user_id, **text))


def change(tx: Tx, me: Caller, team_id: int, wanted: TeamChange, limits: Limits) -> Team:
    seat = _access_changing(tx, me, team_id)
    new = {}
    if wanted.title is not None:
        new["title"] = check_title(wanted.title, limits)
    if wanted.description is not None:
        new["description"] = check_description(wanted.description, limits)
    if new:
        tx.execute(update(teams).where(teams.c.id == team_id).values(**new))
        telling.tell_team(tx, seat.round.id, team_id)
        telling.tell_mine(tx, [one.id for one in telling.members_of(tx, [team_id])[team_id]])
        telling.record(tx, seat.round.id, me.user_id, "team_changed", team=team_id, **new)
    return _shown(tx, seat, team_id)


def dissolve(tx: Tx, me: Caller, team_id: int) -> None:
    seat = _access_changing(tx, me, team_id)
    membership.dissolve(tx, seat.round, team_id, by_id=me.user_id)


def leave(tx: Tx, me: Caller, team_id: int, entry_id: int) -> None:
    """By the student; staff let anybody go."""
    seat = _access_changing(tx, me, team_id)
    _, entry = access_entry(tx, me, entry_id)
    if entry.team_id != team_id:
        raise NotFound
    if not seat.is_staff and entry.id != seat.student.id:
        raise Forbidden("Only they, or staff, take them out of the team.")
    membership.remove_member(tx, seat.round, entry, by_id=me.user_id)


def check_unlocked(seat: Seat, team: Any) -> None:
    """Raises Forbidden to students."""
    if team.locked and not seat.is_staff:
        raise Forbidden("Staff have locked this team.")


def _access_changing(tx: ReadTx, me: Caller, team_id: int) -> Seat:
    seat, team = access_own_team(tx, me, team_id)
    check_open(seat)
    check_unlocked(seat, team)
    return seat


def _shown(tx: ReadTx, seat: Seat, team_id: int) -> Team:
    """To staff and its members: by name."""
    return telling.public_teams(tx, seat.round.id, [team_id], named=True)[0]
