"""Ranking places while a round with a draw is open."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from tests.pairup.seated import Round, Someone, enrol, furnish, told
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError
from twidder.pairup import labs, ranking, snapshot
from twidder.pairup.models import rounds, teams
from twidder.store import Store

LIMITS = Limits()


def rank(store: Store, round_: Round, who: Someone, wished: list[int]) -> None:
    store.write(lambda tx: ranking.rank(tx, who.me, round_.id, wished, LIMITS))


def ranked(store: Store, round_: Round, who: Someone) -> list[int]:
    """As their page shows it."""
    return store.read(lambda tx: snapshot.mine(tx, who.me, round_.id, LIMITS)).ranking


def alter(store: Store, table: Any, row: int, **values: Any) -> None:
    store.write(lambda tx: tx.execute(update(table).where(table.c.id == row).values(**values)))


def test_a_list_is_of_the_team_and_replaces_the_one_before(store: Store) -> None:
    """Either member ranks for both; both hear that their side has changed, and nobody else does."""
    round_ = furnish(store, mode="draw", seats=[3])
    (ada, bo), (cy, _) = round_.teams
    one, two, three = round_.places
    rank(store, round_, ada, [three, one])
    assert ranked(store, round_, bo) == [three, one]
    rank(store, round_, bo, [two, three, one])
    assert ranked(store, round_, ada) == [two, three, one]
    assert ranked(store, round_, cy) == []
    rank(store, round_, bo, [two, three, one])  # said twice, told once
    for member, count in ((ada, 2), (bo, 2), (cy, 0)):
        assert len(told(store, f"entry:{member.entry}", "mine.changed")) == count
    assert store.read(lambda tx: tx.driver.execute("SELECT count(*) FROM events WHERE topic = ?", (round_.topic,))
                      .fetchone()) == (0,)  # fmt: skip
    rank(store, round_, ada, [])
    assert ranked(store, round_, bo) == []


def test_a_wrong_list_changes_nothing(store: Store) -> None:
    round_, other = furnish(store, mode="draw", seats=[22]), furnish(store, mode="draw")
    ada = round_.teams[0][0]
    right = round_.places[:3]
    rank(store, round_, ada, right)
    for wrong, sentence in (
        ([right[0], right[0]], "once"),
        ([*right, other.places[0]], f"no place {other.places[0]}"),
        ([*right, -1], "no place -1"),
        (round_.places[:21], "at most 20"),
    ):
        with pytest.raises(BadField, match=sentence) as caught:
            rank(store, round_, ada, wrong)
        assert caught.value.extra == {"field": "places"}
        assert ranked(store, round_, ada) == right
    rank(store, round_, ada, round_.places[:20])


def test_only_who_may_ranks(store: Store) -> None:
    round_ = furnish(store, mode="draw")
    ada, place = round_.teams[0][0], round_.places[0]
    alone = store.write(lambda tx: enrol(tx, round_.id))
    outsider = furnish(store).teams[0][0]
    for who, error in ((alone, Forbidden), (round_.staff, Forbidden), (outsider, NotFound)):
        with pytest.raises(error):
            rank(store, round_, who, [place])
    alter(store, teams, ada.team, locked=True)
    with pytest.raises(Forbidden, match="locked"):
        rank(store, round_, ada, [place])


@pytest.mark.parametrize("when", ["soon", "closed", "drawn", "fcfs"])
def test_lists_are_changed_only_while_they_count(store: Store, when: str) -> None:
    """Nobody ranks after closing, when who has seen the others' lists could."""
    round_ = furnish(store, mode="draw")
    values = {
        "soon": {"opens_at": now_ms() + 60_000},
        "closed": {"closes_at": now_ms() - 1, "drawn_at": now_ms()},
        "drawn": {"drawn_at": now_ms()},
        "fcfs": {"mode": "fcfs"},
    }[when]
    alter(store, rounds, round_.id, **values)
    with pytest.raises(TwidderError) as caught:
        rank(store, round_, round_.teams[0][0], round_.places)
    assert caught.value.code == "closed"


def test_a_place_that_is_no_more_leaves_the_lists(store: Store) -> None:
    round_ = furnish(store, mode="draw", seats=[3])
    ada = round_.teams[0][0]
    one, two, three = round_.places
    rank(store, round_, ada, [three, two, one])
    store.write(lambda tx: labs.delete_place(tx, round_.staff.me, two))
    assert ranked(store, round_, ada) == [three, one]
