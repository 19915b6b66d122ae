"""S12, A1: what is taken away while a question is under way stays away, whatever was read before. Each race in the one
order in which it could be lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.isolation.house import House, Seat
from tests.live.model import Tape
from twidder.live import closing
from twidder.live.channel import AccessNarrowed, AccessRevoked, Belongs, RightsChanged, SessionEnded
from twidder.live.connection import Connection

ROOM = "room:1"
JOIN = {"type": "join", "id": 1, "topics": {ROOM: None}}


@pytest.fixture
def house() -> House:
    """With Ada (1) and Bert (2), who are in a room; everybody has one session."""
    house = House()
    for user in (1, 2):
        house.store.seats[f"token {user}"] = Seat(user, f"sid {user}")
        house.store.may.add((user, ROOM))
    return house


def come_in(house: House, user: int) -> Connection:
    connection = house.connect(f"token {user}")
    house.look_up()
    house.answer()
    house.deliver()
    assert [frame["type"] for frame in frames(connection)] == ["hello"]
    return connection


def frames(connection: Connection) -> list[dict[str, Any]]:
    assert isinstance(connection.link, Tape)
    return connection.link.take()


def put_out(house: House, user: int) -> None:
    """Removed from the room; when this returns, the moderator has the answer."""
    house.store.may.discard((user, ROOM))
    house.tell(Belongs(user, ROOM, False), AccessRevoked(ROOM, user, "removed"))


TAKEN = {
    "revoked": AccessRevoked(ROOM, 1, "removed"),
    "narrowed": AccessNarrowed(ROOM, frozenset({2}), "members_only"),
}


@pytest.mark.parametrize("how", TAKEN)
def test_S12_put_out_while_a_join_is_read(house: House, how: str) -> None:
    """The history was read when it was still allowed: the answer says not found, and nothing follows. Joining again,
    before that answer, changes nothing; let in again, everything comes."""
    ada = come_in(house, 1)
    house.say(ada, JOIN)
    house.look_up()  # in a snapshot in which she is in the room; the answer is still on its way
    house.store.may.discard((1, ROOM))
    house.tell(TAKEN[how])
    house.deliver()
    assert [frame["type"] for frame in frames(ada)] == ["left"]
    house.say(ada, JOIN | {"id": 2})
    house.tell(house.store.append(ROOM))
    house.settle()
    house.second()
    house.settle()
    answers = frames(ada)
    assert [frame["topics"] for frame in answers] == [{ROOM: {"error": "not_found"}}] * 2
    assert house.node.here(ROOM) == []
    house.store.may.add((1, ROOM))
    house.say(ada, JOIN)
    house.settle()
    (joined,) = frames(ada)
    assert joined["topics"][ROOM]["seq"] == 1


def test_S12_put_out_from_all_tabs_and_from_presence(house: House) -> None:
    """Every tab is told once; the others learn within a second that she has gone, and she is in no list before."""
    tabs, bert = [come_in(house, 1) for _ in range(2)], come_in(house, 2)
    for connection in (*tabs, bert):
        house.say(connection, JOIN)
    house.settle()
    house.node.lost(tabs.pop())  # resting counts too
    house.second()
    house.settle()
    for connection in (*tabs, bert):
        frames(connection)
    put_out(house, 1)
    house.settle()
    assert [(frame["type"], frame["topic"]) for frame in frames(tabs[0])] == [("left", ROOM)]
    assert [author.id for author in house.node.here(ROOM)] == [2]
    house.tell(house.store.append(ROOM))
    house.second()
    house.settle()
    assert frames(tabs[0]) == []
    told = {frame["type"]: frame for frame in frames(bert)}
    assert told["presence"]["left"] == [1]
    assert told["presence"]["count"] == 1


def test_A1_put_out_while_we_find_out_where_they_belong(house: House) -> None:
    """The list was read when she was still in the room; of its heads she hears nothing."""
    ada = come_in(house, 1)
    house.look_up()  # where she belongs
    put_out(house, 1)
    house.settle()
    house.tell(house.store.append(ROOM))
    house.settle()
    house.second()
    house.settle()
    assert frames(ada) == []


def test_A1_who_belongs_and_has_not_joined_hears_of_heads_alone(house: House) -> None:
    """At first where they stand, then whenever they move, the newest only; a joined topic's come as events. A slow
    reader's wait."""
    house.store.append(ROOM)
    ada, eve = come_in(house, 1), house.connect("nobody's")
    house.settle()
    house.second()
    assert frames(ada) == [{"type": "heads", "heads": {ROOM: 1}}]
    tape = ada.link
    assert isinstance(tape, Tape)
    for slow in (10_000, 0):
        tape.waiting = slow
        house.tell(house.store.append(ROOM), house.store.append(ROOM))
        house.settle()
        house.second()
        assert frames(ada) == ([] if slow else [{"type": "heads", "heads": {ROOM: 5}}])
    house.say(ada, JOIN)
    house.settle()
    house.tell(house.store.append(ROOM))
    house.settle()
    house.second()
    house.settle()
    assert [frame["type"] for frame in frames(ada)] == ["joined", "event", "presence"]
    house.say(ada, {"type": "leave", "topics": [ROOM]})
    house.tell(house.store.append(ROOM))
    house.settle()
    house.second()
    assert frames(ada) == [{"type": "heads", "heads": {ROOM: 7}}]
    assert [frame["type"] for frame in frames(eve)] == ["bye"]


