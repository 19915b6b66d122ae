"""What staff see of a round, and what they do with a team."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from tests.harness.api import Api
from tests.harness.server import Server
from tests.pairup.school import open_school
from tests.pairup.seated import booked, enrol, furnish, notices_of, told
from twidder.config import Limits
from twidder.errors import BadField, Forbidden, NotFound
from twidder.pairup import messages, overview, places, waiting
from twidder.pairup.models import entries, rounds
from twidder.pairup.models import places as rows
from twidder.store import Store

LIMITS = Limits()


def test_the_overview_has_everybody(store: Store) -> None:
    """Teams with their people by name, place and wishes; who is left over; the figures."""
    round_ = furnish(store, teams=3, seats=[2, 1], names="staff", confirm=True)
    (ada, bo), (cy, di), _ = round_.teams
    lone = store.write(lambda tx: enrol(tx, round_.id))
    full = list(round_.labs)[1]
    store.write(lambda tx: places.move(tx, round_.staff.me, cy.team, round_.labs[full][0]))
    store.write(lambda tx: places.take(tx, ada.me, round_.places[0], LIMITS))
    store.write(lambda tx: waiting.wait(tx, ada.me, full))
    store.write(lambda tx: tx.execute(update(entries).where(entries.c.id == di.entry).values(team_id=None)))
    seen = store.read(lambda tx: overview.load(tx, round_.staff.me, round_.id))
    first, second, third = seen.teams
    assert (first.team.complete, first.place and first.place.state, first.waiting) == (True, "held", [full])
    assert first.team.label == f"S{ada.user_id} & S{bo.user_id}"
    assert [entry.id for entry in first.entries] == [ada.entry, bo.entry]
    assert (second.team.complete, second.place and second.place.state) == (False, "taken")
    assert third.place is None
    assert [entry.id for entry in seen.left] == [di.entry, lone.entry]
    counts = seen.counts
    assert (counts.students, counts.claimed, counts.teams, counts.complete) == (7, 7, 3, 2)
    assert (counts.placed, counts.places, counts.free) == (1, 3, 1)
    assert seen.problem is None
    with pytest.raises(Forbidden):
        store.read(lambda tx: overview.load(tx, ada.me, round_.id))


def test_staff_message_a_team(store: Store) -> None:
    """Each member once, and nobody else; the audit does not say what was said."""
    round_ = furnish(store, teams=2)
    (ada, bo), (cy, _) = round_.teams
    assert store.write(lambda tx: messages.send(tx, round_.staff.me, ada.team, "Bring your laptop.")) == 2
    for member in (ada, bo):
        (message,) = notices_of(store, member, "message")
        assert message["text"] == "Bring your laptop."
        assert message["by"] == f"S{round_.staff.user_id} Test"
    assert notices_of(store, cy, "message") == []
    with pytest.raises(Forbidden):
        store.write(lambda tx: messages.send(tx, ada.me, cy.team, "Hello"))
    for text in (" ", "x" * (LIMITS.message_length + 1), "a\x00b"):
        with pytest.raises(BadField):
            messages.check_text(text, LIMITS)


def test_a_locked_team_stays_as_it_is(store: Store) -> None:
    """Until it is unlocked; twice is as once, and everybody hears of it."""
    round_ = furnish(store)
    (ada, _), _ = round_.teams
    for _again in range(2):
        assert store.write(lambda tx: messages.lock(tx, round_.staff.me, ada.team, locked=True)).locked
    assert [event["team"]["locked"] for event in told(store, round_.topic, "team.changed")] == [True]
    with pytest.raises(Forbidden, match="locked"):
        store.write(lambda tx: places.take(tx, ada.me, round_.places[0], LIMITS))
    with pytest.raises(Forbidden):
        store.write(lambda tx: messages.lock(tx, ada.me, ada.team, locked=False))
    store.write(lambda tx: messages.lock(tx, round_.staff.me, ada.team, locked=False))
    store.write(lambda tx: places.take(tx, ada.me, round_.places[0], LIMITS))
    assert booked(store, round_) == {round_.places[0]: ada.team}


def test_staff_move_teams_when_the_round_is_closed(store: Store) -> None:
    """To a free place, a kept one too, or to none; to no place of another round."""
    round_, other = furnish(store), furnish(store)
    (ada, bo), _ = round_.teams
    store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(closes_at=1)))
    store.write(lambda tx: tx.execute(update(rows).where(rows.c.id == round_.places[0]).values(kept=True)))
    moved = store.write(lambda tx: messages.move(tx, round_.staff.me, ada.team, round_.places[0]))
    assert moved is not None
    assert (moved.state, moved.team and moved.team.id) == ("taken", ada.team)
    (notice,) = notices_of(store, bo, "moved")
    assert notice["place"] == round_.places[0]
    with pytest.raises(BadField, match="place"):
        store.write(lambda tx: messages.move(tx, round_.staff.me, ada.team, other.places[0]))
    with pytest.raises(Forbidden):
        store.write(lambda tx: messages.move(tx, ada.me, ada.team, round_.places[1]))
    with pytest.raises(NotFound):
        store.write(lambda tx: messages.move(tx, other.teams[0][0].me, ada.team, round_.places[1]))
    assert booked(store, round_) == {round_.places[0]: ada.team}
    assert store.write(lambda tx: messages.move(tx, round_.staff.me, ada.team, None)) is None
    assert booked(store, round_) == {}
    assert notices_of(store, bo, "freed") == [{"place": round_.places[0], "why": "staff"}]


def test_a_draw_that_could_not_be_run_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed round without its draw, and no solver to carry it out."""
    round_ = furnish(store, mode="draw")

    def problem() -> str | None:
        return store.read(lambda tx: overview.load(tx, round_.staff.me, round_.id)).problem

    monkeypatch.setattr(overview, "find_spec", lambda _name: None)
    assert problem() is None
    store.write(lambda tx: tx.execute(update(rounds).where(rounds.c.id == round_.id).values(closes_at=1)))
    assert "SciPy" in str(problem())


