"""What a producer's body means: values, or refusals by name. Pure."""

from __future__ import annotations

import contextlib
import json
import math
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twidder.boards.fields import is_key
from twidder.boards.parsing import Parsed, Point, parse
from twidder.config import Limits
from twidder.errors import TwidderError

LIMITS = Limits(push_points=50)
NOW = 1_790_000_000_000


def read(body: str | bytes) -> Parsed:
    return parse(body.encode() if isinstance(body, str) else body, NOW, LIMITS)


def values(body: str | bytes) -> dict[str, Any]:
    parsed = read(body)
    assert not parsed.refused
    return {point.key: point.value for point in parsed.points}


def refusals(body: str | bytes) -> dict[str, str]:
    return {refusal.key: refusal.code for refusal in read(body).refused}


def test_an_object_is_one_value_for_each_key() -> None:
    """Numbers, texts and flags; more to say in an object."""
    body = {"temp": 21, "state": "all well", "door": True, "hum": {"value": 40, "unit": "%", "every": 2.5, "at": NOW}}
    assert read(json.dumps(body)).points == [
        Point(0, "temp", 21.0),
        Point(1, "state", "all well"),
        Point(2, "door", True),
        Point(3, "hum", 40.0, NOW, "%", 2_500),
    ]


def test_an_array_is_a_batch() -> None:
    """Each with its own time; the same key as often as one likes."""
    body = [{"key": "temp", "value": 1, "at": NOW - 5_000}, {"key": "temp", "value": 2, "at": NOW}]
    assert [(point.value, point.at) for point in read(json.dumps(body)).points] == [(1.0, NOW - 5_000), (2.0, NOW)]


def test_lines_are_values_too() -> None:
    """Several a line, quoted texts, a time in ms or in seconds for its line alone."""
    parsed = read(
        'temp=21.5 hum=-4e1\tdoor=true\r\nstate="all \\"well\\"" word=on @1790000000\n\nlate=1 @1789999999500'
    )
    assert not parsed.refused
    assert [(point.key, point.value, point.at) for point in parsed.points] == [
        ("temp", 21.5, None),
        ("hum", -40.0, None),
        ("door", True, None),
        ("state", 'all "well"', NOW),
        ("word", "on", NOW),
        ("late", 1.0, NOW - 500),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"x": NaN, "ok": 1}', "not_finite"),
        ('{"x": -Infinity, "ok": 1}', "not_finite"),
        ('{"x": 1e400, "ok": 1}', "not_finite"),
        ('{"x": ' + "9" * 5_000 + ', "ok": 1}', "not_finite"),
        ("x=nan ok=1", "not_finite"),
        ("x=-Infinity ok=1", "not_finite"),
        ("x=1e400 ok=1", "not_finite"),
        ('{"x": null, "ok": 1}', "bad_value"),
        ('{"x": [1, [2]], "ok": 1}', "bad_value"),
        ('{"x": {"value": 1, "colour": "red"}, "ok": 1}', "bad_value"),
        ('{"x": {}, "ok": 1}', "bad_value"),
        ('{"x": "a\\u0000b", "ok": 1}', "bad_value"),
        ('{"x": "\\ud800", "ok": 1}', "bad_value"),
        ("x ok=1", "bad_value"),
        ("x= ok=1", "bad_value"),
        ('ok=1 x="never closed', "bad_value"),
        ('{"x": "' + "a" * 501 + '", "ok": 1}', "too_long"),
        ('{"x": {"value": 1, "at": 1790086400000}, "ok": 1}', "in_future"),
        ('{"x": {"value": 1, "at": 1}, "ok": 1}', "too_old"),
        ('{"x": {"value": 1, "at": 1.5}, "ok": 1}', "bad_time"),
        ('{"x": {"value": 1, "at": true}, "ok": 1}', "bad_time"),
        ('{"x": {"value": 1, "at": "now"}, "ok": 1}', "bad_time"),
        ('{"x": {"value": 1, "at": 1e400}, "ok": 1}', "bad_time"),
        ("ok=1\nx=1 @soon", "bad_time"),
        ("ok=1\nx=1 @1790000000 @1790000001", "bad_time"),
        ('{"x": {"value": 1, "unit": 5}, "ok": 1}', "bad_unit"),
        ('{"x": {"value": 1, "unit": "' + "m" * 17 + '"}, "ok": 1}', "bad_unit"),
        ('{"x": {"value": 1, "every": 0}, "ok": 1}', "bad_every"),
        ('{"x": {"value": 1, "every": NaN}, "ok": 1}', "bad_every"),
        ('{"x": {"value": 1, "every": 604801}, "ok": 1}', "bad_every"),
    ],
)
def test_a_bad_value_costs_that_value_alone(body: str, code: str) -> None:
    """It is refused by its key; its neighbour is taken."""
    parsed = read(body)
    assert [(refusal.key, refusal.code) for refusal in parsed.refused if refusal.key == "x"] == [("x", code)]
    assert [(point.key, point.value) for point in parsed.points] == [("ok", 1.0)]


