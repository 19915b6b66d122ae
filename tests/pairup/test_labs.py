"""Labs and their places: imported and made by staff, kept back, taken away while nobody has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.live import Live
from tests.pairup.school import STARTS, School
from twidder.config import Limits

SUMMER = 1_814_440_500_000  # 13:15 on the first of July 2027 in Stockholm


def path_of(round: dict[str, Any], rest: str = "labs") -> str:
    return f"/pairup/rounds/{round['id']}/{rest}"


def seen(school: School, round: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = school.staff.get(path_of(round, "").rstrip("/"), expect=200).json()
    return found


def test_a_table_adds_what_is_not_there(school: School) -> None:
    round = school.make_round(zone="Europe/Stockholm")
    table = "lab,time,minutes,places\nA,2027-07-01 13:15,20,2\nA,2027-07-01 13:15,,1\nB,2027-07-01 13:15,,1"
    answer = school.staff.put(path_of(round, "labs?check=true"), {"csv": table}, expect=200).json()
    assert answer == {"labs": 2, "places": 4, "same": 0}
    assert seen(school, round)["labs"] == []
    answer = school.staff.put(path_of(round), {"csv": table}, expect=200).json()
    assert answer == {"labs": 2, "places": 4, "same": 0}
    answer = school.staff.put(path_of(round), {"csv": table}, expect=200).json()
    assert answer == {"labs": 0, "places": 0, "same": 4}
    more = "lab,time,minutes,places\nA,2027-07-01 13:15,25,5\nA,2027-07-01 13:40,25,1"
    answer = school.staff.put(path_of(round), {"csv": more}, expect=200).json()
    assert answer == {"labs": 0, "places": 3, "same": 3}
    now = seen(school, round)
    assert [(lab["name"], lab["minutes"]) for lab in now["labs"]] == [("A", 25), ("B", 20)]
    assert [place["starts_at"] - SUMMER for place in now["places"]] == [0] * 6 + [1_500_000]


def test_a_wrong_line_makes_no_lab(school: School) -> None:
    round = school.make_round()
    answer = school.staff.put(path_of(round), {"csv": "lab,time\nA,2027-07-01 13:15\nB,soon"})
    assert (answer.status_code, answer.json()["field"]) == (422, "csv")
    assert [(line["line"], line["field"]) for line in answer.json()["lines"]] == [(3, "time")]
    assert seen(school, round)["labs"] == []


def test_a_round_has_no_more_places_than_it_may(school: School) -> None:
    most = Limits().places_of_round
    round = school.make_round()
    school.make_lab(round, places=1)
    answer = school.staff.put(path_of(round), {"csv": f"lab,time,places\nA,2027-07-01 13:15,{most}"})
    assert (answer.status_code, answer.json()["field"]) == (422, "csv")
    answer = school.staff.post(path_of(round), {"name": "A", "minutes": 20, "times": [STARTS], "places": most})
    assert (answer.status_code, answer.json()["field"]) == (422, "places")
    labs = "\n".join(f"L{n},2027-07-01 13:15" for n in range(Limits().labs_of_round))
    answer = school.staff.put(path_of(round), {"csv": f"lab,time\n{labs}"})
    assert (answer.status_code, answer.json()["field"]) == (422, "csv")
    assert len(seen(school, round)["places"]) == 1


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": ""}, "name"),
    "no time": ({"times": []}, "times"),
    "a wrong time": ({"times": [1]}, "times"),
    "no minutes": ({"minutes": 0}, "minutes"),
    "no place": ({"places": 0}, "places"),
    "no lab of its own": ({"name": "A"}, "name"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_lab_that_cannot_be_is_refused_by_its_field(school: School, case: str) -> None:
    wrong, field = WRONG[case]
    round = school.make_round()
    school.make_lab(round, name="A")
    answer = school.staff.post(path_of(round), {"name": "B", "minutes": 20, "times": [STARTS], **wrong})
    assert (answer.status_code, answer.json()["field"]) == (409 if case == "no lab of its own" else 422, field)
    assert [lab["name"] for lab in seen(school, round)["labs"]] == ["A"]


def test_changes_reach_who_is_there(school: School, live: Callable[..., Live]) -> None:
    """Made, renamed, kept back, given free, one place gone, all gone: each is told as it is then."""
    round = school.make_round()
    (ada,) = school.enrol(round, 1)
    socket = live(ada.api)
    socket.join({f"pairup:{round['id']}": None})
    lab = school.make_lab(round, places=2, name="A")
    assert socket.recv("event")["data"]["lab"] == {"id": lab["id"], "name": "A", "minutes": 15, "waiting": 0}
    assert [place["id"] for place in socket.recv("event")["data"]["places"]] == lab["places"]
    school.staff.patch(f"/pairup/labs/{lab['id']}", {"name": "B", "minutes": 30}, expect=200)
    assert socket.recv("event")["data"]["lab"] == {"id": lab["id"], "name": "B", "minutes": 30, "waiting": 0}
    first, second = lab["places"]
    for kept, state in ((True, "kept"), (False, "free")):
        answer = school.staff.put(f"/pairup/places/{first}/kept", {"kept": kept}, expect=200).json()
        assert socket.recv("event")["data"]["places"] == [answer]
        assert answer["state"] == state
        school.staff.put(f"/pairup/places/{first}/kept", {"kept": kept}, expect=200)
    school.staff.delete(f"/pairup/places/{second}", expect=204)
    assert (gone := socket.recv("event"))["event"] == "places.gone"
    assert gone["data"] == {"ids": [second]}
    school.staff.delete(f"/pairup/labs/{lab['id']}", expect=204)
    assert (gone := socket.recv("event"))["event"] == "lab.gone"
    assert gone["data"] == {"id": lab["id"]}
    assert (seen(school, round)["labs"], seen(school, round)["places"]) == ([], [])


def test_what_somebody_has_stays(school: School) -> None:
    round = school.make_round()
    pair = school.enrol(round, 2)
    school.pair(round, *pair)
    lab = school.make_lab(round, places=2)
    taken = lab["places"][0]
    pair[0].take(taken)
    tries = [
        school.staff.delete(f"/pairup/places/{taken}"),
        school.staff.put(f"/pairup/places/{taken}/kept", {"kept": True}),
        school.staff.delete(f"/pairup/labs/{lab['id']}"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in tries] == [(409, "taken")] * 3
    assert [place["state"] for place in seen(school, round)["places"]] == ["taken", "free"]


def test_a_place_that_is_kept_is_nobodys(school: School) -> None:
    round = school.make_round()
    pair = school.enrol(round, 2)
    school.pair(round, *pair)
    lab = school.make_lab(round)
    (place,) = lab["places"]
    school.staff.put(f"/pairup/places/{place}/kept", {"kept": True}, expect=200)
    pair[0].take(place, expect=409)
    pair[0].api.put(f"/pairup/labs/{lab['id']}/waiting", expect=204)
    school.staff.put(f"/pairup/places/{place}/kept", {"kept": False}, expect=200)
    assert seen(school, round)["places"][0]["state"] == "taken"  # by who waited


def test_new_places_go_to_those_who_wait(school: School) -> None:
    round = school.make_round(zone="Europe/Stockholm")
    lab = school.make_lab(round, name="A")
    teams = [school.enrol(round, 2), school.enrol(round, 2)]
    for pair in teams:
        school.pair(round, *pair)
    teams[0][0].take(lab["places"][0])
    teams[1][0].api.put(f"/pairup/labs/{lab['id']}/waiting", expect=204)
    school.staff.put(path_of(round), {"csv": "lab,time,places\nA,2027-07-01 13:15,2"}, expect=200)
    assert sorted(place["state"] for place in seen(school, round)["places"]) == ["free", "taken", "taken"]
    assert teams[1][0].mine()["waiting"] == []


def test_a_lab_goes_with_its_rankings(school: School) -> None:
    round = school.make_round(mode="draw")
    pair = school.enrol(round, 2)
    school.pair(round, *pair)
    lab, other = school.make_lab(round, places=2), school.make_lab(round)
    ranked = [*lab["places"], *other["places"]]
    pair[0].api.put(f"/pairup/rounds/{round['id']}/ranking", {"places": ranked}, expect=204)
    school.staff.delete(f"/pairup/labs/{lab['id']}", expect=204)
    assert pair[0].mine()["ranking"] == other["places"]
