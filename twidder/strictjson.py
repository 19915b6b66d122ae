"""JSON from strangers, read strictly. Pure.

Python's own reader accepts what other readers refuse or read differently, which is how one request comes to mean two
things: NaN and Infinity, the same key twice, UTF-16, lone surrogates, and nesting that ends in RecursionError.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from twidder.errors import BadField, BadJson


def parse(raw: bytes, *, depth: int) -> Any:
    """The value in ``raw`` (UTF-8). Raises BadJson, or BadField for text that no store can hold."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise BadJson("The body is not UTF-8.") from None
    except RecursionError:
        raise BadJson("The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"That is not valid JSON: {str(error)[:80]}") from None
    except ValueError:  # an integer of more than 4,300 digits: reading it takes time by the square of its length
        raise BadJson("A number has too many digits.") from None
    if raw.count(b"[") + raw.count(b"{") > depth:
        _check_depth(value, depth)
    if b"\\u" in raw:  # strict UTF-8 has no surrogates and JSON no raw control characters: only escapes can bring them
        _check_text(value)
    return value


def parse_object(raw: bytes, *, depth: int) -> dict[str, Any]:
    value = parse(raw, depth=depth)
    if not isinstance(value, dict):
        raise BadJson("The body must be a JSON object.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadJson("A key stands twice in one object.")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BadField("body", "A number is too large.")
    return number


def _check_depth(value: Any, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise BadJson("The JSON is nested too deeply.")
    for child in value.values() if isinstance(value, dict) else value:
        _check_depth(child, left - 1)


def _check_text(value: Any, field: str = "") -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise BadField(field[:64] or "text", "The text holds a character that is not text.")
    elif isinstance(value, dict):
        for key, child in value.items():
            _check_text(key, "key")
            _check_text(child, field or key)
    elif isinstance(value, list):
        for child in value:
            _check_text(child, field)
