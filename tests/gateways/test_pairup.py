"""Pair-Up's own client at the gateway: its routes, its words, and what two who want the same get."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.pairup_client import PIN, PairUp, Round, make_round
from tests.conftest import GENEROUS
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA
from tests.harness.server import Server

Student = Callable[[str], PairUp]
MakeRound = Callable[..., Round]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A place has one round for such clients: these tests have a server of their own, whose owner is Ada."""
    with Server(tmp_path_factory.mktemp("pairup") / "data", limits=GENEROUS) as server:
        with Api(server) as ada:
            ada.sign_up(ADA)
        yield server


@pytest.fixture
def staff(course: Server) -> Iterator[Api]:
    with Api(course) as api:
        yield api.sign_in(ADA)


@pytest.fixture
def a_round(staff: Api) -> MakeRound:
    """Makes the round that such clients talk to, with fields of one's choice."""
    return lambda **fields: make_round(staff, **fields)


@pytest.fixture
def student(course: Server) -> Iterator[Student]:
    """student(number): registered and logged in; student("") is nobody."""
    made: list[PairUp] = []

    def make(number: str) -> PairUp:
        made.append(PairUp(course.url, number))
        return made[-1].register().log_in() if number else made[-1]

    yield make
    for page in made:
        page.close()


def refused(answer: Any) -> tuple[int, str]:
    """(status, message) of a refusal in the client's own shape."""
    body = answer.json()
    assert set(body) == {"error", "message"}, body
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, body["message"]


def test_the_way_of_a_project(student: Student, a_round: MakeRound) -> None:
    """Register, log in, look, make a project with a partner, change it, delete it: fields and statuses as the client
    wants them, by both names where the course's code and its slides differ."""
    here = a_round()
    first, second, third = here.places
    tim = student("")
    tim.number = here.tim
    shown = tim.ask("POST", "/students", {"id": here.tim, "pin": PIN}, expect=201)
    assert shown.headers["Location"] == f"/api/students/{here.tim}"
    assert shown.json() == {
        "id": here.tim,
        "first_name": "Timothy",
        "surname": "French",
        "prefered_name": "Tim",
        "cits3403": True,
        "assign_me": False,
        "_links": {"project": f"/api/students/{here.tim}/project"},
    }
    token = tim.ask("POST", "/tokens", auth=(here.tim, PIN), expect=200).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", token["expiry"])
    tim.token = token["token"]
    assert tim.ask("GET", f"/students/{here.tim}").json() == shown.json()
    assert refused(tim.project("GET")) == (404, "Student has no project")
    assert tim.labs() == {
        first: "CSSE 2.01 Monday, May 20 1715",
        second: "CSSE 2.01 Monday, May 20 1720",
        third: "CSSE 2.03 Tuesday, May 21 0905",
    }
    wish = {"description": "A map", "lab_id": str(second), "partnerNumber": here.ada}  # a form's value is a text
    made = tim.project("POST", wish, expect=201)
    assert made.headers["Location"] == f"/api/students/{here.tim}/project"
    project = made.json()
    lab = {"lab_id": second, "lab": "CSSE 2.01 Monday, May 20 1720", "lab_name": "Lab CSSE 2.01: Monday, May 20 1720"}
    assert project == {"id": project["pid"], "pid": project["pid"], "team": "Tim & Ada", "description": "A map", **lab}
    assert tim.project("GET", expect=200).json() == project
    del lab["lab_name"]
    assert tim.projects() == [{"pid": project["pid"], "team": "Tim & Ada", "description": "A map", **lab}]
    assert list(tim.labs()) == [first, third]
    kept = tim.project("PUT", {"description": "A better map", "lab_id": second}, expect=200).json()
    assert (kept["description"], kept["lab_id"]) == ("A better map", second)
    ada = student(here.ada)  # any member may change it, and delete it
    assert ada.project("PUT", {**kept, "lab_id": third}, expect=200).json()["lab_id"] == third
    assert list(tim.labs()) == [first, second]
    assert ada.project("DELETE", expect=204).content == b""
    assert refused(tim.project("GET")) == (404, "Student has no project")
    assert (tim.projects(), len(tim.labs())) == ([], 3)
    tim.ask("DELETE", "/tokens", expect=204)
    assert tim.ask("GET", f"/students/{here.tim}").status_code == 401


