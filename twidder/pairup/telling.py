"""What a change tells: the round's topic, a student's own, the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import func, or_, select

from twidder.clock import now_ms
from twidder.pairup.access import Place as PlaceRow
from twidder.pairup.access import entry_topic, find_round, may_be_alone, topic
from twidder.pairup.models import calls, entries, invitations, labs, places, swaps, teams, waiting
from twidder.pairup.rows import Rows, listed
from twidder.pairup.shapes import Call, Lab, Looking, Member, Notice, Place, Team, TeamName
from twidder.store import ReadTx, Tx, log


def as_joined(names: list[str]) -> str:
    """Ada; Ada & Bo; Ada, Bo & Cy."""
    return " & ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def name_of(entry: Any) -> str:
    """As they go by."""
    name: str = entry.preferred or entry.firstname
    return name


def full_name(entry: Any) -> str:
    return f"{entry.preferred or entry.firstname} {entry.familyname}".strip()


def members_of(tx: ReadTx, team_ids: Collection[int]) -> dict[int, list[Any]]:
    """Rows of the roster by team, in the order of the roster."""
    found: dict[int, list[Any]] = {team_id: [] for team_id in team_ids}
    for row in _MEMBERS.all(tx, listed(found)):
        found[row.team_id].append(row)
    return found


_MEMBERS = Rows(entries, "SELECT * FROM pairup_entries WHERE team_id IN (SELECT value FROM json_each(?)) ORDER BY id")


def is_complete(members: list[Any], row: Any) -> bool:
    """Whether they are as many as the round wants; a team all of whose cohorts may be alone may be smaller."""
    if not members or len(members) > row.size_max:
        return False
    alone = may_be_alone(row)
    return len(members) >= row.size_min or all(one.cohort in alone for one in members)


def label(team_id: int, members: list[Any], *, named: bool) -> str:
    return as_joined([name_of(one) for one in members]) if named else f"Team {team_id}"


def public_teams(tx: ReadTx, round_id: int, team_ids: Collection[int], *, named: bool | None = None) -> list[Team]:
    """``named``: None as the round has it; True for staff and for members of the team."""
    row = find_round(tx, round_id)
    if named is None:
        named = row.names == "everyone"
    members = members_of(tx, team_ids)
    return [as_team(team, members[team.id], row, named=named) for team in _TEAMS.all(tx, listed(team_ids))]


_TEAMS = Rows(teams, "SELECT * FROM pairup_teams WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id")


def as_team(team: Any, members: list[Any], row: Any, *, named: bool) -> Team:
    shown = [as_member(one) for one in members] if named else []
    name = label(team.id, members, named=named)
    complete = is_complete(members, row)
    return Team(team.id, name, team.title, team.description, len(members), complete, team.locked, shown)


def as_member(entry: Any) -> Member:
    return Member(entry.id, full_name(entry))


def as_looking(entry: Any, size: int) -> Looking:
    """``size``: of their team; of nobody's it is 1."""
    return Looking(entry.id, full_name(entry), entry.cohort, entry.about, size)


def team_names(tx: ReadTx, row: Any, team_ids: Collection[int], *, named: bool | None = None) -> dict[int, TeamName]:
    """``row``: of the round."""
    if named is None:
        named = row.names == "everyone"
    return {
        team_id: TeamName(team_id, label(team_id, members, named=named))
        for team_id, members in members_of(tx, team_ids).items()
    }


def public_places(tx: ReadTx, row: Any, wanted: Iterable[PlaceRow], *, named: bool | None = None) -> list[Place]:
    """``row``: of the round."""
    found, now = list(wanted), now_ms()
    holders = {one.team_id or one.held_by for one in found} - {None}
    names = team_names(tx, row, {holder for holder in holders if holder is not None}, named=named)
    return [as_place(one, names, now) for one in found]


