"""Teams: made, changed, left and dissolved; what they had is free, and everybody concerned hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pairup import seated
from tests.pairup.school import Pupil, School
from twidder.errors import TwidderError
from twidder.pairup.access import find_round
from twidder.pairup.teaming import leave
from twidder.pairup.teams import join_entries
from twidder.store import Store, Tx

Round = dict[str, Any]
LONG_AGO = 1_000_000_000_000  # in 2001


def notices(pupil: Pupil, kind: str) -> list[dict[str, Any]]:
    """The data of those of that kind, the newest first."""
    return [one["data"] for one in pupil.mine()["notices"] if one["kind"] == kind]


def place_of(school: School, round: Round, place: int) -> dict[str, Any]:
    places = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()["places"]
    return next(dict(one) for one in places if one["id"] == place)


def test_whose_cohort_may_be_alone_makes_a_team_of_one(school: School) -> None:
    round = school.make_round(alone=["MSc"])
    (msc,), (bsc,) = school.enrol(round, 1, cohort="MSc"), school.enrol(round, 1, cohort="BSc")
    path = f"/pairup/rounds/{round['id']}/teams"
    made = msc.api.post(path, {"title": "Solo"}, expect=201).json()
    assert (made["title"], made["complete"], made["size"]) == ("Solo", True, 1)
    refused = bsc.api.post(path, {}, expect=403).json()
    assert "partner" in refused["detail"]
    assert msc.api.post(path, {}, expect=409).json()["code"] == "taken"
    assert bsc.mine()["team"] is None


def test_staff_make_a_team_of_whom_they_name(school: School) -> None:
    """All or nothing; and everybody named is told."""
    round, other = school.make_round(), school.make_round()
    ada, bo, cy = school.enrol(round, 3)
    (stranger,) = school.enrol(other, 1)
    path = f"/pairup/rounds/{round['id']}/teams"
    for wrong in ([], [ada.entry, ada.entry], [ada.entry, stranger.entry], [ada.entry, bo.entry, cy.entry]):
        refused = school.staff.post(path, {"entries": wrong}, expect=422).json()
        assert refused["field"] == "entries"
    team = school.pair(round, ada, bo)
    assert notices(ada, "paired") == notices(bo, "paired") == [{"team": team}]
    assert school.staff.post(path, {"entries": [bo.entry, cy.entry]}, expect=409).json()["code"] == "taken"
    assert cy.mine()["team"] is None
    assert cy.api.post(path, {"entries": [cy.entry]}, expect=403).json()["code"] == "forbidden"


def test_any_member_changes_title_and_description(school: School) -> None:
    round = school.make_round()
    ada, bo, cy = school.enrol(round, 3)
    team = school.pair(round, ada, bo)
    path = f"/pairup/teams/{team}"
    ada.api.patch(path, {"title": " A rover "}, expect=200)
    bo.api.patch(path, {"description": "It drives.\nMostly."}, expect=200)
    shown = ada.mine()["team"]
    assert (shown["title"], shown["description"]) == ("A rover", "It drives.\nMostly.")
    for wrong in ({"title": "x" * 121}, {"title": "two\nlines"}, {"description": "x" * 5_001}):
        assert bo.api.patch(path, wrong, expect=422).json()["field"] == next(iter(wrong))
    assert ada.mine()["team"] == shown
    cy.api.patch(path, {"title": "Mine"}, expect=403)


def test_a_team_that_is_too_small_loses_its_place(school: School) -> None:
    """Who leaves is free at once, and so is the place; who stays is told, and keeps the title."""
    round = school.make_round()
    ada, bo, cy = school.enrol(round, 3)
    lab = school.make_lab(round)
    team = school.pair(round, ada, bo)
    ada.take(lab["places"][0])
    ada.api.delete(f"/pairup/teams/{team}/members/{bo.entry}", expect=403)
    bo.api.delete(f"/pairup/teams/{team}/members/{cy.entry}", expect=404)
    bo.api.delete(f"/pairup/teams/{team}/members/{bo.entry}", expect=204)
    assert place_of(school, round, lab["places"][0])["state"] == "free"
    assert notices(ada, "left") == [{"by": {"entry": bo.entry, "name": "Student2 Test"}}]
    assert notices(ada, "freed") == [{"place": lab["places"][0], "why": "left"}]
    assert (ada.mine()["team"]["size"], bo.mine()["team"]) == (1, None)
    ada.api.delete(f"/pairup/teams/{team}/members/{ada.entry}", expect=204)
    teams = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()["teams"]
    assert team not in [one["id"] for one in teams]


def test_a_team_that_is_still_large_enough_keeps_its_place(school: School) -> None:
    round = school.make_round(size_max=3)
    pupils = school.enrol(round, 3)
    lab = school.make_lab(round)
    team = school.pair(round, *pupils)
    pupils[0].take(lab["places"][0])
    pupils[2].api.delete(f"/pairup/teams/{team}/members/{pupils[2].entry}", expect=204)
    there = place_of(school, round, lab["places"][0])
    assert (there["state"], there["team"]["label"]) == ("taken", "Student1 & Student2")


def test_who_is_taken_out_by_staff_is_told_by_whom(school: School) -> None:
    round = school.make_round()
    ada, bo = school.enrol(round, 2)
    team = school.pair(round, ada, bo)
    school.staff.delete(f"/pairup/teams/{team}/members/{bo.entry}", expect=204)
    assert notices(bo, "removed") == [{"by": "Ada Lind"}]
    assert notices(ada, "left") == [{"by": {"entry": bo.entry, "name": "Student2 Test"}}]


def test_dissolving_frees_all_that_a_team_has(school: School) -> None:
    """Place, waiting list, offers, call, ranking; the first who waits has the place at once."""
    round = school.make_round()
    ada, bo, cy, di = school.enrol(round, 4)
    first, second = school.make_lab(round), school.make_lab(round)
    team, other = school.pair(round, ada, bo), school.pair(round, cy, di)
    ada.take(first["places"][0])
    cy.take(second["places"][0])
    ada.api.put(f"/pairup/labs/{second['id']}/waiting", expect=204)
    cy.api.put(f"/pairup/labs/{first['id']}/waiting", expect=204)
    ada.api.post(f"/pairup/places/{second['places'][0]}/swaps", expect=201)
    ada.api.put(f"/pairup/rounds/{round['id']}/call", {"kind": "ready"}, expect=200)
    ada.api.delete(f"/pairup/teams/{team}", expect=204)
    seen = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert [one["id"] for one in seen["teams"]] == [other]
    assert {one["id"]: one["team"] and one["team"]["id"] for one in seen["places"]} == {
        first["places"][0]: other,
        second["places"][0]: None,
    }
    assert seen["calls"] == []
    assert [lab["waiting"] for lab in seen["labs"]] == [0, 0]
    assert cy.mine()["swaps"] == []
    assert notices(bo, "dissolved") == [{"by": {"entry": ada.entry, "name": "Student1 Test"}}]
    assert notices(ada, "dissolved") == []
    ada.api.delete(f"/pairup/teams/{team}", expect=404)


@pytest.mark.parametrize("why", ["locked", "closed"])
def test_nobody_but_staff_changes_a_team_then(school: School, why: str) -> None:
    round = school.make_round()
    ada, bo, cy = school.enrol(round, 3)
    team = school.pair(round, ada, bo)
    asked = cy.api.post(f"/pairup/rounds/{round['id']}/invitations", {"number": ada.number}, expect=409).json()
    assert asked["code"] == "full"
    if why == "locked":
        school.staff.put(f"/pairup/teams/{team}/lock", {"locked": True}, expect=200)
        status, code = 403, "forbidden"
    else:
        school.staff.patch(f"/pairup/rounds/{round['id']}", {"closes_at": LONG_AGO}, expect=200)
        status, code = 409, "closed"
    refused = [
        ada.api.patch(f"/pairup/teams/{team}", {"title": "Too late"}),
        ada.api.delete(f"/pairup/teams/{team}"),
        ada.api.delete(f"/pairup/teams/{team}/members/{ada.entry}"),
    ]
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(status, code)}
    school.staff.patch(f"/pairup/teams/{team}", {"title": "By staff"}, expect=200)
    school.staff.delete(f"/pairup/teams/{team}", expect=204)


def test_who_is_named_by_a_partner_is_told_and_may_leave(store: Store) -> None:
    """The one-step form: nobody has agreed, so they hear at once who it was, and go if they do not want it."""
    course = seated.furnish(store, teams=0)
    ada, bo = (store.write(lambda tx: seated.enrol(tx, course.id)) for _ in range(2))

    def name(tx: Tx) -> int:
        return join_entries(tx, find_round(tx, course.id), [ada.entry, bo.entry], by_id=ada.user_id, title="A rover")

    team = store.write(name)
    by = {"entry": ada.entry, "name": f"S{ada.user_id} Test"}
    assert seated.notices_of(store, bo, "joined") == [{"team": team, "by": by}]
    assert seated.notices_of(store, ada, "joined") == []
    with pytest.raises(TwidderError, match="in a team already"):
        store.write(name)
    store.write(lambda tx: leave(tx, bo.me, team, bo.entry))
    assert [one["by"]["entry"] for one in seated.notices_of(store, ada, "left")] == [bo.entry]
