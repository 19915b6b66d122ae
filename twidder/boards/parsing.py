"""What a producer sends, as points: JSON, or lines of ``key=value``. Pure.

One bad value costs that one value and is told by its key; only a body that cannot be read at all is refused whole.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from twidder.boards.fields import is_key
from twidder.config import Limits
from twidder.errors import BadJson, BadRequest

_MORE_TO_SAY = {"value", "unit", "every", "at"}
_TIMES = 1e11  # less than this is a time in seconds: in ms, it would be 1973
_LATEST = 2**53
_NUMBER = re.compile(  # no digit could belong to two parts of it: of a long word of digits each split would be tried
    r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.ASCII | re.IGNORECASE
)
_WORD = re.compile(r'([^\s"=]*)=(?:"((?:[^"\\]|\\.)*)"(?!\S)|(\S*))|(\S+)')
_ESCAPED = re.compile(r"\\(.)")
_BREAKS = {"n": "\n", "t": "\t"}


class Point(NamedTuple):
    """``at``: ms, None = when it is stored. ``every``: ms until the next is promised. ``unit``, ``every`` None = as
    before. ``place``: in the body, from 0."""

    place: int
    key: str
    value: float | bool | str
    at: int | None = None
    unit: str | None = None
    every: int | None = None


class Refusal(msgspec.Struct, frozen=True):
    """Why a value was not taken. ``index``: its place in the body, from 0."""

    index: int
    key: str
    code: str
    detail: str


class Parsed(NamedTuple):
    points: list[Point]
    refused: list[Refusal]


class BadPoint(Exception):
    """``code``: as in a Refusal."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail


class _Given(NamedTuple):
    """A point as it was written: nothing is checked yet."""

    key: Any
    value: Any
    more: dict[str, Any]


def parse(raw: bytes, now: int, limits: Limits) -> Parsed:
    """Raises BadRequest or BadJson for what is neither JSON nor lines."""
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None
    points: list[Point] = []
    refused: list[Refusal] = []
    for index, given in enumerate(_from_json(text) if text[:1] in ("{", "[") else _from_lines(text)):
        if index == limits.push_points:
            detail = f"One push has at most {limits.push_points:,} values. This one and what follows is left out."
            refused.append(Refusal(index, shown(given.key), "too_many_points", detail))
            break
        try:
            points.append(_check(index, given, now, limits))
        except BadPoint as bad:
            refused.append(Refusal(index, shown(given.key), bad.code, bad.detail))
    return Parsed(points, refused)


def shown(key: Any) -> str:
    """A key as it may be repeated in an answer, whatever it was."""
    return key[:64].encode("utf-8", "replace").decode() if isinstance(key, str) else ""


# JSON


def _from_json(text: str) -> Iterator[_Given]:
    value = _load(text)
    if isinstance(value, dict):
        yield from (_from_member(key, member) for key, member in value.items())
    else:
        yield from map(_from_item, value)


def _from_member(key: str, member: Any) -> _Given:
    if not isinstance(member, dict):
        return _Given(key, member, {})
    return _Given(key, member.get("value"), member)


def _from_item(item: Any) -> _Given:
    if not isinstance(item, dict):
        return _Given("", None, {})
    return _Given(item.get("key"), item.get("value"), {name: item[name] for name in item if name != "key"})


def _load(text: str) -> Any:
    """NaN and 1e400 are read, so that they can be refused by name. Raises BadJson."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_int=float)
    except RecursionError:
        raise BadJson("The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"That is not valid JSON: {str(error)[:80]}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadJson(f"“{shown(twice)}” stands twice in one object.")
    return result


# Lines


def _from_lines(text: str) -> Iterator[_Given]:
    for line in text.split("\n"):
        more: dict[str, Any] = {}
        found: list[_Given] = []
        for match in _WORD.finditer(line):
            key, quoted, bare, word = match.groups()
            if word is None:
                found.append(_Given(key, _read_word(bare) if quoted is None else _unescape(quoted), more))
            elif word[0] == "@":
                more["at"] = math.nan if "at" in more else _read_time(word[1:])
            else:
                found.append(_Given(word, None, more))
        yield from found


def _read_word(word: str) -> float | bool | str | None:
    if word in ("true", "false"):
        return word == "true"
    if _NUMBER.fullmatch(word):
        return float(word)
    return None if word[:1] in ("", '"') else word


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: _BREAKS.get(match[1], match[1]), text)


def _read_time(word: str) -> float:
    """ms, of a time in seconds or ms; NaN when it is none."""
    if not _NUMBER.fullmatch(word):
        return math.nan
    number = float(word)
    return round(number * 1000) if 0 < number < _TIMES else number


# Checks


def _check(index: int, given: _Given, now: int, limits: Limits) -> Point:
    if not isinstance(given.key, str) or not is_key(given.key, limits):
        detail = (
            f"A key has 1 to {limits.series_key_length} letters, digits and . _ - / %, the first a letter or digit."
        )
        raise BadPoint("bad_key", detail)
    return Point(
        index,
        given.key,
        _check_value(given, limits),
        _check_time(given.more, now, limits),
        check_unit(given.more.get("unit"), limits),
        check_every(given.more.get("every"), limits),
    )


def _check_value(given: _Given, limits: Limits) -> float | bool | str:
    value = given.value
    if given.more.keys() - _MORE_TO_SAY:
        raise BadPoint("bad_value", "A value is told by value, unit, every and at; there is nothing else.")
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadPoint("not_finite", "A number must be finite.")
        return value
    if not isinstance(value, str):
        raise BadPoint("bad_value", "A value is a number, a text, true or false: key=value.")
    if len(value) > limits.series_text_length:
        raise BadPoint("too_long", f"A text has at most {limits.series_text_length} characters.")
    if not _is_text(value, "\n\t"):
        raise BadPoint("bad_value", "The text holds a character that is not text.")
    return value


def _check_time(more: dict[str, Any], now: int, limits: Limits) -> int | None:
    at = more.get("at")
    if at is None:
        return None
    if isinstance(at, bool) or not isinstance(at, float | int) or not 0 < at < _LATEST or at != int(at):
        raise BadPoint("bad_time", "A time is a whole number of milliseconds since 1970.")
    if at > now + limits.future_seconds * 1000:
        raise BadPoint("in_future", f"This lies more than {limits.future_seconds} s ahead of our clock.")
    if at < now - limits.hour_seconds * 1000:
        raise BadPoint("too_old", "This is older than anything that is kept.")
    return int(at)


def check_unit(unit: Any, limits: Limits) -> str | None:
    """Raises BadPoint."""
    if unit is None:
        return None
    if not isinstance(unit, str) or len(unit) > limits.series_unit_length or not _is_text(unit):
        raise BadPoint("bad_unit", f"A unit is a text of at most {limits.series_unit_length} characters.")
    return unit.strip()


def check_every(every: Any, limits: Limits) -> int | None:
    """Of seconds, ms. Raises BadPoint."""
    if every is None:
        return None
    if isinstance(every, bool) or not isinstance(every, float | int) or not 0 < every <= limits.every_most:
        raise BadPoint("bad_every", f"A pace is a number of seconds, at most {limits.every_most:,}.")
    return max(1, round(every * 1000))


def _is_text(text: str, besides: str = "") -> bool:
    return text.isprintable() or all(char in besides or unicodedata.category(char) not in ("Cc", "Cs") for char in text)