def as_place(one: PlaceRow, names: dict[int, TeamName], now: int) -> Place:
    if one.team_id is not None:
        state, team, until = "taken", names.get(one.team_id), None
    elif one.held_by is not None and one.is_held(now):
        state, team, until = "held", names.get(one.held_by), one.held_until
    else:
        state, team, until = "kept" if one.kept else "free", None, None
    return Place(one.id, one.lab_id, one.starts_at, state, team, until, one.fence)


def load_places(tx: ReadTx, *where: Any) -> list[PlaceRow]:
    """In order of time."""
    query = select(places).where(*where).order_by(places.c.starts_at, places.c.id)
    return [PlaceRow._make(row) for row in tx.execute(query).all()]


def find_places(tx: ReadTx, place_ids: Collection[int]) -> list[PlaceRow]:
    """In order of time."""
    return _PLACES.all(tx, listed(place_ids))


_PLACES = Rows(
    places,
    "SELECT * FROM pairup_places WHERE id IN (SELECT value FROM json_each(?)) ORDER BY starts_at, id",
    PlaceRow,
)


def public_labs(tx: ReadTx, *where: Any) -> list[Lab]:
    counts = select(func.count()).where(waiting.c.lab_id == labs.c.id).scalar_subquery()
    query = select(labs.c.id, labs.c.name, labs.c.minutes, counts.label("waiting")).where(*where).order_by(labs.c.id)
    return [Lab(*tuple(row)) for row in tx.execute(query)]


def public_calls(tx: ReadTx, row: Any, *where: Any, named: bool | None = None) -> list[Call]:
    """Those that wait or are called, the next one first. ``row``: of the round."""
    query = select(calls).where(calls.c.done_at.is_(None), *where).order_by(calls.c.turn, calls.c.id)
    found = tx.execute(query).all()
    names = team_names(tx, row, {one.team_id for one in found}, named=named)
    return [as_call(one, names[one.team_id]) for one in found]


def as_call(one: Any, team: TeamName) -> Call:
    return Call(one.id, one.lab_id, team, one.kind, one.at, one.turn, one.called_at, one.misses)


# Events


def tell_places(tx: Tx, round_id: int, place_ids: Collection[int]) -> None:
    """As they are now, in one event, so that nobody sees half of a swap."""
    if place_ids:
        found = public_places(tx, find_round(tx, round_id), find_places(tx, place_ids))
        tx.emit(topic(round_id), "places.changed", {"places": found})


def tell_team(tx: Tx, round_id: int, team_id: int) -> None:
    """As it is now, or that it is gone."""
    found = public_teams(tx, round_id, [team_id])
    if found:
        tx.emit(topic(round_id), "team.changed", {"team": found[0]})
    else:
        tx.emit(topic(round_id), "team.gone", {"id": team_id})


def tell_renamed(tx: Tx, round_id: int, entry_ids: Collection[int]) -> None:
    """What these students are called stands in their team, at its place, among those who look for a partner, and on the
    pages of their team and of whom they have invited or who has invited them."""
    row = find_round(tx, round_id)
    found = tx.execute(select(entries).where(entries.c.id.in_(entry_ids)).order_by(entries.c.id)).all()
    members = members_of(tx, {one.team_id for one in found if one.team_id is not None})
    for team_id in sorted(members):
        tell_team(tx, round_id, team_id)
        tell_label(tx, row, team_id)
    for one in found:
        if one.looking:
            tell_looking(tx, one, len(members.get(one.team_id, [one])))
    theirs = or_(invitations.c.from_id.in_(entry_ids), invitations.c.to_id.in_(entry_ids))
    asked = tx.execute(select(invitations.c.from_id, invitations.c.to_id).where(theirs)).all()
    mates = {one.id for team in members.values() for one in team}
    tell_mine(tx, mates.union(entry_ids, *map(tuple, asked)))


