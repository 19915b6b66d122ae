"""JSON bodies and query strings as structs, or an error that names the field."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from flask import Request

from twidder.config import Limits
from twidder.errors import BadField, TwidderError
from twidder.strictjson import parse_object

T = TypeVar("T", bound=msgspec.Struct)

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")  # msgspec would read 1e1 and 10.0, too
_PATH = re.compile(r"`\$\.?([^`.\[]*)[^`]*`$")
_NAMED = re.compile(r"field `([^`]*)`")
_EXPECTED = re.compile(r"Expected `([^`]*)`")
_WORDS = {
    "str": "This must be text.",
    "int": "This must be a whole number.",
    "bool": "This must be true or false.",
    "str | null": "This must be text.",
    "int | null": "This must be a whole number.",
    "bool | null": "This must be true or false.",
}


def read_json(request: Request, kind: type[T], limits: Limits) -> T:
    """Raises TwidderError (unsupported_media), BadJson, BadField."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise TwidderError(code="unsupported_media")
    value = parse_object(request.get_data(cache=False), depth=limits.json_depth)
    return convert(value, kind, strict=True)


def read_query(request: Request, kind: type[T]) -> T:
    numbers = {field.encode_name for field in msgspec.structs.fields(kind) if field.type not in (str, bool)}
    values: dict[str, Any] = {}
    for name, several in request.args.lists():
        if len(several) > 1:
            raise BadField(name[:64], "This stands twice in the address.")
        if name in numbers and not _INTEGER.fullmatch(several[0]):
            raise BadField(name, _WORDS["int"])
        values[name] = several[0]
    return convert(values, kind, strict=False)


def convert(value: dict[str, Any], kind: type[T], *, strict: bool) -> T:
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from None


def _explain(message: str) -> BadField:
    """msgspec says "Expected `str`, got `int` - at `$.email`", "Object missing required field `email`"."""
    if message.startswith("Object missing required field"):
        return BadField(_NAMED.search(message)[1], "This is missing.")  # type: ignore[index]
    if message.startswith("Object contains unknown field"):
        return BadField(_NAMED.search(message)[1][:64], "There is no such field.")  # type: ignore[index]
    path, expected = _PATH.search(message), _EXPECTED.search(message)
    words = _WORDS.get(expected[1]) if expected else None
    return BadField(path[1] if path else "body", words or f"{message.split(' - at')[0][:100]}.")
