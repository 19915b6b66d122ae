"""Swaps: both places change hands, or neither."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.harness.counts import count
from tests.pairup.seated import Round, Someone, booked, furnish, notices_of, told
from twidder.config import Limits
from twidder.errors import Forbidden, NotFound, TwidderError
from twidder.pairup import places, shapes, swaps, waiting
from twidder.pairup.models import swaps as offers
from twidder.pairup.models import teams
from twidder.store import Store

LIMITS = Limits()


def seat(store: Store, round_: Round) -> None:
    """The first team has the first place, the second the second …"""
    for team, place in zip(round_.teams, round_.places, strict=False):
        store.write(lambda tx, who=team[0], place=place: places.take(tx, who.me, place, LIMITS))  # type: ignore[misc]


def offer(store: Store, who: Someone, place: int, limits: Limits = LIMITS) -> shapes.Swap:
    return store.write(lambda tx: swaps.offer(tx, who.me, place, limits))[0]


def accept(store: Store, who: Someone, swap: shapes.Swap) -> None:
    store.write(lambda tx: swaps.accept(tx, who.me, swap.id))


def open_offers(store: Store, round_: Round) -> int:
    query = select(func.count()).where(offers.c.round_id == round_.id)
    return store.read(lambda tx: int(tx.execute(query).scalar_one()))


def test_both_places_change_hands_in_one_event(store: Store) -> None:
    """Either side's members are told what they gave and got; other offers of both are over."""
    round_ = furnish(store, teams=3, seats=[1, 1, 1])
    seat(store, round_)
    (ada, bo), (cy, di), (eve, _) = round_.teams
    first, second, third = round_.places
    swap = offer(store, ada, second)
    assert (swap.gives, swap.wants, swap.giver.id, swap.taker.id) == (first, second, ada.team, cy.team)
    assert notices_of(store, di, "swap_offered") == [{"swap": swap.id}]
    offer(store, eve, first)
    offer(store, cy, third)
    accept(store, di, swap)
    assert booked(store, round_) == {first: cy.team, second: ada.team, third: eve.team}
    assert notices_of(store, bo, "swapped") == [{"gave": first, "got": second}]
    assert notices_of(store, cy, "swapped") == [{"gave": second, "got": first}]
    assert {place["id"] for place in told(store, round_.topic, "places.changed")[-1]["places"]} == {first, second}
    assert open_offers(store, round_) == 0
    with pytest.raises(NotFound):
        accept(store, di, swap)


def test_the_same_offer_again_is_the_same_offer(store: Store) -> None:
    """And nobody is asked twice."""
    round_ = furnish(store)
    seat(store, round_)
    (ada, bo), (cy, _) = round_.teams
    swap = offer(store, ada, round_.places[1])
    assert offer(store, bo, round_.places[1]) == swap
    assert len(notices_of(store, cy, "swap_offered")) == 1


def test_who_decides_and_who_learns_of_it(store: Store) -> None:
    """The giver does not accept; for others it is not there; either side ends it."""
    round_ = furnish(store, teams=3)
    seat(store, round_)
    (ada, bo), (cy, _), (eve, _) = round_.teams
    for ending in (bo, cy):
        swap = offer(store, ada, round_.places[1])
        with pytest.raises(Forbidden):
            accept(store, bo, swap)
        for stranger in (eve, round_.staff):
            with pytest.raises(NotFound):
                store.write(lambda tx, who=stranger, swap=swap: swaps.end(tx, who.me, swap.id))  # type: ignore[misc]
            with pytest.raises(TwidderError):
                accept(store, stranger, swap)
        store.write(lambda tx, who=ending, swap=swap: swaps.end(tx, who.me, swap.id))  # type: ignore[misc]
        assert open_offers(store, round_) == 0
    assert len(booked(store, round_)) == 3


