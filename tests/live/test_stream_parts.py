"""Addresses in, lines out."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twidder.config import Limits
from twidder.errors import TwidderError
from twidder.live import frames, wire
from twidder.live.stream_parts import Asked, Positions, read_positions, read_query, take_apart

LIMITS = Limits()


def _read(query: str, last_id: str | None = None, *, waits: bool = True) -> Asked:
    return read_query(query, last_id, LIMITS, waits=waits)


def _joins(asked: Asked) -> list[tuple[str | None, dict[str, int | None]]]:
    joins = [json.loads(join) for join in asked.joins]
    assert [join["id"] for join in joins] == list(range(len(joins)))
    return [(join["epoch"], join["topics"]) for join in joins]


def test_each_since_belongs_to_the_topic_before_it() -> None:
    """Topics without one are a newcomer's; the epoch is that of all."""
    asked = _read("topic=room:12&since=417&epoch=k3f9&topic=board:3&wait=7")
    assert _joins(asked) == [("k3f9", {"room:12": 417, "board:3": None})]
    assert (asked.is_new, asked.wait) == (True, 7.0)
    assert _read("topic=me&since=3").is_new is False
    assert _read("").joins == []


def test_the_browsers_id_comes_first() -> None:
    """Last-Event-ID beats since, topic by topic; what it does not name has the epoch of the address."""
    asked = _read("epoch=old&topic=room:1&since=4&topic=room:2&since=5", "new;room:1=9;room:7=3")
    assert _joins(asked) == [("new", {"room:1": 9}), ("old", {"room:2": 5})]


@pytest.mark.parametrize(
    "garbage", ["", ";", "k", "k;room:1", "k;room:1=x", "k;room:1=-1", ";room:1=4", "k;room:1=" + "9" * 17]
)
def test_an_id_that_makes_no_sense_is_none(garbage: str) -> None:
    """A browser repeats it by itself, and cannot be told."""
    assert _joins(_read("topic=room:1&since=4", garbage)) == [(None, {"room:1": 4})]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("topic=x", "topic"),
        ("topic=me:3", "topic"),
        ("topic=room:1&topic=room:1", "topic"),
        ("&".join(f"topic=room:{number}" for number in range(1, 102)), "topic"),
        ("&".join("topic=room:1&since=1" for _ in range(200)), "topic"),
        ("topic=%ff", "topic"),
        ("since=4", "since"),
        ("topic=room:1&since=4&since=5", "since"),
        ("topic=room:1&since=x", "since"),
        ("topic=room:1&since=", "since"),
        ("topic=room:1&since=-1", "since"),
        ("topic=room:1&since=9007199254740993", "since"),
        ("topic=room:1&since=٣", "since"),
        ("epoch=a&epoch=b", "epoch"),
        ("wait=x", "wait"),
        ("colour=red", "colour"),
    ],
)
def test_what_is_wrong_is_named(query: str, field: str) -> None:
    """By the parameter."""
    with pytest.raises(TwidderError) as refusal:
        _read(query)
    assert refusal.value.extra["field"] == field
    assert refusal.value.status in (400, 422)


def test_only_a_poll_waits() -> None:
    """And no longer than it may."""
    assert _read("wait=500").wait == LIMITS.poll_seconds
    with pytest.raises(TwidderError):
        _read("wait=5", waits=False)


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_address_is_understood_or_refused(query: str, last_id: str) -> None:
    """Nothing else comes of it."""
    try:
        asked = _read(query, last_id)
    except TwidderError:
        return
    assert all(msgspec.json.decode(join, type=wire.Join).topics for join in asked.joins)
    assert read_positions(last_id, ()) == {}


TEXTS = st.text(max_size=300)
SENT = st.one_of(
    st.builds(
        lambda seq, text: wire.event_frame("room:3", seq, 5, "message.posted", msgspec.json.encode({"text": text})),
        st.integers(0, 2**53),
        TEXTS,
    ),
    st.builds(lambda seq, key: wire.state_frame("board:3", seq, 5, {key: b"1"}), st.integers(0, 2**53), TEXTS),
    st.builds(lambda text: wire.frame("typing", topic="room:3", user=text), TEXTS),
    st.builds(lambda text: wire.frame("error", code="x", detail=text * 300), TEXTS),  # headers of all three lengths
)


@given(st.lists(SENT, max_size=8), st.booleans())
def test_frames_are_taken_apart_whole(sent: list[bytes], closes: bool) -> None:
    """Whatever was joined for one write comes out frame by frame; a close frame is not for readers of lines."""
    end = [frames.close_frame(1012, "restart")] if closes else []
    spoken = take_apart(b"".join(sent + end))
    assert [frames.text_frame(one.payload) for one in spoken] == sent
    for one in spoken:
        value = json.loads(one.payload)
        assert one.kind == value["type"]
        assert one.moves == (((value["topic"], value["seq"]),) if one.kind in ("event", "state") else ())
        assert b"\n" not in one.payload


def _lines(positions: Positions, frame: bytes) -> tuple[str | None, str]:
    (spoken,) = take_apart(frame)
    *first, data, end, rest = positions.message(spoken).decode().split("\n")
    assert (end, rest) == ("", "")
    assert data.startswith("data: {")
    assert len(first) <= 1
    return (first[0].removeprefix("id: ") if first else None), data


def test_an_id_has_all_positions() -> None:
    """It comes with what moves one; what was reset or taken away is in none until it is asked for anew."""
    positions = Positions()
    assert _lines(positions, wire.frame("hello", epoch="k3"))[0] is None
    answers = {
        "room:1": {"seq": 4, "events": []},
        "board:2": {"seq": 9, "state": {}},
        "room:3": {"reset": True, "seq": 8},
    }
    assert _lines(positions, wire.frame("joined", id=0, topics=answers))[0] == "k3;room:1=4;board:2=9"
    assert _lines(positions, wire.event_frame("room:1", 5, 0, "x", b"{}"))[0] == "k3;room:1=5;board:2=9"
    assert _lines(positions, wire.frame("typing", topic="room:1", user=1))[0] is None
    assert _lines(positions, wire.event_frame("room:3", 9, 0, "x", b"{}"))[0] is None
    assert _lines(positions, wire.state_frame("board:2", 12, 0, {}))[0] == "k3;room:1=5;board:2=12"
    assert _lines(positions, wire.frame("left", topic="room:1", reason="removed"))[0] == "k3;board:2=12"
