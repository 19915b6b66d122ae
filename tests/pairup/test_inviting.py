"""Both sides agree: invitations, and what ends with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.harness.counts import count
from tests.pairup.school import Pupil, School, fresh_number
from tests.pairup.test_teams import notices


def invite(pupil: Pupil, other: Pupil, *, expect: int = 201, text: str = "") -> dict[str, Any]:
    path = f"/pairup/entries/{other.entry}/invitations"
    return dict(pupil.api.post(path, {"text": text}, expect=expect).json())


def accept(pupil: Pupil, invitation: int, *, expect: int | None = 200) -> dict[str, Any]:
    return dict(pupil.api.post(f"/pairup/invitations/{invitation}/acceptance", expect=expect).json())


def test_one_invites_and_the_other_accepts(school: School) -> None:
    """Asking again is the same; both see it; then they are a team, and it is over."""
    ada, bo = school.enrol(school.make_round(), 2)
    made = invite(ada, bo, text="Shall we?")
    assert invite(ada, bo, expect=200, text="Well?") == made
    assert ada.mine()["invitations"] == bo.mine()["invitations"] == [made]
    assert notices(bo, "invited") == [{"invitation": made["id"], "by": made["sender"], "text": "Shall we?"}]
    assert accept(ada, made["id"], expect=403)["code"] == "forbidden"
    team = accept(bo, made["id"])
    assert [one["entry"] for one in team["members"]] == [ada.entry, bo.entry]
    assert team["complete"] is True
    assert ada.mine()["invitations"] == bo.mine()["invitations"] == []
    assert notices(ada, "joined") == [{"team": team["id"], "by": {"entry": bo.entry, "name": "Student2 Test"}}]
    accept(bo, made["id"], expect=404)


def test_either_side_ends_it(school: School) -> None:
    ada, bo = school.enrol(school.make_round(), 2)
    for one in (ada, bo):
        made = invite(ada, bo)
        one.api.delete(f"/pairup/invitations/{made['id']}", expect=204)
        assert ada.mine()["invitations"] == bo.mine()["invitations"] == []


def test_who_has_a_team_has_no_other_invitations(school: School) -> None:
    """Of three that were open, one is accepted; the others are over for all sides, and nobody can accept them."""
    ada, bo, cy, di = school.enrol(school.make_round(), 4)
    of_ada, of_cy = invite(ada, bo), invite(cy, bo)
    to_di = invite(ada, di)
    accept(bo, of_ada["id"])
    for pupil, over in ((bo, of_cy), (di, to_di)):
        accept(pupil, over["id"], expect=404)
    assert cy.mine()["invitations"] == di.mine()["invitations"] == []
    assert invite(cy, bo, expect=409)["code"] == "full"
    assert invite(ada, di, expect=409)["code"] == "full"


def test_a_team_with_room_takes_one_more(school: School) -> None:
    """By its invitation, or by somebody's who asks to come in; two who are in teams cannot be one."""
    ada, bo, cy, di, eli = school.enrol(school.make_round(size_max=4), 5)
    accept(bo, invite(ada, bo)["id"])
    accept(cy, invite(bo, cy)["id"])
    to_ada = invite(di, ada)
    third = invite(cy, eli)
    team = accept(ada, to_ada["id"])
    assert [one["entry"] for one in team["members"]] == [one.entry for one in (ada, bo, cy, di)]
    accept(eli, third["id"], expect=404)  # ended: the team is full
    assert invite(eli, cy, expect=409)["code"] == "full"
    assert len(notices(bo, "joined")) == 2


def test_two_teams_do_not_become_one(school: School) -> None:
    ada, bo, cy, di = school.enrol(round := school.make_round(size_max=4), 4)
    school.pair(round, ada, bo)
    asked = invite(ada, cy)
    school.pair(round, cy, di)
    assert cy.mine()["invitations"] == []
    accept(cy, asked["id"], expect=404)
    assert invite(ada, cy, expect=409)["code"] == "taken"


def test_whom_one_may_invite(school: School) -> None:
    """Not oneself, nobody of another round, not more than so many at a time; an entry that nobody has claimed waits."""
    round, other = school.make_round(), school.make_round()
    (ada,), (stranger,) = school.enrol(round, 1), school.enrol(other, 1)
    assert invite(ada, ada, expect=422)["field"] == "entry"
    invite(ada, stranger, expect=404)
    students = [{"number": fresh_number(), "firstname": f"New{n}", "familyname": "Comer"} for n in range(21)]
    entries = school.add(round, students)
    for entry in entries[:20]:
        ada.api.post(f"/pairup/entries/{entry['id']}/invitations", {}, expect=201)
    refused = ada.api.post(f"/pairup/entries/{entries[20]['id']}/invitations", {}, expect=409).json()
    assert refused["code"] == "full"
    code = school.codes(round, [entries[0]["id"]])[entries[0]["id"]]
    bo = school.client()
    bo.post("/pairup/registrations", {"code": code, "pin": "4711"}, expect=201)
    bo.post("/session", {"email": students[0]["number"], "password": "4711"}, expect=201)
    (asked,) = bo.get(f"/pairup/rounds/{round['id']}/mine", expect=200).json()["invitations"]
    assert asked["sender"]["name"] == "Student1 Test"
    bo.post(f"/pairup/invitations/{asked['id']}/acceptance", expect=200)


def test_by_number(school: School) -> None:
    ada, bo = school.enrol(round := school.make_round(), 2)
    path = f"/pairup/rounds/{round['id']}/invitations"
    made = ada.api.post(path, {"number": f" {bo.number} ", "text": "It is me"}, expect=201).json()
    assert made["receiver"]["entry"] == bo.entry
    for wrong in ("0", "", "no/such number"):
        assert ada.api.post(path, {"number": wrong}, expect=422).json()["field"] == "number"


def at_once(*calls: Callable[[], int]) -> list[int]:
    """What each returned; all begin at the same moment."""
    barrier, results = threading.Barrier(len(calls)), [0] * len(calls)

    def run(number: int) -> None:
        barrier.wait(10)
        results[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_X1_two_who_want_the_same_partner_at_once(school: School) -> None:
    """Bo has invited two, who accept at the same moment; and somebody accepts two. One team, whole; the other side has
    nothing, and is told so."""
    ada, bo, cy = school.enrol(round := school.make_round(), 3)
    for _ in range(count(200)):
        to_ada, to_cy = invite(bo, ada)["id"], invite(bo, cy)["id"]

        def accepting(pupil: Pupil, asked: int) -> Callable[[], int]:
            return lambda: pupil.api.post(f"/pairup/invitations/{asked}/acceptance", {}).status_code

        assert sorted(at_once(accepting(ada, to_ada), accepting(cy, to_cy))) in ([200, 404], [200, 409])
        (team,) = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()["teams"]
        who = {one["entry"] for one in team["members"]}
        assert who in ({ada.entry, bo.entry}, {cy.entry, bo.entry})
        assert sum(pupil.mine()["team"] is None for pupil in (ada, bo, cy)) == 1
        bo.api.delete(f"/pairup/teams/{team['id']}", expect=204)