def test_an_offer_ends_with_either_booking(store: Store) -> None:
    """Given back, changed, or the team is gone: what stands open is always about what both have."""
    round_ = furnish(store, teams=2, seats=[4])
    (ada, _), (cy, _) = round_.teams
    first, second, third, _ = round_.places
    leaving: list[Callable[[Any], Any]] = [
        lambda tx: places.give_back(tx, cy.me, second),
        lambda tx: places.take(tx, cy.me, third, LIMITS),
        lambda tx: places.take(tx, ada.me, third, LIMITS),
        lambda tx: places.move(tx, round_.staff.me, ada.team, None),
    ]
    for leave in leaving:
        store.write(lambda tx: places.move(tx, round_.staff.me, ada.team, None))
        store.write(lambda tx: places.move(tx, round_.staff.me, cy.team, None))
        seat(store, round_)
        swap = offer(store, ada, second)
        store.write(leave)
        assert open_offers(store, round_) == 0
        with pytest.raises(NotFound):
            accept(store, cy, swap)
    assert first not in booked(store, round_)


def test_what_cannot_be_swapped_is_refused(store: Store) -> None:
    """Without a place, for a free one or one's own, by a locked team, or once too often."""
    round_ = furnish(store, teams=3, seats=[4])
    (ada, _), (cy, _), (eve, _) = round_.teams
    first, second, third, free = round_.places
    with pytest.raises(TwidderError, match="gone: Your team has no place"):
        offer(store, ada, second)
    seat(store, round_)
    for place in (free, first):
        with pytest.raises(TwidderError, match="gone: Nobody else"):
            offer(store, ada, place)
    swap = offer(store, ada, second)
    with pytest.raises(TwidderError, match="full"):
        offer(store, ada, third, dataclasses.replace(LIMITS, swaps_of_team=1))
    store.write(lambda tx: tx.execute(update(teams).where(teams.c.id == ada.team).values(locked=True)))
    with pytest.raises(Forbidden):
        offer(store, ada, third)
    with pytest.raises(Forbidden):
        accept(store, cy, swap)
    assert booked(store, round_) == {first: ada.team, second: cy.team, third: eve.team}


def test_who_gets_a_place_by_a_swap_waits_for_its_lab_no_more(store: Store) -> None:
    """Otherwise they would be moved within it."""
    round_ = furnish(store, teams=2, seats=[1, 1])
    seat(store, round_)
    (ada, _), (cy, _) = round_.teams
    (one, (first,)), (two, (second,)) = round_.labs.items()
    store.write(lambda tx: waiting.wait(tx, ada.me, two))
    store.write(lambda tx: waiting.wait(tx, cy.me, one))
    accept(store, cy, offer(store, ada, second))
    store.write(lambda tx: places.give_back(tx, ada.me, second))
    assert booked(store, round_) == {first: cy.team}


def test_a_swap_beside_a_giving_back_happens_whole_or_not_at_all(store: Store) -> None:
    """Both at once, again and again: either the swap was first and what was given back was not theirs any more, or the
    other way round."""
    round_ = furnish(store)
    (ada, bo), (cy, _) = round_.teams
    first, second, _ = round_.places
    seen = set()
    for turn in range(count(500)):
        for member in (ada, cy):
            store.write(lambda tx, who=member: places.move(tx, round_.staff.me, who.team, None))  # type: ignore[misc]
        seat(store, round_)
        swap = offer(store, ada, second)
        barrier = threading.Barrier(2)

        def race(fn: Callable[[Any], Any], outcome: list[bool], barrier: threading.Barrier = barrier) -> None:
            barrier.wait(10)
            try:
                store.write(fn)
                outcome.append(True)
            except TwidderError:
                outcome.append(False)

        swapped: list[bool] = []
        rivals = [
            threading.Thread(target=race, args=(lambda tx, swap=swap: swaps.accept(tx, cy.me, swap.id), swapped)),
            threading.Thread(target=race, args=(lambda tx: places.give_back(tx, bo.me, first), [])),
        ]
        for rival in rivals if turn % 2 else rivals[::-1]:
            rival.start()
        for rival in rivals:
            rival.join(10)
        now = booked(store, round_)
        assert now == ({first: cy.team, second: ada.team} if swapped == [True] else {second: cy.team})
        seen.add(swapped[0])
    print(f"swapped: {sorted(seen)}")
