"""L10, for every action there is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.delivery.verify import apply, load, watched
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import EVE, People, Person
from tests.harness.server import Server
from tests.sessions.test_ends import close
from twidder.web.app import operations


class Scene(NamedTuple):
    """Ada acts; Bert and the owner look on. Ada's wall has a post of each of hers and Bert's; ``gone`` is deleted."""

    server: Server
    owner: Api
    ada: Api
    bert: Api
    person: Person
    mine: int
    gone: int


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Person]]:
    """A server, and who owns it."""
    person = EVE.unique()
    with Server(tmp_path_factory.mktemp("actions") / "data", limits={**GENEROUS, "undo_seconds": 600}) as server:
        with Api(server) as owner:
            owner.sign_up(person)
        yield server, person


@pytest.fixture
def scene(owned: tuple[Server, Person], people: People) -> Iterator[Scene]:
    server, owning = owned
    with Api(server) as owner, Api(server) as ada, Api(server) as bert:
        owner.sign_in(owning, transport="token")
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person, transport="token")
        bert.post_on(ada.id, "hello Ada")
        mine, gone = ada.post_on(ada.id, "hello all")["id"], ada.post_on(bert.id, "oops")["id"]
        ada.delete(f"/posts/{gone}", expect=200)
        yield Scene(server, owner, ada, bert, people.ada, mine, gone)


def secret_of(answer: Any) -> str:
    return str(answer.json()["url"]).split("#")[1]


def reset_password(scene: Scene) -> None:
    secret = secret_of(scene.owner.post(f"/users/{scene.ada.id}/reset-link", expect=201))
    with Api(scene.server) as stranger:
        stranger.post("/password-resets", {"secret": secret, "password": "brand new horse"}, expect=204)


def sign_in(scene: Scene) -> None:
    with Api(scene.server) as elsewhere:
        elsewhere.sign_in(scene.person)


def sign_up(scene: Scene) -> None:
    with Api(scene.server) as stranger:
        stranger.sign_up(scene.person.unique())


def send(scene: Scene) -> None:
    with Live(scene.server, scene.ada) as tab:
        frame = {"type": "send", "topic": scene.bert.wall, "text": "by socket", "cid": str(uuid.uuid4())}
        assert tab.ask(frame)["type"] == "ack"


def close_account(scene: Scene) -> None:
    close(scene.server, scene.person)


def change_password(scene: Scene) -> None:
    body = {"old_password": scene.person.password, "new_password": "brand new horse"}
    scene.ada.put("/me/password", body, expect=204)


# By the names of the views; what has another door, or none by HTTP, below.
ACTIONS: dict[str, Callable[[Scene], Any]] = {
    "sign_up": sign_up,
    "sign_in": sign_in,
    "sign_out": lambda scene: scene.ada.delete("/session", expect=204),
    "show_token": lambda scene: scene.ada.post("/session/token", {"password": scene.person.password}, expect=200),
    "change_me": lambda scene: scene.ada.patch("/me", {"city": "Lund", "firstname": "Adina"}, expect=200),
    "change_password": change_password,
    "make_reset_link": lambda scene: scene.owner.post(f"/users/{scene.ada.id}/reset-link", expect=201),
    "make_invitation": lambda scene: scene.owner.post("/invitations", expect=201),
    "reset_password": reset_password,
    "change_community": lambda scene: scene.owner.patch("/community", {"name": "The Lab"}, expect=200),
    "create_post": lambda scene: scene.ada.post_on(scene.bert.id, "on Bert's wall"),
    "delete_post": lambda scene: scene.ada.delete(f"/posts/{scene.mine}", expect=200),
    "restore_post": lambda scene: scene.ada.post(f"/posts/{scene.gone}/restoration", expect=200),
}
OTHERS: dict[str, Callable[[Scene], Any]] = {"send": send, "close_account": close_account}


def test_L10_every_action_is_verified() -> None:
    """A route that changes something and is not in the table fails here."""
    assert set(ACTIONS) == {operation.view.__name__ for operation in operations() if operation.method != "GET"}


@pytest.mark.parametrize("action", ACTIONS | OTHERS)
def test_L10_state_before_and_events_are_the_state_after(scene: Scene, action: str) -> None:
    """Whoever acts, and whoever looks on: the page that listened shows what a page loaded anew shows."""
    pages = {"owner": scene.owner, "ada": scene.ada, "bert": scene.bert}
    walls = [scene.ada.id, scene.bert.id]
    if action == "close_account":  # then nobody can load the wall anew
        walls = [scene.bert.id]
    with watched(scene.server, pages, walls) as faults:
        (ACTIONS | OTHERS)[action](scene)
        assert faults() == []


def test_L10_a_late_page_catches_up_by_its_events(scene: Scene) -> None:
    """Loaded before several actions and joined after them: the events that were missed lead to the same state."""
    before, positions = load(scene.bert, [scene.ada.id, scene.bert.id])
    for action in ("create_post", "delete_post", "restore_post", "send"):
        (ACTIONS | OTHERS)[action](scene)
    with Live(scene.server, scene.bert) as tab:
        state = before
        for topic, answer in tab.join(dict(positions)).items():
            for event in answer["events"]:
                state = apply(state, {"type": "event", "topic": topic, **event})
    assert state != before
    assert state == load(scene.bert, [scene.ada.id, scene.bert.id])[0]


def test_L10_a_missing_event_is_found(scene: Scene) -> None:
    """The comparison notices a page that was told nothing."""
    with watched(scene.server, {"bert": scene.bert}, [scene.bert.id]) as faults:
        scene.ada.post_on(scene.bert.id, "unheard")
        before, _ = load(scene.bert, [scene.bert.id])
        assert faults() == []
        assert apply(before, {"type": "bye", "reason": "replaced"}) != before
