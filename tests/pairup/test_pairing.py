"""Pairing the rest: the plan by its rules, against a brute force; and what it does to a round."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.pairup.seated import Round, Someone, enrol, furnish, notices_of, told
from twidder.config import Limits
from twidder.errors import Forbidden
from twidder.pairup import pairing, snapshot
from twidder.pairup.models import entries, invitations, teams
from twidder.pairup.pairing import Pairings
from twidder.pairup.pairing_plan import Plan, Unit, plan
from twidder.store import Store


def size(units: list[Unit]) -> int:
    return sum(len(unit.entries) for unit in units)


@st.composite
def cases(draw: st.DrawFn, *, most_units: int) -> tuple[list[Unit], int, int]:
    """(units, least, most), with distinct entries and teams."""
    least = draw(st.integers(1, 4))
    most = draw(st.integers(least, 4))
    units, entry = [], 0
    for _ in range(draw(st.integers(0, most_units))):
        cohort = draw(st.sampled_from(["BSc", "MSc", "PhD"]))
        many = draw(st.integers(1, least - 1)) if least > 1 and draw(st.booleans()) else 0
        wish = 0 if many else draw(st.integers(1, 3))
        who = tuple(range(entry, entry + (many or 1)))
        spare = wish == 3 and (least == 1 or cohort == "PhD")
        units.append(Unit(who, cohort, wish, entry + 1_000 if many else None, spare))
        entry += len(who)
    return units, least, most


def aim(least: int, most: int) -> int:
    return min(max(least, 2), most)


def fewest_left(units: list[Unit], least: int, most: int) -> int:
    """By trying everything."""

    @cache
    def rest(open_ones: tuple[int, ...]) -> int:
        if not open_ones:
            return 0
        first, others = units[open_ones[0]], open_ones[1:]
        best = (0 if first.spare else len(first.entries)) + rest(others)
        for many in range(most):
            for chosen in combinations(others, many):
                if aim(least, most) <= size([first, *(units[one] for one in chosen)]) <= most:
                    best = min(best, rest(tuple(one for one in others if one not in chosen)))
        return best

    return rest(tuple(range(len(units))))


@settings(max_examples=100)
@given(cases(most_units=40))
def test_nobody_is_put_in_two_teams_and_every_team_is_as_the_round_wants(case: tuple[list[Unit], int, int]) -> None:
    """Everybody once, in a team of a size that is allowed, alone who may, or left over; a team that grows stays."""
    units, least, most = case
    planned = plan(units, least, most)
    assert sorted([unit for group in planned.groups for unit in group] + planned.left) == sorted(units)
    for group in planned.groups:
        assert least <= size(group) <= most or (len(group) == 1 and group[0].spare)
        assert group[0].team is not None or all(unit.team is None for unit in group)


@settings(max_examples=100)
@given(cases(most_units=7))
def test_as_few_as_possible_are_left(case: tuple[list[Unit], int, int]) -> None:
    """No way of putting them together leaves fewer."""
    units, least, most = case
    assert size(plan(units, least, most).left) == fewest_left(units, least, most)


@settings(max_examples=50)
@given(cases(most_units=20), st.randoms(use_true_random=False))
def test_the_same_people_give_the_same_teams(case: tuple[list[Unit], int, int], chance: random.Random) -> None:
    """In whatever order they come."""
    units, least, most = case
    planned = plan(units, least, most)
    chance.shuffle(units)
    assert plan(units, least, most) == planned


def one(entry: int, cohort: str = "BSc", wish: int = 1, *, spare: bool = False) -> Unit:
    return Unit((entry,), cohort, wish, None, spare)


def as_entries(planned: Plan) -> list[list[int]]:
    return [[entry for unit in group for entry in unit.entries] for group in planned.groups]


def test_cohorts_stay_among_themselves() -> None:
    """As far as it goes; the last of each are put together."""
    units = [one(entry, "BSc" if entry % 2 else "MSc") for entry in range(8)]
    assert sorted(as_entries(plan(units, 2, 2))) == [[0, 2], [1, 3], [4, 6], [5, 7]]
    planned = plan([*units, one(8, "BSc"), one(9, "PhD")], 2, 2)
    assert [8, 9] in as_entries(planned)


def test_who_asked_for_somebody_comes_first() -> None:
    """Of three, who asked for nobody is left, and who only looks before who asked to be assigned."""
    assert plan([one(1, wish=3), one(2, wish=2), one(3, wish=1)], 2, 2).left == [one(1, wish=3)]
    assert plan([one(1, wish=2), one(2, wish=1), one(3, wish=1)], 2, 2).left == [one(1, wish=2)]


def test_teams_that_are_too_small_grow_before_new_ones_are_made() -> None:
    """By the same cohort if they can."""
    small = Unit((7,), "MSc", 0, 70)
    planned = plan([one(1, "BSc"), one(2, "MSc"), small], 2, 2)
    assert as_entries(planned) == [[7, 2]]
    assert planned.left == [one(1, "BSc")]


def test_who_may_be_alone_helps_only_where_somebody_would_be_left() -> None:
    """Three of whom two want somebody: they are a pair, and the third is a team of their own."""
    lone = one(3, "PhD", 3, spare=True)
    assert as_entries(plan([one(1), one(2, wish=2), lone], 2, 2)) == [[1, 2], [3]]
    assert as_entries(plan([one(1), lone], 2, 2)) == [[1, 3]]
    assert as_entries(plan([one(1), one(2), one(4), lone], 2, 3)) == [[1, 2, 4], [3]]


def pair(store: Store, round_: Round, *, unclaimed: bool = False) -> Pairings:
    return store.write(lambda tx: pairing.pair_the_rest(tx, round_.staff.me, round_.id, unclaimed=unclaimed))


def enrolled(store: Store, round_: Round, number: int, **values: Any) -> list[Someone]:
    """More of the roster, without a team."""
    found = store.write(lambda tx: [enrol(tx, round_.id) for _ in range(number)])
    if values:
        ids = [someone.entry for someone in found]
        store.write(lambda tx: tx.execute(update(entries).where(entries.c.id.in_(ids)).values(**values)))
    return found


def teams_of(store: Store, round_: Round) -> dict[int, int | None]:
    """entry → team"""
    query = select(entries.c.id, entries.c.team_id).where(entries.c.round_id == round_.id)
    return {row.id: row.team_id for row in store.read(lambda tx: tx.execute(query).all())}


def test_the_rest_is_paired_and_told(store: Store) -> None:
    """A team that is too small gets somebody, the others a new team; who is together already is not touched."""
    round_ = furnish(store, teams=2)
    (ada, bo), (cy, di) = round_.teams
    store.write(lambda tx: tx.execute(update(entries).where(entries.c.id == di.entry).values(team_id=None)))
    eve, fay = enrolled(store, round_, 2)
    done = pair(store, round_)
    assert (done.grown, len(done.made), done.left) == ([cy.team], 1, [])
    theirs = teams_of(store, round_)
    assert theirs[ada.entry] == theirs[bo.entry] == ada.team
    assert theirs[cy.entry] == theirs[di.entry] == cy.team
    assert theirs[eve.entry] == theirs[fay.entry] == done.made[0]
    for someone in (di, eve, fay):
        assert notices_of(store, someone, "paired") == [{"team": theirs[someone.entry]}]
    assert notices_of(store, ada, "paired") == []
    assert {event["team"]["id"] for event in told(store, round_.topic, "team.changed")} == {cy.team, *done.made}
    assert pair(store, round_) == Pairings([], [], [])


def test_two_teams_that_are_too_small_become_one(store: Store) -> None:
    """The older one stays, and the other one is gone."""
    round_ = furnish(store, teams=2, size=1, size_min=2, size_max=2)
    (ada,), (bo,) = round_.teams
    assert pair(store, round_) == Pairings([], [ada.team], [])
    assert teams_of(store, round_) == {ada.entry: ada.team, bo.entry: ada.team}
    assert told(store, round_.topic, "team.gone") == [{"id": bo.team}]


def test_who_has_not_come_and_who_is_locked_stays_out_of_it(store: Store) -> None:
    """Unless staff say so of the first; by nobody but staff."""
    round_ = furnish(store, teams=1, size=1, size_min=2, size_max=2)
    ((locked,),) = round_.teams
    store.write(lambda tx: tx.execute(update(teams).where(teams.c.id == locked.team).values(locked=True)))
    (here,) = enrolled(store, round_, 1)
    (ghost,) = enrolled(store, round_, 1, user_id=None)
    assert pair(store, round_) == Pairings([], [], [here.entry])
    with pytest.raises(Forbidden):
        store.write(lambda tx: pairing.pair_the_rest(tx, here.me, round_.id, unclaimed=True))
    done = pair(store, round_, unclaimed=True)
    assert teams_of(store, round_) == {locked.entry: locked.team, here.entry: done.made[0], ghost.entry: done.made[0]}


def test_who_is_paired_looks_no_longer(store: Store) -> None:
    """Their invitations are over; in a team that has room for more they go on looking, as a team."""
    for size_max, ended in ((2, 2), (3, 0)):
        round_ = furnish(store, teams=0, size=2, size_max=size_max)
        ada, bo = enrolled(store, round_, 2, looking=True)
        both = {"from_id": ada.entry, "to_id": bo.entry, "round_id": round_.id, "text": "", "at": 1}
        store.write(lambda tx, both=both: tx.execute(insert(invitations).values(**both)))
        assert len(pair(store, round_).made) == 1
        assert len(told(store, round_.topic, "looking.ended")) == ended
        assert {event["looking"]["size"] for event in told(store, round_.topic, "looking.changed")} <= {2}
        mine = store.read(lambda tx, who=ada, id=round_.id: snapshot.mine(tx, who.me, id, Limits()))
        assert (mine.invitations, mine.entry.looking) == ([], not ended)
