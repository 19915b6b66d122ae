"""A round's draw in the store: published whole, once, by the clock or by staff."""

from __future__ import annotations

import contextlib
import json
import logging
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.server import ROOT, Server
from tests.pairup.school import open_school
from tests.pairup.seated import Round, Someone, booked, enrol, furnish, notices_of, seats_of, told
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.pairup import draws, solving
from twidder.pairup.checking import check, read
from twidder.pairup.drawing import Draw, Inputs, commit
from twidder.pairup.keeper import Keeper
from twidder.pairup.models import draws as drawn
from twidder.pairup.models import places, rankings, rounds, teams
from twidder.store import Store, Tx, open_store

LIMITS = Limits()


def closed_round(store: Store, *, wishes: list[list[int]], seats: int, **more: Any) -> Round:
    """With a team for each list of wishes, which count the places from 0."""
    round_ = furnish(store, teams=len(wishes), seats=[seats], mode="draw", **more)

    def rank(tx: Tx) -> None:
        rows = [
            {"team_id": members[0].team, "rank": rank, "place_id": round_.places[place]}
            for members, wished in zip(round_.teams, wishes, strict=True)
            for rank, place in enumerate(wished, 1)
        ]
        if rows:
            tx.execute(insert(rankings), rows)
        tx.execute(update(rounds).where(rounds.c.id == round_.id).values(closes_at=now_ms() - 1))

    store.write(rank)
    return round_


def published(store: Store, round_: Round) -> Draw:
    return read(store.read(lambda tx: draws.document(tx, round_.staff.me, round_.id)))


def row_of(store: Store, round_: Round) -> Any:
    return store.read(lambda tx: tx.execute(select(rounds).where(rounds.c.id == round_.id)).one())


def test_all_get_what_was_drawn_and_hear_of_it(store: Store) -> None:
    """Booked in one event; the round says so; each member has a notice; the document proves it."""
    round_ = closed_round(store, wishes=[[0, 1], [0, 2], [1, 0], []], seats=3)
    draws.run(store, round_.id, LIMITS)
    draw = published(store, round_)
    secret = row_of(store, round_).secret
    check(draw, commit(secret))
    assert draw.secret == secret
    got = {place: team for team, place in draw.assignment.items() if place is not None}
    assert booked(store, round_) == got
    assert len(got) == 3
    (event,) = told(store, round_.topic, "places.changed")
    assert {place["id"]: place["team"]["id"] for place in event["places"]} == got
    (said,) = told(store, round_.topic, "draw.published")
    assert (said["round"]["drawn_at"], said["round"]["commitment"]) == (draw.at, draw.commitment)
    for members in round_.teams:
        for member in members:
            assert notices_of(store, member, "drawn") == [{"place": draw.assignment[member.team]}]
    assert draw.choices.none == 1
    assert draw.assignment[round_.teams[3][0].team] is None  # who ranked nothing goes without first


def test_who_takes_part(store: Store) -> None:
    """Complete teams without a place, and places that are neither taken nor kept back."""
    round_ = closed_round(store, wishes=[[0], [1], [1, 2, 3], [3]], seats=4)
    has, _, whole, _ = (members[0].team for members in round_.teams)
    taken, kept, *free = round_.places

    def arrange(tx: Tx) -> int:
        tx.execute(update(places).where(places.c.id == taken).values(team_id=has))
        tx.execute(update(places).where(places.c.id == kept).values(kept=True))
        values = {"title": "", "description": "", "created_at": now_ms(), "locked": False}
        alone = tx.execute(insert(teams).values(round_id=round_.id, **values).returning(teams.c.id)).scalar_one()
        enrol(tx, round_.id, alone)
        return int(alone)

    alone = store.write(arrange)
    draws.run(store, round_.id, LIMITS)
    inputs = published(store, round_).inputs
    assert inputs.places == free
    assert has not in inputs.teams
    assert alone not in inputs.teams
    assert inputs.rankings[whole] == free  # what does not take part is off the list
    assert booked(store, round_)[taken] == has


