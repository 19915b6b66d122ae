"""The HTTP API of values: producers push them, charts and tables read them."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, request

from twidder import credentials
from twidder.boards import as_csv, points, producers, series
from twidder.boards.access import access_board
from twidder.boards.parsing import parse
from twidder.clock import now_ms
from twidder.errors import TooLarge
from twidder.store import ReadTx, log
from twidder.web.api import Api, Call

api = Api("values")

_PUSH = {
    "application/json": {
        "schema": {
            "description": "Series and their values, or a batch of points.",
            "oneOf": [
                {"type": "object", "additionalProperties": True, "examples": [{"temp": 21.5, "door": True}]},
                {"type": "array", "items": {"type": "object", "required": ["key", "value"]}},
            ],
        }
    },
    "text/plain": {"schema": {"type": "string", "examples": ['temp=21.5 state="all well" @1790000000']}},
}


class PointsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """``series``: keys, with commas between them. ``since``, ``until``: ms; the last hour when left out. ``most``: so
    many points of each series at most."""

    series: str
    since: int | None = None
    until: int | None = None
    most: int = 600


class PointsAnswer(msgspec.Struct):
    """``seq`` and ``epoch``: the position from which to follow the board without a hole."""

    series: dict[str, points.Line]
    seq: int
    epoch: str


class SeriesQuery(msgspec.Struct, forbid_unknown_fields=True):
    key: str


@api.route("POST", "/boards/<board:ref>/values", who="anybody", raw=_PUSH, answer=producers.Pushed)
def push_values(call: Call, ref: str) -> producers.Pushed:
    """Feed a board, with the token of one of its producers. With an Idempotency-Key the same push again is stored
    once."""
    limits = call.core.settings.limits
    token = credentials.find(request.headers.getlist("Authorization"), (), "").token
    feeding = call.read(lambda tx: producers.access_feed(tx, token, ref))
    raw = request.get_data(cache=False)
    if len(raw) > limits.push_bytes:
        raise TooLarge(f"A push has at most {limits.push_bytes:,} bytes.")
    call.core.rates.take("push", feeding.id, burst=limits.pushes_burst, rate=limits.pushes_per_second)
    key = request.headers.get("Idempotency-Key")
    sent = producers.check_push(raw, parse(raw, now_ms(), limits), key, limits)
    burst, rate, values = limits.values_burst, limits.values_per_second, len(sent.parsed.points)
    call.core.rates.take("values", feeding.made_by, burst=burst, rate=rate, cost=values)
    return call.write(lambda tx: producers.push(tx, feeding, sent, limits))


@api.route("GET", "/boards/<board:ref>/points", who="viewer", query=PointsQuery, answer=PointsAnswer)
def show_points(call: Call, ref: str) -> PointsAnswer:
    """The values of some series in a window of time, coarser where there are too many."""
    wanted = _check_window(call)

    def read(tx: ReadTx) -> PointsAnswer:
        place = access_board(tx, call.onlooker, ref)
        head = log.head(tx.driver, place.topic)
        return PointsAnswer(points.window(tx, place.id, wanted), head, log.epoch(tx.driver))

    return call.read(read)


@api.route("GET", "/boards/<board:ref>/points.csv", who="viewer", query=PointsQuery, answer=bytes)
def download_points(call: Call, ref: str) -> Response:
    """The same as a table for a spreadsheet."""
    wanted = _check_window(call)

    def read(tx: ReadTx) -> tuple[str, dict[str, points.Line]]:
        place = access_board(tx, call.onlooker, ref)
        return place.slug, points.window(tx, place.id, wanted)

    slug, lines = call.read(read)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.csv"', "X-Content-Type-Options": "nosniff"}
    return Response(as_csv.write(lines), headers=headers, mimetype="text/csv")


@api.route("PATCH", "/boards/<board:ref>/series", body=series.SeriesChange, statuses=(204,))
def change_series(call: Call, ref: str) -> None:
    """Its unit, and the seconds within which it promises a value; null: it promises none."""
    limits = call.core.settings.limits
    change = series.check_change(call.body, limits)
    _take_edit(call)
    call.write(lambda tx: series.change(tx, call.me, ref, change))


@api.route("DELETE", "/boards/<board:ref>/series", query=SeriesQuery, statuses=(204,))
def delete_series(call: Call, ref: str) -> None:
    """With all its values. A new value begins it anew."""
    _take_edit(call)
    call.write(lambda tx: series.delete(tx, call.me, ref, call.query.key))


def _take_edit(call: Call) -> None:
    rate = call.core.settings.limits.edits_per_minute
    call.core.rates.take("edit", call.me.user_id, burst=rate, rate=rate / 60)


def _check_window(call: Call) -> Any:
    query, limits = call.query, call.core.settings.limits
    return points.check_window(query.series, query.since, query.until, query.most, limits)
