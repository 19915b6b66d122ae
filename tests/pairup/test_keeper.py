"""The clock of Pair-Up: holds end by themselves, and what is due when a round closes is done, once."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.harness.waiting import wait_for
from tests.pairup.seated import Round, booked, furnish, notices_of, seats_of, told
from twidder.config import Limits
from twidder.errors import Busy
from twidder.pairup import places, waiting
from twidder.pairup.keeper import Keeper, find_due
from twidder.pairup.models import places as rows
from twidder.pairup.models import rounds
from twidder.store import Store

LIMITS = Limits()
OVER_AT_ONCE = dataclasses.replace(LIMITS, hold_seconds=0)


def hold(store: Store, round_: Round, team: int, place: int, limits: Limits = OVER_AT_ONCE) -> None:
    who = round_.teams[team][0]
    store.write(lambda tx: places.take(tx, who.me, place, limits))


def test_X3_a_hold_ends_by_itself(store: Store) -> None:
    """All hear of it, both members are told why; a hold that still has time stays."""
    round_ = furnish(store, confirm=True, seats=[1, 1])
    first, second = round_.places
    hold(store, round_, 0, first)
    hold(store, round_, 1, second, LIMITS)
    Keeper(store, LIMITS).look()
    held = {place: by for place, (_, by, _) in seats_of(store, round_).items()}
    assert held == {first: None, second: round_.teams[1][0].team}
    (last,) = told(store, round_.topic, "places.changed")[-1]["places"]
    assert (last["id"], last["state"], last["until"]) == (first, "free", None)
    for member in round_.teams[0]:
        assert notices_of(store, member, "freed") == [{"place": first, "why": "expired"}]


def test_what_a_hold_leaves_goes_to_who_waits(store: Store) -> None:
    """In the same transaction."""
    round_ = furnish(store, confirm=True, seats=[1])
    ((lab, (place,)),) = round_.labs.items()
    cy = round_.teams[1][0]
    hold(store, round_, 0, place, LIMITS)
    store.write(lambda tx: waiting.wait(tx, cy.me, lab))
    store.write(lambda tx: tx.execute(update(rows).where(rows.c.id == place).values(held_until=1)))
    Keeper(store, LIMITS).look()
    assert booked(store, round_) == {place: cy.team}
    assert [event["places"][0]["state"] for event in told(store, round_.topic, "places.changed")] == ["held", "taken"]


def test_it_writes_only_when_something_is_due(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One read a second is all that an idle round costs, and that one uses the index of holds."""
    furnish(store, confirm=True)
    Keeper(store, LIMITS).look()
    monkeypatch.setattr(store, "write", lambda _fn: pytest.fail("nothing is due"))
    Keeper(store, LIMITS).look()
    query = "EXPLAIN QUERY PLAN SELECT DISTINCT round_id, lab_id FROM pairup_places WHERE held_until <= ? LIMIT 100"
    plan = store.read(lambda tx: tx.driver.execute(query, (1,)).fetchall())
    assert "ix_pairup_places_held_until" in str(plan)


def test_a_busy_store_costs_it_a_second(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next look does what this one could not."""
    round_ = furnish(store, confirm=True)
    hold(store, round_, 0, round_.places[0])
    keeper = Keeper(store, LIMITS)

    def refuse(_fn: Any) -> None:
        raise Busy

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", refuse)
        keeper.look()
    keeper.look()
    assert seats_of(store, round_)[round_.places[0]][1] is None


def test_a_round_that_closed_is_drawn_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Asked for until it is; after a failure again in a minute, and the others do not wait for it."""
    now = [0.0]
    asked: list[int] = []
    ours = {furnish(store, mode="draw", closes_at=1).id, furnish(store, mode="draw", closes_at=1).id}
    furnish(store, mode="draw", closes_at=2**52)
    furnish(store, mode="fcfs", closes_at=1)
    broken = min(ours)

    def draw(_store: Any, round_id: int, _limits: Limits) -> None:
        if round_id in ours:
            asked.append(round_id)
        if round_id == broken and asked.count(broken) == 1:
            raise RuntimeError
        store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_id).values(drawn_at=1)))

    keeper = Keeper(store, LIMITS, draw, clock=lambda: now[0])
    with caplog.at_level(logging.ERROR):
        keeper.look()
        keeper.look()
    assert sorted(asked) == sorted(ours)
    assert caplog.text.count(f"what is due for round {broken} has failed") == 1
    now[0] = 61.0
    keeper.look()
    keeper.look()
    assert sorted(asked) == sorted([*ours, broken])
    assert not ours & set(store.read(find_due)[1])


def test_it_comes_by_itself_and_stops_when_asked(store: Store) -> None:
    """Started like the rest of the house; stopping waits for what it is doing, and twice is as once."""
    round_ = furnish(store, confirm=True)
    hold(store, round_, 0, round_.places[0])
    keeper = Keeper(store, LIMITS)
    keeper.start()
    query = select(rows.c.held_by).where(rows.c.id == round_.places[0])
    wait_for(lambda: store.read(lambda tx: tx.execute(query).scalar()) is None, 10, "the hold to end")
    keeper.stop()
    keeper.stop()
