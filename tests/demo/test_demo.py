"""The demo: busy by itself within seconds, gone with the server, and there again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.api import Api
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from twidder.demo.boards import BOARDS, POLL, history
from twidder.demo.pairup import MOVING, TEAMS
from twidder.demo.people import EVERYBODY, VISITOR
from twidder.demo.story import PLACE, ROOMS, SCENES, WELCOME

SOON = 100.0  # ten times what it may take


@pytest.fixture
def demo(tmp_path: Path) -> Any:
    with Server(tmp_path / "demo", args=["--demo"]) as server:
        yield server


def test_the_demo_moves_by_itself_and_goes_on_after_a_restart(demo: Server) -> None:
    """People, rooms with words in them, walls and boards whose values change; a stop takes no longer than any other,
    and the second start keeps what there was and adds no second of anything."""
    with Api(demo) as stranger:
        wait_for(lambda: stranger.get("/community").json()["name"] == PLACE, SOON, "the opening")
        with _visitor(demo) as robin:
            _moves(robin)
            _pairs_up(robin)
            before = _inventory(robin)
            assert wait_for(lambda: _here(stranger) > 1, SOON, "the people")
            lab = next(room["id"] for room in robin.get("/rooms").json()["items"] if room["name"] == ROOMS[0].name)
            robin.patch(f"/rooms/{lab}", {"name": "Another name"}, expect=200)  # what a visitor does ends nothing
            robin.delete("/boards/cafe", expect=200)
            before["boards"].remove("cafe")
    demo.restart()
    with _visitor(demo) as robin:
        _moves(robin)
        after = _inventory(robin)
        assert after["people"] == before["people"] == sorted(person.firstname for person in EVERYBODY)
        assert after["rooms"] == before["rooms"]
        assert after["boards"] == before["boards"]
        for room, texts in before["said"].items():
            assert after["said"][room][: len(texts)] == texts


def test_a_demo_and_a_community_do_not_share_a_directory(tmp_path: Path, fresh_server: Callable[..., Server]) -> None:
    """Known passwords guard nothing real, and a demo is let in from this machine alone."""
    real = fresh_server()
    real.terminate()
    _refuses(Server(real.data, args=["--demo"]), "A community lives in")
    demo = Server(tmp_path / "demo", args=["--demo"])
    with demo:
        pass
    _refuses(Server(demo.data), "its passwords are known")
    for more in (["--public-url", "https://demo.example"], ["--host", "0.0.0.0"]):
        _refuses(Server(tmp_path / "never", args=["--demo", *more]), "this machine alone")
    assert not (tmp_path / "never").exists()
    shutil.rmtree(demo.data)


def test_the_door_of_a_real_community_has_no_demo(server: Server) -> None:
    with Api(server) as stranger:
        assert stranger.get("/community").json()["demo"] is None


def test_everybody_in_the_story_exists() -> None:
    """Who speaks, likes and owns has an account; who answers answers somebody; where they speak is a room."""
    known = {person.key for person in EVERYBODY}
    conversations = [WELCOME, *(room.lines for room in ROOMS), *(lines for _, lines in SCENES)]
    for lines in conversations:
        for place, line in enumerate(lines):
            assert {line.who, *(who for who, _ in line.likes)} <= known
            assert 0 <= line.reply <= place
    assert {key for key, _ in SCENES} <= {room.key for room in ROOMS}
    assert {board.owner for board in BOARDS} <= known - {VISITOR.key}  # else each start would sign the visitor out
    assert {board.room for board in BOARDS} <= {room.key for room in ROOMS} | {None}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_the_past_fits_into_pushes_and_joins_the_present(board: Any) -> None:
    """Bodies below the limit; and the last of the past is the value that the present would give."""
    now = 1_790_000_000.0
    bodies = list(history(board, now, 8_000))
    assert all(len(body.encode()) <= 8_000 and body for body in bodies)
    last = int(bodies[-1].rsplit("@", 1)[1]) / 1000
    assert now - 10 * board.every < last < now
    assert f"={next(iter(board.values(last).values()))} " in bodies[-1].splitlines()[-1]


def _visitor(server: Server) -> Api:
    api = Api(server)
    visitor = api.get("/community").json()["demo"]
    api.post("/session", {"email": visitor["email"], "password": visitor["password"]}, expect=201)
    return api


def _moves(robin: Api) -> None:
    """A value changes twice, and there are votes."""
    seen: set[int] = set()

    def changed_twice() -> bool:
        value = robin.get("/boards/weather").json()["state"].get("temp")
        seen.update([value["seen"]] if value else [])
        return len(seen) >= 3

    wait_for(changed_twice, SOON, "the weather to change twice", every=0.2)

    def votes() -> int:
        return sum(robin.get("/boards/lab-queue").json()["state"][f"$poll:{POLL}"]["votes"])

    wait_for(votes, SOON, "votes")

    def past() -> list[Any]:  # it comes in many pushes, the oldest first; each of them is a change, too
        items: list[Any] = robin.get("/boards/weather/points", series="temp").json()["series"]["temp"]["items"]
        return items

    wait_for(lambda: len(past()) > 50, SOON, "the past of the weather")


def _pairs_up(robin: Api) -> None:
    """A round that its visitor is on the roster of, and invited in; people wait, look and queue; a place changes
    hands."""
    (card,) = robin.get("/pairup/rounds").json()["items"]

    def look() -> dict[str, Any]:
        snapshot: dict[str, Any] = robin.get(f"/pairup/rounds/{card['round']['id']}", expect=200).json()
        return snapshot

    seats = look()
    assert seats["mine"]["entry"]["firstname"] == VISITOR.firstname
    assert seats["mine"]["team"] is None
    assert len(seats["mine"]["invitations"]) == 1
    assert len(seats["looking"]) == 2
    assert len(seats["calls"]) == 1
    assert sum(lab["waiting"] for lab in seats["labs"]) == 1
    assert seats["round"]["is_default"]

    assert {team["title"] for team in seats["teams"]} == {team.title for team in TEAMS}
    lab = next(lab["id"] for lab in seats["labs"] if lab["name"] == MOVING.lab.name)
    first = [place["id"] for place in seats["places"] if place["lab"] == lab][MOVING.place]
    team = next(team["id"] for team in seats["teams"] if team["title"] == MOVING.title)

    def moved() -> bool:
        theirs = [one["id"] for one in look()["places"] if one["state"] == "taken" and one["team"]["id"] == team]
        return bool(theirs) and theirs != [first]

    wait_for(moved, SOON, "a place to change hands", every=0.2)


def _inventory(robin: Api) -> dict[str, Any]:
    rooms = robin.get("/rooms").json()["items"]
    said = {
        room["id"]: [one["text"] for one in robin.get(f"/rooms/{room['id']}/messages", limit=100).json()["items"]]
        for room in rooms
    }
    assert all(said.values())
    return {
        "people": sorted(user["firstname"] for user in robin.get("/users").json()["items"]),
        "rooms": sorted(room["id"] for room in rooms),
        "boards": sorted(item["board"]["slug"] for item in robin.get("/boards").json()["items"]),
        "said": said,
    }


def _here(stranger: Api) -> int:
    return int(stranger.get("/community").json()["people_here"])


def _refuses(server: Server, why: str) -> None:
    with pytest.raises(AssertionError, match=r"left instead of serving"):
        server.start()
    assert why in server.stderr
