"""Places, lists and swaps against a model that a person can believe: any order of whatever teams, staff and the clock
may do, and after each step nothing is doubled, half moved or leaked, and nobody waits beside a free place."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select, update

from tests.harness.counts import SOAK
from tests.pairup.seated import Someone, booked, furnish, seats_of
from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.pairup import places, swaps, waiting
from twidder.pairup.access import find_round
from twidder.pairup.keeper import Keeper
from twidder.pairup.models import places as rows
from twidder.pairup.models import swaps as offers
from twidder.pairup.models import waiting as lists
from twidder.store import Store, open_store

pytestmark = pytest.mark.slow

LIMITS = Limits()
OVER_AT_ONCE = dataclasses.replace(LIMITS, hold_seconds=0)
TEAMS, SEATS = 5, (1, 1, 2)
_MEMORY = Path("/dev/shm")

teams = st.integers(0, TEAMS - 1)
members = st.integers(0, 1)
seats = st.integers(0, sum(SEATS) - 1)
labs = st.integers(0, len(SEATS) - 1)

_opened: list[tuple[Store, tempfile.TemporaryDirectory[str]]] = []


def _shared_store() -> Store:
    """In memory, where there is such a place: of what is on disk others tell. Opening one takes longer than a run."""
    if not _opened:
        folder = tempfile.TemporaryDirectory(prefix="places", dir=_MEMORY if _MEMORY.is_dir() else None)
        _opened.append((open_store(Path(folder.name) / "twidder.db", LIMITS, lambda _batch: None), folder))
    return _opened[0][0]


class PlacesMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store = _shared_store()
        self.round = furnish(self.store, teams=TEAMS, seats=SEATS, confirm=True)
        self.labs = list(self.round.labs)
        self.seq = 0
        self.heard: dict[int, int | None] = dict.fromkeys(self.round.places)

    @initialize(order=st.permutations(range(sum(SEATS))), waits=labs)
    def most_have_a_place(self, order: list[int], waits: int) -> None:
        """All but one team, who waits."""
        for team, seat in enumerate(order):
            who = self.someone(team, 0)
            self.store.write(
                lambda tx, who=who, seat=seat: places.move(tx, self.round.staff.me, who.team, self.round.places[seat])
            )
        self.wait(TEAMS - 1, waits)

    def someone(self, team: int, member: int) -> Someone:
        return self.round.teams[team][member]

    def of_team(self, team_id: int | None, member: int) -> Someone:
        return next(one[member] for one in self.round.teams if one[0].team == team_id)

    def do(self, change: Any) -> bool:
        """Whether it was let; a refusal leaves all as it was."""
        before = seats_of(self.store, self.round)
        try:
            self.store.write(change)
        except TwidderError as error:
            code = error.code
        else:
            return True
        assert code in ("taken", "lease_lost", "gone", "forbidden", "not_found")
        assert seats_of(self.store, self.round) == before
        return False

    @rule(team=teams, member=members, seat=seats, late=st.booleans())
    def take(self, team: int, member: int, seat: int, late: bool) -> None:
        """``late``: a hold that is past its time at once, and that the keeper has not seen."""
        who, place = self.someone(team, member), self.round.places[seat]
        before = booked(self.store, self.round)
        limits = OVER_AT_ONCE if late else LIMITS
        if self.do(lambda tx: places.take(tx, who.me, place, limits)) and not late:
            owner, holder, _ = seats_of(self.store, self.round)[place]
            assert who.team in (owner, holder)
            had = [one for one, team_id in before.items() if team_id == who.team]
            assert all(booked(self.store, self.round).get(one) == who.team for one in had), "it stays until confirmed"

    @rule(data=st.data(), member=members, fence=st.sampled_from([0, 0, 0, -1]))
    def confirm(self, data: st.DataObject, member: int, fence: int) -> None:
        held = {place: row for place, row in seats_of(self.store, self.round).items() if row[1] is not None}
        if not held:
            return
        place, now = data.draw(st.sampled_from(sorted(held.items())))
        who = self.of_team(now[1], member)
        if self.do(lambda tx: places.confirm(tx, who.me, place, now[2] + fence)):
            assert seats_of(self.store, self.round)[place] == (who.team, None, now[2])

    @rule(data=st.data(), member=members)
    def give_back(self, data: st.DataObject, member: int) -> None:
        mine = {(row[0] or row[1], place) for place, row in seats_of(self.store, self.round).items()}
        if not any(team_id for team_id, _ in mine):
            return
        team_id, place = data.draw(st.sampled_from(sorted((team, place) for team, place in mine if team is not None)))
        who = self.of_team(team_id, member)
        assert self.do(lambda tx: places.give_back(tx, who.me, place))
        assert booked(self.store, self.round).get(place) != who.team

    @rule(team=teams, lab=labs)
    def wait(self, team: int, lab: int) -> None:
        self.do(lambda tx: waiting.wait(tx, self.someone(team, 0).me, self.labs[lab]))

    @rule(team=teams, lab=labs)
    def stop_waiting(self, team: int, lab: int) -> None:
        assert self.do(lambda tx: waiting.stop(tx, self.someone(team, 0).me, self.labs[lab]))

    @rule(team=teams, seat=seats)
    def offer(self, team: int, seat: int) -> None:
        self.do(lambda tx: swaps.offer(tx, self.someone(team, 0).me, self.round.places[seat], LIMITS))

    @rule(data=st.data(), accepted=st.booleans())
    def answer_an_offer(self, data: st.DataObject, accepted: bool) -> None:
        found = self._all(offers, offers.c.round_id == self.round.id)
        if not found:
            return
        swap = data.draw(st.sampled_from(found))
        taker = self.of_team(swap.to_team, 0)
        answer = swaps.accept if accepted else swaps.end
        assert self.do(lambda tx: answer(tx, taker.me, swap.id)), "what is open is about what both have"
        if accepted:
            now = booked(self.store, self.round)
            assert (now[swap.from_place], now[swap.to_place]) == (swap.to_team, swap.from_team)

    @rule(team=teams, seat=st.none() | seats)
    def staff_move(self, team: int, seat: int | None) -> None:
        place = None if seat is None else self.round.places[seat]
        self.do(lambda tx: places.move(tx, self.round.staff.me, self.someone(team, 0).team, place))

    @rule(team=teams)
    def a_team_leaves_everything(self, team: int) -> None:
        team_id = self.someone(team, 0).team

        def leave(tx: Any) -> None:
            places.free_all_of(tx, find_round(tx, self.round.id), team_id, by_id=None, why="dissolved")

        assert self.do(leave)
        assert all(team_id not in row[:2] for row in seats_of(self.store, self.round).values())

    @rule()
    def holds_run_out(self) -> None:
        past = update(rows).where(rows.c.round_id == self.round.id, rows.c.held_until.is_not(None))
        self.store.write(lambda tx: tx.execute(past.values(held_until=1)))
        Keeper(self.store, LIMITS).look()
        assert not [one for one in self._all(rows, rows.c.round_id == self.round.id) if one.held_by is not None]

    def _all(self, table: Any, *where: Any) -> list[Any]:
        return self.store.read(lambda tx: list(tx.execute(select(table).where(*where).order_by(table.c.id))))

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        now, waits, open_offers, news = self.store.read(self._look)
        self._check_nothing_is_doubled(now)
        self._check_nobody_waits_beside_a_free_place(now, waits)
        for one in open_offers:  # are about what both have
            assert (now[one.from_place][0], now[one.to_place][0]) == (one.from_team, one.to_team)
        self._check_who_heard_everything_knows_how_it_is(now, news)

    def _look(self, tx: Any) -> Any:
        """Of one moment: places, lists, offers, and the events since the last look."""
        of_round = rows.c.round_id == self.round.id
        now = {one.id: (one.team_id, one.held_by) for one in tx.execute(select(rows).where(of_round))}
        waits = tx.execute(select(lists).where(lists.c.lab_id.in_(self.labs))).all()
        open_offers = tx.execute(select(offers).where(offers.c.round_id == self.round.id)).all()
        query = "SELECT seq, event, data FROM events WHERE topic = ? AND seq > ? ORDER BY seq"
        return now, waits, open_offers, tx.driver.execute(query, (self.round.topic, self.seq)).fetchall()

    def _check_nothing_is_doubled(self, now: dict[int, Any]) -> None:
        assert len(now) == sum(SEATS)
        for which in (0, 1):
            found = [row[which] for row in now.values() if row[which] is not None]
            assert len(found) == len(set(found))

    def _check_nobody_waits_beside_a_free_place(self, now: dict[int, Any], waits: list[Any]) -> None:
        for one in waits:
            mine = self.round.labs[one.lab_id]
            assert all(now[place] != (None, None) for place in mine)
            assert all(now[place][0] != one.team_id for place in mine), "who has a place there does not wait for one"

    def _check_who_heard_everything_knows_how_it_is(self, now: dict[int, Any], news: list[Any]) -> None:
        """L10, for places: the last event of each says whose it is."""
        for seq, event, data in news:
            self.seq = seq
            for place in json.loads(data)["places"] if event == "places.changed" else ():
                self.heard[place["id"]] = place["team"]["id"] if place["state"] == "taken" else None
        assert self.heard == {place: row[0] for place, row in now.items()}


PlacesMachine.TestCase.settings = settings(max_examples=1_000 if SOAK else 15, stateful_step_count=30, deadline=None)


class TestPlacesMachine(PlacesMachine.TestCase):  # type: ignore[misc,valid-type]
    @classmethod
    def teardown_class(cls) -> None:
        while _opened:
            store, folder = _opened.pop()
            store.close()
            folder.cleanup()
