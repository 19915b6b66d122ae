"""A round as one opens it: whole, of one moment, and in as many statements however large it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, update

from tests.harness.live import Live
from tests.pairup import seated
from tests.pairup.school import School
from tests.pairup.seated import Round
from twidder.config import Limits
from twidder.errors import NotFound
from twidder.pairup import snapshot
from twidder.pairup.models import places, rounds
from twidder.store import Store


def test_all_of_a_round_and_where_to_go_on_from(school: School, live: Callable[..., Live]) -> None:
    """Labs, places, teams, who looks, calls, my side; joined at its position, nothing is missed and nothing said
    twice."""
    round = school.make_round(size_max=3)
    ada, bo, cy = school.enrol(round, 3)
    lab = school.make_lab(round, places=2)
    team = school.pair(round, ada, bo)
    ada.take(lab["places"][0])
    cy.api.put(f"/pairup/entries/{cy.entry}/looking", {"about": "Evenings"}, expect=200)
    ada.api.put(f"/pairup/rounds/{round['id']}/call", {"kind": "help"}, expect=200)
    seen = ada.api.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert seen["round"]["students"] == 3
    assert [(one["id"], one["waiting"]) for one in seen["labs"]] == [(lab["id"], 0)]
    label = {"id": team, "label": "Student1 & Student2"}
    assert [(one["state"], one["team"]) for one in seen["places"]] == [("taken", label), ("free", None)]
    assert [(one["id"], one["size"], one["complete"]) for one in seen["teams"]] == [(team, 2, True)]
    assert [(one["entry"], one["about"]) for one in seen["looking"]] == [(cy.entry, "Evenings")]
    assert [(one["team"], one["kind"]) for one in seen["calls"]] == [(label, "help")]
    assert seen["seconds"] == {str(lab["id"]): 300}
    assert seen["mine"] == ada.mine()
    assert seen["mine"]["entry"]["number"] == ada.number
    tab = live(ada.api)
    topic = f"pairup:{round['id']}"
    assert tab.join({topic: seen["seq"]}, epoch=seen["epoch"])[topic]["events"] == []
    bo.api.patch(f"/pairup/teams/{team}", {"title": "A rover"}, expect=200)
    told = tab.recv("event", topic=topic)
    assert (told["seq"], told["event"], told["data"]["team"]["title"]) == (seen["seq"] + 1, "team.changed", "A rover")


def test_staff_see_a_round_of_which_they_are_no_part(school: School) -> None:
    round = school.make_round()
    seen = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert seen["mine"] is None
    school.staff.get(f"/pairup/rounds/{round['id']}/mine", expect=404)


def furnish(store: Store, teams: int, labs: int) -> Round:
    """Everybody's team has a place."""
    course = seated.furnish(store, teams=teams, seats=[12] * labs)

    def seat(tx: Any) -> None:
        for place, team in zip(course.places, course.teams, strict=False):
            tx.execute(update(places).where(places.c.id == place).values(team_id=team[0].team))

    store.write(seat)
    return course


def test_a_large_round_takes_no_more_statements_than_a_small_one(store: Store) -> None:
    """Three hundred students open it at once."""
    asked: list[int] = []
    for teams, labs in ((2, 1), (40, 5)):
        course = furnish(store, teams, labs)
        counted: list[str] = []

        def load(tx: Any, course: Round = course, counted: list[str] = counted) -> snapshot.Snapshot:
            event.listen(tx._connection, "before_cursor_execute", lambda *what: counted.append(what[2]))
            return snapshot.load(tx, course.teams[0][0].me, course.id, Limits())

        shown = store.read(load)
        assert len(shown.places) == labs * 12
        assert sum(one.state == "taken" for one in shown.places) == min(teams, labs * 12) == len(shown.teams)
        asked.append(len(counted))
    assert asked[0] == asked[1] <= 20


def test_a_round_that_is_gone_is_missing(store: Store) -> None:
    course = furnish(store, 1, 1)
    gone = update(rounds).where(rounds.c.id == course.id).values(deleted_at=1)
    store.write(lambda tx: tx.execute(gone))
    with pytest.raises(NotFound):
        store.read(lambda tx: snapshot.load(tx, course.staff.me, course.id, Limits()))