def test_X5_it_is_drawn_once_however_many_draw(store: Store) -> None:
    """Four at a time: one document, one event, one notice for each."""
    round_ = closed_round(store, wishes=[[0, 1, 2]] * 3, seats=3)
    errors: list[BaseException] = []

    def draw() -> None:
        try:
            draws.run(store, round_.id, LIMITS)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors
    assert len(told(store, round_.topic, "draw.published")) == 1
    assert len(notices_of(store, round_.teams[0][0], "drawn")) == 1
    before = seats_of(store, round_)
    draws.run(store, round_.id, LIMITS)
    assert seats_of(store, round_) == before


@pytest.mark.parametrize("times", [1, 3])
def test_what_changes_meanwhile_is_drawn_anew(store: Store, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Staff keep a place back while it is reckoned: that one is not given away. Three times, and it waits."""
    round_ = closed_round(store, wishes=[[0, 1], [0, 1]], seats=5)
    keep, solve = iter(round_.places[:times]), solving.solve

    def solve_slowly(inputs: Inputs, secret: str, at: int) -> Draw:
        place = next(keep, None)
        if place is not None:
            store.write(lambda tx: tx.execute(update(places).where(places.c.id == place).values(kept=True)))
        return solve(inputs, secret, at)

    monkeypatch.setattr(solving, "solve", solve_slowly)
    if times < 3:
        draws.run(store, round_.id, LIMITS)
        assert round_.places[0] not in booked(store, round_)
        assert len(booked(store, round_)) == 2
        return
    with pytest.raises(TwidderError) as caught:
        draws.run(store, round_.id, LIMITS)
    assert caught.value.code == "busy"
    assert booked(store, round_) == {}
    assert row_of(store, round_).drawn_at is None
    draws.run(store, round_.id, LIMITS)  # the clock's next look


def test_an_open_round_is_not_drawn(store: Store) -> None:
    """Nor is one that is opened again while it is reckoned, as staff may."""
    round_ = closed_round(store, wishes=[[0]], seats=1)
    store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(closes_at=None)))
    draws.run(store, round_.id, LIMITS)
    assert (row_of(store, round_).drawn_at, booked(store, round_)) == (None, {})
    with pytest.raises(TwidderError):
        published(store, round_)


def test_without_a_solver_it_waits_and_says_so_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The clock tries again each minute; as soon as SciPy is there, it is drawn."""
    round_ = closed_round(store, wishes=[[0]], seats=1)
    now = [1_000.0]
    keeper = Keeper(store, LIMITS, draws.run, clock=lambda: now[0])
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, logger="twidder.pairup.keeper"):
        patch.setattr(solving, "is_there", lambda: False)
        for _ in range(3):
            keeper.look()
            now[0] += 61
    assert caplog.text.count("no_solver: The draw needs SciPy on the server") == 1
    assert row_of(store, round_).drawn_at is None
    keeper.look()
    assert row_of(store, round_).drawn_at is not None


