"""Rounds: made, changed and deleted by staff; seen by whoever is on the roster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.pairup.school import School
from twidder.clock import now_ms

Client = Callable[..., Api]
HOUR = 3_600_000


def test_a_round_from_its_making_to_a_place(school: School) -> None:
    """Roster, codes, claims, a team, a place: the way that a course goes."""
    round = school.make_round(names="staff")
    ada, bo = school.enrol(round, 2)
    lab = school.make_lab(round, places=2)
    school.pair(round, ada, bo)
    place = ada.take(lab["places"][0])
    assert place["state"] == "taken"
    seen = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert [one["state"] for one in seen["places"]] == ["taken", "free"]
    assert seen["round"]["students"] == 2
    card = ada.api.get("/pairup/rounds", expect=200).json()["items"]
    assert [(one["round"]["id"], one["entry"]) for one in card] == [(round["id"], ada.entry)]


def test_who_is_not_on_the_roster_finds_no_round(school: School, client: Client, people: People) -> None:
    round = school.make_round()
    eve = client(people.eve)
    assert eve.get("/pairup/rounds", expect=200).json() == {"items": []}
    assert eve.get(f"/pairup/rounds/{round['id']}").status_code == 404
    for method, path in (("POST", "rounds"), ("PATCH", f"rounds/{round['id']}"), ("DELETE", f"rounds/{round['id']}")):
        body = None if method == "DELETE" else {"json": {"name": "Mine"}}
        assert eve.request(method, f"/pairup/{path}", **(body or {})).status_code == 403


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": " "}, "name"),
    "a long name": ({"name": "a" * 65}, "name"),
    "another mode": ({"mode": "lottery"}, "mode"),
    "another audience": ({"names": "nobody"}, "names"),
    "no zone": ({"zone": ""}, "zone"),
    "an unknown zone": ({"zone": "Mars/Olympus"}, "zone"),
    "a path as zone": ({"zone": "../../etc/passwd"}, "zone"),
    "a long zone": ({"zone": "a" * 5_000}, "zone"),
    "a folder as zone": ({"zone": "Europe"}, "zone"),
    "nobody": ({"size_min": 0}, "size_min"),
    "too many": ({"size_max": 5}, "size_max"),
    "more at least than at most": ({"size_min": 3}, "size_max"),
    "closed before it opens": ({"opens_at": 1_900_000_000_000, "closes_at": 1_900_000_000_000}, "closes_at"),
    "long ago": ({"opens_at": 1}, "opens_at"),
    "never": ({"closes_at": 2**60}, "closes_at"),
    "an empty cohort": ({"alone": [""]}, "alone"),
    "too many cohorts": ({"alone": [str(n) for n in range(51)]}, "alone"),
    "an unknown field": ({"secret": "a"}, "secret"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_round_that_cannot_be_is_refused_by_its_field(school: School, case: str) -> None:
    wrong, field = WRONG[case]
    answer = school.staff.post("/pairup/rounds", {"name": "Round", **wrong})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    round = school.make_round()
    answer = school.staff.patch(f"/pairup/rounds/{round['id']}", wrong)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert school.staff.get(f"/pairup/rounds/{round['id']}").json()["round"] == round


def test_a_change_reaches_who_is_there(school: School, live: Callable[..., Live]) -> None:
    """State before and the event: state after. What is left out stays; a time can be taken back."""
    round = school.make_round(closes_at=now_ms() + HOUR, alone=["Masters"])
    (ada,) = school.enrol(round, 1)
    socket = live(ada.api)
    socket.join({f"pairup:{round['id']}": None})
    change = {"name": "Demo week", "closes_at": None, "size_min": 1, "zone": "Europe/Stockholm"}
    after = school.staff.patch(f"/pairup/rounds/{round['id']}", change, expect=200).json()
    assert after == round | change | {"students": 1}
    assert socket.recv("event")["data"] == {"round": after}
    school.staff.patch(f"/pairup/rounds/{round['id']}", change, expect=200)  # the same again tells nobody
    school.staff.patch(f"/pairup/rounds/{round['id']}", {"name": "Exam week"}, expect=200)
    assert socket.recv("event")["data"]["round"]["name"] == "Exam week"


def test_what_makes_a_team_complete_changes_with_the_round(school: School, live: Callable[..., Live]) -> None:
    """Teams that are complete now, or no longer, are told so; a place that they have is theirs until they change."""
    round = school.make_round(size_min=1)
    (ada,), lab = school.enrol(round, 1, cohort="Masters"), school.make_lab(round)
    team = school.pair(round, ada)
    ada.take(lab["places"][0])
    socket = live(ada.api)
    socket.join({f"pairup:{round['id']}": None})
    path = f"/pairup/rounds/{round['id']}"
    for change, complete in (({"size_min": 2}, False), ({"alone": ["Masters"]}, True), ({"alone": []}, False)):
        school.staff.patch(path, change, expect=200)
        told = [socket.recv("event"), socket.recv("event")]
        assert {one["event"] for one in told} == {"team.changed", "round.changed"}
        (changed,) = [one["data"]["team"] for one in told if one["event"] == "team.changed"]
        assert (changed["id"], changed["complete"]) == (team, complete)
        assert changed == school.staff.get(path, expect=200).json()["teams"][0]
    assert school.staff.get(path, expect=200).json()["places"][0]["state"] == "taken"


def test_the_phase_is_the_clocks(school: School) -> None:
    now = now_ms()
    times = {"soon": (now + HOUR, None), "open": (now - HOUR, now + HOUR), "closed": (None, now - HOUR)}
    for phase, (opens_at, closes_at) in times.items():
        assert school.make_round(opens_at=opens_at, closes_at=closes_at)["phase"] == phase


def test_there_is_one_default(school: School) -> None:
    first = school.make_round(is_default=True)
    second = school.make_round(is_default=True)
    items = school.staff.get("/pairup/rounds", expect=200).json()["items"]
    defaults = [card["round"]["id"] for card in items if card["round"]["is_default"]]
    assert (first["is_default"], defaults) == (True, [second["id"]])
    school.staff.delete(f"/pairup/rounds/{second['id']}", expect=204)
    school.staff.patch(f"/pairup/rounds/{first['id']}", {"is_default": True}, expect=200)
    school.staff.patch(f"/pairup/rounds/{first['id']}", {"is_default": False}, expect=200)


def test_what_students_were_told_is_kept(school: School) -> None:
    """Who sees names is settled by the first team, the mode by the first place."""
    round = school.make_round()
    ada, bo = school.enrol(round, 2)
    lab = school.make_lab(round)
    path = f"/pairup/rounds/{round['id']}"
    school.staff.patch(path, {"names": "staff", "mode": "draw"}, expect=200)
    school.staff.patch(path, {"names": "everyone", "mode": "fcfs"}, expect=200)
    school.pair(round, ada, bo)
    assert school.staff.patch(path, {"names": "staff"}).json()["field"] == "names"
    ada.take(lab["places"][0])
    assert school.staff.patch(path, {"mode": "draw"}).json()["field"] == "mode"
    school.staff.patch(path, {"names": "everyone", "mode": "fcfs", "confirm": True}, expect=200)
    school.staff.delete(f"/pairup/teams/{ada.team}", expect=204)
    assert school.staff.patch(path, {"names": "staff"}).json()["field"] == "names"  # the log has their names


def test_a_round_that_has_closed_does_not_become_a_draw(school: School) -> None:
    """It would be drawn at once, for good, with nobody's wishes."""
    round = school.make_round(closes_at=now_ms() - HOUR)
    path = f"/pairup/rounds/{round['id']}"
    refused = school.staff.patch(path, {"mode": "draw"})
    assert (refused.status_code, refused.json()["field"]) == (422, "mode")
    school.staff.patch(path, {"mode": "draw", "closes_at": now_ms() + HOUR}, expect=200)