def test_staffs_day(server: Server, client: Callable[..., Api]) -> None:
    """The same by HTTP: pair the rest, move, lock, message, look, take along."""
    school = open_school(server, client)
    round = school.make_round(confirm=False)
    path = f"/pairup/rounds/{round['id']}"
    ada, bo = school.enrol(round, 2)
    lab = school.make_lab(round)
    staff = school.staff
    made = staff.post(f"{path}/pairings", expect=200).json()
    (team,) = made["made"]
    assert (made["grown"], made["left"]) == ([], [])
    assert ada.team == bo.team == team
    ada.api.get(f"{path}/calendar", expect=404)
    place = staff.put(f"/pairup/teams/{team}/place", {"place": lab["places"][0]}, expect=200).json()
    assert place["team"] == {"id": team, "label": "Student1 & Student2"}
    assert staff.put(f"/pairup/teams/{team}/lock", {"locked": True}, expect=200).json()["locked"] is True
    assert staff.post(f"/pairup/teams/{team}/messages", {"text": "See you."}, expect=201).json() == {"members": 2}
    assert [notice["kind"] for notice in bo.mine()["notices"]][:2] == ["message", "moved"]
    (row,) = staff.get(f"{path}/overview", expect=200).json()["teams"]
    assert (row["place"]["id"], row["team"]["locked"]) == (lab["places"][0], True)
    mine = ada.api.get(f"{path}/calendar", expect=200)
    assert mine.headers["Content-Type"].startswith("text/calendar")
    assert mine.text.count("BEGIN:VEVENT") == 1
    for kind in ("csv", "json", "ics"):
        answer = staff.get(f"{path}/export", expect=200, format=kind)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="pairup-{round["id"]}.{kind}"'
        assert "Student1" in answer.text
        ada.api.get(f"{path}/export", expect=403, format=kind)
    staff.get(f"{path}/export", expect=422, format="xls")
    newest = staff.get(f"{path}/audit", expect=200).json()["items"][0]
    assert (newest["act"], newest["data"], newest["by"]) == ("team_messaged", {"team": team}, "Ada Lind")
    assert "team_messaged" in staff.get(f"{path}/audit", expect=200, format="csv").text
    staff.put(f"/pairup/teams/{team}/place", {"place": None}, expect=204)
    for method, where, body in (
        ("GET", f"{path}/overview", None),
        ("GET", f"{path}/audit", None),
        ("POST", f"{path}/pairings", {}),
        ("PUT", f"/pairup/teams/{team}/lock", {"locked": False}),
        ("PUT", f"/pairup/teams/{team}/place", {"place": None}),
        ("POST", f"/pairup/teams/{team}/messages", {"text": "Hello"}),
    ):
        ada.api.request(method, where, expect=403, json=body)
