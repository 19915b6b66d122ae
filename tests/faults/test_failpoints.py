"""R11: what fails takes at most its own connection with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.conftest import GENEROUS
from tests.faults.costs import bystander
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA
from tests.harness.raw import Raw, RawSocket
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.hostile.bystander import Bystander
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.slow]

MARK = "failpoint"


class Scene(NamedTuple):
    server: Server
    ada: Api
    beside: Bystander


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """At its end the server leaves with code 0, whatever failed."""
    data = tmp_path_factory.mktemp("failing") / "data"
    with (
        Mutant("fails_on_purpose", data, limits=GENEROUS, allow=["Traceback (most recent call last)"]) as server,
        bystander(server) as beside,
        Api(server) as ada,
    ):
        person = ADA.unique()
        ada.sign_up(person)
        ada.sign_in(person)
        yield Scene(server, ada, beside)


def fails_alone(scene: Scene, name: str, fail: Callable[[Live], None]) -> None:
    """The failure is in the log, once; another socket of the same session and everybody else go on."""
    before = scene.server.stderr
    with Live(scene.server, scene.ada) as other, Live(scene.server, scene.ada) as socket:
        fail(socket)
        assert "joined" in other.ask({"type": "join", "topics": {"me": None}})["type"]
    scene.beside.noticed_nothing()
    new = wait_for(lambda: scene.server.stderr.removeprefix(before), what="the log")
    assert new.count(f"RuntimeError: {MARK} {name}") == 1, new


CLOSES = {
    "send": {"type": "send", "id": 1, "text": f"{MARK} send"},
    "typing": {"type": "typing", "topic": MARK},
    "leave": {"type": "leave", "topics": ["me", MARK]},
    "pong": {"type": "pong", "why": f"{MARK} pong"},
    "tick": {"type": "pong", "why": "tick"},
}


@pytest.mark.parametrize("name", CLOSES)
def test_R11_a_frame_that_fails_closes_its_socket(scene: Scene, name: str) -> None:
    """1011, come back: the loop does not know what state it left behind."""

    def fail(socket: Live) -> None:
        socket.send({"topic": scene.ada.wall} | CLOSES[name])
        assert socket.closed_with()[0] == 1011

    fails_alone(scene, name, fail)


def test_R11_a_join_that_fails_is_answered(scene: Scene) -> None:
    """For the topic that failed; the socket goes on."""

    def fail(socket: Live) -> None:
        answer = socket.join({scene.ada.wall: 1}, epoch=MARK)
        assert answer == {scene.ada.wall: {"error": "internal"}}
        assert "seq" in socket.join({scene.ada.wall: None})[scene.ada.wall]

    fails_alone(scene, "join", fail)


def test_R11_a_change_that_fails_is_answered(scene: Scene) -> None:
    """In the writer's thread, which goes on with the next."""

    def fail(socket: Live) -> None:
        send = {"type": "send", "topic": scene.ada.wall}
        refused = socket.ask(send | {"text": f"{MARK} change"})
        assert (refused["type"], refused["code"]) == ("error", "internal")
        assert socket.ask(send | {"text": "the next one"})["type"] == "ack"

    fails_alone(scene, "change", fail)


def test_R11_a_token_that_cannot_be_looked_up_is_told_to_come_back(scene: Scene) -> None:
    """It may be a good one."""

    def fail(_socket: Live) -> None:
        with RawSocket(scene.server, headers={"Authorization": f"Bearer {MARK}" + "a" * 34}, origin=None) as stranger:
            assert stranger.until_close()[1] in (1011, 4002)

    fails_alone(scene, "identify", fail)


def test_R11_a_handshake_that_fails_ends(scene: Scene) -> None:
    """It holds no descriptor."""

    def fail(_socket: Live) -> None:
        with RawSocket(scene.server, headers={"X-A": f"{MARK} handshake"}, handshake=False) as stranger:
            stranger.send(stranger.request)
            assert stranger.ended()

    fails_alone(scene, "handshake", fail)


def test_R11_a_view_that_fails_is_a_problem(scene: Scene) -> None:
    """500, without our insides, and the connection serves the next request."""

    def fail(_socket: Live) -> None:
        with Raw(scene.server) as raw:
            own = f"Host: localhost:{scene.server.port}\r\nCookie: {scene.ada.cookie}\r\n\r\n"
            raw.send(f"GET /api/v1/users?q={MARK} HTTP/1.1\r\n{own}GET /api/v1/me HTTP/1.1\r\n{own}")
            problem = raw.response()
            assert (problem.status, problem.json()["code"]) == (500, "internal")
            assert MARK.encode() not in problem.body
            assert raw.response().status == 200

    fails_alone(scene, "view", fail)
