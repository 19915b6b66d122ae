"""Messages and names of topics, against everything that a client could say."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twidder import strictjson
from twidder.errors import TABLE, TwidderError
from twidder.live import topics, wire
from twidder.live.topics import Topic

DEPTH = 16
TYPES = ["auth", "join", "leave", "send", "act", "typing", "pong"]

plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=8,
)
whole = st.integers(0, 2**53)
positions = st.dictionaries(plain, st.none() | whole, max_size=5)

VALID: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "auth": st.fixed_dictionaries({"token": plain}),
    "join": st.fixed_dictionaries({"id": whole, "topics": positions}, optional={"epoch": st.none() | plain}),
    "leave": st.fixed_dictionaries({"topics": st.lists(plain, max_size=5)}),
    "send": st.fixed_dictionaries({"id": whole, "topic": plain, "text": plain}, optional={"cid": st.none() | plain}),
    "act": st.fixed_dictionaries(
        {"id": whole, "topic": plain, "act": plain}, optional={"data": st.dictionaries(plain, anything, max_size=3)}
    ),
    "typing": st.fixed_dictionaries({"topic": plain}),
    "pong": st.just({}),
}


def decode(raw: bytes) -> wire.ClientFrame | None:
    return wire.decode(raw, depth=DEPTH)


@given(st.sampled_from(TYPES).flatmap(lambda kind: VALID[kind].map(lambda fields: {"type": kind, **fields})))
def test_a_right_frame_is_read_as_it_was_said(frame: dict[str, Any]) -> None:
    """Every field arrives, and later versions' fields beside them change nothing."""
    read = decode(json.dumps(frame).encode())
    assert read is not None
    said = {name: value for name, value in frame.items() if name != "type"}
    assert {name: getattr(read, name) for name in said} == said
    later = decode(json.dumps({"of a later version": [1], **frame}).encode())
    assert later is not None
    assert msgspec.structs.asdict(later) == msgspec.structs.asdict(read)


wishes = ["{}", '{"wall:1":null}', '{"wall:1":1,"me":2}', '{"me":1,"me":2}', '{"me":1.0}']
values = st.sampled_from(
    [
        "1",
        "-0",
        "1.0",
        "1e2",
        "null",
        "true",
        '"wall:1"',
        '"send"',
        '"typing"',
        '"pong"',
        '"a\\u0041"',
        '"é"',
        '"join"',
        *wishes,
    ]
)
keys = st.sampled_from(['"type"', '"id"', '"topic"', '"topics"', '"epoch"', '"text"', '"cid"', '"\\u0069d"', '"other"'])


@given(st.lists(st.tuples(keys, values), max_size=6), st.sampled_from(["", " ", "\n"]))
@example([('"type"', '"send"'), ('"id"', "1"), ('"id"', "2"), ('"topic"', '"wall:1"'), ('"text"', '"é"')], "")
@example([('"type"', '"typing"'), ('"topic"', '"wall:1"'), ('"topic"', '"send"')], "")
@example([('"type"', '"pong"'), ('"type"', '"pong"')], "")
@example([('"type"', '"join"'), ('"id"', "1"), ('"topics"', '{"me":1,"me":2}')], "")
@example([('"type"', '"join"'), ('"id"', "1"), ('"topics"', '{"me":1}'), ('"topics"', "{}")], "")
@example([('"type"', '"join"'), ('"id"', "1"), ('"topics"', "{}"), ('"epoch"', "null"), ('"epoch"', '"é"')], "")
@example([('"type"', '"join"'), ('"id"', "1"), ('"topics"', '{"me":1}'), ('"id"', "1")], "")
def test_the_quick_reader_thinks_as_the_strict_one(pairs: list[tuple[str, str]], space: str) -> None:
    """Whatever the quick way accepts, the strict way reads the same; a key that stands twice is never accepted."""
    raw = ("{" + ",".join(f"{space}{key}:{space}{value}" for key, value in pairs) + "}").encode()
    quick = wire._decode_plain(raw)
    if quick is not None:
        strict = msgspec.convert(strictjson.parse(raw, depth=DEPTH), wire._FRAMES[json.loads(raw)["type"]])
        assert msgspec.structs.asdict(quick) == msgspec.structs.asdict(strict)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type":"join","id":1,"topics":{}}',
        '{"type":"join","id":1,"topics":{"board:3":null,"me":4},"epoch":"é"}'.encode(),
        b'{"type":"send","id":1,"topic":"wall:1","text":"a","cid":"b"}',
    ],
)
def test_what_comes_by_the_thousand_is_read_quickly(raw: bytes) -> None:
    assert wire._decode_plain(raw) == decode(raw)
    assert wire._decode_plain(raw.replace(b'"id":1', b'"id":1,"id":1')) is None


