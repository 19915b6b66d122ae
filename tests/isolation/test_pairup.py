"""A1, A2, A4 in Pair-Up: who is not on a round's roster learns nothing of it; who is, nothing of others' own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.boards.making import make_board, open_link
from tests.guests.conftest import open_hall
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.pairup.school import Pupil, School, open_school
from twidder.web.api import Operation
from twidder.web.app import operations

Client = Callable[..., Api]
MISSING = 999_999_999
_PARAMETER = re.compile(r"<(?:id:)?(\w+)>")
# Good enough to be looked at beyond their fields; by the name of the struct.
BODIES: dict[str, dict[str, Any]] = {
    "Nothing": {},
    "NewTeam": {},
    "TeamChange": {"title": "Mine now"},
    "About": {"about": "Evenings"},
    "NewInvitation": {"text": "Me?"},
    "InvitationByNumber": {"number": "1"},
    "Confirmation": {"fence": 1},
    "Ranking": {"places": []},
    "NewCall": {"kind": "ready"},
}


class World(NamedTuple):
    """Ada's and Bo's round, in which there is one of everything: ``ids`` by the names of the parameters. Who else is
    there: ``apis`` by role."""

    school: School
    round: dict[str, Any]
    ada: Pupil
    bo: Pupil
    ids: dict[str, int]
    apis: dict[str, Api]

    @property
    def topics(self) -> list[str]:
        return [f"pairup:{self.round['id']}", self.ada.topic, self.bo.topic]


@pytest.fixture
def world(server: Server, client: Client, people: People) -> World:
    school = open_school(server, client)
    round, other = school.make_round(), school.make_round()
    ada, bo, cy, di, eli = school.enrol(round, 5)
    (student,) = school.enrol(other, 1)
    lab = school.make_lab(round, places=3)
    team = school.pair(round, ada, bo)
    school.pair(round, cy, di)
    ada.take(lab["places"][0])
    cy.take(lab["places"][1])
    path = f"/pairup/rounds/{round['id']}"
    swap = ada.api.post(f"/pairup/places/{lab['places'][1]}/swaps", expect=201).json()["id"]
    called = ada.api.put(f"{path}/call", {"kind": "help"}, expect=200).json()["id"]
    new = {"number": f"new{round['id']}", "firstname": "No", "familyname": "Body"}
    invited = school.add(round, [new])[0]["id"]
    invitation = eli.api.post(f"/pairup/entries/{invited}/invitations", {}, expect=201).json()["id"]
    ids = {"round": round["id"], "entry": ada.entry, "team": team, "lab": lab["id"], "place": lab["places"][0]}
    ids |= {"swap": swap, "called": called, "invitation": invitation}
    outsider = client(people.bert, transport="token")
    hall = open_hall(client(people.ada), client)
    apis = {"outsider": outsider, "other student": student.api, "guest": hall.come_in("Zoë"), "nobody": client()}
    apis["onlooker"] = client().use_token(open_link(hall.host, make_board(hall.host)["id"]))
    return World(school, round, ada, bo, ids, apis)


def ask(api: Api, operation: Operation, ids: dict[str, int]) -> tuple[Any, ...]:
    path = _PARAMETER.sub(lambda found: str(ids[found[1]]), operation.path)
    body = BODIES.get(operation.body.__name__, {}) if operation.body is not None else None
    answer = api.request(operation.method, path, json=body)
    told = answer.json()
    told.pop("request_id")
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status_code, told["code"], told, headers


def refused_with(operation: Operation, role: str) -> tuple[int, str]:
    if role == "nobody":
        return 401, "not_signed_in"
    if role in ("guest", "onlooker"):
        return 403, "not_for_guests" if role == "guest" else "not_for_viewers"
    if operation.who == "staff":
        return 403, "pairup_alone" if role == "other student" else "forbidden"
    return 404, "not_found"


def of_rounds() -> list[Operation]:
    """All that take an id."""
    return [one for one in operations() if one.path.startswith("/pairup/") and _PARAMETER.search(one.path)]


def test_A2_every_operation_of_a_round_answers_hidden_as_missing(world: World) -> None:
    """By a member who is on no roster, a student of another round, a guest, an onlooker, a stranger: status, body and
    headers are the same."""
    faults = {}
    for role, api in world.apis.items():
        for operation in of_rounds():
            hidden = ask(api, operation, world.ids)
            missing = ask(api, operation, dict.fromkeys(world.ids, MISSING))
            if hidden != missing or hidden[:2] != refused_with(operation, role):
                faults[f"{role}: {operation.method} {operation.path}"] = hidden, missing
    assert len(of_rounds()) > 40
    assert faults == {}
    for role in ("outsider", "other student"):
        items = world.apis[role].get("/pairup/rounds", expect=200).json()["items"]
        assert world.round["id"] not in [card["round"]["id"] for card in items]


def test_A2_what_is_two_students_own_is_missing_for_the_others_of_their_round(world: World) -> None:
    """An invitation and its answer; and whatever is another team's is not theirs to change."""
    (eve,) = world.school.enrol(world.round, 1)
    for method, path in (("DELETE", "/pairup/invitations/{}"), ("POST", "/pairup/invitations/{}/acceptance")):
        answers = [eve.api.request(method, path.format(one), json={}) for one in (world.ids["invitation"], MISSING)]
        told = [(one.status_code, {**one.json(), "request_id": ""}) for one in answers]
        assert told[0] == told[1]
        assert told[0][0] == 404
    forbidden = [
        ("PATCH", f"/pairup/teams/{world.ids['team']}"),
        ("DELETE", f"/pairup/teams/{world.ids['team']}"),
        ("DELETE", f"/pairup/teams/{world.ids['team']}/members/{world.ada.entry}"),
        ("PUT", f"/pairup/entries/{world.ada.entry}/looking"),
        ("DELETE", f"/pairup/entries/{world.ada.entry}/looking"),
    ]
    for method, path in forbidden:
        answer = eve.api.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path
    seen = eve.api.get(f"/pairup/rounds/{world.round['id']}", expect=200).json()
    assert seen["teams"][0]["title"] == ""


