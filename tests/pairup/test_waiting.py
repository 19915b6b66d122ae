"""The waiting list: what becomes free has an owner in the same moment."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.pairup.seated import Round, Someone, booked, enrol, furnish, notices_of, told
from twidder.config import Limits
from twidder.errors import Forbidden, TwidderError
from twidder.pairup import messages, places, rounds, snapshot, waiting
from twidder.pairup.access import entry_topic, find_round
from twidder.pairup.fields import RoundChange
from twidder.pairup.labs import keep
from twidder.pairup.models import entries, labs, teams
from twidder.pairup.models import places as rows
from twidder.pairup.teams import add_member
from twidder.pairup.telling import public_labs
from twidder.store import Store, Tx

LIMITS = Limits()
OVER_AT_ONCE = dataclasses.replace(LIMITS, hold_seconds=0)


def take(store: Store, who: Someone, place: int, limits: Limits = LIMITS) -> None:
    store.write(lambda tx: places.take(tx, who.me, place, limits))


def give_back(store: Store, who: Someone, place: int) -> None:
    store.write(lambda tx: places.give_back(tx, who.me, place))


def wait(store: Store, who: Someone, lab: int) -> None:
    store.write(lambda tx: waiting.wait(tx, who.me, lab))


def waiters(store: Store, round_: Round) -> list[int]:
    """How many teams wait, by lab."""
    return [lab.waiting for lab in store.read(lambda tx: public_labs(tx, labs.c.round_id == round_.id))]


def test_who_has_waited_longest_gets_what_becomes_free(store: Store) -> None:
    """In one event: nobody ever sees it free. They leave the list, and its length is told."""
    round_ = furnish(store, teams=3, seats=[1])
    (ada, _), (cy, di), (eve, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    wait(store, cy, lab)
    wait(store, eve, lab)
    wait(store, di, lab)  # her team waits already
    assert waiters(store, round_) == [2]
    give_back(store, ada, place)
    assert booked(store, round_) == {place: cy.team}
    assert waiters(store, round_) == [1]
    assert [event["places"][0]["state"] for event in told(store, round_.topic, "places.changed")] == ["taken", "taken"]
    assert [event["lab"]["waiting"] for event in told(store, round_.topic, "lab.changed")] == [1, 2, 1]
    for member in (cy, di):
        assert notices_of(store, member, "promoted") == [{"place": place, "lab": lab}]


def test_what_they_had_goes_to_the_next_in_turn(store: Store) -> None:
    """One place becomes free, and three teams change, in one event."""
    round_ = furnish(store, teams=4, seats=[1, 1, 1])
    ada, bo, cy, di = (team[0] for team in round_.teams)
    (one, (first,)), (two, (second,)), (three, (third,)) = round_.labs.items()
    for who, place in ((ada, first), (bo, second), (cy, third)):
        take(store, who, place)
    wait(store, bo, one)
    wait(store, cy, two)
    wait(store, di, two)
    wait(store, di, three)
    give_back(store, ada, first)
    assert booked(store, round_) == {first: bo.team, second: cy.team, third: di.team}
    assert waiters(store, round_) == [0, 0, 0], "who has been given a place waits nowhere"
    assert len(told(store, round_.topic, "places.changed")[-1]["places"]) == 3


def test_waiting_is_for_labs_that_are_full(store: Store) -> None:
    """Where there is a place, they are told to take it; nor does one wait where one has a place."""
    round_ = furnish(store, seats=[2])
    (ada, _), (cy, _) = round_.teams
    ((lab, (first, second)),) = round_.labs.items()
    take(store, ada, first)
    with pytest.raises(TwidderError, match="gone: There is a free place"):
        wait(store, cy, lab)
    store.write(lambda tx: tx.execute(update(rows).where(rows.c.id == second).values(kept=True)))
    with pytest.raises(TwidderError, match="taken: Your team has a place"):
        wait(store, ada, lab)
    wait(store, cy, lab)  # a place that is kept is none
    store.write(lambda tx: tx.execute(update(teams).where(teams.c.id == cy.team).values(locked=True)))
    with pytest.raises(Forbidden, match="locked"):
        store.write(lambda tx: waiting.stop(tx, cy.me, lab))
    store.write(lambda tx: tx.execute(update(teams).where(teams.c.id == cy.team).values(locked=False)))
    store.write(lambda tx: waiting.stop(tx, cy.me, lab))
    store.write(lambda tx: waiting.stop(tx, cy.me, lab))
    assert waiters(store, round_) == [0]
    give_back(store, ada, first)
    assert booked(store, round_) == {}


def test_a_hold_past_its_time_is_for_who_waits_not_for_who_is_quick(store: Store) -> None:
    """The keeper has not come by yet: whoever asks for the place finds it given to the first in the list."""
    round_ = furnish(store, teams=3, seats=[1, 1], confirm=True)
    (ada, bo), (cy, _), (eve, _) = round_.teams
    (lab, (place,)), (_, (other,)) = round_.labs.items()
    take(store, ada, place)  # as long as it is held, others wait
    wait(store, cy, lab)
    store.write(lambda tx: tx.execute(update(rows).where(rows.c.id == place).values(held_until=1)))
    with pytest.raises(TwidderError, match="taken"):
        take(store, eve, place)
    wait(store, eve, lab)
    assert booked(store, round_) == {place: cy.team}
    assert notices_of(store, bo, "freed") == [{"place": place, "why": "expired"}]
    assert other not in booked(store, round_)


def test_who_may_not_take_a_place_is_passed_over(store: Store) -> None:
    """A locked team, and one that is not complete any more; they may not begin to wait either."""
    round_ = furnish(store, teams=4, seats=[1])
    (ada, _), (bo, _), (cy, di), (eve, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    for who in (bo, cy, eve):
        wait(store, who, lab)
    store.write(lambda tx: tx.execute(update(teams).where(teams.c.id == bo.team).values(locked=True)))
    store.write(lambda tx: tx.execute(update(entries).where(entries.c.id == di.entry).values(team_id=None)))
    give_back(store, ada, place)
    assert booked(store, round_) == {place: eve.team}
    with pytest.raises(Forbidden):
        wait(store, di, lab)


def test_taking_a_place_elsewhere_keeps_them_in_the_list(store: Store) -> None:
    """They wait for something better, and are gone from the list of the lab in which they have one."""
    round_ = furnish(store, seats=[1, 1])
    (ada, _), (cy, _) = round_.teams
    (one, (first,)), (_, (second,)) = round_.labs.items()
    take(store, ada, first)
    wait(store, cy, one)
    take(store, cy, second)
    assert waiters(store, round_) == [1, 0]
    take(store, ada, first)  # again: nothing changes
    give_back(store, ada, first)
    assert booked(store, round_) == {first: cy.team}
    assert waiters(store, round_) == [0, 0]


def test_a_team_that_is_unlocked_is_passed_over_no_more(store: Store) -> None:
    """What became free meanwhile, and nobody else waited for, is theirs."""
    round_ = furnish(store, seats=[1])
    (ada, _), (cy, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    wait(store, cy, lab)
    store.write(lambda tx: messages.lock(tx, round_.staff.me, cy.team, locked=True))
    give_back(store, ada, place)
    assert booked(store, round_) == {}
    store.write(lambda tx: messages.lock(tx, round_.staff.me, cy.team, locked=False))
    assert booked(store, round_) == {place: cy.team}
    assert waiters(store, round_) == [0]


def test_who_holds_a_place_does_not_wait_for_its_lab(store: Store) -> None:
    """What they decline would be theirs the moment after."""
    round_ = furnish(store, seats=[1], confirm=True)
    ((ada, bo), _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    with pytest.raises(TwidderError, match="taken: Your team has a place"):
        wait(store, bo, lab)
    give_back(store, bo, place)
    assert booked(store, round_) == {}


def change_round(store: Store, round_: Round, **wanted: Any) -> None:
    store.write(lambda tx: rounds.change(tx, round_.staff.me, round_.id, RoundChange(**wanted), LIMITS))


def test_a_team_that_is_complete_again_is_passed_over_no_more(store: Store) -> None:
    """Staff ask for other sizes, and back."""
    round_ = furnish(store, seats=[1])
    (ada, _), (cy, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    wait(store, cy, lab)
    change_round(store, round_, size_min=3, size_max=3)
    give_back(store, ada, place)
    assert booked(store, round_) == {}
    change_round(store, round_, size_min=2)
    assert booked(store, round_) == {place: cy.team}


def test_a_team_that_somebody_completes_is_passed_over_no_more(store: Store) -> None:
    round_ = furnish(store, seats=[1])
    (ada, _), (cy, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    wait(store, cy, lab)
    change_round(store, round_, size_min=3, size_max=3)
    give_back(store, ada, place)

    def join(tx: Tx) -> None:
        entry = tx.execute(select(entries).where(entries.c.id == enrol(tx, round_.id).entry)).one()
        add_member(tx, find_round(tx, round_.id), cy.team, entry, by_id=entry.user_id)

    store.write(join)
    assert booked(store, round_) == {place: cy.team}


def test_who_waits_knows_how_many_are_before_them(store: Store) -> None:
    """And is told as they leave: by themselves, or with a place."""
    round_ = furnish(store, teams=4, seats=[1])
    (ada, _), (cy, _), (eve, _), (gus, _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    take(store, ada, place)
    for who in (cy, eve, gus):
        wait(store, who, lab)

    def ahead() -> list[list[int]]:
        sides = [store.read(lambda tx, me=who.me: snapshot.mine(tx, me, round_.id, LIMITS)) for who in (cy, eve, gus)]
        return [[one.ahead for one in side.waiting] for side in sides]

    def heard(who: Someone) -> int:
        return len(told(store, entry_topic(who.entry), "mine.changed"))

    assert ahead() == [[0], [1], [2]]
    before = [heard(who) for who in (cy, eve, gus)]
    store.write(lambda tx: waiting.stop(tx, eve.me, lab))
    assert [heard(who) for who in (cy, eve, gus)] == [before[0], before[1] + 1, before[2] + 1]
    assert ahead() == [[0], [], [1]]
    before_last = heard(gus)
    give_back(store, ada, place)
    assert (ahead(), heard(gus)) == ([[], [], [0]], before_last + 1)


def test_nobody_waits_for_what_is_drawn(store: Store) -> None:
    """The list of a round that is changed to a draw ends: what staff give free is for the draw."""
    round_ = furnish(store, seats=[1])
    ((ada, _), _) = round_.teams
    ((lab, (place,)),) = round_.labs.items()
    store.write(lambda tx: keep(tx, round_.staff.me, place, kept=True))
    wait(store, ada, lab)
    change_round(store, round_, mode="draw")
    assert waiters(store, round_) == [0]
    assert told(store, round_.topic, "lab.changed")[-1]["lab"]["waiting"] == 0
    store.write(lambda tx: keep(tx, round_.staff.me, place, kept=False))
    assert booked(store, round_) == {}
