"""A4: a guest can do exactly what is listed here, in one room, and nothing else anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.boards.making import POLL, arrange, make_board
from tests.guests.conftest import Client, Hall, open_hall
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.raw import http
from tests.harness.server import Server
from twidder.gateways.lab_functions import FUNCTIONS
from twidder.web.app import operations

# In the order in which they can be done by one guest, each with its body; {message} is their own.
ALLOWED: dict[str, dict[str, Any] | None] = {
    "GET /session": None,
    "GET /rooms/<id:room>": None,
    "GET /rooms/<id:room>/members": None,
    "GET /rooms/<id:room>/messages": None,
    "POST /rooms/<id:room>/messages": {"text": "May I?"},
    "PUT /rooms/<id:room>/read": {"seq": 1},
    "GET /messages/<id:message>": None,
    "PUT /messages/<id:message>/reactions/<emoji>": {},
    "DELETE /messages/<id:message>/reactions/<emoji>": None,
    "PATCH /messages/<id:message>": {"text": "May I, please?"},
    "DELETE /messages/<id:message>": None,
    "POST /messages/<id:message>/restoration": {},
    "GET /files/<file>": None,
    "GET /files/<file>/thumbnail": None,
    "GET /boards": None,
    "GET /boards/<board:ref>": None,
    "GET /boards/<board:ref>/points": None,
    "GET /boards/<board:ref>/points.csv": None,
    "PUT /boards/<board:ref>/polls/<tile>/vote": {"option": 0},
    "POST /guest-passes/account": {},
    "DELETE /session": None,
}
QUERIES = {"points": {"series": "temp"}, "points.csv": {"series": "temp"}}  # by the end of the path
# What anybody may whom nobody knows.
OF_STRANGERS = {
    "POST /boards/<board:ref>/values",
    "POST /sensors",
    "POST /sensors/values",
    "POST /users",
    "POST /session",
    "POST /password-resets",
    "GET /community",
    "POST /pairup/claims/check",
    "POST /pairup/registrations",
    "POST /guest-door",
    "POST /guest-passes",
}


def test_A4_what_is_not_listed_is_refused_to_guests(client: Client, people: People) -> None:
    """Every operation there is, with the ids of the guest's own room: what is listed works, anything else is 403
    not_for_guests before anybody looks at its body."""
    hall = open_hall(client(people.ada), client)
    zoe = hall.come_in("Zoë")
    message = hall.say(zoe, "mine")["id"]
    board = make_board(hall.host, room=hall.room)["id"]
    arrange(hall.host, board, POLL)
    ids = {"room": hall.room, "user": hall.host.id, "message": message, "emoji": "👍", "file": "x" * 16}
    ids |= {"ref": board, "tile": POLL["id"]}

    def call(name: str, body: Any = None) -> tuple[int, str]:
        method, _, path = name.partition(" ")
        path = re.sub(r"<(?:(?:id|board):)?(\w+)>", lambda found: str(ids.get(found[1], 1)), path)
        answer = zoe.request(method, path, json=body, params=QUERIES.get(path.rsplit("/", 1)[1]))
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status_code, answer.json().get("code", "") if is_json else ""

    every = {f"{operation.method} {operation.path}" for operation in operations()}
    assert set(ALLOWED) | OF_STRANGERS <= every
    forbidden = {name: call(name, {}) for name in sorted(every - set(ALLOWED) - OF_STRANGERS)}
    assert set(forbidden.values()) == {(403, "not_for_guests")}, forbidden

    bodies = {**ALLOWED, "POST /guest-passes/account": people.bert.fields()}
    done = {name: call(name, body) for name, body in bodies.items()}
    missing = {name: answer for name, answer in done.items() if "file" in name}
    assert set(missing.values()) == {(404, "not_found")}
    refused = {name: answer for name, answer in done.items() if answer[0] >= 300 and name not in missing}
    assert refused == {}


def test_A4_the_socket_has_one_room_for_guests(
    client: Client, live: Callable[..., Live], people: People, hall: Hall
) -> None:
    """Elsewhere joining, writing and typing is answered as what is not there; in their room all of it works."""
    zoe, bert = hall.come_in("Zoë"), client(people.bert)
    secret = hall.host.post("/rooms", {"name": f"Staff {hall.room}", "kind": "members"}, expect=201).json()["id"]
    dm = hall.host.post("/dms", {"users": [bert.id]}, expect=201).json()["id"]
    tab = live(zoe)
    elsewhere = ["room:1", f"room:{secret}", f"dm:{dm}", f"dm:{hall.room}", hall.host.wall, f"wall:{zoe.user['id']}"]
    assert {str(answer) for answer in tab.join(dict.fromkeys(elsewhere)).values()} == {"{'error': 'not_found'}"}
    for topic in elsewhere:
        assert tab.ask({"type": "send", "topic": topic, "text": "hello"})["code"] == "not_found", topic
        tab.send({"type": "typing", "topic": topic})
        assert tab.recv("error")["code"] == "not_found", topic
    assert tab.ask({"type": "send", "topic": "me", "text": "hello"})["code"] == "not_found"
    joined = tab.join({hall.topic: None, "me": None})
    assert not [answer for answer in joined.values() if "error" in answer]
    seq = tab.ask({"type": "send", "topic": hall.topic, "text": "hello"})["seq"]
    tab.send({"type": "read", "topic": hall.topic, "seq": seq})
    assert tab.recv("read", topic=hall.topic)["seq"] == seq


def test_A4_the_labs_know_no_guests(server: Server, hall: Hall) -> None:
    """A pass in the Authorization header is nobody's token to the labs' functions."""
    token = hall.come_in("Zoë", transport="token").token
    for one in FUNCTIONS:
        if one.who == "session":
            path = re.sub(r"<[^>]*>", hall.host.user["email"], one.path)
            headers = {"Authorization": token or "", "Content-Type": "application/json"}
            body = b"{}" if one.method in ("POST", "PUT") else b""
            assert http(server, one.method, path, headers, body).json()["success"] is False, path