def test_the_words_of_refusals(student: Student, a_round: MakeRound) -> None:
    """Each in the words of the original."""
    here = a_round()
    place, other, _ = here.places
    nobody, tim, bert = student(""), student(here.tim), student(here.bert)
    wish = {"description": "A map", "lab_id": place}
    register = [({}, "Must include student number and pin"), ({"id": here.eve}, "Must include student number and pin")]
    register += [({"id": "99999999", "pin": PIN}, "Unknown student")]
    register += [({"id": here.tim, "pin": PIN}, "Student already registered")]
    for body, text in register:
        assert refused(nobody.ask("POST", "/students", body)) == (400, text)
    assert refused(tim.ask("GET", f"/students/{here.bert}"))[0] == 403
    assert refused(tim.ask("GET", f"/students/{here.bert}/project"))[0] == 403
    for body in ({"description": "A map"}, {"lab_id": place}, {}):
        assert refused(tim.project("POST", body)) == (400, "Must include description and lab_id")
        assert refused(tim.project("PUT", body)) == (400, "Must include description and lab_id")
    without = [("POST", "CITS3403 students require a partner"), ("PUT", "Student has no project")]
    without += [("DELETE", "Student does not have a project")]
    for method, text in without:
        assert refused(tim.project(method, wish)) == (400, text)
    for number in ("99999999", here.tim):
        assert refused(tim.project("POST", {**wish, "partner": number})) == (400, "Unknown partner")
    bert.project("POST", {**wish, "partner": here.eve}, expect=201)
    assert refused(bert.project("POST", {**wish, "partner": here.ada})) == (400, "Student already committed")
    assert refused(tim.project("POST", {**wish, "partner": here.eve})) == (400, "Partner already committed")
    for lab in (place, 10**9, 10**30, "nowhere", -1, [other]):
        wrong = refused(tim.project("POST", {"description": "A map", "lab_id": lab, "partner": here.ada}))
        assert wrong[0] == 400
        assert wrong[1] == "Lab not available" or lab == [other]
    long = {"description": "m" * 65, "lab_id": other, "partner": here.ada}
    assert refused(tim.project("POST", long)) == (400, "A description has at most 64 characters.")
    assert tim.project("POST", {**long, "description": "m" * 64}, expect=201).json()["description"] == "m" * 64


def test_P1_what_is_refused_leaves_nothing(student: Student, a_round: MakeRound, staff: Api) -> None:
    """Team and place come together or not at all: a place that is taken leaves both students without a team."""
    here = a_round()
    place = here.places[0]
    student(here.bert).project("POST", {"description": "", "lab_id": place, "partner": here.eve}, expect=201)
    tim = student(here.tim)
    late = {"description": "A map", "lab_id": place, "partner": here.ada}
    assert refused(tim.project("POST", late)) == (400, "Lab not available")
    snapshot = staff.get(f"/pairup/rounds/{here.id}").json()
    assert [len(snapshot["teams"]), snapshot["teams"][0]["label"]] == [1, "Bert & Eve"]
    tim.project("POST", {**late, "lab_id": here.places[1]}, expect=201)
    changed = {"description": "Another", "lab_id": place}
    assert refused(tim.project("PUT", changed)) == (400, "Lab not available")
    assert tim.project("GET").json()["description"] == "A map"


def test_P1_two_pairs_want_one_place(student: Student, a_round: MakeRound) -> None:
    here = a_round()
    pairs = [(student(here.tim), here.ada), (student(here.bert), here.eve)]
    for _ in range(5):
        place = here.places[0]

        def want(pair: tuple[PairUp, str], place: int = place) -> tuple[int, str]:
            answer = pair[0].project("POST", {"description": "", "lab_id": place, "partner": pair[1]})
            return answer.status_code, answer.json().get("message", "")

        with ThreadPoolExecutor(2) as threads:
            said = sorted(threads.map(want, pairs))
        assert said == [(201, ""), (400, "Lab not available")]
        for page, _ in pairs:
            page.project("DELETE")


def test_P2_two_name_the_same_partner(student: Student, a_round: MakeRound) -> None:
    here = a_round()
    pages = [student(here.tim), student(here.bert)]
    for _ in range(5):

        def want(which: int) -> tuple[int, str]:
            wish = {"description": "", "lab_id": here.places[which], "partner": here.ada}
            answer = pages[which].project("POST", wish)
            return answer.status_code, answer.json().get("message", "")

        with ThreadPoolExecutor(2) as threads:
            said = sorted(threads.map(want, range(2)))
        assert said == [(201, ""), (400, "Partner already committed")]
        for page in pages:
            page.project("DELETE")


