"""Claiming an entry of a roster: once, by code; with an account or by a PIN; taken over, and freed again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import PIN, School, fresh_number, open_school, sign_in
from tests.pairup.test_names import log_of
from twidder import admin
from twidder.config import Settings

Client = Callable[..., Api]


class Invited:
    """Somebody on the roster, with a code."""

    def __init__(self, school: School, round: dict[str, Any], number: str | None = None) -> None:
        self.number = number or fresh_number()
        (entry,) = school.add(round, [{"number": self.number, "firstname": "Ada", "familyname": "Lind"}])
        self.entry = entry["id"]
        self.code = school.codes(round, [self.entry])[self.entry]


@pytest.fixture
def round(school: School) -> dict[str, Any]:
    return school.make_round()


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_an_account_claims_its_entry_once(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    ada, bert = client(people.ada), client(people.bert)
    invited = Invited(school, round)
    card = ada.post("/pairup/claims", {"code": invited.code}, expect=201).json()
    assert (card["entry"], card["round"]["id"]) == (invited.entry, round["id"])
    assert ada.get(f"/pairup/rounds/{round['id']}/mine", expect=200).json()["entry"]["claimed"]
    for api in (ada, bert):
        assert code_of(api.post("/pairup/claims", {"code": invited.code})) == (403, "bad_link")
    assert bert.get(f"/pairup/rounds/{round['id']}").status_code == 404


def test_nobody_has_two_entries_of_one_round(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    ada = client(people.ada)
    first, second = Invited(school, round), Invited(school, round)
    ada.post("/pairup/claims", {"code": first.code}, expect=201)
    assert code_of(ada.post("/pairup/claims", {"code": second.code})) == (409, "taken")
    client().post("/pairup/registrations", {"code": second.code, "pin": PIN}, expect=201)  # the code is still good
    assert sum(entry["claimed"] for entry in school.roster(round)) == 2


def test_without_an_account_it_takes_a_code_and_a_pin(school: School, round: dict[str, Any], client: Client) -> None:
    invited, stranger = Invited(school, round), client()
    for pin in ("123", "12345678", "12a4", "١٢٣٤", ""):
        refused = stranger.post("/pairup/registrations", {"code": invited.code, "pin": pin})
        assert (refused.status_code, refused.json()["field"]) == (422, "pin")
    answer = stranger.post("/pairup/registrations", {"code": invited.code, "pin": PIN}, expect=201).json()
    assert answer == {"number": invited.number}
    assert stranger.get("/session").status_code == 401  # it does not sign in
    sign_in(stranger, invited.number)
    assert stranger.get(f"/pairup/rounds/{round['id']}/mine", expect=200).json()["entry"]["has_pin"]
    again = client().post("/pairup/registrations", {"code": invited.code, "pin": "9999"})
    assert code_of(again) == (403, "bad_link")


def test_who_claims_at_once_are_one(school: School, round: dict[str, Any], client: Client, people: People) -> None:
    """A code that two use at the same moment makes one claim."""
    invited = Invited(school, round)
    claimers = [client(people.ada), client(people.bert)]
    claims = [lambda api=api: api.post("/pairup/claims", {"code": invited.code}) for api in claimers]
    form, strangers = {"code": invited.code, "pin": PIN}, [client() for _ in range(3)]
    registrations = [lambda api=api: api.post("/pairup/registrations", form) for api in strangers]
    with ThreadPoolExecutor(5) as pool:
        statuses = sorted(pool.map(lambda claim: claim().status_code, [*claims, *registrations]))
    assert statuses == [201, 403, 403, 403, 403]


def test_no_user_of_pairup_alone_is_a_member(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    """They stand in no list of people, have no wall, and can be written to by nobody."""
    (pupil,) = school.enrol(round, 1)
    student = pupil.api.get("/session", expect=200).json()["student"]
    ada = client(people.ada)
    assert ada.get(f"/users/{student['id']}").status_code == 404
    assert ada.get("/users", q=student["firstname"], expect=200).json()["items"] == []
    assert ada.get(f"/walls/{student['id']}/posts").status_code == 404
    assert code_of(ada.post("/dms", {"users": [student["id"]]})) == (404, "not_found")


def test_an_account_takes_over_who_came_without_one(
    school: School, round: dict[str, Any], client: Client, people: People, live: Callable[..., Live]
) -> None:
    """By a new code of staff: entry, number and PIN are the account's, in every round; the other session ends."""
    (pupil,) = school.enrol(round, 1)
    second = school.make_round()
    again = Invited(school, second, pupil.number)
    pupil.api.post("/pairup/registrations", {"code": again.code, "pin": PIN}, expect=201)
    socket = live(pupil.api)
    ada = client(people.ada)
    code = school.codes(round, [pupil.entry])[pupil.entry]
    ada.post("/pairup/claims", {"code": code}, expect=201)
    assert socket.closed_with() == (4501, "signed_out")
    assert pupil.api.get("/session").status_code == 401
    for one, entry in ((round, pupil.entry), (second, again.entry)):
        assert ada.get(f"/pairup/rounds/{one['id']}/mine", expect=200).json()["entry"]["id"] == entry
    sign_in(pupil.api, pupil.number)  # the PIN opens her session, and ends the one that her password has opened
    assert pupil.api.get("/session").json()["student"]["id"] == ada.id
    assert ada.get("/me").status_code == 401