@pytest.mark.parametrize(
    "key", ["", "a b", "$board", "a*", "a,b", "@a", 'a"b', "a:b", "-a", "k" * 65, "k" * 300, "\ud800", "a\0b"]
)
def test_a_bad_key_is_refused(key: str) -> None:
    """And repeated no further than a key may be long."""
    parsed = read(json.dumps({key: 1, "ok": 1}))
    assert [refusal.code for refusal in parsed.refused] == ["bad_key"]
    assert len(parsed.refused[0].key) <= 64
    assert [point.key for point in parsed.points] == ["ok"]


@pytest.mark.parametrize("item", ["1", "null", "[]", '"a=1"', "{}", '{"value": 1}', '{"key": 5, "value": 1}'])
def test_an_item_without_a_key_is_refused(item: str) -> None:
    """By its place."""
    assert [(one.index, one.code) for one in read(f'[{{"key": "ok", "value": 1}}, {item}]').refused] == [(1, "bad_key")]


def test_beyond_the_number_of_values_nothing_is_read() -> None:
    """One refusal stands for all that follow."""
    parsed = read(" ".join(f"k{number}=1" for number in range(60)))
    assert len(parsed.points) == 50
    assert [(one.index, one.key, one.code) for one in parsed.refused] == [(50, "k50", "too_many_points")]


@pytest.mark.parametrize(
    "body", [b"{", b"[1", b'{"a":1}{}', b"[" * 16_000, b'{"a":' * 3_000, b"\xff", b"a=\xed\xa0\x80", b'{"a":1,"a":2}']
)
def test_what_cannot_be_read_is_refused_whole(body: bytes) -> None:
    """Broken JSON, no UTF-8, a key twice in one object."""
    with pytest.raises(TwidderError) as refused:
        read(body)
    assert refused.value.code in ("bad_json", "bad_request")


@pytest.mark.parametrize("body", ["", " \n\t", "{}", "[]"])
def test_nothing_is_nothing(body: str) -> None:
    """Neither a value nor a refusal."""
    assert read(body) == Parsed([], [])


keys = st.from_regex(r"[A-Za-z0-9_åé][\w.\-/%]{0,20}", fullmatch=True).filter(lambda key: is_key(key, LIMITS))
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=100)
numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(keys, numbers | texts | st.booleans(), min_size=1, max_size=20))
def test_json_and_lines_mean_the_same(sent: dict[str, Any]) -> None:
    """Whatever the values: they come back as they are, by either way."""

    def word(value: Any) -> str:
        if isinstance(value, str):
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return json.dumps(value)

    assert values(json.dumps(sent)) == sent
    assert values("\n".join(f"{key}={word(value)}" for key, value in sent.items())) == sent


@given(st.binary(max_size=300) | st.text('{}[]":,=@ \n\\"a1.eNn-', max_size=80).map(str.encode))
@example(b"a=" + b"1" * 16_000 + b"x")
@example(b"a=1 @" + b"1" * 16_000 + b"x")
@example(b'="' * 8_000)
@example(b'a="\\' * 4_000)
@example(b"@" * 16_000)
@example(b"\x00=1")
def test_any_bytes_are_answered(body: bytes) -> None:
    """By points that a store can hold, by refusals that JSON can hold, or by one clear error."""
    try:
        parsed = read(body)
    except TwidderError:
        return
    for point in parsed.points:
        assert is_key(point.key, LIMITS)
        assert isinstance(point.value, str) or math.isfinite(point.value)
        assert point.at is None or 0 < point.at < 2**53
        str(point.value).encode()
    for refusal in parsed.refused:
        refusal.key.encode()
        assert len(refusal.key) <= 64
    places = [point.place for point in parsed.points] + [refusal.index for refusal in parsed.refused]
    assert sorted(places) == list(range(len(places)))


@pytest.mark.parametrize(
    "body",
    [
        b"a=" + b"1" * 16_000 + b"x",
        b"a=1 @" + b"1" * 16_000 + b"x",
        b"{" + b",".join(b'"%d":1' % number for number in range(1_800)) + b',"1799":1}',
    ],
    ids=["digits", "digits of a time", "twice at the end"],
)
def test_R15_no_body_takes_long_to_read(body: bytes) -> None:
    """Whoever reads holds everybody up: a word of digits once took half a minute."""
    began = time.process_time()
    with contextlib.suppress(TwidderError):
        read(body)
    assert time.process_time() - began < 0.1