def test_a_draw_is_committed_to_from_the_start(school: School) -> None:
    """64 hex digits that are another round's never, and stay as they are."""
    one, other = school.make_round(mode="draw"), school.make_round(mode="draw")
    assert len(bytes.fromhex(one["commitment"])) == 32
    assert one["commitment"] != other["commitment"]
    after = school.staff.patch(f"/pairup/rounds/{one['id']}", {"name": "Drawn"}, expect=200).json()
    assert after["commitment"] == one["commitment"]
    assert "secret" not in after


def test_a_deleted_round_is_gone_for_everybody(school: School, client: Client, live: Callable[..., Live]) -> None:
    round = school.make_round()
    (ada,) = school.enrol(round, 1)
    (bo,) = school.add(round, [{"number": f"late{ada.number}", "firstname": "Bo", "familyname": "Berg"}])
    code = school.codes(round)[bo["id"]]
    socket = live(ada.api)
    socket.join({f"pairup:{round['id']}": None})
    school.staff.delete(f"/pairup/rounds/{round['id']}", expect=204)
    assert socket.recv("event")["event"] == "round.gone"
    assert ada.api.get("/pairup/rounds", expect=200).json() == {"items": []}
    for api in (ada.api, school.staff):
        assert api.get(f"/pairup/rounds/{round['id']}").status_code == 404
    refused = client().post("/pairup/registrations", {"code": code, "pin": "4711"})
    assert (refused.status_code, refused.json()["code"]) == (403, "bad_link")


def test_an_id_is_no_larger_than_ids_are(school: School) -> None:
    """What SQLite cannot hold is a wrong field, and no fault of the server."""
    round, draw = school.make_round(), school.make_round(mode="draw")
    ada, bo = school.enrol(round, 2)
    (cy,) = school.enrol(draw, 1)
    team, path = school.pair(round, ada, bo), f"/pairup/rounds/{round['id']}"
    school.pair(draw, cy)
    for huge in (2**63, 10**30, -1):
        answers = {
            "entries": school.staff.post(f"{path}/teams", {"entries": [huge]}),
            "place": school.staff.put(f"/pairup/teams/{team}/place", {"place": huge}),
            "lab": ada.api.put(f"{path}/call", {"kind": "ready", "lab": huge}),
            "places": cy.api.put(f"/pairup/rounds/{draw['id']}/ranking", {"places": [huge]}),
        }
        told = {field: (one.status_code, one.json().get("field")) for field, one in answers.items()}
        assert told == {field: (422, field) for field in answers}, huge
