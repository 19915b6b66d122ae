"""The queue of a lab: whose turn it is, how long it takes, and who is not there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from tests.harness.api import Api
from tests.harness.server import Server
from tests.pairup.school import open_school
from tests.pairup.seated import Round, Someone, booked, furnish, notices_of, told
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound, TwidderError
from twidder.pairup import calling, places, queue, snapshot, teams
from twidder.pairup.access import find_round
from twidder.pairup.calling import behind_next
from twidder.pairup.models import calls, rounds
from twidder.pairup.queue import NewCall
from twidder.pairup.shapes import Call
from twidder.store import Store

LIMITS = Limits()


def ask(store: Store, who: Someone, round_: Round, kind: str = "ready", lab: int | None = None) -> Call:
    return store.write(lambda tx: queue.ask(tx, who.me, round_.id, NewCall(kind, lab)))


def call_next(store: Store, round_: Round) -> Call | None:
    return store.write(lambda tx: calling.call_next(tx, round_.staff.me, next(iter(round_.labs))))


def miss(store: Store, round_: Round, call: int) -> Call | None:
    return store.write(lambda tx: calling.miss(tx, round_.staff.me, call, LIMITS))


def finish(store: Store, round_: Round, call: int) -> None:
    store.write(lambda tx: calling.finish(tx, round_.staff.me, call))


def waiting(store: Store, round_: Round) -> list[int]:
    """Teams, the next one first, as the round's page has it."""
    seen = store.read(lambda tx: snapshot.load(tx, round_.staff.me, round_.id, LIMITS))
    return [call.team.id for call in seen.calls if call.called_at is None]


def filled(store: Store, number: int = 4) -> tuple[Round, list[int]]:
    """A round whose teams wait in its first lab, in this order."""
    round_ = furnish(store, teams=number, size=1, seats=[number, 1])
    first = next(iter(round_.labs))
    for (member,) in round_.teams:
        ask(store, member, round_, lab=first)
    return round_, [team[0].team for team in round_.teams]


def test_the_first_to_come_is_the_first_to_be_called(store: Store) -> None:
    """Each is told when it is their turn; done, they are out of it, and what it took is told to all."""
    round_, order = filled(store, 3)
    assert waiting(store, round_) == order
    lab = next(iter(round_.labs))
    for team, (member,) in zip(order, round_.teams, strict=True):
        called = call_next(store, round_)
        assert called is not None
        assert called.team.id == team
        assert called.called_at is not None
        (notice,) = notices_of(store, member, "called")
        assert notice["call"]["id"] == called.id
        assert notice["lab"].startswith("Lab ")
        begun = update(calls).where(calls.c.id == called.id).values(called_at=calls.c.called_at - 59_000)
        store.write(lambda tx, begun=begun: tx.execute(begun))
        finish(store, round_, called.id)
        finish(store, round_, called.id)  # a second tap
    assert call_next(store, round_) is None
    gone = told(store, round_.topic, "call.gone")
    assert [event["lab"] for event in gone] == [lab] * 3
    assert all(59 <= event["seconds"] <= 90 for event in gone)


def test_a_team_waits_once(store: Store) -> None:
    """Asked again it keeps its turn, in another lab it is the last; without a lab it is that of its place."""
    round_ = furnish(store, teams=2, seats=[2, 1])
    first, second = round_.labs
    (ada, bo), (cy, _) = round_.teams
    with pytest.raises(BadField, match="place"):
        ask(store, ada, round_)
    store.write(lambda tx: places.take(tx, ada.me, round_.labs[first][0], LIMITS))
    mine = ask(store, ada, round_)
    ask(store, cy, round_, lab=first)
    assert mine.lab == first
    assert ask(store, bo, round_) == mine
    assert ask(store, bo, round_, "help") == msgspec.structs.replace(mine, kind="help")
    assert waiting(store, round_) == [ada.team, cy.team]
    moved = ask(store, ada, round_, lab=second)
    assert (moved.id, moved.lab) == (mine.id, second)
    back = ask(store, ada, round_, lab=first)
    assert waiting(store, round_) == [cy.team, ada.team]
    assert back.turn > mine.turn
    store.write(lambda tx: queue.withdraw(tx, bo.me, round_.id))
    store.write(lambda tx: queue.withdraw(tx, bo.me, round_.id))
    assert waiting(store, round_) == [cy.team]


def test_who_is_not_there_falls_behind_the_next_one(store: Store) -> None:
    """And not to the end."""
    round_, (ada, bo, cy, di) = filled(store)
    called = call_next(store, round_)
    assert called is not None
    back = miss(store, round_, called.id)
    assert back is not None
    assert (back.misses, back.called_at) == (1, None)
    assert waiting(store, round_) == [bo, ada, cy, di]
    with pytest.raises(TwidderError, match="gone"):
        miss(store, round_, called.id)
    assert waiting(store, round_) == [bo, ada, cy, di], "a second tap changes nothing"


def test_two_calls_at_once_that_are_both_missed(store: Store) -> None:
    """Each falls behind whoever is next at that time."""
    round_, (ada, bo, cy, di) = filled(store)
    first, second = call_next(store, round_), call_next(store, round_)
    assert first is not None
    assert second is not None
    miss(store, round_, first.id)
    assert waiting(store, round_) == [cy, ada, di]
    miss(store, round_, second.id)
    assert waiting(store, round_) == [cy, bo, ada, di]


