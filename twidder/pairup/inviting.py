"""Both sides agree to be a team: one invites, the other accepts."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, or_, select

from twidder.accounts import Caller
from twidder.accounts.fields import check_line
from twidder.accounts.pins import check_number
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError
from twidder.pairup import teams, telling
from twidder.pairup.access import Seat, access_entry, access_round, access_team, check_open
from twidder.pairup.models import entries, invitations
from twidder.pairup.shapes import Invitation, Member, Team
from twidder.store import ReadTx, Tx


class NewInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """``text``: a word to them, or none."""

    text: str = ""


class InvitationByNumber(NewInvitation, forbid_unknown_fields=True, kw_only=True):
    number: str


def invite(tx: Tx, me: Caller, entry_id: int, new: NewInvitation, limits: Limits) -> tuple[Invitation, bool]:
    """Somebody whose name I know: they look for a partner, or the round shows who is in it. (It, whether it is new.)"""
    seat, other = access_entry(tx, me, entry_id)
    if not _is_known(seat.round, other) and other.id != seat.student.id:
        raise NotFound
    return _invite(tx, me, seat, other, new, limits)


def invite_number(
    tx: Tx, me: Caller, round_id: int, new: InvitationByNumber, limits: Limits
) -> tuple[Invitation, bool]:
    """Somebody whose student number I know."""
    seat = access_round(tx, me, round_id)
    number = check_number("number", new.number, limits)
    wanted = entries.c.round_id == round_id, entries.c.number == number
    other = tx.execute(select(entries).where(*wanted)).first()
    if other is None:
        raise BadField("number", "Nobody with this number is on the roster.")
    return _invite(tx, me, seat, other, new, limits)


def _invite(tx: Tx, me: Caller, seat: Seat, other: Any, new: NewInvitation, limits: Limits) -> tuple[Invitation, bool]:
    mine = seat.student
    word = check_line("text", new.text, limits.about_length) if new.text.strip() else ""
    if other.id == mine.id:
        raise BadField("entry", "That is you.")
    check_open(seat)
    there = invitations.c.from_id == mine.id, invitations.c.to_id == other.id
    earlier = tx.execute(select(invitations).where(*there)).first()
    if earlier is not None:
        return _as_invitation(seat.round, earlier, mine, other, mine.id), False
    _check_may_join(tx, me, seat.round, mine, other)
    _check_number(tx, mine, limits)
    values = {"round_id": seat.round.id, "from_id": mine.id, "to_id": other.id, "text": word, "at": now_ms()}
    row = tx.execute(insert(invitations).values(**values).returning(invitations)).one()
    told = {"invitation": row.id, "by": telling.as_member(mine), "text": word}
    telling.notify(tx, [other.id], "invited", told)
    telling.tell_mine(tx, [mine.id, other.id])
    telling.record(tx, seat.round.id, me.user_id, "invited", invitation=row.id, by=mine.id, entry=other.id)
    return _as_invitation(seat.round, row, mine, other, mine.id), True


def end(tx: Tx, me: Caller, invitation_id: int) -> None:
    """Declined by one side, or taken back by the other."""
    seat, row, _, _ = _access_invitation(tx, me, invitation_id)
    check_open(seat)
    tx.execute(delete(invitations).where(invitations.c.id == row.id))
    telling.tell_mine(tx, [row.from_id, row.to_id])
    telling.record(tx, row.round_id, me.user_id, "invitation_ended", invitation=row.id, by=row.from_id, entry=row.to_id)


def accept(tx: Tx, me: Caller, invitation_id: int) -> Team:
    """They are one team. Of two who accept what only one can have, one gets all and the other nothing."""
    seat, _, sender, receiver = _access_invitation(tx, me, invitation_id)
    if receiver.id != seat.student.id:
        raise Forbidden("The one whom you have invited accepts.")
    check_open(seat)
    _check_may_join(tx, me, seat.round, sender, receiver)
    host, newcomer = (sender, receiver) if receiver.team_id is None else (receiver, sender)
    if host.team_id is None:
        team_id = teams.join_entries(tx, seat.round, [sender.id, receiver.id], by_id=me.user_id)
    else:
        team_id = host.team_id
        teams.add_member(tx, seat.round, team_id, newcomer, by_id=me.user_id)
    return telling.public_teams(tx, seat.round.id, [team_id], named=True)[0]


def of_entry(tx: ReadTx, round_row: Any, entry_id: int) -> list[Invitation]:
    """Open ones from and to this student, the oldest first."""
    mine = or_(invitations.c.from_id == entry_id, invitations.c.to_id == entry_id)
    rows = tx.execute(select(invitations).where(mine).order_by(invitations.c.id)).all()
    who = {one for row in rows for one in (row.from_id, row.to_id)}
    people = {one.id: one for one in tx.execute(select(entries).where(entries.c.id.in_(who)))} if who else {}
    return [_as_invitation(round_row, row, people[row.from_id], people[row.to_id], entry_id) for row in rows]


def _as_invitation(round_row: Any, row: Any, sender: Any, receiver: Any, reader_id: int) -> Invitation:
    hidden = receiver.id != reader_id and not _is_known(round_row, receiver)
    shown = Member(receiver.id, f"Student …{receiver.number[-3:]}") if hidden else telling.as_member(receiver)
    return Invitation(row.id, telling.as_member(sender), shown, row.text, row.at)


def _is_known(round_row: Any, entry: Any) -> bool:
    """Whether everybody in the round may know the name: otherwise who invites would learn whose number it is."""
    return bool(round_row.names == "everyone" or entry.looking)


def _access_invitation(tx: ReadTx, me: Caller, invitation_id: int) -> tuple[Seat, Any, Any, Any]:
    """(my seat, it, sender, receiver), for these two. Raises NotFound."""
    row = tx.execute(select(invitations).where(invitations.c.id == invitation_id)).first()
    if row is None:
        raise NotFound
    seat = access_round(tx, me, row.round_id)
    if seat.entry is None or seat.entry.id not in (row.from_id, row.to_id):
        raise NotFound
    people = {one.id: one for one in tx.execute(select(entries).where(entries.c.id.in_([row.from_id, row.to_id])))}
    return seat, row, people[row.from_id], people[row.to_id]


def _check_may_join(tx: ReadTx, me: Caller, round_row: Any, sender: Any, receiver: Any) -> None:
    """One of them has a team at most, and it has room. Raises TwidderError."""
    if sender.team_id is not None and receiver.team_id is not None:
        raise TwidderError("You are in a team, and so are they.", code="taken")
    team_id = sender.team_id or receiver.team_id
    size = 1
    if team_id is not None:
        seat, team = access_team(tx, me, team_id)
        if team.locked and not seat.is_staff:
            raise Forbidden("Staff have locked this team.")
        size = len(telling.members_of(tx, [team_id])[team_id])
    if size >= round_row.size_max:
        raise TwidderError("The team has no room for more.", code="full")


def _check_number(tx: ReadTx, entry: Any, limits: Limits) -> None:
    mine = select(func.count()).where(invitations.c.from_id == entry.id)
    if tx.execute(mine).scalar_one() >= limits.invitations_of_entry:
        raise TwidderError("You have invited as many as one can at a time. Take some back first.", code="full")
