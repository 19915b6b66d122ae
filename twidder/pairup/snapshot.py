"""A round as one sees it who opens it now: whole, of one moment, in a handful of statements however large it is."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import func, or_, select

from twidder.accounts import Caller
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.pairup import inviting, queue, roster, rounds, telling
from twidder.pairup.access import Place as PlaceRow
from twidder.pairup.access import access_round, entry_topic
from twidder.pairup.models import calls, entries, labs, notices, rankings, swaps, teams, waiting
from twidder.pairup.shapes import Call, Looking, Mine, Notice, Place, Snapshot, Swap, Team, TeamName, Wait
from twidder.pairup.swaps import public_swaps
from twidder.store import ReadTx, log


def load(tx: ReadTx, me: Caller, round_id: int, limits: Limits) -> Snapshot:
    """Staff see names, whatever the round says of them."""
    seat = access_round(tx, me, round_id)
    row, named = seat.round, seat.is_staff or seat.round.names == "everyone"
    seq, epoch = log.head(tx.driver, seat.topic), log.epoch(tx.driver)
    members = _members(tx, round_id)
    names = {team_id: TeamName(team_id, telling.label(team_id, who, named=named)) for team_id, who in members.items()}
    return Snapshot(
        round=rounds.as_round(tx, row),
        labs=telling.public_labs(tx, labs.c.round_id == round_id),
        places=_places(tx, round_id, names),
        teams=_teams(tx, row, members, named=named),
        looking=_looking(tx, round_id, members),
        calls=_calls(tx, round_id, names),
        seconds=queue.seconds(tx, round_id),
        mine=None if seat.entry is None else _mine(tx, row, seat.entry, limits),
        seq=seq,
        epoch=epoch,
    )


def mine(tx: ReadTx, me: Caller, round_id: int, limits: Limits) -> Mine:
    """Raises NotFound to who is not on the roster."""
    seat = access_round(tx, me, round_id)
    if seat.entry is None:
        raise NotFound
    return _mine(tx, seat.round, seat.entry, limits)


class _Member(NamedTuple):
    """As much of an entry as a team shows."""

    id: int
    firstname: str
    familyname: str
    preferred: str
    cohort: str
    team_id: int


# The two long lists, in plain statements: three hundred students open the page at once, and rows through SQLAlchemy
# are half of what it costs.
_MEMBERS = """
SELECT id, firstname, familyname, preferred, cohort, team_id FROM pairup_entries
WHERE round_id = ? AND team_id IS NOT NULL ORDER BY id
"""
_PLACES = """
SELECT id, round_id, lab_id, starts_at, kept, team_id, held_by, held_until, fence FROM pairup_places
WHERE round_id = ? ORDER BY starts_at, id
"""


def _members(tx: ReadTx, round_id: int) -> dict[int, list[Any]]:
    """Of every team of the round, in the order of the roster."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in map(_Member._make, tx.driver.execute(_MEMBERS, (round_id,)).fetchall()):
        found[row.team_id].append(row)
    return found


def _places(tx: ReadTx, round_id: int, names: dict[int, TeamName]) -> list[Place]:
    now, rows = now_ms(), tx.driver.execute(_PLACES, (round_id,)).fetchall()
    return [telling.as_place(one, names, now) for one in map(PlaceRow._make, rows)]


def _teams(tx: ReadTx, row: Any, members: dict[int, list[Any]], *, named: bool) -> list[Team]:
    query = select(teams).where(teams.c.round_id == row.id).order_by(teams.c.id)
    return [telling.as_team(team, members.get(team.id, []), row, named=named) for team in tx.execute(query).all()]


def _looking(tx: ReadTx, round_id: int, members: dict[int, list[Any]]) -> list[Looking]:
    query = select(entries).where(entries.c.round_id == round_id, entries.c.looking).order_by(entries.c.id)
    return [telling.as_looking(one, len(members.get(one.team_id, [one]))) for one in tx.execute(query)]


def _calls(tx: ReadTx, round_id: int, names: dict[int, TeamName]) -> list[Call]:
    open_ones = calls.c.round_id == round_id, calls.c.done_at.is_(None)
    query = select(calls).where(*open_ones).order_by(calls.c.turn, calls.c.id)
    return [telling.as_call(one, names[one.team_id]) for one in tx.execute(query)]


def _mine(tx: ReadTx, row: Any, entry: Any, limits: Limits) -> Mine:
    seq = log.head(tx.driver, entry_topic(entry.id))
    (shown,) = roster.as_entries(tx, [entry])
    asked = inviting.of_entry(tx, row, entry.id)
    newest = _notices(tx, entry.id, limits.notices_shown)
    team_id = entry.team_id
    if team_id is None:
        return Mine(shown, None, [], asked, [], [], [], newest, seq)
    team = telling.public_teams(tx, row.id, [team_id], named=True)[0]
    offers, waits = _swaps(tx, row, team_id), _waiting(tx, team_id)
    return Mine(shown, team, team.members, asked, offers, waits, _ranking(tx, team_id), newest, seq)


def _swaps(tx: ReadTx, row: Any, team_id: int) -> list[Swap]:
    return public_swaps(tx, row, or_(swaps.c.from_team == team_id, swaps.c.to_team == team_id))


def _waiting(tx: ReadTx, team_id: int) -> list[Wait]:
    before = waiting.alias()
    ahead = select(func.count()).where(before.c.lab_id == waiting.c.lab_id, before.c.id < waiting.c.id)
    query = select(waiting.c.lab_id, ahead.scalar_subquery()).where(waiting.c.team_id == team_id)
    return [Wait(*tuple(one)) for one in tx.execute(query.order_by(waiting.c.lab_id))]


def _ranking(tx: ReadTx, team_id: int) -> list[int]:
    query = select(rankings.c.place_id).where(rankings.c.team_id == team_id).order_by(rankings.c.rank)
    return list(tx.execute(query).scalars())


def _notices(tx: ReadTx, entry_id: int, most: int) -> list[Notice]:
    """The newest first."""
    query = select(notices).where(notices.c.entry_id == entry_id).order_by(notices.c.id.desc()).limit(most)
    return [Notice(one.id, one.kind, msgspec.json.decode(one.data), one.at) for one in tx.execute(query)]