def tell_completeness(tx: Tx, before: Any) -> None:
    """The round asks for other sizes: teams that have become complete by that, or are not any more. ``before``: its
    row as it was."""
    row = find_round(tx, before.id)
    query = select(entries).where(entries.c.round_id == row.id, entries.c.team_id.is_not(None))
    members: dict[int, list[Any]] = {}
    for one in tx.execute(query.order_by(entries.c.id)).all():
        members.setdefault(one.team_id, []).append(one)
    for team_id, team in sorted(members.items()):
        if is_complete(team, before) != is_complete(team, row):
            tell_team(tx, row.id, team_id)
            tell_mine(tx, [one.id for one in team])


def tell_looking(tx: Tx, entry: Any, size: int) -> None:
    """``size``: of their team, as of ``as_looking``."""
    tx.emit(topic(entry.round_id), "looking.changed", {"looking": as_looking(entry, size)})


def tell_looking_ended(tx: Tx, round_id: int, entry_ids: Collection[int]) -> None:
    """What they have said of themselves leaves the log, too: events keep their shape, without name and line."""
    if not entry_ids:
        return
    name = topic(round_id)
    for seq, data in log.named(tx.driver, name, "looking.changed"):
        entry_id = msgspec.json.decode(data)["looking"]["entry"]
        if entry_id in entry_ids:
            log.redact(tx.driver, name, seq, {"looking": Looking(entry_id, "", "", "", 1)})
    for entry_id in entry_ids:
        tx.emit(name, "looking.ended", {"entry": entry_id})


def tell_label(tx: Tx, row: Any, team_id: int) -> None:
    """Their names have changed: the place and the call that carry them, and whom they have offered a swap, or who has
    offered them one. ``row``: of the round."""
    if row.names == "everyone":
        theirs = select(swaps.c.from_team, swaps.c.to_team)
        offers = tx.execute(theirs.where((swaps.c.from_team == team_id) | (swaps.c.to_team == team_id))).all()
        others = members_of(tx, {one for pair in offers for one in pair})
        tell_mine(tx, [one.id for team in others.values() for one in team])
        held = tx.execute(select(places.c.id).where((places.c.team_id == team_id) | (places.c.held_by == team_id)))
        tell_places(tx, row.id, held.scalars().all())
        for call in public_calls(tx, row, calls.c.team_id == team_id):
            tx.emit(topic(row.id), "call.changed", {"call": call})


def tell_lab(tx: Tx, round_id: int, lab_id: int) -> None:
    found = tx.driver.execute(_LAB, (lab_id,)).fetchone()
    if found:
        tx.emit(topic(round_id), "lab.changed", {"lab": Lab(*found)})
    else:
        tx.emit(topic(round_id), "lab.gone", {"id": lab_id})


_LAB = (
    "SELECT id, name, minutes, (SELECT count(*) FROM pairup_waiting WHERE lab_id = pairup_labs.id) "
    "FROM pairup_labs WHERE id = ?"
)


def notify(tx: Tx, entry_ids: Iterable[int], kind: str, data: dict[str, Any]) -> None:
    """Each of these students, on a topic of their own."""
    at, text = now_ms(), log.encode(data).decode()
    for entry_id in sorted(set(entry_ids)):
        (notice_id,) = tx.driver.execute(_NOTIFY, (entry_id, kind, text, at)).fetchone()
        tx.emit(entry_topic(entry_id), "notice.created", Notice(notice_id, kind, data, at))


_NOTIFY = "INSERT INTO pairup_notices (entry_id, kind, data, at) VALUES (?, ?, ?, ?) RETURNING id"


def tell_mine(tx: Tx, entry_ids: Iterable[int]) -> None:
    """Their own side of the round has changed: they ask for it anew."""
    for entry_id in sorted(set(entry_ids)):
        tx.emit(entry_topic(entry_id), "mine.changed", {})


def record(tx: Tx, round_id: int, by_id: int | None, act: str, **data: Any) -> None:
    """For the audit. ``by_id``: the user; None = the clock."""
    tx.driver.execute(_RECORD, (round_id, now_ms(), by_id, act, log.encode(data).decode()))


_RECORD = "INSERT INTO pairup_audit (round_id, at, by_id, act, data) VALUES (?, ?, ?, ?, ?)"
