"""A2: what is not for me is answered as what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, EVE
from tests.harness.server import Server
from tests.rooms.talk import invite, make_room
from tests.sessions.test_ends import close

MISSING = 999_999


class Place(NamedTuple):
    """Eve owns it, Ada wrote ``post`` on her own wall and deleted ``gone`` there; Bert looks for what is not his."""

    server: Server
    ada: Api
    bert: Api
    post: int
    gone: int


class Setting(NamedTuple):
    server: Server
    ada: tuple[int, str]
    bert: tuple[int, str]
    post: int
    gone: int


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    with Server(tmp_path_factory.mktemp("ids") / "data", limits={"undo_seconds": 600}) as server:
        with Api(server) as eve, Api(server) as ada, Api(server) as bert:
            for api, person in ((eve, EVE), (ada, ADA), (bert, BERT)):
                api.sign_up(person)
                api.sign_in(person, transport="token")
            post, gone = ada.post_on(ada.id, "mine")["id"], ada.post_on(ada.id, "oops")["id"]
            ada.delete(f"/posts/{gone}", expect=200)
            both = (ada.id, ada.token or ""), (bert.id, bert.token or "")
        yield Setting(server, *both, post, gone)


@pytest.fixture
def place(setting: Setting) -> Iterator[Place]:
    with Api(setting.server) as ada, Api(setting.server) as bert:
        for api, (user_id, token) in ((ada, setting.ada), (bert, setting.bert)):
            api.use_token(token).user = {"id": user_id}
        yield Place(setting.server, ada, bert, setting.post, setting.gone)


def answer_of(api: Api, method: str, path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    answer = api.request(method, path, json=None if method in ("GET", "DELETE") else {})
    body = answer.json()
    body.pop("request_id")
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status_code, body, headers


HIDDEN: dict[str, Callable[[Place], tuple[str, str, str, int]]] = {
    "another's deleted post, to delete": lambda place: ("DELETE", f"/posts/{place.gone}", f"/posts/{MISSING}", 404),
    "another's deleted post, to restore": lambda place: (
        *("POST", f"/posts/{place.gone}/restoration", f"/posts/{MISSING}/restoration"),
        404,
    ),
    "another's post, to restore": lambda place: (
        *("POST", f"/posts/{place.post}/restoration", f"/posts/{MISSING}/restoration"),
        404,
    ),
    "a reset link, by a member": lambda place: (
        *("POST", f"/users/{place.ada.id}/reset-link", f"/users/{MISSING}/reset-link"),
        403,
    ),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_A2_what_is_hidden_looks_like_what_is_missing(place: Place, case: str) -> None:
    """Status, body and headers are the same, so nobody learns which it is."""
    method, hidden, missing, status = HIDDEN[case](place)
    assert answer_of(place.bert, method, hidden) == answer_of(place.bert, method, missing)
    assert answer_of(place.bert, method, hidden)[0] == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/{}"),
        ("GET", "/walls/{}/posts"),
        ("POST", "/walls/{}/posts"),
        ("DELETE", "/posts/{}"),
        ("POST", "/posts/{}/restoration"),
        ("POST", "/users/{}/reset-link"),
    ],
)
def test_A2_a_stranger_learns_of_nothing(place: Place, method: str, path: str) -> None:
    """Whether an id exists is not told to who is not signed in."""
    with Api(place.server) as stranger:
        known = answer_of(stranger, method, path.format(1))
        assert known == answer_of(stranger, method, path.format(MISSING))
        assert (known[0], known[1]["code"]) == (401, "not_signed_in")


def test_A2_the_socket_answers_alike(place: Place) -> None:
    """Joining, posting and typing where there is nothing, where nothing of mine is, or what there is not yet."""
    with Live(place.server, place.bert) as tab:
        others = {f"wall:{MISSING}": None, "dm:1": None, f"room:{MISSING}": None}
        assert {str(answer) for answer in tab.join(others).values()} == {"{'error': 'not_found'}"}
        mes = {f"me:{place.ada.id}": None, f"me:{place.bert.id}": None, f"me:{MISSING}": None}
        assert {str(answer) for answer in tab.join(mes).values()} == {"{'error': 'bad_topic'}"}
        for topic in (f"wall:{MISSING}", "dm:1", "me"):
            answer = tab.ask({"type": "send", "topic": topic, "text": "hello", "cid": "sent-nowhere"})
            assert (answer["type"], answer["code"]) == ("error", "not_found")
            tab.send({"type": "typing", "topic": topic})
            assert tab.recv("error")["code"] == "not_found"
        tab.send({"type": "typing", "topic": place.ada.wall})  # there, but not joined
        assert tab.recv("error")["code"] == "not_found"


def test_A2_a_closed_account_is_gone(place: Place) -> None:
    """Its profile and wall answer as those of nobody; it is in no room, followed by nobody, not to be written to; and
    a room that nobody else sees has an owner all the same."""
    with Api(place.server) as leaving:
        leaving.sign_up(person := EVE.unique())
        leaving.sign_in(person)
        number = make_room(leaving, "members")["id"]
        invite(leaving, number, place.bert)
        dm = leaving.post("/dms", {"users": [place.bert.id]}, expect=201).json()["id"]
        place.bert.put(f"/follows/{leaving.id}", expect=204)
        close(place.server, person)
        left = [(one["user"]["id"], one["role"]) for one in place.bert.get(f"/rooms/{number}/members").json()["items"]]
        assert left == [(place.bert.id, "owner")]
        assert place.bert.post(f"/rooms/{dm}/messages", {"text": "hello?"}).status_code == 403
        assert place.bert.get("/follows").json()["following"] == []
        for path in ("/users/{}", "/walls/{}/posts"):
            assert answer_of(place.bert, "GET", path.format(leaving.id)) == answer_of(
                place.bert, "GET", path.format(MISSING)
            )
        with Live(place.server, place.bert) as tab:
            assert tab.join({leaving.wall: None})[leaving.wall] == {"error": "not_found"}
