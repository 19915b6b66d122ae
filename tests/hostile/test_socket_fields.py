"""Every field of every frame with every wrong type: row 83 of the catalogue, generated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.bystander import Bystander
from tests.hostile.messages import LONG, join, message, send
from tests.hostile.sockets import check_alive, check_error, open_socket, stranger
from tests.hostile.stage import Stage
from twidder.live import wire

# Each frame whole, and which types its fields may have.
WHOLE: dict[str, dict[str, Any]] = {
    "auth": {"type": "auth", "token": "x" * 43},
    "join": join({"me": None}, epoch="a"),
    "leave": {"type": "leave", "topics": ["me"]},
    "send": send(topic="me"),
    "act": {"type": "act", "id": 1, "topic": "pairup:1", "act": "take", "data": {"place": 1}},
    "typing": {"type": "typing", "topic": "wall:1"},
    "read": {"type": "read", "topic": "wall:1", "seq": 1},
    "pong": {"type": "pong"},
}
TYPES: dict[tuple[str, str], set[str]] = {
    ("auth", "token"): {"text"},
    ("join", "id"): {"number"},
    ("join", "topics"): {"object"},
    ("join", "epoch"): {"text", "null"},
    ("leave", "topics"): {"list"},
    ("send", "id"): {"number"},
    ("send", "topic"): {"text"},
    ("send", "text"): {"text"},
    ("send", "cid"): {"text", "null"},
    ("send", "reply_to"): {"number", "null"},
    ("send", "files"): {"list"},
    ("act", "id"): {"number"},
    ("act", "topic"): {"text"},
    ("act", "act"): {"text"},
    ("act", "data"): {"object", "wrong object"},
    ("typing", "topic"): {"text"},
    ("read", "topic"): {"text"},
    ("read", "seq"): {"number"},
}

VALUES: dict[str, list[Any]] = {
    "null": [None],
    "boolean": [True, False],
    "number": [0, 2**53],
    "wrong number": [-1, 1.5, 2**53 + 1, 2**64, -(2**63), 1e300],
    "text": ["", "1", "null", LONG],
    "list": [[], ["me"]],
    "wrong list": [[1], [None], [[]], [{}], ["me", 1]],
    "object": [{}, {"me": None}],
    "wrong object": [{"me": "1"}, {"me": {}}, {"me": [0]}, {"me": True}, {"me": -1}, {"me": 1.5}],
}


def values(kinds: set[str], *, right: bool) -> list[Any]:
    return [value for kind, some in VALUES.items() if (kind in kinds) == right for value in some]


def test_C2_row83_every_field_is_in_the_table() -> None:
    """A frame or a field that is added to the protocol is tried as well, or this fails."""
    fields = {(name, field) for name, kind in wire._FRAMES.items() for field in kind.__struct_fields__}
    assert fields == set(TYPES)
    assert set(WHOLE) == set(wire._FRAMES)


@pytest.mark.parametrize(("name", "field"), TYPES, ids=lambda part: f"row83-{part}")
def test_C2_row83_a_wrong_type_is_an_error(stage: Stage, bystander: Bystander, name: str, field: str) -> None:
    """One error for each, with the frame's id where that is usable; the connection goes on."""
    open_ = stranger if name == "auth" else open_socket
    with open_(stage) as socket:
        for number, value in enumerate(values(TYPES[name, field], right=False), 1):
            frame = WHOLE[name] | ({"id": number} if "id" in WHOLE[name] else {}) | {field: value}
            socket.send(message(frame))
            answer = socket.frame().json()
            check_error(answer, "bad_id" if field == "id" else "bad_field")
            assert answer.get("id") == (None if field == "id" else frame.get("id")), frame
        if name != "auth":
            assert check_alive(socket) == []
    bystander.noticed_nothing()


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "auth"], ids=lambda name: f"row83-{name}")
def test_C2_row83_an_odd_value_of_the_right_type_is_no_fault_of_ours(
    stage: Stage, bystander: Bystander, name: str
) -> None:
    """An answer or silence, and the connection goes on."""
    fields = [field for field in WHOLE[name] if field != "type"]
    odd = [(field, value) for field in fields for value in values(TYPES[name, field], right=True)]
    with open_socket(stage) as socket:
        for number, (field, value) in enumerate(odd):
            frame = WHOLE[name] | ({"id": number} if "id" in fields else {}) | {field: value}
            socket.send(message(frame))
        answers = [frame.json() for frame in check_alive(socket)]
        assert {answer["type"] for answer in answers} <= {"error", "joined", "ack"}
        assert not [answer for answer in answers if answer.get("code") == "internal"]
    bystander.noticed_nothing()