def test_who_is_never_there_is_out_and_told(store: Store) -> None:
    """The third time."""
    round_, _ = filled(store, 1)
    for times in range(1, LIMITS.call_misses + 1):
        called = call_next(store, round_)
        assert called is not None
        assert called.misses == times - 1
        assert (miss(store, round_, called.id) is None) == (times == LIMITS.call_misses)
    assert waiting(store, round_) == []
    (message,) = notices_of(store, round_.teams[0][0], "message")
    assert "were not there" in message["text"]
    assert ask(store, round_.teams[0][0], round_, lab=next(iter(round_.labs))).misses == 0


@given(st.lists(st.integers(1, 60), unique=True).map(sorted))
def test_behind_the_next_is_a_turn_of_its_own(turns: list[int]) -> None:
    """Behind the first, before the next one for whom there is room."""
    turn = behind_next(turns)
    assert turn not in turns
    assert not turns or turn > turns[0]
    dense = next((after for before, after in pairwise(turns) if after - before > 1), None)
    assert dense is None or turn < dense


def test_the_estimate_is_the_median_of_the_newest_calls(store: Store) -> None:
    """Of this lab; a number of its own until there are some."""
    round_ = furnish(store, teams=1, seats=[1, 1])
    first, second = round_.labs
    ((ada, _),) = round_.teams
    took = [9_000] * 30 + [60] * (queue.COUNTED - 1) + [7_200]  # seconds; the eldest are not counted
    row = {"round_id": round_.id, "lab_id": first, "team_id": ada.team, "kind": "help", "at": 1, "turn": 1, "misses": 0}
    rows = [row | {"called_at": at * 10_000_000, "done_at": at * 10_000_000 + s * 1_000} for at, s in enumerate(took)]
    store.write(lambda tx: tx.execute(insert(calls), rows))
    assert store.read(lambda tx: queue.seconds(tx, round_.id)) == {first: 60, second: queue.SECONDS}


def test_a_team_that_ends_waits_no_longer(store: Store) -> None:
    """Whoever watches hears of it, and of the estimate without them."""
    round_, (ada, bo) = filled(store, 2)
    called = call_next(store, round_)
    assert called is not None
    row = store.read(lambda tx: find_round(tx, round_.id))
    store.write(lambda tx: teams.dissolve(tx, row, ada, by_id=round_.staff.user_id))
    assert waiting(store, round_) == [bo]
    gone = {"id": called.id, "lab": called.lab, "seconds": queue.SECONDS}
    assert told(store, round_.topic, "call.gone") == [gone]


def test_the_queue_goes_on_when_the_round_is_closed(store: Store) -> None:
    """Labs are held after it; and names are as the round has them, but for staff."""
    round_ = furnish(store, teams=1, seats=[1], names="staff")
    ((ada, _),) = round_.teams
    store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(closes_at=1)))
    call = ask(store, ada, round_, lab=next(iter(round_.labs)))
    assert call.team.label == f"Team {ada.team}"
    called = call_next(store, round_)
    assert called is not None
    assert called.team.label != f"Team {ada.team}"
    labels = {event["call"]["team"]["label"] for event in told(store, round_.topic, "call.changed")}
    assert labels == {f"Team {ada.team}"}


def test_what_is_no_call_is_refused_with_its_reason(store: Store) -> None:
    """And students call nobody."""
    round_, other = furnish(store, teams=1), furnish(store, teams=1)
    ((ada, _),) = round_.teams
    lab = next(iter(round_.labs))
    for wanted in (NewCall("tea", lab), NewCall("help", next(iter(other.labs)))):
        with pytest.raises(BadField):
            store.write(lambda tx, wanted=wanted: queue.ask(tx, ada.me, round_.id, wanted))
    with pytest.raises(Forbidden):
        ask(store, round_.staff, round_, lab=lab)
    with pytest.raises(NotFound):
        ask(store, other.teams[0][0], round_, lab=lab)
    call = ask(store, ada, round_, lab=lab)
    with pytest.raises(Forbidden):
        store.write(lambda tx: calling.call_next(tx, ada.me, lab))
    with pytest.raises(Forbidden):
        store.write(lambda tx: calling.finish(tx, ada.me, call.id))
    with pytest.raises(TwidderError, match="gone"):
        miss(store, round_, call.id)
    assert booked(store, round_) == {}


def test_twenty_who_call_the_next_one_at_once_call_twelve_who_wait(server: Server, client: Callable[..., Api]) -> None:
    """Each in the queue is called once, and nobody twice; when it is empty, nobody is."""
    school = open_school(server, client, transport="token")
    round = school.make_round(size_min=1, size_max=1)
    lab = school.make_lab(round)
    pupils = school.enrol(round, 12)
    for pupil in pupils:
        school.pair(round, pupil)
        pupil.api.put(f"/pairup/rounds/{round['id']}/call", {"kind": "ready", "lab": lab["id"]}, expect=200)
    path = f"/pairup/labs/{lab['id']}/calls/next"
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: school.staff.post(path), range(20)))
    called = [answer.json()["id"] for answer in answers if answer.status_code == 200]
    assert len(set(called)) == len(called) == 12
    assert [answer.status_code for answer in answers].count(204) == 8
    for call in called[:2]:
        school.staff.post(f"/pairup/calls/{call}/done", expect=204)
    assert school.staff.post(f"/pairup/calls/{called[2]}/missed", expect=200).json()["misses"] == 1
    pupils[0].api.delete(f"/pairup/rounds/{round['id']}/call", expect=204)
    pupils[0].api.post(f"/pairup/labs/{lab['id']}/calls/next", expect=403)
