"""Rosters: imported whole or not at all, imported again, shown to staff; codes that are shown once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import School, fresh_number
from twidder.config import Limits

Client = Callable[..., Api]
HEADER = "number,firstname,familyname,preferred,email,cohort"


def path_of(round: dict[str, object], rest: str = "roster") -> str:
    return f"/pairup/rounds/{round['id']}/{rest}"


def test_an_import_adds_and_changes_and_takes_nobody_off(school: School) -> None:
    round = school.make_round()
    one, two, three = fresh_number(), fresh_number(), fresh_number()
    table = f"{HEADER}\n{one},Ada,Lind,,ada@example.org,A\n{two},Bo,Berg,,,B"
    would = school.staff.put(path_of(round) + "?check=true", {"csv": table}, expect=200).json()
    assert would == {"added": 2, "changed": 0, "same": 0, "missing": 0}
    assert school.roster(round) == []
    assert school.staff.put(path_of(round), {"csv": table}, expect=200).json() == would
    again = f"{HEADER}\n{two},Bo,Berg,Bosse,,B\n{three},Cy,Cole,,,\n"
    answer = school.staff.put(path_of(round), {"csv": again}, expect=200).json()
    assert answer == {"added": 1, "changed": 1, "same": 0, "missing": 1}
    answer = school.staff.put(path_of(round), {"csv": again}, expect=200).json()
    assert answer == {"added": 0, "changed": 0, "same": 2, "missing": 1}
    shown = [(entry["number"], entry["preferred"], entry["cohort"]) for entry in school.roster(round)]
    assert shown == [(two, "Bosse", "B"), (three, "", ""), (one, "", "A")]
    fewer = f"familyname,firstname,number\nLind,Ada,{one}\nBerg,Bo,{two}\nDahl,Di,{fresh_number()}"
    answer = school.staff.put(path_of(round), {"csv": fewer}, expect=200).json()
    assert answer == {"added": 1, "changed": 0, "same": 2, "missing": 1}  # what has no column stays
    assert [entry["cohort"] for entry in school.roster(round)] == ["B", "", "", "A"]


def test_a_wrong_line_imports_nothing(school: School) -> None:
    round = school.make_round()
    table = f"{HEADER}\n{fresh_number()},Ada,Lind,,,\n{fresh_number()},,Berg,,,\n{fresh_number()},Cy,Cole,,nowhere,"
    answer = school.staff.put(path_of(round), {"csv": table})
    assert answer.status_code == 422
    assert answer.json()["field"] == "csv"
    assert [(line["line"], line["field"]) for line in answer.json()["lines"]] == [(3, "firstname"), (4, "email")]
    assert school.roster(round) == []


def test_a_table_comes_as_a_file_too(school: School, client: Client) -> None:
    """text/csv, up to a mebibyte; the largest course; one more than that is refused whole. To a stranger nobody listens
    for so long."""
    round, most = school.make_round(), Limits().roster_entries
    rows = [f"c{n},Firstname {n},Familyname {n},,student{n}@example.org,Cohort {n % 3}" for n in range(most)]
    table = "\n".join([HEADER, *rows]).encode()
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    answer = school.staff.request("PUT", path_of(round), content=table, headers=headers, expect=200)
    assert answer.json()["added"] == most
    assert client().request("PUT", path_of(round), content=table, headers=headers).status_code == 401
    one_more = f"{HEADER}\nlast,Ada,Lind,,,"
    assert school.staff.put(path_of(round), {"csv": one_more}).json()["field"] == "csv"
    too_long = school.staff.request("PUT", path_of(round), content=b"a" * 1_048_577, headers=headers)
    assert too_long.status_code == 413
    latin = school.staff.request("PUT", path_of(round), content=b"number,\xe5", headers=headers)
    assert (latin.status_code, latin.json()["field"]) == (422, "csv")
    other = school.staff.request("PUT", path_of(round), content=table, headers={"Content-Type": "text/plain"})
    assert other.status_code == 415


def test_other_bodies_are_as_short_as_ever(school: School) -> None:
    answer = school.staff.post("/pairup/rounds", {"name": "a", "description": "a" * 70_000})
    assert answer.status_code == 413


def test_who_changes_their_name_changes_it_everywhere(school: School, live: Callable[..., Live]) -> None:
    """A claimed entry stays claimed; the team, its place and the student's own page are told."""
    round = school.make_round()
    ada, bo = school.enrol(round, 2)
    lab = school.make_lab(round)
    school.pair(round, ada, bo)
    ada.take(lab["places"][0])
    socket = live(ada.api)
    socket.join({f"pairup:{round['id']}": None, ada.topic: None})
    table = f"{HEADER}\n{ada.number},Ada,Lovelace,Countess,,A"
    school.staff.put(path_of(round), {"csv": table}, expect=200)
    team = next(event for event in iter(lambda: socket.recv("event"), None) if event["event"] == "team.changed")
    assert team["data"]["team"]["label"] == "Countess & Student2"
    places = next(event for event in iter(lambda: socket.recv("event"), None) if event["event"] == "places.changed")
    assert places["data"]["places"][0]["team"]["label"] == "Countess & Student2"
    assert socket.recv("event", topic=ada.topic)["event"] == "mine.changed"
    assert ada.mine()["entry"]["cohort"] == "A"
    assert ada.mine()["entry"]["claimed"]