@pytest.mark.parametrize(
    "named",
    [
        lambda here: {"partner": here.ada},
        lambda here: {"partnerNumber": here.ada},
        lambda here: {"partner": int(here.ada)},
        lambda here: {"partnerNumber1": "00000000", "partnerNumber2": here.ada, "partnerNumber3": ""},
        lambda here: {"partnerNumber1": here.ada, "partnerNumber2": here.ada, "partnerNumber3": None},
    ],
)
def test_partners_have_many_names(student: Student, a_round: MakeRound, named: Callable[[Round], Any]) -> None:
    here = a_round()
    wish = {"description": "", "lab_id": here.places[0], **named(here)}
    assert student(here.tim).project("POST", wish, expect=201).json()["team"] == "Tim & Ada"


def test_teams_of_three_and_of_one(student: Student, a_round: MakeRound) -> None:
    """As many as the round has it, joined as the course's pages do; alone only whose cohort may."""
    here = a_round(size_max=3)
    three = {"partnerNumber1": here.ada, "partnerNumber2": here.bert, "partnerNumber3": "00000000"}
    tim = student(here.tim)
    wish = {"description": "", "lab_id": here.places[0]}
    assert refused(tim.project("POST", {**wish, **three, "partnerNumber3": here.eve}))[0] == 400
    assert tim.project("POST", {**wish, **three}, expect=201).json()["team"] == "Tim, Ada & Bert"
    cy = student(here.cy)
    assert cy.ask("GET", f"/students/{here.cy}").json()["cits3403"] is False
    alone = cy.project("POST", {"description": "", "lab_id": here.places[1], "partner": ""}, expect=201).json()
    assert alone["team"] == "Cy"


def test_a_token_is_a_session_and_no_more(student: Student, a_round: MakeRound, course: Server) -> None:
    """A new one each time, which ends the old one; by number and PIN alone; good for Pair-Up alone."""
    here = a_round()
    tim = student(here.tim)
    old = tim.token
    tim.log_in()
    assert tim.token != old
    path = f"/students/{here.tim}"
    for headers in ({"Authorization": f"Bearer {old}"}, {"Authorization": f"Bearer {tim.token}x"}):
        answer = tim.ask("GET", path, headers=headers)
        assert refused(answer)[0] == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    tim.ask("GET", path, headers={"Authorization": str(tim.token)}, expect=200)
    nobody = student("")
    basic = nobody.ask("GET", path, auth=(here.tim, PIN))  # browsers repeat it by themselves
    assert (basic.status_code, basic.headers["WWW-Authenticate"]) == (401, "Bearer")
    for auth in (None, (here.tim, "4321"), ("99999999", PIN), (here.tim, ""), ("", "")):
        wrong = nobody.ask("POST", "/tokens", auth=auth)
        assert refused(wrong)[0] == 401
        assert wrong.headers["WWW-Authenticate"].startswith("Basic ")
    with Api(course, same_origin=False) as native:
        native.use_token(str(tim.token))
        assert native.get("/me").json()["code"] == "pairup_alone"
        native.get(f"/pairup/rounds/{here.id}", expect=200)
    in_url = tim.ask("GET", f"{path}?token={tim.token}")
    assert refused(in_url)[0] == 400


def test_a_cookie_is_nobody(a_round: MakeRound, staff: Api) -> None:
    """Another site could make a browser send it."""
    here = a_round(open_registration=False)
    for path in (f"/api/students/{here.tim}", "/api/projects/", "/api/labs/"):
        answer = staff.request("GET", staff.url + path, headers={"Cookie": staff.cookie})
        assert refused(answer)[0] == 401


