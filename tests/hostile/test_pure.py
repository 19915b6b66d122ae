"""The small readers that everything else trusts, against whatever strangers can write."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from twidder import credentials, strictjson
from twidder.accounts import fields
from twidder.config import Limits
from twidder.errors import BadField, BadJson, RateLimited
from twidder.rates import Failures, Rates

LIMITS = Limits()
DEPTH = 6

# JSON

plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
    max_leaves=10,
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def parse(raw: bytes) -> Any:
    """The value, or the error that it is."""
    try:
        return strictjson.parse(raw, depth=DEPTH)
    except (BadJson, BadField) as error:
        return error


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_right_json_means_what_it_says(value: Any, escaped: bool, indent: int | None) -> None:
    """Read as written, however it is written, down to the depth allowed."""
    read = parse(json.dumps(value, ensure_ascii=escaped, indent=indent).encode())
    if depth(value) <= DEPTH:
        assert repr(read) == repr(value)
    else:
        assert isinstance(read, BadJson)


pieces = st.sampled_from(
    [
        *'{}[]:,"',
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "NaN",
        "-Infinity",
        "1e999",
        "-0",
        "1.0",
        "true",
        "null",
        "a",
        "\ufeff",
    ]
)


@given(st.binary(max_size=40) | st.lists(pieces, max_size=12).map(lambda parts: "".join(parts).encode()))
@example(b'{"a":1,"\\u0061":2}')
@example(b"[" * 100_000)
@example(b'{"a":' * 50_000)
@example(b"9" * 5_000)
@example(b'{"' + b"k" * 500 + b'":"\\ud800"}')
def test_any_json_is_read_as_others_read_it_or_refused(raw: bytes) -> None:
    """No other error, no long echo; and what is taken is UTF-8, finite, shallow, text, and the same for any reader."""
    read = parse(raw)
    if isinstance(read, BadJson | BadField):
        assert len(read.detail) <= 200
        assert len(read.extra.get("field", "")) <= 64
        return
    assert repr(json.loads(raw.decode())) == repr(read)
    assert depth(read) <= DEPTH
    text = json.dumps(read, ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in text
    text.encode()


@given(st.dictionaries(plain, values, min_size=1, max_size=3), st.data())
def test_a_key_stands_once(value: dict[str, Any], data: st.DataObject) -> None:
    """Twice in one object is refused, wherever the object stands."""
    key = data.draw(st.sampled_from(sorted(value)))
    twice = json.dumps(value)[:-1] + f", {json.dumps(key)}: 1}}"
    assert isinstance(parse(b'[{"x":' + twice.encode() + b"}]"), BadJson)


# Credentials

anything = st.text(st.characters(max_codepoint=255), max_size=30)
tokens = st.text("abcXYZ019-_", min_size=1, max_size=43)


@given(st.lists(anything, max_size=3), st.lists(anything, max_size=3))
def test_headers_hold_one_token_or_none(authorization: list[str], cookies: list[str]) -> None:
    """No error whatever they hold; a header that says who asks beats the cookies; a token is never empty by header."""
    found = credentials.find(authorization, cookies, "sid")
    ours = [value for value in authorization if not value.lower().startswith("basic ")]
    assert found.by_cookie == (not ours)
    assert found.token is None or found.by_cookie or (len(ours) == 1 and found.token in ours[0])
    assert found.token != "" or found.by_cookie


@given(tokens, tokens, st.sampled_from(["Bearer ", "bearer  ", "BEARER ", ""]), st.sampled_from(["a=1; ", ""]))
def test_a_token_is_found_where_it_stands_alone(token: str, other: str, scheme: str, before: str) -> None:
    """By any spelling of Bearer, bare, or as the one cookie of that name; two of them are none."""
    assume(token.lower() != "bearer")
    cookie = f"{before}sid={token}; sidx={other}; xsid={other}; SID={other}"
    assert credentials.find([scheme + token], [cookie], "sid") == (token, False)
    assert credentials.find([], [cookie], "sid") == (token, True)
    assert credentials.find(["Basic YTpi"], [cookie], "sid") == (token, True)
    assert credentials.find([], [cookie, f"sid={other}"], "sid") == (None, True)
    assert credentials.find([], [f"{cookie}; sid={other}"], "sid") == (None, True)
    assert credentials.find([scheme + token, scheme + token], [], "sid") == (None, False)
    assert credentials.find([], [f"=sid={token}"], "sid") == (None, True)


# Rates


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 5), st.floats(0.1, 10), st.lists(st.floats(0, 3), max_size=40))
def test_a_bucket_gives_its_burst_and_its_rate(burst: int, rate: float, pauses: list[float]) -> None:
    """In any stretch of time at most burst + rate × time; who is refused and waits as long as told is not again."""
    clock = Clock()
    rates = Rates(10, clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        try:
            rates.take("post", 1, burst=burst, rate=rate)
        except RateLimited as refusal:
            clock.now += refusal.extra["retry_ms"] / 1000
            rates.take("post", 1, burst=burst, rate=rate)
        taken.append(clock.now)
    for first, begin in enumerate(taken):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate * (taken[last] - begin) + 1e-6


@given(st.lists(st.integers(0, 30), max_size=60))
def test_buckets_are_bounded_and_apart(users: list[int]) -> None:
    """So many are remembered and no more; one user's posts take nothing from another's."""
    rates = Rates(8, Clock())
    remembered: list[int] = []
    for user in users:
        if user in remembered:
            remembered.remove(user)
            with pytest.raises(RateLimited):
                rates.take("post", user, burst=1, rate=0.001)
        else:
            rates.take("post", user, burst=1, rate=0.001)
        remembered = [*remembered, user][-8:]
        assert len(rates._buckets) == len(remembered)


@given(st.lists(st.sampled_from(["fail", "succeed", "wait"]) | st.floats(0, 400), max_size=60))
def test_failures_are_slowed_down_and_never_locked_out(steps: list[str | float]) -> None:
    """Some are free; then each wait is as long as told and at most delay_max; a success, or the window, forgets all."""
    clock = Clock()
    failures = Failures(3, 900, 2.0, 300.0, 10, clock)
    count, since, last = 0, 0.0, 0.0
    for step in steps:
        if isinstance(step, float):
            clock.now += step
        elif step == "succeed":
            failures.succeeded("ada")
            count = 0
        else:
            if clock.now - since > 900:  # since the first of them
                count = 0
            wait = _wait(failures)
            assert 0 <= wait <= 300.001
            assert wait == 0 or count >= 3
            if count >= 3:
                assert wait > 0 or clock.now >= last + min(300, 2.0 * 2 ** min(count - 3, 20)) - 0.001
            if wait and step == "wait":
                clock.now += wait
                assert _wait(failures) == 0
            elif step == "fail":
                failures.failed("ada")
                count, since, last = count + 1, since if count else clock.now, clock.now
        assert _wait(failures, "bert") == 0


@given(st.lists(st.integers(0, 50), max_size=80))
def test_failures_are_bounded(keys: list[int]) -> None:
    """So many keys are remembered and no more."""
    failures = Failures(3, 900, 2.0, 300.0, 10, Clock())
    for key in keys:
        failures.failed(key)
        assert len(failures._seen) <= 10


def _wait(failures: Failures, key: str = "ada") -> float:
    try:
        failures.check(key)
    except RateLimited as refusal:
        return float(refusal.extra["retry_ms"]) / 1000
    return 0.0


# Fields of an account

odd = st.text(max_size=80) | st.text("aä \t\n\u200b\u0301\u202e\ud800\0\u2028", max_size=70)


@given(odd)
@example("\u0301a")
@example("a\u2028b")
@example("\u200b")
def test_a_line_is_a_line_that_shows_something(text: str) -> None:
    """What is taken is visible, one line, short, and taken again as it is; nothing but BadField otherwise."""
    try:
        line = fields.check_line("city", text, 64)
    except BadField as refusal:
        refused = refusal
    else:
        assert 0 < len(line) <= 64
        assert line == line.strip() == fields.check_line("city", line, 64)
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
        assert any(unicodedata.category(char)[0] in "LNPS" for char in line)
        return
    assert refused.extra["field"] == "city"


@given(st.emails() | odd.map(lambda text: f"{text}@example.org") | odd | st.from_regex(fields._EMAIL, fullmatch=True))
@example("\u212aate@example.org")
@example("a@example.org\n")
@example("a@" + "a." * 125 + "org")
def test_an_address_is_one_for_everybody(text: str) -> None:
    """What is taken is plain ASCII that no mail program reads otherwise; case and white space make no other person."""
    try:
        email = fields.check_email(text)
    except BadField:
        return
    assert email == text.strip() == fields.check_email(email)
    assert email.isascii()
    assert email.isprintable()
    assert email.count("@") == 1
    assert not set(email) & set(' "(),:;<>[]\\')
    assert len(email) <= 254
    assert (
        fields.email_key(email) == fields.email_key(f" {email.upper()} ") == fields.email_key(fields.email_key(email))
    )


@given(st.text(max_size=12) | st.text(min_size=1_000, max_size=1_100) | st.text("ä", min_size=1_020, max_size=1_030))
@example("a" * 8)
@example("a" * 1_024)
@example("a" * 1_025)
@example("aaaa\0aaaa")
def test_a_password_is_taken_as_it_is(text: str) -> None:
    """From 8 to 1,024 characters, without a NUL, unchanged."""
    if 8 <= len(text) <= 1_024 and "\0" not in text:
        assert fields.check_password("password", text, LIMITS) == text
    else:
        with pytest.raises(BadField):
            fields.check_password("password", text, LIMITS)
