"""Places: taking, confirming, changing and giving back, by the service itself."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import insert, update

from tests.pairup.seated import Round, Someone, booked, enrol, furnish, notices_of, seats_of, told
from twidder.config import Limits
from twidder.errors import Forbidden, TwidderError
from twidder.pairup import places, shapes
from twidder.pairup.access import find_round
from twidder.pairup.models import entries, rounds, swaps, teams
from twidder.pairup.models import places as rows
from twidder.store import Store

LIMITS = Limits()
OVER_AT_ONCE = dataclasses.replace(LIMITS, hold_seconds=0)


def take(store: Store, who: Someone, place: int, limits: Limits = LIMITS) -> shapes.Place:
    return store.write(lambda tx: places.take(tx, who.me, place, limits))


def confirm(store: Store, who: Someone, place: shapes.Place) -> shapes.Place:
    return store.write(lambda tx: places.confirm(tx, who.me, place.id, place.fence))


def give_back(store: Store, who: Someone, place: int) -> None:
    store.write(lambda tx: places.give_back(tx, who.me, place))


def change(store: Store, table: Any, row: int, **values: Any) -> None:
    store.write(lambda tx: tx.execute(update(table).where(table.c.id == row).values(**values)))


def refused(code: str, store: Store, round_: Round, who: Someone, place: int) -> str:
    """The sentence; and nothing has changed."""
    before = seats_of(store, round_)
    with pytest.raises(TwidderError) as caught:
        take(store, who, place)
    assert caught.value.code == code
    assert seats_of(store, round_) == before
    return caught.value.detail


def test_a_place_is_theirs_and_everybody_hears_of_it_once(store: Store) -> None:
    """Without a partner's word it is booked at once; the partner gets a notice, and who took it does not."""
    round_ = furnish(store)
    (ada, bo), _ = round_.teams
    first = round_.places[0]
    got = take(store, ada, first)
    assert (got.state, got.fence, got.team and got.team.id) == ("taken", 1, ada.team)
    (event,) = told(store, round_.topic, "places.changed")
    assert [(place["id"], place["state"]) for place in event["places"]] == [(first, "taken")]
    assert notices_of(store, bo, "booked") == [{"place": first}]
    assert notices_of(store, ada, "booked") == []


def test_X2_twenty_identical_submits_take_one_place(store: Store) -> None:
    """The same answer, the same fence; a hold is not prolonged, and nobody is told again."""
    for confirmed in (False, True):
        round_ = furnish(store, confirm=confirmed)
        (ada, _), _ = round_.teams
        answers = {take(store, ada, round_.places[0]) for _ in range(20)}
        assert len(answers) == 1
        assert len(told(store, round_.topic, "places.changed")) == 1
        taken = [row for row in seats_of(store, round_).values() if row[:2] != (None, None)]
        assert len(taken) == 1


def test_a_partner_confirms_and_the_taker_does_not(store: Store) -> None:
    """The hold is told to the partner alone, with its fence; with another fence it is not confirmed."""
    round_ = furnish(store, confirm=True)
    (ada, bo), (cy, _) = round_.teams
    held = take(store, ada, round_.places[0])
    assert held.state == "held"
    (asked,) = notices_of(store, bo, "hold")
    assert (asked["place"], asked["fence"], asked["until"]) == (held.id, held.fence, held.until)
    assert notices_of(store, ada, "hold") == []
    refused("taken", store, round_, cy, held.id)
    with pytest.raises(Forbidden):
        confirm(store, ada, held)
    with pytest.raises(TwidderError, match="lease_lost"):
        store.write(lambda tx: places.confirm(tx, bo.me, held.id, held.fence + 1))
    with pytest.raises(TwidderError, match="lease_lost"):
        confirm(store, cy, held)
    assert confirm(store, bo, held).state == "taken"
    assert confirm(store, bo, held) == confirm(store, ada, held), "said again, it changes nothing"
    assert notices_of(store, ada, "booked") == [{"place": held.id}]


def test_X3_a_late_partner_is_fenced_out(store: Store) -> None:
    """A hold past its time is nobody's: another team takes the place, and the late word is refused, also when the first
    team holds it once more."""
    round_ = furnish(store, confirm=True)
    (ada, bo), (cy, di) = round_.teams
    late = take(store, ada, round_.places[0], OVER_AT_ONCE)
    with pytest.raises(TwidderError, match="lease_lost"):
        confirm(store, bo, late)
    theirs = take(store, cy, late.id, OVER_AT_ONCE)
    assert theirs.fence > late.fence
    again = take(store, ada, late.id)
    assert again.fence > theirs.fence
    for who, hold in ((bo, late), (di, theirs)):
        with pytest.raises(TwidderError, match="lease_lost"):
            confirm(store, who, hold)
    assert confirm(store, bo, again).state == "taken"


def test_the_old_place_stays_until_the_new_one_is_theirs(store: Store) -> None:
    """A change frees it in the same moment, and one event tells of both."""
    round_ = furnish(store, confirm=True, seats=[3])
    (ada, bo), _ = round_.teams
    first, second, third = round_.places
    confirm(store, bo, take(store, ada, first))
    take(store, ada, second)
    assert booked(store, round_) == {first: ada.team}
    held = take(store, ada, third)  # thought better of it
    assert [place for place, row in seats_of(store, round_).items() if row[1]] == [third]
    confirm(store, bo, held)
    assert booked(store, round_) == {third: ada.team}
    changed = told(store, round_.topic, "places.changed")[-1]["places"]
    assert {place["id"]: place["state"] for place in changed} == {first: "free", third: "taken"}