def test_who_is_on_the_roster_takes_nobody_over(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    """Two entries of one round do not become one person's, in whatever round it would show."""
    (pupil,) = school.enrol(round, 1)
    ada, mine = client(people.ada), Invited(school, round)
    ada.post("/pairup/claims", {"code": mine.code}, expect=201)
    second = school.make_round()
    again = Invited(school, second, pupil.number)
    assert code_of(ada.post("/pairup/claims", {"code": again.code})) == (409, "taken")
    assert pupil.mine()["entry"]["id"] == pupil.entry


def test_a_number_is_one_user_in_all_rounds(school: School, round: dict[str, Any], client: Client) -> None:
    """Whoever has a PIN gives that one; another does not come in by a code."""
    (pupil,) = school.enrol(round, 1)
    second = school.make_round()
    again, stranger = Invited(school, second, pupil.number), client()
    wrong = stranger.post("/pairup/registrations", {"code": again.code, "pin": "9999"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "pin")
    stranger.post("/pairup/registrations", {"code": again.code, "pin": PIN}, expect=201)
    rounds = pupil.api.get("/pairup/rounds", expect=200).json()["items"]
    assert {card["round"]["id"] for card in rounds} == {round["id"], second["id"]}


def test_the_number_of_an_account_is_not_registered_beside_it(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    ada, first = client(people.ada), Invited(school, round)
    ada.post("/pairup/claims", {"code": first.code}, expect=201)
    again = Invited(school, school.make_round(), first.number)
    refused = client().post("/pairup/registrations", {"code": again.code, "pin": PIN})
    assert code_of(refused) == (409, "taken")
    ada.post("/pairup/claims", {"code": again.code}, expect=201)


def test_staff_free_an_entry(
    school: School, round: dict[str, Any], client: Client, people: People, live: Callable[..., Live]
) -> None:
    """The wrong person hears no more of the round, and the right one claims it; the team stays."""
    wrong, partner = school.enrol(round, 2)
    team = school.pair(round, wrong, partner)
    socket = live(wrong.api)
    socket.join({f"pairup:{round['id']}": None})
    school.staff.delete(f"/pairup/entries/{wrong.entry}/claim", expect=204)
    assert socket.closed_with() == (4501, "signed_out")
    assert wrong.api.get("/session").status_code == 401
    wrong_again = client().post("/session", {"email": wrong.number, "password": PIN})
    assert code_of(wrong_again) == (401, "wrong_credentials")
    school.staff.delete(f"/pairup/entries/{wrong.entry}/claim", expect=204)  # again: nothing to free
    ada = client(people.ada)
    ada.post("/pairup/claims", {"code": school.codes(round, [wrong.entry])[wrong.entry]}, expect=201)
    assert ada.get(f"/pairup/rounds/{round['id']}/mine", expect=200).json()["team"]["id"] == team


def test_an_account_whose_entry_is_freed_follows_the_round_no_more(
    school: School, round: dict[str, Any], client: Client, people: People, live: Callable[..., Live]
) -> None:
    ada, invited = client(people.ada), Invited(school, round)
    ada.post("/pairup/claims", {"code": invited.code, "pin": PIN}, expect=201)
    socket = live(ada)
    socket.join({f"pairup:{round['id']}": None, f"entry:{invited.entry}": None})
    school.staff.delete(f"/pairup/entries/{invited.entry}/claim", expect=204)
    left = {socket.recv("left")["topic"] for _ in range(2)}
    assert left == {f"pairup:{round['id']}", f"entry:{invited.entry}"}
    assert ada.get(f"/pairup/rounds/{round['id']}").status_code == 404
    assert code_of(client().post("/session", {"email": invited.number, "password": PIN}))[0] == 401
    assert ada.get("/me").status_code == 200  # the session is the password's


def test_a_closed_account_leaves_its_entry_to_be_claimed(
    school: School, round: dict[str, Any], client: Client, people: People, server: Server
) -> None:
    ada, invited = client(people.ada), Invited(school, round)
    ada.post("/pairup/claims", {"code": invited.code, "pin": PIN}, expect=201)
    ada.put(f"/pairup/entries/{invited.entry}/looking", {"about": "Evenings"}, expect=200)
    admin.run(Settings(data=server.data), "close", people.ada.email)
    assert school.staff.get(f"/pairup/rounds/{round['id']}", expect=200).json()["looking"] == []
    assert "Evenings" not in str(log_of(server, f"pairup:{round['id']}"))
    assert code_of(client().post("/session", {"email": invited.number, "password": PIN}))[0] == 401
    code = school.codes(round)[invited.entry]
    client().post("/pairup/registrations", {"code": code, "pin": PIN}, expect=201)
    sign_in(client(), invited.number)


def test_staff_reset_a_pin(school: School, round: dict[str, Any], client: Client) -> None:
    """The session that it opened ends; a new code takes a new PIN, and the entry is the same person's."""
    (pupil,) = school.enrol(round, 1)
    before = pupil.api.get("/session").json()["student"]["id"]
    school.staff.delete(f"/pairup/entries/{pupil.entry}/pin", expect=204)
    assert pupil.api.get("/session").status_code == 401
    assert code_of(client().post("/session", {"email": pupil.number, "password": PIN}))[0] == 401
    code = school.codes(round, [pupil.entry])[pupil.entry]
    client().post("/pairup/registrations", {"code": code, "pin": "9999"}, expect=201)
    assert sign_in(client(), pupil.number, "9999").get("/session").json()["student"]["id"] == before


def test_a_code_grows_old(fresh_server: Callable[..., Server], client: Client) -> None:
    """And wrong ones are counted by address: guessing is slowed down."""
    server = fresh_server(limits={"code_seconds": 0.001, "failed_signins_address": 3})
    school = open_school(server, client)
    invited = Invited(school, school.make_round())
    stranger = client(on=server)
    tries = [stranger.post("/pairup/claims/check", {"code": invited.code}) for _ in range(4)]
    assert [code_of(one) for one in tries] == [(403, "bad_link")] * 3 + [(429, "too_many_attempts")]
    assert code_of(stranger.post("/pairup/registrations", {"code": invited.code, "pin": PIN}))[0] == 429


def test_no_pin_for_anothers_number(school: School, round: dict[str, Any], client: Client, people: People) -> None:
    """It would sign nobody in; without one the entry is claimed."""
    ada, bert, first = client(people.ada), client(people.bert), Invited(school, round)
    ada.post("/pairup/claims", {"code": first.code}, expect=201)
    again = Invited(school, school.make_round(), first.number)
    answer = bert.post("/pairup/claims", {"code": again.code, "pin": PIN})
    assert (answer.status_code, answer.json()["field"]) == (422, "pin")
    bert.post("/pairup/claims", {"code": again.code}, expect=201)


def test_staff_whose_entry_is_freed_look_after_the_round_still(
    school: School, round: dict[str, Any], client: Client, server: Server, live: Callable[..., Live]
) -> None:
    """But not in a session that a PIN has opened: in it they were a student."""
    invited, topic = Invited(school, round), f"pairup:{round['id']}"
    again = Invited(school, school.make_round(), invited.number)
    for one in (invited, again):
        school.staff.post("/pairup/claims", {"code": one.code, "pin": PIN}, expect=201)
    socket = live(school.staff)
    socket.join({topic: None, f"entry:{invited.entry}": None})
    school.staff.delete(f"/pairup/entries/{invited.entry}/claim", expect=204)
    assert socket.recv("left")["topic"] == f"entry:{invited.entry}"
    assert "error" not in socket.join({topic: None})[topic]
    code = school.codes(round, [invited.entry])[invited.entry]
    school.staff.post("/pairup/claims", {"code": code}, expect=201)
    colleague = open_school(server, client).staff
    by_pin = live(sign_in(client(), invited.number))
    by_pin.join({topic: None, f"entry:{invited.entry}": None})
    colleague.delete(f"/pairup/entries/{invited.entry}/claim", expect=204)
    assert {by_pin.recv("left")["topic"] for _ in range(2)} == {topic, f"entry:{invited.entry}"}


def test_a_pin_of_an_earlier_round_is_reset_in_the_next(school: School, round: dict[str, Any], client: Client) -> None:
    """Whoever has forgotten it would come in nowhere, once staff have deleted the round in which it was chosen."""
    (pupil,) = school.enrol(round, 1)
    second = school.make_round()
    again = Invited(school, second, pupil.number)
    school.staff.delete(f"/pairup/rounds/{round['id']}", expect=204)
    (entry,) = school.roster(second)
    assert (entry["claimed"], entry["has_pin"]) == (False, True)
    school.staff.delete(f"/pairup/entries/{again.entry}/pin", expect=204)
    assert pupil.api.get("/session").status_code == 401
    assert not school.roster(second)[0]["has_pin"]
    client().post("/pairup/registrations", {"code": again.code, "pin": "9999"}, expect=201)
    sign_in(client(), pupil.number, "9999")
