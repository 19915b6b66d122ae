"""Who is in which team. One UPDATE of the entry is the referee: who is in a team is not taken into another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from twidder.accounts import authors
from twidder.clock import now_ms
from twidder.errors import BadField, TwidderError
from twidder.pairup import places, queue, telling, waiting
from twidder.pairup.models import entries, invitations, rankings, teams
from twidder.store import ReadTx, Tx


def join_entries(
    tx: Tx, round_row: Any, entry_ids: list[int], *, by_id: int | None, title: str = "", description: str = ""
) -> int:
    """A new team of these, who must be without one: its id. Whoever did not do it is told: by one of them ``joined``,
    by staff ``paired``. Raises BadField, TwidderError (taken)."""
    rows = _load(tx, round_row, entry_ids)
    values = {"round_id": round_row.id, "title": title, "description": description, "created_at": now_ms()}
    team_id = int(tx.execute(insert(teams).values(**values, locked=False).returning(teams.c.id)).scalar_one())
    for row in rows:
        _take(tx, row, team_id)
    _tell_members(tx, round_row, team_id, entry_ids)
    _tell_joined(tx, team_id, rows, by_id)
    telling.record(tx, round_row.id, by_id, "team_made", team=team_id, entries=sorted(entry_ids))
    return team_id


def _load(tx: ReadTx, round_row: Any, entry_ids: list[int]) -> list[Any]:
    """In the order of the roster. Raises BadField."""
    if not entry_ids or len(set(entry_ids)) != len(entry_ids):
        raise BadField("entries", "A team is of different people, one at least.")
    if len(entry_ids) > round_row.size_max:
        raise BadField("entries", f"A team has at most {round_row.size_max}.")
    wanted = entries.c.id.in_(entry_ids), entries.c.round_id == round_row.id
    rows = list(tx.execute(select(entries).where(*wanted).order_by(entries.c.id)))
    if len(rows) != len(entry_ids):
        raise BadField("entries", "Somebody of these is not on this round’s roster.")
    return rows


def _take(tx: Tx, entry: Any, team_id: int) -> None:
    free = update(entries).where(entries.c.id == entry.id, entries.c.team_id.is_(None))
    if tx.execute(free.values(team_id=team_id).returning(entries.c.id)).first() is None:
        raise TwidderError(f"{telling.name_of(entry)} is in a team already.", code="taken")


def _tell_joined(tx: Tx, team_id: int, rows: list[Any], by_id: int | None) -> None:
    by = next((row for row in rows if row.user_id is not None and row.user_id == by_id), None)
    if by is None:
        telling.notify(tx, [row.id for row in rows], "paired", {"team": team_id})
    else:
        others = [row.id for row in rows if row.id != by.id]
        telling.notify(tx, others, "joined", {"team": team_id, "by": telling.as_member(by)})


def add_member(tx: Tx, round_row: Any, team_id: int, entry: Any, *, by_id: int | None) -> None:
    """Into a team that has room. Raises TwidderError (taken, full)."""
    _take(tx, entry, team_id)
    members = telling.members_of(tx, [team_id])[team_id]
    if len(members) > round_row.size_max:
        raise TwidderError("The team has no room for more.", code="full")
    _tell_members(tx, round_row, team_id, [entry.id])
    others = [one.id for one in members if one.id != entry.id]
    telling.notify(tx, others, "joined", {"team": team_id, "by": telling.as_member(entry)})
    if entry.user_id is None or entry.user_id != by_id:
        telling.notify(tx, [entry.id], "paired", {"team": team_id})
    telling.record(tx, round_row.id, by_id, "team_joined", team=team_id, entry=entry.id)
    waiting.serve(tx, round_row, team_id)  # it may be complete now


def remove_member(tx: Tx, round_row: Any, entry: Any, *, by_id: int | None) -> None:
    """Out of their team. An empty team is gone; one that is not complete any more loses its place."""
    team_id = entry.team_id
    before = telling.members_of(tx, [team_id])[team_id]
    _let_go(tx, [entry])
    rest = [one for one in before if one.id != entry.id]
    if not rest:
        end(tx, round_row, team_id, by_id=by_id)
    else:
        if telling.is_complete(before, round_row) and not telling.is_complete(rest, round_row):
            places.free_all_of(tx, round_row, team_id, by_id=by_id, why="left")
        _tell_members(tx, round_row, team_id, [])
        telling.notify(tx, [one.id for one in rest], "left", {"by": telling.as_member(entry)})
    telling.tell_mine(tx, [entry.id])
    if entry.user_id is None or entry.user_id != by_id:
        telling.notify(tx, [entry.id], "removed", {"by": name_of_user(tx, by_id)})
    telling.record(tx, round_row.id, by_id, "team_left", team=team_id, entry=entry.id)


def dissolve(tx: Tx, round_row: Any, team_id: int, *, by_id: int | None) -> None:
    """Everybody is without a team, and what it had is free."""
    members = telling.members_of(tx, [team_id])[team_id]
    _let_go(tx, members)
    end(tx, round_row, team_id, by_id=by_id)
    me = next((one for one in members if one.user_id is not None and one.user_id == by_id), None)
    by = name_of_user(tx, by_id) if me is None else telling.as_member(me)
    telling.notify(tx, [one.id for one in members if one is not me], "dissolved", {"by": by})
    telling.tell_mine(tx, [one.id for one in members])
    who = [one.id for one in members]
    telling.record(tx, round_row.id, by_id, "team_dissolved", team=team_id, entries=who)


def end(tx: Tx, round_row: Any, team_id: int, *, by_id: int | None) -> None:
    """A team without members is no more."""
    places.free_all_of(tx, round_row, team_id, by_id=by_id, why="dissolved")
    queue.end_calls_of(tx, team_id)
    tx.execute(delete(rankings).where(rankings.c.team_id == team_id))
    tx.execute(delete(teams).where(teams.c.id == team_id))
    telling.tell_team(tx, round_row.id, team_id)


def name_of_user(tx: ReadTx, user_id: int | None) -> str:
    """Of staff, in a notice. The clock has none."""
    found = authors(tx, [] if user_id is None else [user_id])
    return " ".join(f"{one.firstname} {one.familyname}".strip() for one in found.values())


def _let_go(tx: Tx, rows: list[Any]) -> None:
    tx.execute(update(entries).where(entries.c.id.in_([one.id for one in rows])).values(team_id=None))
    for one in rows:
        if one.looking:
            telling.tell_looking(tx, one, 1)


def _tell_members(tx: Tx, round_row: Any, team_id: int, newcomers: Collection[int]) -> None:
    """Who is in it has changed. Invitations of those who have come in are over, and so is everybody's once the team is
    full; and then nobody of it looks for anybody."""
    members = telling.members_of(tx, [team_id])[team_id]
    is_full = len(members) >= round_row.size_max
    who = [one.id for one in members]
    end_invitations(tx, who if is_full else newcomers)
    looking = [one for one in members if one.looking]
    if is_full:
        stop_looking(tx, round_row, looking)
    else:
        for one in looking:
            telling.tell_looking(tx, one, len(members))
    telling.tell_team(tx, round_row.id, team_id)
    telling.tell_label(tx, round_row, team_id)
    telling.tell_mine(tx, who)


def stop_looking(tx: Tx, round_row: Any, rows: list[Any]) -> None:
    ids = [one.id for one in rows]
    tx.execute(update(entries).where(entries.c.id.in_(ids)).values(looking=False))
    telling.tell_looking_ended(tx, round_row.id, ids)


def end_invitations(tx: Tx, entry_ids: Collection[int]) -> None:
    """Of these and to these. Both sides are told."""
    concerned = or_(invitations.c.from_id.in_(entry_ids), invitations.c.to_id.in_(entry_ids))
    ended = delete(invitations).where(concerned).returning(invitations.c.from_id, invitations.c.to_id)
    telling.tell_mine(tx, {one for pair in tx.execute(ended) for one in pair})