@pytest.mark.parametrize("news", [SessionEnded("sid 1", "session_replaced", 0, None), RightsChanged(1)])
def test_S1_news_of_somebody_outrun_the_question_who_they_are(house: House, news: Any) -> None:
    """Looked up before, answered after: they do not come in as who they were."""
    ada = house.connect("token 1")
    house.look_up()
    house.tell(news)
    house.settle()
    (bye,) = frames(ada)
    assert (bye["type"], bye["code"]) == ("bye", closing.REPLACED if isinstance(news, SessionEnded) else 4002)
    assert house.node.hub.people() == 0


def test_P1_a_killed_session_is_gone_from_presence_at_once(house: House) -> None:
    """Even while it rests: its tab was closed a moment before."""
    ada, bert = come_in(house, 1), come_in(house, 2)
    house.say(ada, JOIN)
    house.say(bert, JOIN)
    house.settle()
    house.node.lost(ada)
    assert [author.id for author in house.node.here(ROOM)] == [1, 2]
    house.tell(SessionEnded("sid 1", "signed_out", 0, None))
    house.settle()
    assert [author.id for author in house.node.here(ROOM)] == [2]


def test_P4_under_pressure_presence_and_typing_go_first_and_events_never(house: House) -> None:
    """A reader with much unsent gets every event and nothing fleeting; one that is over the limit gets a gap. Catching
    up, it has all events and the truth of who is here."""
    ada, bert = come_in(house, 1), come_in(house, 2)
    for connection in (ada, bert):
        house.say(connection, JOIN)
    house.settle()
    frames(ada)
    tape = ada.link
    assert isinstance(tape, Tape)
    tape.waiting = 10_000
    for _ in range(3):
        house.say(bert, {"type": "typing", "topic": ROOM})
        house.tell(house.store.append(ROOM))
        house.second()
        house.settle()
    assert [frame["type"] for frame in frames(ada)] == ["event"] * 3
    tape.congested = True
    house.say(bert, {"type": "typing", "topic": ROOM})
    house.tell(house.store.append(ROOM))
    house.settle()
    assert [frame["type"] for frame in frames(ada)] == ["gap"]
    tape.congested, tape.waiting = False, 0
    house.say(ada, {"type": "join", "id": 2, "topics": {ROOM: 3}})
    house.settle()
    (joined,) = frames(ada)
    assert [event["seq"] for event in joined["topics"][ROOM]["events"]] == [4]
    assert joined["topics"][ROOM]["presence"]["here"] == [[1], [2]]