def test_who_has_nobody_to_ask_has_it_at_once(store: Store) -> None:
    """A partner who has not claimed their entry could never confirm."""
    round_ = furnish(store, teams=1, confirm=True)
    ((ada, bo),) = round_.teams
    change(store, entries, bo.entry, user_id=None)
    assert take(store, ada, round_.places[0]).state == "taken"


def test_declining_a_hold_and_giving_back(store: Store) -> None:
    """Either member may; twice is as once; it is free for others and the partner is told."""
    round_ = furnish(store, confirm=True)
    (ada, bo), (cy, di) = round_.teams
    held = take(store, ada, round_.places[0])
    give_back(store, cy, held.id)  # not hers: nothing happens
    give_back(store, bo, held.id)
    give_back(store, bo, held.id)
    assert notices_of(store, ada, "freed") == [{"place": held.id, "why": "declined"}]
    confirm(store, di, take(store, cy, held.id))
    give_back(store, di, held.id)
    assert notices_of(store, cy, "freed") == [{"place": held.id, "why": "given_back"}]
    assert booked(store, round_) == {}


def test_what_is_not_to_be_had_is_refused_with_its_reason(store: Store) -> None:
    """And nothing is half done."""
    round_ = furnish(store, teams=3)
    (ada, _), (cy, di), (eve, _) = round_.teams
    first, second, _ = round_.places
    take(store, ada, first)
    refused("taken", store, round_, cy, first)
    change(store, rows, second, kept=True)
    assert "Staff keep" in refused("taken", store, round_, cy, second)
    change(store, entries, di.entry, team_id=None)
    assert "not complete" in refused("forbidden", store, round_, cy, round_.places[2])
    assert "partner" in refused("forbidden", store, round_, di, round_.places[2])
    change(store, teams, eve.team, locked=True)
    assert "locked" in refused("forbidden", store, round_, eve, round_.places[2])
    assert "roster" in refused("forbidden", store, round_, round_.staff, round_.places[2])
    stranger = furnish(store, teams=1).teams[0][0]
    refused("not_found", store, round_, stranger, round_.places[2])
    change(store, teams, eve.team, locked=False)
    for closed in ({"closes_at": 1}, {"closes_at": None, "opens_at": 2**52}, {"opens_at": None, "mode": "draw"}):
        change(store, rounds, round_.id, **closed)
        refused("closed", store, round_, eve, round_.places[2])


def test_a_place_that_is_refused_costs_the_old_one_nothing(store: Store) -> None:
    """Who wants to change and comes too late keeps what they have."""
    round_ = furnish(store)
    (ada, _), (cy, _) = round_.teams
    first, second, _ = round_.places
    take(store, ada, first)
    take(store, cy, second)
    refused("taken", store, round_, ada, second)
    assert booked(store, round_) == {first: ada.team, second: cy.team}


def test_staff_move_a_team_even_to_a_place_that_was_kept(store: Store) -> None:
    """Its members are told by whom; students may not."""
    round_ = furnish(store)
    (ada, bo), (cy, _) = round_.teams
    first, kept, other = round_.places
    take(store, ada, first)
    take(store, cy, other)
    change(store, rows, kept, kept=True)
    store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, kept))
    store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, kept))
    assert booked(store, round_) == {kept: ada.team, other: cy.team}
    (moved,) = notices_of(store, bo, "moved")
    assert moved["place"] == kept
    assert moved["by"]
    with pytest.raises(TwidderError, match="taken"):
        store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, other))
    with pytest.raises(Forbidden):
        store.write(lambda tx: places.move(tx, ada.me, ada.team, first))
    store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, None))
    assert booked(store, round_) == {other: cy.team}
    assert notices_of(store, bo, "freed") == [{"place": kept, "why": "staff"}]


def test_a_team_that_ends_leaves_everything(store: Store) -> None:
    """Its place, its hold, its lists and its offers."""
    round_ = furnish(store, confirm=True, seats=[2, 1])
    (ada, bo), (cy, di) = round_.teams
    first, second, last = round_.places
    confirm(store, bo, take(store, ada, first))
    confirm(store, di, take(store, cy, last))
    take(store, ada, second)
    offer = {"from_team": ada.team, "from_place": first, "to_team": cy.team, "to_place": last}
    store.write(lambda tx: tx.execute(insert(swaps).values(round_id=round_.id, at=1, **offer)))
    row = store.read(lambda tx: find_round(tx, round_.id))
    store.write(lambda tx: places.free_all_of(tx, row, ada.team, by_id=ada.user_id, why="left"))
    assert booked(store, round_) == {last: cy.team}
    assert all(row[1] is None for row in seats_of(store, round_).values())
    store.write(lambda tx: tx.execute(rows.delete().where(rows.c.id == first)))  # no offer refers to it
    assert {"place": first, "why": "left"} in notices_of(store, bo, "freed")
    assert notices_of(store, ada, "freed") == []


def test_a_team_of_three_is_confirmed_by_either_of_the_others(store: Store) -> None:
    """And by nobody who came in later."""
    round_ = furnish(store, teams=1, size=3, confirm=True)
    ((ada, bo, cy),) = round_.teams
    held = take(store, ada, round_.places[0])
    change(store, entries, bo.entry, team_id=None)
    di = store.write(lambda tx: enrol(tx, round_.id, ada.team))
    with pytest.raises(Forbidden):
        confirm(store, di, held)
    assert confirm(store, cy, held).state == "taken"
