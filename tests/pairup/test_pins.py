"""PINs: a session of four digits opens Pair-Up and nothing else, is the user's one session, and is hard to guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import PIN, School, fresh_number, open_school, sign_in
from twidder.web.app import operations

Client = Callable[..., Api]
Sockets = Callable[..., Live]
# What a PIN opens besides routes that say "student".
OF_THE_SESSION = {"GET /session", "DELETE /session"}
# Whoever asks: nobody is asked for.
OF_STRANGERS = {f"{one.method} {one.path}" for one in operations() if one.who == "anybody"}


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def round(school: School) -> dict[str, Any]:
    return school.make_round()


@pytest.fixture
def ada(school: School, round: dict[str, Any], client: Client, people: People) -> Api:
    """An account that has claimed an entry, with a PIN; ``user["number"]`` is its number."""
    api, number = client(people.ada), fresh_number()
    (entry,) = school.add(round, [{"number": number, "firstname": "Ada", "familyname": "Lind"}])
    code = school.codes(round, [entry["id"]])[entry["id"]]
    api.post("/pairup/claims", {"code": code, "pin": PIN}, expect=201)
    api.user |= {"number": number, "entry": entry["id"]}
    return api


# What it opens


@pytest.mark.parametrize("transport", ["cookie", "token"])
def test_A4_a_pin_opens_pairup_alone(school: School, round: dict[str, Any], client: Client, transport: str) -> None:
    """Every operation there is, by PIN: what does not say otherwise is 403 pairup_alone before anybody looks at its
    body; by cookie and by token, of an account or of nobody else."""
    (pupil,) = school.enrol(round, 1, transport=transport)
    may = {f"{one.method} {one.path}" for one in operations() if one.who == "student"} | OF_THE_SESSION
    assert all("/pairup/" in name for name in may - OF_THE_SESSION)
    refused = {}
    for operation in operations():
        name = f"{operation.method} {operation.path}"
        if name not in may | OF_STRANGERS:
            path = re.sub(r"<(?:\w+:)?(\w+)>", "1", operation.path)
            body = {"json": {}} if operation.method in ("POST", "PUT", "PATCH") else {}
            refused[name] = refusal(pupil.api.request(operation.method, path, **body))
    assert len(refused) > 100
    assert set(refused.values()) == {(403, "pairup_alone")}, refused
    assert pupil.mine()["entry"]["id"] == pupil.entry


def test_A4_a_pin_of_an_account_opens_pairup_alone(ada: Api, client: Client, round: dict[str, Any]) -> None:
    pin = sign_in(client(), ada.user["number"], transport="cookie")
    assert pin.get("/session").json()["student"] == {"id": ada.id, "firstname": "Ada", "familyname": "Lind"}
    for path in ("/me", "/users", f"/walls/{ada.id}/posts", "/rooms", "/inbox", "/boards"):
        assert refusal(pin.get(path)) == (403, "pairup_alone"), path
    assert refusal(pin.post("/session/token", {"password": PIN})) == (403, "pairup_alone")
    assert refusal(pin.put("/me/password", {"old_password": PIN, "new_password": "12345678"})) == (403, "pairup_alone")
    assert pin.get(f"/pairup/rounds/{round['id']}/mine", expect=200).json()["entry"]["id"] == ada.user["entry"]


def test_A4_a_pin_joins_no_topic_but_of_pairup(ada: Api, client: Client, live: Sockets, round: dict[str, Any]) -> None:
    """Not even those of the very account, which its password would let in."""
    room = ada.post("/rooms", {"name": f"Room of {ada.user['number']}", "kind": "open"}, expect=201).json()["id"]
    board = ada.post("/boards", {"name": f"Board of {ada.user['number']}"}, expect=201).json()["board"]["id"]
    mine = [f"pairup:{round['id']}", f"entry:{ada.user['entry']}"]
    others = ["me", ada.wall, f"room:{room}", f"board:{board}", "stats"]
    by_password = live(ada).join(dict.fromkeys([*mine, *others]))
    assert [topic for topic in others[:4] if "error" in by_password[topic]] == []
    socket = live(sign_in(client(), ada.user["number"]))
    assert "student" in socket.hello
    answered = socket.join(dict.fromkeys([*mine, *others]))
    assert {topic for topic, answer in answered.items() if "error" not in answer} == set(mine)
    said = socket.ask({"type": "send", "topic": ada.wall, "text": "Hello", "cid": "c" * 16})
    assert said["type"] == "error"


def test_A4_a_pin_hears_of_no_news_elsewhere(ada: Api, client: Client, live: Sockets, people: People) -> None:
    """Neither of the account's rooms, nor of a conversation that somebody begins with it meanwhile."""
    bert = client(people.bert)
    mine = ada.post("/rooms", {"name": f"Room of {ada.user['number']}", "kind": "open"}, expect=201).json()["id"]
    bert.put(f"/rooms/{mine}/members/{bert.id}", expect=200)
    ada.patch("/me/privacy", {"write_to_me": "everyone"}, expect=200)
    socket, witness = live(sign_in(client(), ada.user["number"])), live(bert)
    dm = bert.post("/dms", {"users": [ada.id]}, expect=201).json()["id"]
    for room in (mine, dm):
        bert.post(f"/rooms/{room}/messages", {"text": "Hello", "cid": f"message-to-{room:08}"}, expect=201)
    told: set[str] = set()
    while not {f"room:{mine}", f"dm:{dm}"} <= told:  # all heads of one moment go out together
        told |= set(witness.recv("heads")["heads"])
    socket.ask({"type": "join", "topics": {"me": None}})
    assert socket.heads == []


