"""Tables in the bodies of requests: as CSV, or as JSON that holds one."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import request

from twidder.config import Limits
from twidder.errors import BadField
from twidder.web import bodies

TABLE: dict[str, Any] = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {"csv": {"type": "string"}},
            "required": ["csv"],
            "additionalProperties": False,
        }
    },
    "text/csv": {"schema": {"type": "string"}},
}


class ImportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``check``: only say what an import would do."""

    check: bool = False


class Table(msgspec.Struct, forbid_unknown_fields=True):
    csv: str


def read_table(limits: Limits) -> str:
    """The request's. Raises TwidderError (unsupported_media), BadJson, BadField."""
    if request.mimetype != "text/csv":
        return bodies.read_json(request, Table, limits).csv
    try:
        return request.get_data(cache=False).decode("utf-8")
    except UnicodeDecodeError:
        raise BadField("csv", "The table is not UTF-8.") from None