def test_everything_below_it_is_json(student: Student, a_round: MakeRound, course: Server) -> None:
    """Also what is not there, not allowed and not JSON; the native API goes on in its own words."""
    a_round()
    nobody = student("")
    assert refused(nobody.ask("GET", "/nothing/here")) == (404, "There is nothing here, or it is not for you.")
    wrong = nobody.ask("PUT", "/tokens")
    assert refused(wrong)[0] == 405
    assert wrong.headers["Allow"] == "POST, DELETE"
    for content in (b"{", b"[]", b'{"id": NaN}', b"\xff"):
        assert refused(nobody.ask("POST", "/students", content=content))[0] == 400
    assert refused(nobody.ask("POST", "/students", content=b" " * 300_000))[0] == 413
    for path in ("/labs", "/labs/", "/projects", "/projects/"):
        nobody.ask("GET", path, expect=200)
    ahead = nobody.http.options("/api/students/1/project", headers={"Access-Control-Request-Method": "PUT"})
    assert (ahead.status_code, ahead.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert ahead.headers["Access-Control-Allow-Headers"] == "Authorization, *"
    with Api(course) as native:
        for path in ("/nothing", "/pairup"):
            answer = native.get(path)
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
            assert "Access-Control-Allow-Origin" not in answer.headers


def test_registration_is_where_the_round_allows_it(student: Student, a_round: MakeRound) -> None:
    """And not by a page of any site in its reader's browser; there the lists are for who belongs to the round."""
    here = a_round()
    nobody = student("")
    body = {"id": here.tim, "pin": PIN}
    elsewhere = {"Origin": "https://evil.example"}
    assert refused(nobody.ask("POST", "/students", body, headers=elsewhere))[0] == 403
    for pin in ("12", "12345678", "abcd", ["1234"]):
        assert refused(nobody.ask("POST", "/students", {"id": here.tim, "pin": pin}))[0] == 400
    tim = student(here.tim)
    a_round(open_registration=False)
    assert refused(nobody.ask("POST", "/students", {"id": here.ada, "pin": PIN}))[0] == 403
    for path in ("/labs/", "/projects/"):
        for page in (nobody, tim):  # Tim is of the round before
            assert refused(page.ask("GET", path))[0] == 401
    assert refused(tim.ask("GET", f"/students/{here.tim}")) == (404, "Student not found.")
    assert refused(tim.project("POST", {"description": "", "lab_id": 1})) == (400, "Unknown student")


def test_who_was_in_an_earlier_round_proves_it_by_the_pin(student: Student, a_round: MakeRound, staff: Api) -> None:
    """And is the same person there; another PIN is told what it was told before."""
    before = a_round()
    tim = student(before.tim)
    me = tim.ask("GET", f"/students/{before.tim}").json()["id"]
    here = a_round()
    table = {"csv": f"number,firstname,familyname\n{me},Timothy,French"}
    staff.put(f"/pairup/rounds/{here.id}/roster", table, expect=200)
    assert refused(tim.ask("GET", f"/students/{me}")) == (404, "Student not found.")
    nobody = student("")
    wrong = refused(nobody.ask("POST", "/students", {"id": me, "pin": "9999"}))
    assert wrong == (400, "Student already registered")
    nobody.ask("POST", "/students", {"id": me, "pin": PIN, "prefered_name": "Timo"}, expect=201)
    assert tim.ask("GET", f"/students/{me}", expect=200).json()["prefered_name"] == "Timo"  # the session goes on
    again = refused(nobody.ask("POST", "/students", {"id": me, "pin": PIN}))
    assert again == (400, "Student already registered")
    student(here.ada)  # whoever is new registers as ever


def test_P5_names_are_for_whom_the_round_says(student: Student, a_round: MakeRound) -> None:
    """Strangers read no names; where they are for staff alone, only one's own team's."""
    here = a_round()
    nobody, tim = student(""), student(here.tim)
    wish = {"description": "A map", "lab_id": here.places[0], "partner": here.ada}
    tim.project("POST", wish, expect=201)
    assert [one["team"] for one in tim.projects()] == ["Tim & Ada"]
    assert re.fullmatch(r"Team \d+", nobody.projects()[0]["team"])
    here = a_round(names="staff")
    tim, bert = student(here.tim), student(here.bert)
    wish = {"description": "A map", "lab_id": here.places[0], "partner": here.ada}
    assert tim.project("POST", wish, expect=201).json()["team"] == "Tim & Ada"
    for page in (tim, bert):
        assert re.fullmatch(r"Team \d+", page.projects()[0]["team"])


def test_a_name_and_a_pin_are_changed(student: Student, a_round: MakeRound) -> None:
    """The new name stands on the team at once; the new PIN is the one that counts."""
    here = a_round()
    tim = student(here.tim)
    tim.project("POST", {"description": "", "lab_id": here.places[0], "partner": here.ada}, expect=201)
    path = f"/students/{here.tim}"
    shown = tim.ask("PUT", path, {"prefered_name": "Timo", "pin": "98765", "assign_me": True}, expect=200).json()
    assert (shown["prefered_name"], shown["assign_me"]) == ("Timo", True)
    assert tim.projects()[0]["team"] == "Timo & Ada"
    assert tim.ask("POST", "/tokens", auth=(here.tim, PIN), headers={}).status_code == 401
    tim.log_in("98765")
    assert tim.ask("PUT", path, {"prefered_name": ""}, expect=200).json()["prefered_name"] == "Timothy"
    for body in ({"pin": "x"}, {"prefered_name": "T" * 200}, {"prefered_name": "T\nim"}):
        assert refused(tim.ask("PUT", path, body))[0] == 400
    assert refused(tim.ask("PUT", f"/students/{here.bert}", {"prefered_name": "B"}))[0] == 403


def test_L10_native_pages_see_it_live(
    student: Student, a_round: MakeRound, staff: Api, live: Callable[..., Live], course: Server
) -> None:
    """What such a client does is an event like any other, and staff's page is right without asking again."""
    here = a_round()
    topic = f"pairup:{here.id}"
    socket = live(staff, on=course)
    socket.join({topic: None})
    tim = student(here.tim)
    project = tim.project("POST", {"description": "A map", "lab_id": here.places[0], "partner": here.ada}, expect=201)

    def place(wanted: int) -> dict[str, Any]:
        while True:
            frame = socket.recv("event", topic=topic)
            if frame["event"] == "places.changed":
                found = [one for one in frame["data"]["places"] if one["id"] == wanted]
                if found:
                    return dict(found[0])

    taken = place(here.places[0])
    assert (taken["state"], taken["team"]) == ("taken", {"id": project.json()["pid"], "label": "Tim & Ada"})
    tim.project("DELETE", expect=204)
    while (freed := place(here.places[0]))["state"] != "free":
        pass
    assert freed["team"] is None


def test_a_closed_round_is_looked_at_only(student: Student, a_round: MakeRound, staff: Api) -> None:
    here = a_round()
    tim = student(here.tim)
    wish = {"description": "A map", "lab_id": here.places[0], "partner": here.ada}
    tim.project("POST", wish, expect=201)
    staff.patch(f"/pairup/rounds/{here.id}", {"closes_at": 1_600_000_000_000}, expect=200)
    for method, body in (("PUT", {**wish, "lab_id": here.places[1]}), ("PUT", {**wish, "description": "x"})):
        assert refused(tim.project(method, body))[0] == 409
    assert refused(tim.project("DELETE"))[0] == 409
    assert tim.project("GET", expect=200).json()["lab_id"] == here.places[0]


def test_without_a_round_there_is_nothing(student: Student, a_round: MakeRound, staff: Api) -> None:
    here = a_round()
    staff.patch(f"/pairup/rounds/{here.id}", {"is_default": False}, expect=200)
    assert refused(student("").ask("GET", "/labs/")) == (404, "No round is meant for this client.")


def test_numbers_are_not_tried_out(fresh_server: Callable[..., Server]) -> None:
    """Who asks for numbers that are on no roster has to wait, ever longer."""
    server = fresh_server(limits={"failed_signins_address": 2})
    with Api(server) as staff:
        staff.sign_up(ADA)
        make_round(staff.sign_in(ADA))
    page = PairUp(server.url)
    guesses = [page.ask("POST", "/students", {"id": f"9999{number:04}", "pin": PIN}) for number in range(4)]
    page.close()
    assert refused(guesses[0]) == (400, "Unknown student")
    assert refused(guesses[-1])[0] == 429
    assert int(guesses[-1].headers["Retry-After"]) > 0


def test_numbers_are_not_taken_one_after_the_other(fresh_server: Callable[..., Server]) -> None:
    """They are easily guessed, and whoever comes first has them."""
    server = fresh_server(limits={"signups_per_minute": 2})
    with Api(server) as staff:
        staff.sign_up(ADA)
        here = make_round(staff.sign_in(ADA))
    page = PairUp(server.url)
    taken = [page.ask("POST", "/students", {"id": one, "pin": PIN}) for one in (here.tim, here.ada, here.bert)]
    page.close()
    assert [one.status_code for one in taken] == [201, 429, 429]


def test_A4_a_network_of_ipv6_is_one_guesser(fresh_server: Callable[..., Server]) -> None:
    """Its customer has a new address for each guess, at this door as at the native one, of PINs, numbers and codes."""
    server = fresh_server(limits={"failed_signins_address": 2}, args=["--proxies", "1"])
    with Api(server) as staff:
        staff.sign_up(ADA)
        here = make_round(staff.sign_in(ADA))
    page = PairUp(server.url)

    def guess(path: str, network: str, body: Any = None, **more: Any) -> list[int]:
        addresses = [{"X-Forwarded-For": f"2001:db8:{network}::{number:x}"} for number in range(1, 4)]
        return [page.ask("POST", path, body, headers=one, **more).status_code for one in addresses]

    assert guess("/tokens", "1", auth=(here.tim, "0000")) == [401, 401, 429]
    assert guess("/students", "2", {"id": "99990000", "pin": PIN}) == [400, 400, 429]
    page.http.headers.pop("Origin")
    assert guess("/v1/pairup/claims/check", "3", {"code": "AAAAA-AAAAA"}) == [403, 403, 429]
    page.close()