@given(
    st.binary(max_size=100)
    | anything.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional={name: anything for name in ("id", "topics", "topic", "text", "cid", "token", "epoch")},
    ).map(lambda frame: json.dumps(frame).encode())
)
@example(b'{"type":"join","id":1,"topics":{"' + b"x" * 5_000 + b'":"a"}}')
@example(b'{"type":"send","id":1e400}')
def test_C2_row83_whatever_is_said_is_read_or_refused(raw: bytes) -> None:
    """A frame, None for a type that nobody knows, or a refusal with a code of the table; never anything else."""
    refusal = refused(raw)
    if refusal is not None:
        assert refusal.error.code in TABLE
        assert refusal.id is None or 0 <= refusal.id <= 2**53
        told = unframe(wire.error_frame(refusal.error, refusal.id))
        assert told["code"] == refusal.error.code
        assert len(told["detail"]) <= 200
        assert "x" * 81 not in told["detail"]


def refused(raw: bytes) -> wire.FrameRefused | None:
    try:
        decode(raw)
    except wire.FrameRefused as refusal:
        return refusal
    return None


@given(plain, st.integers(1, 2**53), st.integers(0, 2**53), plain, anything)
def test_an_event_says_what_the_log_says(name: str, seq: int, at: int, event: str, data: Any) -> None:
    """The stored JSON is spliced in as it is; `me:7` is `me` on the wire."""
    encoded = msgspec.json.encode(data)
    told = unframe(wire.event_frame("me:7", seq, at, event, encoded))
    assert told == {"type": "event", "topic": "me", "seq": seq, "event": event, "at": at, "data": json.loads(encoded)}
    assert unframe(wire.frame("nothing", name=name))["name"] == name


def unframe(raw: bytes) -> dict[str, Any]:
    """The message in a server's frame."""
    head = {126: 4, 127: 10}.get(raw[1], 2)
    message: dict[str, Any] = json.loads(raw[head:])
    return message


# Topics


@given(st.text(max_size=40) | st.from_regex(r"[a-z]{1,17}:[0-9]{1,19}\n?", fullmatch=True), st.integers(1, 10**9))
@example("me:7", 7)
@example("wall:" + "9" * 18, 7)
@example("wall:" + "9" * 19, 7)
@example("wall:٣", 7)
@example("wall:7\n", 7)
def test_a_topic_has_one_name(text: str, user: int) -> None:
    """What is a name leads to one topic and back to that very name; nobody can name another's `me`."""
    topic = topics.from_wire(text, user)
    if topic is not None:
        assert topics.to_wire(topic.name) == text
        assert topic.kind != "me" or topic == Topic("me", user)
        assert topic.id < 2**63
        assert topic.name.isascii()


def test_the_name_me_is_mine() -> None:
    """`me` is the asker's own, and `me:N` is nobody's, not even his."""
    assert topics.from_wire("me", 7) == Topic("me", 7)
    assert topics.from_wire("me:7", 7) is None
    assert topics.from_wire("stats", 7) == Topic("stats", 7)
    assert topics.from_wire("stats:7", 7) is None
    assert topics.to_wire("stats:7") == "stats"


@pytest.mark.parametrize("code", TABLE)
def test_every_error_can_be_told_by_socket(code: str) -> None:
    """An error frame has its code and its words, and its id where the question had one."""
    told = unframe(wire.error_frame(TwidderError(code=code), 7))
    assert told == {"type": "error", "id": 7, "code": code, "detail": TABLE[code].text}