# One session


def test_S1_a_pin_and_a_password_open_one_session(ada: Api, client: Client, live: Sockets, people: People) -> None:
    """Each takes the other's place, on sockets too, and the other learns why."""
    by_password = live(ada)
    pin = sign_in(client(), ada.user["number"])
    assert by_password.closed_with() == (4500, "replaced")
    assert refusal(ada.get("/me")) == (401, "session_replaced")
    by_pin = live(pin)
    client(people.ada, new=False)
    assert by_pin.closed_with() == (4500, "replaced")
    assert refusal(pin.get("/session")) == (401, "session_replaced")
    assert refusal(pin.get("/pairup/rounds")) == (401, "session_replaced")


def test_a_number_and_the_password_open_a_whole_session(ada: Api, client: Client, people: People) -> None:
    answer = client().post("/session", {"email": ada.user["number"], "password": people.ada.password}, expect=201)
    assert answer.json()["user"]["id"] == ada.id


def test_signing_out_ends_a_pins_session(school: School, round: dict[str, Any]) -> None:
    (pupil,) = school.enrol(round, 1)
    pupil.api.delete("/session", expect=204)
    assert pupil.api.get("/session").status_code == 401


# Wrong ones


def test_A4_nothing_but_the_pin_opens(school: School, round: dict[str, Any], client: Client, ada: Api) -> None:
    """An unknown number, a wrong PIN, a PIN with an e-mail, what stands where others have a password: one answer."""
    (pupil,) = school.enrol(round, 1, signed_in=False)
    tries = {
        "an unknown number": (fresh_number(), PIN),
        "a wrong PIN": (pupil.number, "4712"),
        "another's PIN": (pupil.number, "471"),
        "the start of the PIN": (pupil.number, "4711000"),
        "an e-mail": (ada.user["email"], PIN),
        "no password": (pupil.number, "nobody"),  # what unknown passwords are compared with
        "none but spaces": (pupil.number, "    "),
        "other digits": (pupil.number, "٤٧١١"),
    }
    for case, (name, pin) in tries.items():
        answer = client().post("/session", {"email": name, "password": pin})
        assert refusal(answer) == (401, "wrong_credentials"), case
    sign_in(client(), f" {pupil.number} ")


