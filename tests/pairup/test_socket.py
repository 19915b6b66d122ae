"""The round's topic: places by ``act``, news to everybody in it, a number of who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.server import Server
from tests.pairup.racing import RACING
from tests.pairup.seated import Round, Someone, furnish
from twidder.config import Limits
from twidder.store import open_store


class Lab:
    """A server on which two rounds have been furnished, and sockets of its people."""

    def __init__(self, server: Server, rounds: list[Round], open_live: Callable[..., Live]) -> None:
        self.server, self.rounds = server, rounds
        self._open = open_live

    def live(self, who: Someone) -> Live:
        return self._open(on=self.server, token=who.token)

    def act(self, socket: Live, act: str, topic: str | None = None, **data: object) -> Frame:
        topic = topic or self.rounds[0].topic
        return socket.ask({"type": "act", "topic": topic, "act": act, "data": data})


@pytest.fixture(scope="module")
def furnished_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[Round]]]:
    data = tmp_path_factory.mktemp("socket") / "data"
    data.mkdir()
    store = open_store(data / "twidder.db", Limits(), lambda _batch: None)
    rounds = [furnish(store, teams=4, seats=[4], confirm=True), furnish(store, teams=1)]
    store.close()
    with Server(data, limits=RACING) as server:
        yield server, rounds


@pytest.fixture
def lab(furnished_server: tuple[Server, list[Round]], live: Callable[..., Live]) -> Lab:
    return Lab(*furnished_server, live)


def test_taking_confirming_and_giving_back_by_socket(lab: Lab) -> None:
    """Each is answered with the place as it is, everybody in the round hears the same, and the partner is asked on a
    topic of their own."""
    round_ = lab.rounds[0]
    (ada, bo), (cy, _), *_ = round_.teams
    first, second, third = lab.live(ada), lab.live(bo), lab.live(cy)
    second.join({f"entry:{bo.entry}": 0})
    third.join({round_.topic: 0})
    place = round_.places[0]
    taken = lab.act(first, "take", place=place)
    assert (taken["type"], taken["place"]["state"], taken["place"]["team"]["id"]) == ("ack", "held", ada.team)
    notice = second.recv("event", topic=f"entry:{bo.entry}")["data"]
    assert (notice["kind"], notice["data"]["fence"]) == ("hold", taken["place"]["fence"])
    confirmed = lab.act(second, "confirm", place=place, fence=notice["data"]["fence"])
    assert confirmed["place"]["state"] == "taken"
    assert lab.act(first, "give_back", place=place)["type"] == "ack"
    seen = [third.recv("event", topic=round_.topic)["data"]["places"][0]["state"] for _ in range(3)]
    assert seen == ["held", "taken", "free"]


def test_what_is_wrong_with_an_act_is_said(lab: Lab) -> None:
    """The verb, its data, a place of another round, a topic that has no verbs, somebody else's place."""
    ada, cy = lab.rounds[0].teams[1][0], lab.rounds[0].teams[2][0]
    socket, place = lab.live(ada), lab.rounds[0].places[1]
    assert lab.act(socket, "steal", place=place)["code"] == "bad_field"
    for data in ({}, {"place": "1"}, {"place": -1}, {"place": 2**60}, {"place": place, "team": 1}):
        assert lab.act(socket, "take", **data)["code"] == "bad_field"
    assert lab.act(socket, "take", place=lab.rounds[1].places[0])["code"] == "not_found"
    assert lab.act(socket, "take", place=2**40)["code"] == "not_found"
    assert lab.act(socket, "take", lab.rounds[1].topic, place=lab.rounds[1].places[0])["code"] == "not_found"
    assert lab.act(socket, "take", f"entry:{ada.entry}", place=place)["code"] == "not_found"
    assert lab.act(socket, "take", "wall:1", place=place)["code"] == "not_found"
    assert lab.act(socket, "take", place=place)["type"] == "ack"
    other = lab.live(cy)
    assert lab.act(other, "take", place=place)["code"] == "taken"
    assert lab.act(other, "confirm", place=place, fence=1)["code"] == "lease_lost"


def test_a_students_topic_is_theirs_alone(lab: Lab) -> None:
    """Nobody else joins it, their partner and staff neither; a round is there for its people."""
    round_, other = lab.rounds
    ada, bo = round_.teams[0]
    for stranger in (bo, round_.staff, other.teams[0][0]):
        assert lab.live(stranger).join({f"entry:{ada.entry}": 0})[f"entry:{ada.entry}"]["error"] == "not_found"
    assert lab.live(other.teams[0][0]).join({round_.topic: 0})[round_.topic]["error"] == "not_found"
    joined = lab.live(round_.staff).join({round_.topic: 0})[round_.topic]
    assert not joined["presence"]["here"]
    assert joined["presence"]["count"] >= 1


def alone(data: Path, **columns: object) -> Round:
    """A round of two teams, in a data directory of its own."""
    data.mkdir()
    store = open_store(data / "twidder.db", Limits(), lambda _batch: None)
    try:
        return furnish(store, teams=2, **columns)  # type: ignore[arg-type]
    finally:
        store.close()


def test_X3_a_dead_takers_hold_ends_and_the_late_partner_is_fenced_out(
    fresh_server: Callable[..., Server], client: Callable[..., Api], tmp_path: Path
) -> None:
    """Who looks on hears that the place is free, without a word from anybody; another team takes it, and the partner
    who was away for too long is told so."""
    round_ = alone(tmp_path / "data", confirm=True)
    (ada, bo), (cy, _) = round_.teams
    server = fresh_server(data=tmp_path / "data", limits={"hold_seconds": 1})
    take = {"type": "act", "topic": round_.topic, "act": "take", "data": {"place": round_.places[0]}}
    with Live(server, token=cy.token) as onlooker:
        onlooker.join({round_.topic: 0})
        with Live(server, token=ada.token) as taker:
            fence = taker.ask(take)["place"]["fence"]
            taker.cut()
        seen = [onlooker.recv("event", 10, topic=round_.topic)["data"]["places"][0]["state"] for _ in range(2)]
        assert seen == ["held", "free"]
        assert onlooker.ask(take)["place"]["fence"] > fence
    partner = client(on=server)
    partner.use_token(bo.token)
    late = partner.post(f"/pairup/places/{round_.places[0]}/confirmation", {"fence": fence}, expect=409)
    assert late.json()["code"] == "lease_lost"


def test_who_clicks_too_fast_is_told_to_wait(fresh_server: Callable[..., Server], tmp_path: Path) -> None:
    """By either door they draw from the same allowance, and get a time."""
    round_ = alone(tmp_path / "data")
    who, place = round_.teams[0][0], round_.places[0]
    limits = {"pairup_acts_burst": 3, "pairup_acts_per_second": 0.001}
    server = fresh_server(data=tmp_path / "data", limits=limits)
    with Live(server, token=who.token) as socket, Api(server) as api:
        frame = {"type": "act", "topic": round_.topic, "act": "take", "data": {"place": place}}
        assert [socket.ask(frame)["type"] for _ in range(2)] == ["ack", "ack"]
        api.use_token(who.token)
        assert [api.put(f"/pairup/places/{place}/team").status_code for _ in range(2)] == [200, 429]
        refused = socket.ask(frame)
        assert refused["code"] == "rate_limited"
        assert refused["retry_ms"] > 0
