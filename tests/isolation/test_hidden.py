"""A2, generated: every operation that takes an id, by everybody who may not know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.boards.making import POLL, arrange, make_board, open_link
from tests.conftest import GENEROUS
from tests.guests.conftest import open_hall
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, EVE
from tests.harness.raw import http
from tests.harness.server import Server
from twidder.web.api import Operation
from twidder.web.app import operations

MISSING = {
    **{name: 999_999 for name in ("room", "message", "post", "user", "board", "producer", "sensor")},
    "file": "0" * 32,
    "ref": 999_999,
}
# Good enough to be looked at beyond their fields; by the name of the struct.
BODIES: dict[str, dict[str, Any]] = {
    "Nothing": {},
    "RoomChange": {"name": "Mine now"},
    "LevelChange": {"level": "all"},
    "ReadUpTo": {"seq": 1},
    "MemberChange": {"muted_minutes": 1},
    "NewMessage": {"text": "hello", "cid": "hidden-or-missing"},
    "MessageChange": {"text": "hello"},
    "NewPost": {"text": "hello", "cid": "hidden-or-missing"},
    "BoardChange": {"name": "Mine now"},
    "Arrangement": {"tiles": [], "version": 1},
    "Vote": {"option": 0},
    "NewProducer": {"name": "Thermometer"},
    "SeriesChange": {"key": "temp", "unit": "K"},
    "NewSensorLink": {"controls": ["motion"]},
}
QUERIES: dict[str, dict[str, Any]] = {"PointsQuery": {"series": "temp"}, "SeriesQuery": {"key": "temp"}}
_PARAMETER = re.compile(r"<(?:(?:id|board):)?(\w+)>")


LIMITS = {**GENEROUS, "guest_burst": 100_000}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class World(NamedTuple):
    """Ada's members-only room, what is in it, a board of it and one that she deleted, and her wall, which is for mutual
    follows: nobody else's business. Eve owns the place, Bert was in the room once, Zoë is the guest of another one, and
    somebody looks on at another board by its link."""

    server: Server
    tokens: dict[str, str]
    hidden: dict[str, Any]
    ada: int
    slug: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with (
        Server(tmp_path_factory.mktemp("hidden") / "data", limits=LIMITS) as server,
        Api(server) as eve,
        Api(server) as ada,
        Api(server) as bert,
        Api(server) as zoe,
    ):
        for api, person in ((eve, EVE), (ada, ADA), (bert, BERT)):
            api.sign_up(person)
            api.sign_in(person, transport="token")
        open_hall(ada, lambda: zoe).come_in("Zoë", transport="token")
        room = ada.post("/rooms", {"name": "Secret", "kind": "members"}, expect=201).json()["id"]
        ada.put(f"/rooms/{room}/members/{bert.id}", expect=200)
        bert.put(f"/rooms/{room}/members/{bert.id}", expect=200)
        ada.delete(f"/rooms/{room}/members/{bert.id}", expect=204)
        part = {"file": ("plan.txt", b"the plan", "text/plain")}
        file = ada.request("POST", f"/rooms/{room}/files", files=part, expect=201).json()["id"]
        body = {"text": "the plan", "files": [file]}
        message = ada.post(f"/rooms/{room}/messages", body, expect=201).json()["id"]
        post = ada.post_on(ada.id, "for friends")["id"]
        ada.patch("/me/privacy", {"wall": "mutual"}, expect=200)
        board = make_board(ada, audience="room", room=room)
        arrange(ada, board["id"], POLL)
        producer = ada.post(f"/boards/{board['id']}/producers", {"name": "Script"}, expect=201).json()
        http(server, "POST", f"/api/v1/boards/{board['slug']}/values", bearer(producer["token"]), b"temp=21.5")
        sensor = ada.post(f"/boards/{board['id']}/sensors", {"controls": ["motion"]}, expect=201).json()["id"]
        gone, public = make_board(ada)["id"], make_board(ada)["id"]
        ada.delete(f"/boards/{gone}", expect=200)
        hidden = {"room": room, "message": message, "post": post, "user": ada.id, "file": file}
        hidden |= {
            "ref": board["id"],
            "board": gone,
            "tile": "poll",
            "producer": producer["producer"]["id"],
            "sensor": sensor,
        }
        tokens = {"owner": eve.token, "former member": bert.token, "guest": zoe.token}
        tokens["onlooker"] = open_link(ada, public)
        yield World(server, {role: token or "" for role, token in tokens.items()}, hidden, ada.id, board["slug"])


def hides(operation: Operation) -> str | None:
    """The parameter by which it could tell of something that is not for everybody."""
    names = _PARAMETER.findall(operation.path)
    if not names or (names[0] == "user" and not operation.path.startswith("/walls")):
        return None
    return names[0] if names[0] in MISSING else None


def ask(api: Api, operation: Operation, ids: dict[str, Any]) -> tuple[Any, ...]:
    path = _PARAMETER.sub(lambda found: str(ids.get(found[1], "👍")), operation.path)
    more: dict[str, Any] = {}
    if operation.body is not None:
        more["json"] = BODIES.get(operation.body.__name__, {})
    elif operation.raw is not None:
        more["content"] = b"temp=21.5"
    elif operation.path.endswith("/files"):
        more["files"] = {"file": ("a.txt", b"hello", "text/plain")}
    if operation.query is not None:
        more["params"] = QUERIES.get(operation.query.__name__)
    answer = api.request(operation.method, path, **more)
    body = answer.json()
    body.pop("request_id")
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status_code, body["code"], body, headers


def refused_with(operation: Operation, role: str) -> int:
    if role == "nobody" or operation.who == "anybody":  # then it wants a token of its own
        return 401
    ours = {"onlooker": ("viewer",), "guest": ("viewer", "guest")}.get(role)
    of_others = operation.who not in ours if ours else operation.who == "owner" and role != "owner"
    return 403 if of_others else 404


@pytest.mark.parametrize("role", ["nobody", "onlooker", "guest", "former member", "owner"])
def test_A2_every_operation_answers_hidden_as_missing(world: World, role: str) -> None:
    """Status, body and headers are the same, whatever the operation, and the id is what it is refused for."""
    faults = {}
    with Api(world.server) as api:
        if role != "nobody":
            api.use_token(world.tokens[role])
        tried = [operation for operation in operations() if hides(operation)]
        for operation in tried:
            name = hides(operation) or ""
            others = {"user": world.ada} if name != "user" else {}
            hidden = ask(api, operation, {**world.hidden, **others})
            missing = ask(api, operation, {**world.hidden, **others, name: MISSING[name]})
            by_slug = ask(api, operation, {**world.hidden, "ref": world.slug}) if name == "ref" else hidden
            if not hidden == missing == by_slug or hidden[0] != refused_with(operation, role):
                faults[f"{operation.method} {operation.path}"] = hidden, missing, by_slug
    assert len(tried) > 45
    assert faults == {}


@pytest.mark.parametrize("role", ["guest", "former member", "owner"])
def test_A2_an_id_in_a_body_tells_nothing_either(world: World, role: str) -> None:
    """A report, a reply, an attachment, a search within: hidden is as missing."""
    with Api(world.server) as api:
        api.use_token(world.tokens[role])
        own = api.get("/session").json().get("room", 1)

        def answers(ids: dict[str, Any]) -> list[tuple[int, Any, Any]]:
            asked = [
                api.post("/reports", {"message": ids["message"], "reason": "spam"}),
                api.post("/reports", {"post": ids["post"], "reason": "spam"}),
                api.post(f"/rooms/{own}/messages", {"text": "so", "cid": "hidden-reply", "reply_to": ids["message"]}),
                api.post(f"/rooms/{own}/messages", {"text": "so", "cid": "hidden-files", "files": [ids["file"]]}),
                api.get(f"/rooms/{own}/messages", around=ids["message"]),
                api.get("/search", **{"q": "plan", "in": ids["room"]}),
                api.get("/boards", room=ids["room"]),
                api.post("/boards", {"name": "Mine", "audience": "room", "room": ids["room"]}),
            ]
            return [(one.status_code, one.json().get("code"), one.json().get("detail")) for one in asked]

        hidden = answers(world.hidden)
        assert hidden == answers(MISSING)
        assert all(status >= 400 or status == 200 for status, _, _ in hidden)


@pytest.mark.parametrize("role", ["guest", "former member", "owner"])
def test_A2_every_frame_answers_hidden_as_missing(world: World, role: str) -> None:
    """Joining, writing, typing, reading: by any kind of topic."""
    with Api(world.server) as api:
        api.use_token(world.tokens[role])
        with Live(world.server, api) as tab:

            def answers(topic: str) -> list[Any]:
                told: list[Any] = [tab.join({topic: None})[topic], tab.join({topic: 1})[topic]]
                told.append(tab.ask({"type": "send", "topic": topic, "text": "hello"})["code"])
                for fleeting in ({"type": "typing", "topic": topic}, {"type": "read", "topic": topic, "seq": 1}):
                    tab.send(fleeting)
                    told.append(tab.recv("error")["code"])
                return told

            for kind, name in (
                ("room", "room"),
                ("dm", "room"),
                ("wall", "user"),
                ("board", "ref"),
                ("board", "board"),
            ):
                told = answers(f"{kind}:{world.hidden[name]}")
                assert told == answers(f"{kind}:{MISSING[name]}")
                assert set(map(str, told)) <= {"not_found", "{'error': 'not_found'}"}