def test_A4_wrong_pins_are_slowed_down(fresh_server: Callable[..., Server], client: Client) -> None:
    """By number and address first, and by number alone, whatever the address: the right PIN waits, too. Successes count
    nowhere, and the password is not concerned."""
    server = fresh_server(limits={"pins_failed_burst": 8, "failed_signins_account": 3}, args=["--proxies", "1"])
    school = open_school(server, client)
    round = school.make_round()
    one, other = school.enrol(round, 2, signed_in=False)

    def attempt(number: str, pin: str, address: str) -> tuple[int, str]:
        headers = {"X-Forwarded-For": address}
        answer = client(on=server).post("/session", {"email": number, "password": pin}, headers=headers)
        return answer.status_code, answer.json().get("code", "")

    for _ in range(10):
        assert attempt(one.number, PIN, "10.0.0.1")[0] == 201
    assert [attempt(one.number, "0000", "10.0.0.2") for _ in range(3)] == [(401, "wrong_credentials")] * 3
    assert attempt(one.number, PIN, "10.0.0.2") == (429, "too_many_attempts")
    assert attempt(one.number, PIN, "10.0.0.3")[0] == 201
    for number in range(5):
        assert attempt(one.number, "0000", f"10.0.1.{number}")[0] == 401
    assert attempt(one.number, "0000", "10.0.2.1") == (429, "too_many_attempts")
    assert attempt(one.number, PIN, "10.0.2.2") == (429, "too_many_attempts")
    assert attempt(other.number, PIN, "10.0.2.2")[0] == 201


# Changing it


def test_who_has_a_pin_gives_it_to_change_it(school: School, round: dict[str, Any], client: Client) -> None:
    (pupil,) = school.enrol(round, 1)
    for body, field in (
        ({"pin": "9999"}, "old"),
        ({"pin": "9999", "old": "1111"}, "old"),
        ({"pin": "999", "old": PIN}, "pin"),
        ({"pin": "99999999", "old": PIN}, "pin"),
    ):
        answer = pupil.api.put("/pairup/pin", body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    pupil.api.put("/pairup/pin", {"pin": "9999", "old": PIN}, expect=204)
    assert pupil.mine()["entry"]["has_pin"]  # the session goes on
    assert refusal(client().post("/session", {"email": pupil.number, "password": PIN}))[0] == 401
    sign_in(client(), pupil.number, "9999")


def test_an_account_chooses_one_once_it_has_a_number(
    school: School, round: dict[str, Any], client: Client, people: People
) -> None:
    eve = client(people.eve)
    answer = eve.put("/pairup/pin", {"pin": PIN})
    assert (answer.status_code, answer.json()["field"]) == (422, "pin")
    number = fresh_number()
    (entry,) = school.add(round, [{"number": number, "firstname": "Eve", "familyname": "Test"}])
    eve.post("/pairup/claims", {"code": school.codes(round)[entry["id"]]}, expect=201)
    eve.put("/pairup/pin", {"pin": PIN}, expect=204)
    assert sign_in(client(), number).get("/session").json()["student"]["id"] == eve.id


def test_no_pin_is_kept_or_logged(school: School, round: dict[str, Any], client: Client, server: Server) -> None:
    """Neither in the database nor in what the server says."""
    (entry,) = school.add(round, [{"number": fresh_number(), "firstname": "Ada", "familyname": "Lind"}])
    code, pin = school.codes(round, [entry["id"]])[entry["id"]], "7360915"
    client().post("/pairup/registrations", {"code": code, "pin": pin}, expect=201)
    client().post("/session", {"email": entry["number"], "password": pin}, expect=201)
    kept = b"".join(path.read_bytes() for path in server.data.glob("twidder.db*"))
    for secret in (pin, code, code.replace("-", "")):
        assert secret.encode() not in kept
        assert secret not in server.stdout + server.stderr
