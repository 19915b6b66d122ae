"""Messages that mean nothing, or harm: rows 69–74 and 79 of the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.bystander import Bystander
from tests.hostile.messages import LONG, join, json_text, message, send
from tests.hostile.sockets import bye, check_alive, check_error, open_socket
from tests.hostile.stage import Stage, new_post

# Sent, the code of the error frame, and its id (None: it must have none).
REFUSED: dict[str, tuple[Any, str, int | None]] = {
    "row69-not-json": (b"hello", "bad_json", None),
    "row69-empty": (b"", "bad_json", None),
    "row69-byte-order-mark": (b'\xef\xbb\xbf{"type":"pong"}', "bad_json", None),
    "row69-two-at-once": (b'{"type":"pong"}{"type":"pong"}', "bad_json", None),
    "row69-truncated": (b'{"type":"pong"', "bad_json", None),
    "row69-33-deep": (b'{"type":' + b"[" * 32 + b"]" * 32 + b"}", "bad_json", None),
    "row69-16000-deep": (b"[" * 16_000, "bad_json", None),
    "row69-nan": (b'{"type":"join","id":NaN}', "bad_json", None),
    "row69-1e400": (b'{"type":"join","id":1e400}', "bad_json", None),
    "row69-integer-of-5000-digits": (b'{"type":"join","id":' + b"9" * 5000 + b"}", "bad_json", None),
    "row69-key-twice": (b'{"type":"pong","type":"leave"}', "bad_json", None),
    "row69-surrogate": (b'{"type":"send","id":1,"topic":"wall:1","text":"\\ud800"}', "bad_json", None),
    "row69-nul": (b'{"type":"send","id":1,"topic":"wall:1","text":"\\u0000"}', "bad_json", None),
    "row69-array": ([1, 2, 3], "bad_frame", None),
    "row69-number": (17, "bad_frame", None),
    "row69-null": (None, "bad_frame", None),
    "row70-no-type": ({"op": "nope", "id": 1}, "bad_frame", None),
    "row70-type-a-list": ({"type": ["join"], "id": 1}, "bad_frame", None),
    "row70-type-null": ({"type": None}, "bad_frame", None),
    "row70-proto": (b'{"__proto__":{"type":"join"}}', "bad_frame", None),
    "row71-no-id": (send(id=...), "bad_id", None),
    "row71-no-id-of-a-join": ({"type": "join", "topics": {}}, "bad_id", None),
    "row71-id-2-to-the-53-and-1": (send(id=2**53 + 1), "bad_id", None),
    "row71-id-minus-1": (send(id=-1), "bad_id", None),
    "row71-id-text": (send(id="1"), "bad_id", None),
    "row71-id-1.5": (send(id=1.5), "bad_id", None),
    "row71-id-true": (send(id=True), "bad_id", None),
    "row71-id-null": (send(id=None), "bad_id", None),
    "row71-id-a-list": (join({"me": None}, id=[1]), "bad_id", None),
    "row72-topics-a-list": (join(["me"]), "bad_field", 1),
    "row72-topics-missing": ({"type": "join", "id": 1}, "bad_field", 1),
    "row73-negative": (join({"wall:{ada}": -1}), "bad_field", 1),
    "row73-text": (join({"wall:{ada}": "0"}), "bad_field", 1),
    "row73-1.5": (join({"wall:{ada}": 1.5}), "bad_field", 1),
    "row73-2-to-the-63": (join({"wall:{ada}": 2**63}), "bad_field", 1),
    "row73-epoch-a-number": (join({"me": 0}, epoch=1), "bad_field", 1),
    "row74-no-such-wall": (send(topic="wall:999999999"), "not_found", 1),
    "row74-me": (send(topic="me"), "not_found", 1),
    "row74-anothers-me": (send(topic="me:{bert}"), "bad_topic", 1),
    "row74-unknown-kind": (send(topic="house:1"), "not_found", 1),
    "row74-topic-of-20000": (send(topic=LONG), "bad_topic", 1),
    "row74-topic-a-number": (send(topic=1), "bad_field", 1),
    "row74-text-empty": (send(text=" "), "bad_field", 1),
    "row74-text-of-4001": (send(text="x" * 4_001), "bad_field", 1),
    "row74-text-a-list": (send(text=[LONG]), "bad_field", 1),
    "row74-cid-of-20000": (send(cid=LONG), "bad_field", 1),
    "row74-leave-a-number": ({"type": "leave", "topics": 1}, "bad_field", None),
    "row74-typing-where-i-am-not": ({"type": "typing", "topic": "wall:{bert}"}, "not_found", None),
    "row77-typing-in-a-room-that-is-none": ({"type": "typing", "topic": "room:999999999"}, "not_found", None),
    "row77-typing-in-anothers-conversation": ({"type": "typing", "topic": "dm:999999999"}, "not_found", None),
    "row78-read-where-nobody-keeps-it": ({"type": "read", "topic": "wall:{ada}", "seq": 1}, "not_found", None),
    "row78-read-my-me": ({"type": "read", "topic": "me", "seq": 1}, "not_found", None),
    "row78-read-in-a-room-that-is-none": ({"type": "read", "topic": "room:999999999", "seq": 1}, "not_found", None),
    "row78-read-nowhere": ({"type": "read", "topic": LONG, "seq": 1}, "bad_topic", None),
    "row78-read-before-the-beginning": ({"type": "read", "topic": "room:1", "seq": -1}, "bad_field", None),
    "row78-read-without-a-position": ({"type": "read", "topic": "room:1"}, "bad_field", None),
    "row74-typing-nowhere": ({"type": "typing", "topic": LONG}, "bad_topic", None),
}

IGNORED: dict[str, Any] = {
    "row70-unknown-type": {"type": "nope", "id": 1},
    "row70-type-of-20000": {"type": LONG},
    "row70-type-constructor": {"type": "constructor"},
    "row70-unknown-fields": {"type": "pong", "__proto__": {"admin": True}, "constructor": 1},
    "row72-leave-what-is-none": {"type": "leave", "topics": ["wall:1", LONG, "", "me:{bert}", "wall:-1"]},
    "row79-heads-of-my-own": {"type": "heartbeat", "heads": {"wall:{ada}": 10**9}},
    "row79-heads-in-a-pong": {"type": "pong", "heads": {"wall:{ada}": 10**9, "wall:{bert}": -1}},
    "row78-presence-of-my-own": {"type": "presence", "topic": "room:1", "version": 1, "joined": [{"id": "{bert}"}]},
    "row79-heads-frame-of-my-own": {"type": "heads", "heads": {"room:1": 10**9, "wall:{bert}": 0}},
    "row79-joined-of-my-own": {"type": "joined", "id": 1, "topics": {"wall:{bert}": {"seq": 10**9, "events": []}}},
    "row79-bye-of-my-own": {"type": "bye", "code": 4500},
}

# The topic, the position, the epoch (None: the right one), and the answer: an error's code, "reset" or "events".
JOINS: dict[str, tuple[str, int | None, str | None, str]] = {
    "row72-no-such-wall": ("wall:999999999", None, None, "not_found"),
    "row72-wall-zero": ("wall:0", None, None, "not_found"),
    "row72-anothers-me": ("me:{bert}", None, None, "bad_topic"),
    "row72-my-me-by-its-number": ("me:{ada}", None, None, "bad_topic"),
    "row72-unknown-kind": ("house:1", None, None, "not_found"),
    "row72-300-characters": ("wall:" + "1" * 295, None, None, "bad_topic"),
    "row72-19-digits": ("wall:" + "9" * 19, None, None, "bad_topic"),
    "row72-18-digits": ("wall:" + "9" * 18, None, None, "not_found"),
    "row72-leading-zero": ("wall:0{ada}", None, None, "bad_topic"),
    "row72-arabic-digit": ("wall:٣", None, None, "bad_topic"),
    "row72-with-a-newline": ("wall:{ada}\n", None, None, "bad_topic"),
    "row72-empty": ("", None, None, "bad_topic"),
    "row72-anothers-stats": ("stats:{bert}", None, None, "bad_topic"),
    "row72-no-such-board": ("board:999999999", None, None, "not_found"),
    "row73-board-ahead-of-the-head": ("board:1", 2**53, None, "reset"),
    "row73-board-of-another-epoch": ("board:1", 0, "other", "reset"),
    "row73-ahead-of-the-head": ("wall:{ada}", 10**6, None, "reset"),
    "row73-2-to-the-53": ("wall:{ada}", 2**53, None, "reset"),
    "row73-other-epoch": ("wall:{ada}", 0, "other", "reset"),
    "row73-epoch-of-20000": ("wall:{ada}", 0, LONG, "reset"),
    "row73-from-the-start": ("wall:{ada}", 0, None, "events"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_C2_a_bad_message_is_answered_by_an_error(stage: Stage, bystander: Bystander, name: str) -> None:
    """Its exact code, its id where it had a usable one, nothing stored; the connection goes on."""
    value, code, frame_id = REFUSED[name]
    raw = stage.fill(json_text(value)).encode() if not isinstance(value, bytes) else value
    with open_socket(stage) as socket:
        socket.send(message(raw))
        answer = socket.frame().json()
        check_error(answer, code)
        assert answer.get("id") == frame_id
        assert check_alive(socket) == []
    bystander.noticed_nothing()


@pytest.mark.parametrize("name", IGNORED)
def test_C2_what_nobody_knows_is_ignored(stage: Stage, bystander: Bystander, name: str) -> None:
    """Types and fields of later versions, and what only the server may say: silence."""
    with open_socket(stage) as socket:
        socket.send(message(stage.fill(json_text(IGNORED[name])).encode()))
        assert check_alive(socket) == []
    bystander.noticed_nothing()


@pytest.mark.parametrize("name", JOINS)
def test_C2_a_join_is_answered_by_topic(stage: Stage, bystander: Bystander, name: str) -> None:
    """What is not there and what is not for me are one answer; a position that means nothing is a reset."""
    topic, seq, epoch, expected = JOINS[name]
    with open_socket(stage) as socket:
        socket.send_json(join({stage.fill(topic): seq}, **({"epoch": epoch} if epoch else {})))
        answer = socket.frame().json()
        assert answer["type"] == "joined"
        ((told, said),) = answer["topics"].items()
        assert stage.fill(topic).startswith(told)
        assert len(told) <= 80
        assert said.get("error") == expected or said.get(expected) or (expected == "events" and "events" in said)
        assert check_alive(socket) == []
    bystander.noticed_nothing()


def test_C2_row69_the_third_unreadable_message_is_the_last(stage: Stage, bystander: Bystander) -> None:
    """Two are answered; with the third in a minute the client is told not to come back: 4505."""
    with open_socket(stage) as socket:
        for raw in (b"{", b"[]", b"null"):
            socket.send(message(raw))
        assert bye(socket)["code"] == 4505
    bystander.noticed_nothing()


def test_C2_row71_an_id_in_use_is_refused(stage: Stage, bystander: Bystander) -> None:
    """The second of two at once with one id gets an error without id; the first its own answer, once."""
    with open_socket(stage) as socket:
        first, second = new_post("first of two"), new_post("second of two")
        one = stage.fill(json_text(send(**first))).encode()
        two = stage.fill(json_text(send(**second))).encode()
        socket.send(message(one) + message(two))
        answers = sorted((socket.frame().json() for _ in range(2)), key=lambda answer: str(answer["type"]))
        assert [answer["type"] for answer in answers] == ["ack", "error"]
        assert answers[0]["post"]["text"] == "first of two"
        assert (answers[1]["code"], answers[1].get("id")) == ("bad_id", None)
        assert check_alive(socket) == []
    bystander.noticed_nothing()


def test_C2_row73_five_hundred_topics_are_too_many(stage: Stage, bystander: Bystander) -> None:
    """Of 500 in one join, the first 100 are looked up and the others refused; joining one twice is no second one."""
    with open_socket(stage) as socket:
        socket.send_json(join({f"wall:{number}": 0 for number in range(10**6, 10**6 + 500)}))
        answers = list(socket.frame().json()["topics"].values())
        assert answers.count({"error": "not_found"}) == 100
        assert answers.count({"error": "too_many_topics"}) == 400
        for _ in range(2):
            socket.send_json(join({f"wall:{stage.ada}": 0}))
            assert "events" in socket.frame().json()["topics"][f"wall:{stage.ada}"]
        assert check_alive(socket) == []
    bystander.noticed_nothing()


def test_C2_row72_joining_twice_in_one_breath_is_joining(stage: Stage, bystander: Bystander) -> None:
    """Both are answered with all that was missed, and the member stays one: no gap, no reset."""
    wall = f"wall:{stage.ada}"
    with open_socket(stage) as socket:
        socket.send(message(join({wall: 0}) | {"id": 1}) + message(join({wall: 0}) | {"id": 2}))
        answers = [socket.frame().json() for _ in range(2)]
        assert [answer["type"] for answer in answers] == ["joined", "joined"]
        assert all("events" in answer["topics"][wall] for answer in answers)
        socket.send(message(stage.fill(json_text(send(id=3))).encode()))
        assert sorted(socket.frame().json()["type"] for _ in range(2)) == ["ack", "event"]
        assert check_alive(socket) == []
    bystander.noticed_nothing()


def test_C2_row74_a_wall_left_may_be_written_on_and_is_not_heard(stage: Stage, bystander: Bystander) -> None:
    """Writing on a wall needs no joining, so leaving it takes no right away; its events are over at once."""
    wall = f"wall:{stage.bert}"
    with open_socket(stage) as socket:
        socket.send_json(join({wall: None}))
        assert socket.frame().json()["type"] == "joined"
        socket.send(message({"type": "leave", "topics": [wall]}) + message(send(id=2, topic=wall)))
        assert socket.frame().json()["type"] == "ack"
        assert check_alive(socket) == []
    bystander.noticed_nothing()


def test_C2_row74_typing_ends_with_leaving(stage: Stage, bystander: Bystander) -> None:
    """A wall left a moment ago hears nothing more from me."""
    with open_socket(stage) as socket:
        socket.send_json(join({f"wall:{stage.bert}": None}))
        assert socket.frame().json()["type"] == "joined"
        leave = {"type": "leave", "topics": [f"wall:{stage.bert}"]}
        socket.send(message(leave) + message({"type": "typing", "topic": f"wall:{stage.bert}"}))
        check_error(socket.frame().json(), "not_found")
        assert check_alive(socket) == []
    bystander.noticed_nothing()