def test_who_is_a_claimed_part_of_a_team_is_not_taken_off(school: School) -> None:
    round = school.make_round()
    ada, bo = school.enrol(round, 2)
    cy, di = school.add(
        round, [{"number": fresh_number(), "firstname": name, "familyname": "Test"} for name in ("Cy", "Di")]
    )
    team = school.staff.post(path_of(round, "teams"), {"entries": [bo.entry, di["id"]]}, expect=201).json()["id"]
    refused = school.staff.delete(f"/pairup/entries/{bo.entry}")
    assert (refused.status_code, refused.json()["code"]) == (409, "taken")
    ada.api.put(f"/pairup/entries/{ada.entry}/looking", {"about": ""}, expect=200)
    ada.api.post(f"/pairup/entries/{cy['id']}/invitations", {"text": ""}, expect=201)
    for entry in (ada.entry, cy["id"], di["id"]):
        school.staff.delete(f"/pairup/entries/{entry}", expect=204)
        school.staff.delete(f"/pairup/entries/{entry}", expect=404)
    assert ada.api.get("/session").status_code == 401  # of a number that is on no roster any more
    seen = school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()
    assert (seen["round"]["students"], seen["looking"]) == (1, [])
    assert [(one["id"], one["size"]) for one in seen["teams"]] == [(team, 1)]


def test_a_roster_is_for_staff(school: School) -> None:
    round = school.make_round()
    (ada,) = school.enrol(round, 1)
    (other,) = school.enrol(school.make_round(), 1)
    for pupil in (ada, other):
        for method, path in (
            ("GET", path_of(round)),
            ("PUT", path_of(round)),
            ("POST", path_of(round, "codes")),
            ("DELETE", f"/pairup/entries/{ada.entry}"),
            ("DELETE", f"/pairup/entries/{ada.entry}/claim"),
            ("DELETE", f"/pairup/entries/{ada.entry}/pin"),
        ):
            assert pupil.api.request(method, path).status_code == 403, path
    assert school.roster(round)[0]["claimed"]


def test_codes_are_new_each_time_and_kept_as_hashes(school: School, server: Server, client: Client) -> None:
    round = school.make_round()
    students = [{"number": fresh_number(), "firstname": name, "familyname": "Test"} for name in ("Ada", "Bo")]
    ada, bo = school.add(round, students)
    first = school.staff.post(path_of(round, "codes"), {"entries": None}, expect=201).json()["items"]
    assert [item["entry"] for item in first] == [ada["id"], bo["id"]]
    assert all(item["url"] == f"{server.url}/claim#{item['code']}" for item in first)
    again = school.codes(round, [ada["id"]])[ada["id"]]
    check = client()
    stale = check.post("/pairup/claims/check", {"code": first[0]["code"]})
    assert (stale.status_code, stale.json()["code"]) == (403, "bad_link")
    asked = check.post("/pairup/claims/check", {"code": again.lower().replace("-", " ")}, expect=200).json()
    assert asked == {"round": round["name"], "name": "Ada Test", "number": students[0]["number"]}
    assert check.post("/pairup/claims/check", {"code": first[1]["code"]}, expect=200).json()["name"] == "Bo Test"
    with sqlite3.connect(server.data / "twidder.db") as database:
        kept = database.execute("SELECT * FROM pairup_entries").fetchall()
    database.close()
    assert again not in str(kept)
    assert again.replace("-", "") not in str(kept)


def test_codes_are_for_those_whom_they_help(school: School, client: Client, people: People) -> None:
    """An account needs none; who is of another round has none here."""
    round = school.make_round()
    students = [{"number": fresh_number(), "firstname": name, "familyname": "Test"} for name in ("Ada", "Bo")]
    ada, bo = school.add(round, students)
    client(people.ada).post("/pairup/claims", {"code": school.codes(round)[ada["id"]]}, expect=201)
    assert set(school.codes(round)) == {bo["id"]}
    (elsewhere,) = school.enrol(school.make_round(), 1, signed_in=False)
    for entries in ([ada["id"]], [bo["id"], elsewhere.entry], [10**12], [-1], [2**70]):
        answer = school.staff.post(path_of(round, "codes"), {"entries": entries})
        assert (answer.status_code, answer.json()["field"]) == (422, "entries")
    assert school.codes(round, []) == {}