def test_A1_not_one_frame_of_a_round_to_who_is_not_in_it(world: World, live: Callable[..., Live]) -> None:
    """Joining, acting, writing: not found, as where there is nothing; and while the round goes on, silence."""
    tabs = {role: live(world.apis[role]) for role in ("outsider", "other student", "guest")}
    looking_on = {"type": "auth", "token": world.apis["onlooker"].token}
    tabs["onlooker"] = live(on=world.ada.api.url, first_frame=looking_on, path="/live/view")
    for role, tab in tabs.items():
        for topic in (*world.topics, f"pairup:{MISSING}", f"entry:{MISSING}"):
            assert tab.join({topic: None})[topic] == tab.join({topic: 1})[topic] == {"error": "not_found"}
            assert tab.ask({"type": "send", "topic": topic, "text": "hello"})["code"] == "not_found"
            act = {"type": "act", "topic": topic, "act": "take", "data": {"place": world.ids["place"]}}
            assert tab.ask(act)["code"] == "not_found", (role, topic)
        tab.drain()
    world.ada.api.patch(f"/pairup/teams/{world.ids['team']}", {"title": "A rover"}, expect=200)
    world.bo.api.delete(f"/pairup/places/{world.ids['place']}/team", expect=204)
    for role, tab in tabs.items():
        tab.join({})
        assert [frame for frame in tab.drain() if frame.get("topic") in world.topics] == [], role


def test_A1_what_concerns_one_student_is_for_them_alone(world: World, live: Callable[..., Live]) -> None:
    """Not for a partner, and not for staff."""
    for api in (world.bo.api, world.school.staff):
        tab = live(api)
        told = tab.join(dict.fromkeys(world.topics[:2]))
        assert "error" not in told[world.topics[0]]
        assert told[world.ada.topic] == {"error": "not_found"}
        world.school.staff.post(f"/pairup/teams/{world.ids['team']}/messages", {"text": "Come early"}, expect=201)
        tab.join({})
        assert [frame for frame in tab.drain() if frame.get("topic") == world.ada.topic] == []
    notices = [one["data"] for one in world.ada.mine()["notices"] if one["kind"] == "message"]
    assert [data["text"] for data in notices] == ["Come early"] * 2


def test_A1_whose_claim_is_freed_hears_nothing_more(world: World, live: Callable[..., Live]) -> None:
    """The wrong person had it: gone from the round, at once and without a reload."""
    person = world.apis["outsider"]
    entry = entry_of(world)
    person.post("/pairup/claims", {"code": world.school.codes(world.round, [entry])[entry]}, expect=201)
    tab = live(person)
    assert "error" not in tab.join({world.topics[0]: None})[world.topics[0]]
    world.school.staff.delete(f"/pairup/entries/{entry}/claim", expect=204)
    assert tab.recv("left")["topic"] == world.topics[0]
    tab.drain()
    world.ada.api.patch(f"/pairup/teams/{world.ids['team']}", {"title": "A rover"}, expect=200)
    tab.join({})
    assert [frame for frame in tab.drain() if frame.get("topic") in world.topics] == []
    person.get(f"/pairup/rounds/{world.round['id']}", expect=404)


def entry_of(world: World) -> int:
    """Of somebody whom nobody has claimed."""
    return next(int(one["id"]) for one in world.school.roster(world.round) if not one["claimed"])
