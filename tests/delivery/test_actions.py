"""L10, for every action there is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.delivery import board_actions, pairup_actions, pairup_events, room_actions
from tests.delivery.board_actions import Boards
from tests.delivery.room_actions import Rooms
from tests.delivery.verify import Open, apply, load, watched
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import EVE, People, Person
from tests.harness.server import Server
from tests.sessions.test_ends import close
from twidder.web.app import operations


class Scene(NamedTuple):
    """Ada acts; Bert and the owner look on. Ada's wall has a post of each of hers and Bert's; ``gone`` is deleted. Ada
    has rooms and boards."""

    server: Server
    owner: Api
    ada: Api
    bert: Api
    person: Person
    mine: int
    gone: int
    rooms: Rooms
    boards: Boards

    @property
    def pages(self) -> dict[str, Api]:
        return {"owner": self.owner, "ada": self.ada, "bert": self.bert}

    @property
    def shown(self) -> Open:
        """What everybody's page has open."""
        rooms = [self.rooms.open, self.rooms.closed, self.rooms.hall]
        return Open([self.ada.id, self.bert.id], rooms, [self.boards.all, self.boards.room])


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
        rooms = room_actions.furnish(server, ada, bert)
        boards = board_actions.furnish(ada, rooms.open)
        yield Scene(server, owner, ada, bert, people.ada, mine, gone, rooms, boards)


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


# By the names of the views; what has another door, or none by HTTP, is named besides.
ENDING: dict[str, Callable[[Scene], Any]] = {
    "sign_up": sign_up,
    "sign_in": sign_in,
    "sign_out": lambda scene: scene.ada.delete("/session", expect=204),
    "change_password": change_password,
    "reset_password": reset_password,
    "change_role": lambda scene: scene.owner.patch(f"/users/{scene.bert.id}", {"role": "staff"}, expect=200),
    "close_account": close_account,
}
# One after the other, by the same people, before the same pages.
STORIES: dict[str, dict[str, Callable[[Scene], Any]]] = {
    "accounts and walls": {
        "show_token": lambda scene: scene.ada.post("/session/token", {"password": scene.person.password}, expect=200),
        "change_me": lambda scene: scene.ada.patch("/me", {"city": "Lund", "firstname": "Adina"}, expect=200),
        "make_reset_link": lambda scene: scene.owner.post(f"/users/{scene.ada.id}/reset-link", expect=201),
        "make_invitation": lambda scene: scene.owner.post("/invitations", expect=201),
        "change_community": lambda scene: scene.owner.patch("/community", {"name": "The Lab"}, expect=200),
        "create_post": lambda scene: scene.ada.post_on(scene.bert.id, "on Bert's wall"),
        "delete_post": lambda scene: scene.ada.delete(f"/posts/{scene.mine}", expect=200),
        "restore_post": lambda scene: scene.ada.post(f"/posts/{scene.gone}/restoration", expect=200),
        "upload_to_wall": lambda scene: room_actions.upload(scene.ada, f"/walls/{scene.bert.id}/files"),
        "send": send,
        "follow": lambda scene: scene.ada.put(f"/follows/{scene.bert.id}", expect=204),
        "unfollow": lambda scene: scene.ada.delete(f"/follows/{scene.bert.id}", expect=204),
        "change_privacy": lambda scene: scene.ada.patch("/me/privacy", {"write_to_me": "nobody"}, expect=200),
    },
    "messages": room_actions.MESSAGES,
    "rooms": room_actions.ROOMS,
    "boards": board_actions.BOARDS,
}
BESIDES = {"close_account", "send", "by_socket", "narrow", "say_and_unsay"}


def test_L10_every_action_is_verified() -> None:
    """A route that changes something and is not in a table fails here."""
    tables = (ENDING, *STORIES.values(), *pairup_actions.STORIES.values())
    verified = {name for actions in tables for name in actions}
    changing = {operation.view.__name__ for operation in operations() if operation.method != "GET"}
    assert verified - BESIDES - pairup_actions.BESIDES == changing


@pytest.mark.parametrize("action", ENDING)
def test_L10_state_before_and_events_are_the_state_after(scene: Scene, action: str) -> None:
    """Whoever acts, and whoever looks on: the page that listened shows what a page loaded anew shows."""
    shown = scene.shown
    if action == "close_account":  # then nobody can load the wall anew
        shown = shown._replace(walls=[scene.bert.id])
    with watched(scene.server, scene.pages, shown) as faults:
        ENDING[action](scene)
        assert faults() == []


@pytest.mark.parametrize("story", STORIES)
def test_L10_after_each_action_of_a_story_the_pages_are_right(scene: Scene, story: str) -> None:
    """As above; the pages stay open from the first to the last."""
    with watched(scene.server, scene.pages, scene.shown) as faults:
        for name, action in STORIES[story].items():
            action(scene)
            assert faults() == [], name


@pytest.mark.parametrize("names", ["everyone", "staff"])
@pytest.mark.parametrize("story", pairup_actions.STORIES)
def test_L10_after_each_action_in_a_round_the_pages_are_right(
    owned: tuple[Server, Person], client: Callable[..., Api], people: People, story: str, names: str
) -> None:
    """As above, of staff and students of Pair-Up; where names are for staff, too."""
    server, owning = owned
    staff = client(owning, on=server, new=False, transport="token")
    course = pairup_actions.open_course(server, staff, client, people.ada, names)
    with pairup_events.watched(server, course.pages, course.round["id"]) as faults:
        for name, action in pairup_actions.STORIES[story].items():
            action(course)
            assert faults() == [], name


def test_L10_a_late_page_catches_up_by_its_events(scene: Scene) -> None:
    """Loaded before several actions and joined after them: the events that were missed lead to the same state."""
    before, positions = load(scene.bert, scene.shown)
    for action in ("create_post", "delete_post", "restore_post", "send"):
        STORIES["accounts and walls"][action](scene)
    for action in ("create_message", "edit_message", "add_reaction", "say_and_unsay", "delete_message"):
        STORIES["messages"][action](scene)
    STORIES["rooms"]["change_room"](scene)
    for action in ("create_board", "push_values", "put_vote", "arrange_board", "delete_series"):
        STORIES["boards"][action](scene)
    with Live(scene.server, scene.bert) as tab:
        state = before
        for topic, answer in tab.join(dict(positions)).items():
            for event in answer.get("events", ()):
                state = apply(state, {"type": "event", "topic": topic, **event})
            if "state" in answer:
                state = apply(state, {"type": "state", "topic": topic, "data": answer["state"]})
    assert state != before
    assert state == load(scene.bert, scene.shown)[0]


def test_L10_a_missing_event_is_found(scene: Scene) -> None:
    """The comparison notices a page that was told nothing."""
    with watched(scene.server, {"bert": scene.bert}, scene.shown) as faults:
        scene.ada.post_on(scene.bert.id, "unheard")
        room_actions.create_message(scene)
        before, _ = load(scene.bert, scene.shown)
        assert faults() == []
        assert apply(before, {"type": "bye", "reason": "replaced"}) != before
