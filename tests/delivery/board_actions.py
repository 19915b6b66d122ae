"""What can be done with boards, for L10."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.boards.making import POLL, arrange, change, make_board, open_link
from tests.harness.api import Api

if TYPE_CHECKING:
    from tests.delivery.test_actions import Scene


class Boards(NamedTuple):
    """Ada's: one for ``all`` members and one of her open ``room``, shown there. The first has a poll, a series ``temp``
    and a producer."""

    all: int
    room: int
    producer: int
    token: str


def furnish(ada: Api, room: int) -> Boards:
    everybodys, rooms = make_board(ada)["id"], make_board(ada, audience="room", room=room)["id"]
    arrange(ada, everybodys, POLL)
    made = ada.post(f"/boards/{everybodys}/producers", {"name": "Script"}, expect=201).json()
    boards = Boards(everybodys, rooms, made["producer"]["id"], made["token"])
    push(ada, boards, "temp=20 door=true")
    return boards


def push(api: Api, boards: Boards, lines: str) -> None:
    with Api(api.url) as producer:
        producer.use_token(boards.token)
        producer.request("POST", f"/boards/{boards.all}/values", content=lines, expect=200)


def push_values(scene: Scene) -> None:
    """New values, a new series, one that is older than what there is; a flag and a text."""
    push(scene.ada, scene.boards, "temp=21.5 hum=40 door=false\nstate='all well'\ntemp=19 @1000000000000")
    push(scene.ada, scene.boards, "temp=22")


def series(scene: Scene) -> str:
    return f"/boards/{scene.boards.all}/series"


def change_board(scene: Scene) -> None:
    """Another name and address; the other board out of the room, for its maker alone, and back."""
    change(scene.ada, scene.boards.all, name="Weather", slug=f"weather-{scene.boards.all}", description="By the door")
    change(scene.owner, scene.boards.all, updates=True, room=None)
    change(scene.ada, scene.boards.room, name="Scores")
    change(scene.ada, scene.boards.room, audience="me")
    change(scene.ada, scene.boards.room, audience="room", room=scene.rooms.open)


def arrange_board(scene: Scene) -> None:
    """Tiles around the poll; then the poll asks something else, goes, and comes back."""
    chart = {"id": "a", "kind": "chart", "series": ["temp", "hum"]}
    arrange(scene.ada, scene.boards.all, chart, POLL)
    arrange(scene.owner, scene.boards.all, {**POLL, "options": ["Tea", "Coffee", "Water"]}, chart)
    arrange(scene.ada, scene.boards.all, chart)
    arrange(scene.ada, scene.boards.all, chart, POLL)


def put_vote(scene: Scene) -> None:
    for api, option in ((scene.ada, 0), (scene.bert, 1), (scene.ada, 1), (scene.bert, None)):
        api.put(f"/boards/{scene.boards.all}/polls/poll/vote", {"option": option}, expect=200)


def delete_board(scene: Scene) -> None:
    for board in (scene.boards.all, scene.boards.room):
        scene.ada.delete(f"/boards/{board}", expect=200)


def restore_board(scene: Scene) -> None:
    for board in (scene.boards.all, scene.boards.room):
        scene.ada.post(f"/boards/{board}/restore", expect=200)


def change_series(scene: Scene) -> None:
    scene.ada.patch(series(scene), {"key": "temp", "unit": "°C", "every": 3600}, expect=204)


def revoke_producer(scene: Scene) -> None:
    scene.ada.delete(f"/boards/{scene.boards.all}/producers/{scene.boards.producer}", expect=204)


def open_sensor_link(scene: Scene) -> tuple[int, str]:
    """A link for phones that vote, too: its id and its secret."""
    body = {"controls": ["motion", "button", "vote"], "poll": POLL["id"]}
    made = scene.ada.post(f"/boards/{scene.boards.all}/sensors", body, expect=201).json()
    return made["id"], made["url"].split("#")[1]


def become_sensor(scene: Scene) -> str:
    with Api(scene.server) as phone:
        return str(phone.post("/sensors", {"secret": open_sensor_link(scene)[1]}, expect=201).json()["token"])


def push_sensor_values(scene: Scene) -> None:
    with Api(scene.server) as phone:
        phone.use_token(become_sensor(scene))
        for report in ({"motion": 3.5, "presses": 2}, {"presses": 3, "vote": 1}, {"vote": 0}):
            phone.post("/sensors/values", report, expect=200)


def revoke_sensor_link(scene: Scene) -> None:
    scene.ada.delete(f"/boards/{scene.boards.all}/sensors/{open_sensor_link(scene)[0]}", expect=204)


# By the names of the views, in an order in which each is possible.
BOARDS: dict[str, Callable[[Any], Any]] = {
    "create_board": lambda scene: make_board(scene.ada, room=scene.rooms.open),
    "push_values": push_values,
    "change_series": change_series,
    "put_vote": put_vote,
    "arrange_board": arrange_board,
    "open_sensor_link": open_sensor_link,
    "become_sensor": become_sensor,
    "push_sensor_values": push_sensor_values,
    "revoke_sensor_link": revoke_sensor_link,
    "change_board": change_board,
    "open_board_link": lambda scene: open_link(scene.ada, scene.boards.all),
    "end_board_link": lambda scene: scene.ada.delete(f"/boards/{scene.boards.all}/link", expect=204),
    "delete_series": lambda scene: scene.ada.delete(series(scene), params={"key": "door"}, expect=204),
    "create_producer": lambda scene: scene.ada.post(
        f"/boards/{scene.boards.all}/producers", {"name": "Another"}, expect=201
    ),
    "delete_board": delete_board,
    "restore_board": restore_board,
    "revoke_producer": revoke_producer,
}