def test_staff_close_no_round_that_cannot_be_drawn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not without a solver, not before it opens, not twice; students not at all."""
    round_ = furnish(store, mode="draw")

    def close(by: Someone) -> str:
        with pytest.raises(TwidderError) as caught:
            store.write(lambda tx: draws.close(tx, by.me, round_.id))
        assert row_of(store, round_).closes_at is None
        return caught.value.code

    def alter(**values: Any) -> None:
        store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(**values)))

    assert close(round_.teams[0][0]) == "forbidden"
    with monkeypatch.context() as patch:
        patch.setattr(solving, "is_there", lambda: False)
        assert close(round_.staff) == "no_solver"
    for values, code in (
        ({"opens_at": now_ms() + 60_000}, "closed"),
        ({"drawn_at": 1}, "gone"),
        ({"mode": "fcfs"}, "gone"),
    ):
        alter(**values)
        assert close(round_.staff) == code


def test_more_teams_than_the_limit_are_not_drawn(store: Store) -> None:
    round_ = closed_round(store, wishes=[[0], [0]], seats=2)
    with pytest.raises(TwidderError) as caught:
        draws.run(store, round_.id, Limits(draw_teams=1))
    assert caught.value.code == "full"
    draws.run(store, round_.id, LIMITS)


def test_a_round_without_teams_is_drawn_too(store: Store) -> None:
    """Or it would be due for ever."""
    round_ = closed_round(store, wishes=[], seats=2)
    draws.run(store, round_.id, LIMITS)
    check(published(store, round_))
    assert told(store, round_.topic, "places.changed") == []


def test_staff_draw_now_by_the_api(server: Server, client: Callable[..., Api]) -> None:
    """Ranked by those who came by PIN, closed and drawn by staff; everybody in the round reads the proof."""
    school = open_school(server, client)
    round_ = school.make_round(mode="draw", size_min=1, size_max=1)
    ada, bo = school.enrol(round_, 2)
    lab = school.make_lab(round_, places=2)
    where, (one, two) = f"/pairup/rounds/{round_['id']}", lab["places"]
    first, second = school.pair(round_, ada), school.pair(round_, bo)
    assert ada.take(one, expect=409)["code"] == "closed"
    ada.api.put(f"{where}/ranking", {"places": [one, two]}, expect=204)
    bo.api.put(f"{where}/ranking", {"places": [two]}, expect=204)
    assert ada.mine()["ranking"] == [one, two]
    bad = bo.api.put(f"{where}/ranking", {"places": [two, two]}, expect=422).json()
    assert bad["field"] == "places"
    ada.api.get(f"{where}/draw", expect=404)
    ada.api.post(f"{where}/draw", expect=403)
    bo.api.put(f"{where}/ranking", {"places": [two]}, expect=204)

    before = [school.staff.get(path, expect=200).text for path in (where, f"{where}/overview", f"{where}/audit")]

    made = school.staff.post(f"{where}/draw", expect=201)
    assert not [answer for answer in before if made.json()["secret"] in answer]
    check(read(made.content), round_["commitment"])
    assert ada.api.get(f"{where}/draw", expect=200).content == made.content
    assert made.json()["choices"] == {"ranks": [2, 0], "unranked": 0, "none": 0}
    assert made.json()["assignment"] == {str(first): one, str(second): two}
    assert school.staff.post(f"{where}/draw", expect=409).json()["code"] == "gone"
    seen = ada.api.get(where, expect=200).json()
    assert seen["round"]["drawn_at"] == made.json()["at"]
    assert {place["state"] for place in seen["places"]} == {"taken"}
    client().get(f"{where}/draw", expect=401)
    (outsider,) = school.enrol(school.make_round(), 1)
    outsider.api.get(f"{where}/draw", expect=404)


_DRAWS = """
import sys
from pathlib import Path
import scipy.optimize
from twidder.config import Limits
from twidder.pairup import draws
from twidder.store import open_store
store = open_store(Path(sys.argv[1]), Limits(), lambda _batch: None)
print("now", flush=True)
draws.run(store, int(sys.argv[2]), Limits())
"""


@pytest.mark.faults
def test_X5_who_is_killed_has_drawn_all_or_nothing(tmp_path: Path, rng: random.Random) -> None:
    """`kill -9` while it draws: nobody has a place, or all have theirs and the document says so. Then it is drawn."""
    file = tmp_path / "twidder.db"
    for _ in range(count(10)):
        wishes = [rng.sample(range(40), 20) for _ in range(30)]
        with contextlib.closing(open_store(file, LIMITS, lambda _batch: None)) as store:
            round_ = closed_round(store, wishes=wishes, seats=40, size=1)
        command = [sys.executable, "-c", _DRAWS, str(file), str(round_.id)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0.0, 0.25))
            process.kill()
        with contextlib.closing(open_store(file, LIMITS, lambda _batch: None)) as store:
            _whole_or_nothing(store, round_)
            draws.run(store, round_.id, LIMITS)
            assert _whole_or_nothing(store, round_)


def _whole_or_nothing(store: Store, round_: Round) -> bool:
    """Whether it is drawn."""
    got, done = booked(store, round_), row_of(store, round_).drawn_at is not None
    found = store.read(lambda tx: tx.execute(select(drawn.c.document).where(drawn.c.round_id == round_.id)).scalar())
    notices = [len(notices_of(store, one, "drawn")) for one in (round_.teams[0][0], round_.teams[-1][0])]
    assert (bool(got), found is not None, notices) == (done, done, [int(done)] * 2)
    if found is not None:
        assert got == {place: int(team) for team, place in json.loads(found)["assignment"].items()}
    return done
