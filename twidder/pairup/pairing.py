"""Staff pair the rest: everybody who has come and has no team, and teams that are too small."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.pairup import teams as membership
from twidder.pairup import telling
from twidder.pairup.access import access_round, check_staff, may_be_alone, topic
from twidder.pairup.models import entries, teams
from twidder.pairup.pairing_plan import Unit, plan
from twidder.store import ReadTx, Tx


class Pairings(msgspec.Struct, frozen=True):
    """``made``: new teams; ``grown``: those that were too small. ``left``: entries for whom there was nobody."""

    made: list[int]
    grown: list[int]
    left: list[int]


def pair_the_rest(tx: Tx, me: Caller, round_id: int, *, unclaimed: bool) -> Pairings:
    """``unclaimed``: also those whom nobody has claimed, and who may never come. Locked teams stay as they are. Raises
    NotFound, Forbidden."""
    seat = access_round(tx, me, round_id)
    check_staff(seat)
    small = _small_teams(tx, seat.round)
    loners = _loners(tx, seat.round, unclaimed=unclaimed)
    planned = plan([*small, *loners], seat.round.size_min, seat.round.size_max)
    growing = [group for group in planned.groups if group[0].team is not None]
    new = [group for group in planned.groups if group[0].team is None]
    made = _make(tx, seat.round, [_entries(group) for group in new], me.user_id)
    grown = [_grow(tx, seat.round, group, me.user_id) for group in growing]
    left = sorted(_entries(planned.left))
    telling.record(tx, round_id, me.user_id, "rest_paired", made=made, grown=grown, left=left)
    return Pairings(made, grown, left)


def _entries(units: list[Unit]) -> list[int]:
    return [entry_id for unit in units for entry_id in unit.entries]


def _small_teams(tx: ReadTx, row: Any) -> list[Unit]:
    """``row``: of the round."""
    unlocked = teams.c.round_id == row.id, teams.c.locked.is_(False)
    team_ids = tx.execute(select(teams.c.id).where(*unlocked).order_by(teams.c.id)).scalars().all()
    return [
        Unit(tuple(one.id for one in members), members[0].cohort, 0, team_id)
        for team_id, members in telling.members_of(tx, team_ids).items()
        if members and len(members) < row.size_min and not telling.is_complete(members, row)
    ]


def _loners(tx: ReadTx, row: Any, *, unclaimed: bool) -> list[Unit]:
    where = entries.c.round_id == row.id, entries.c.team_id.is_(None)
    query = (
        select(entries).where(*where) if unclaimed else select(entries).where(*where, entries.c.user_id.is_not(None))
    )
    alone = may_be_alone(row)
    return [
        Unit((one.id,), one.cohort, _wish(one), spare=_wish(one) == 3 and (row.size_min == 1 or one.cohort in alone))
        for one in tx.execute(query.order_by(entries.c.id))
    ]


def _wish(entry: Any) -> int:
    return 1 if entry.assign_me else 2 if entry.looking else 3


def _make(tx: Tx, row: Any, groups: list[list[int]], by_id: int) -> list[int]:
    """As ``teams.join_entries`` does it one by one, in a few statements for all: a course of 2,000 holds the writer for
    a second and not for ten."""
    if not groups:
        return []
    texts = {"title": "", "description": "", "created_at": now_ms(), "locked": False}
    rows = [{"round_id": row.id, **texts} for _ in groups]
    made = sorted(tx.execute(insert(teams).returning(teams.c.id), rows).scalars())
    into = [{"entry": one, "team": team_id} for team_id, who in zip(made, groups, strict=True) for one in who]
    joined = update(entries).where(entries.c.id == bindparam("entry"), entries.c.team_id.is_(None))
    tx.execute(joined.values(team_id=bindparam("team")), into)
    membership.end_invitations(tx, [one["entry"] for one in into])
    members = telling.members_of(tx, made)
    full = [who for who in members.values() if len(who) >= row.size_max]
    membership.stop_looking(tx, row, [one for who in full for one in who if one.looking])
    for team in tx.execute(select(teams).where(teams.c.id.in_(made)).order_by(teams.c.id)).all():
        _tell_made(tx, row, team, members[team.id], by_id)
    return made


def _tell_made(tx: Tx, row: Any, team: Any, members: list[Any], by_id: int) -> None:
    who = [one.id for one in members]
    for one in members:
        if one.looking and len(members) < row.size_max:
            telling.tell_looking(tx, one, len(members))
    tx.emit(topic(row.id), "team.changed", {"team": telling.as_team(team, members, row, named=row.names == "everyone")})
    telling.notify(tx, who, "paired", {"team": team.id})
    telling.tell_mine(tx, who)
    telling.record(tx, row.id, by_id, "team_made", team=team.id, entries=who)


def _grow(tx: Tx, row: Any, group: list[Unit], by_id: int) -> int:
    """The others come into the first one’s team: its id."""
    team_id = group[0].team
    assert team_id is not None
    others = _entries(group[1:])
    for leaving in _rows(tx, others):
        if leaving.team_id is not None:
            membership.remove_member(tx, row, leaving, by_id=by_id)
    for newcomer in _rows(tx, others):
        membership.add_member(tx, row, team_id, newcomer, by_id=by_id)
    return team_id


def _rows(tx: ReadTx, entry_ids: list[int]) -> list[Any]:
    return list(tx.execute(select(entries).where(entries.c.id.in_(entry_ids)).order_by(entries.c.id)))
