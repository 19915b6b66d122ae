"""The demo's boards, and what their values are at any moment.

Figures are made from the time alone, so that the history that is pushed at first, and what follows, are one curve.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Values = dict[str, Any]

_DAY = 86_400.0
_TWO_HOURS = 7_200
_QUIET_SECONDS, _QUIET_EVERY = 120, 600  # the sensor in the cellar drops out: so long, so often


class Board(NamedTuple):
    """``room``: of the story, where it is shown. ``values``: at a time in seconds, those that change. ``every``: how
    many seconds lie between two pushes. ``past``: so many seconds of it are made up."""

    slug: str
    name: str
    description: str
    owner: str
    room: str | None
    every: int
    past: int
    values: Callable[[float], Values]
    tiles: tuple[dict[str, Any], ...]
    units: dict[str, str]
    promised: dict[str, int]  # seconds until the next value, for the series whose silence should be noticed


def noise(seed: str, step: int) -> float:
    """Between -1 and 1, the same for the same seed and step."""
    mixed = (sum(seed.encode()) * 2_654_435_761 + step * 2_246_822_519) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2_246_822_519) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 3_266_489_917) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 16)) / 0x7FFFFFFF - 1


def drift(seed: str, at: float, pace: float) -> float:
    """As ``noise``, but without leaps: a new direction each ``pace`` seconds."""
    step, part = divmod(at / pace, 1.0)
    smooth = part * part * (3 - 2 * part)
    return noise(seed, int(step)) * (1 - smooth) + noise(seed, int(step) + 1) * smooth


def _weather(at: float) -> Values:
    day = math.sin((at / _DAY - 0.375) * 2 * math.pi)  # warmest in the afternoon
    temp = 11 + 5 * day + 1.5 * drift("temp", at, 2_400) + 0.4 * drift("breeze", at, 45) + 0.2 * drift("breath", at, 5)
    wind = max(0.0, 5 + 3 * drift("wind", at, 900) + 2 * drift("gust", at, 15))
    damp = 68 - 12 * day + 6 * drift("damp", at, 1_800) + 2 * drift("fog", at, 20)
    rain = drift("rain", at, 1_200) > 0.45
    values: Values = {
        "temp": round(temp, 1),
        "humidity": round(min(99.0, damp + (14 if rain else 0))),
        "wind": round(wind, 1),
        "rain": rain,
    }
    if at % _QUIET_EVERY >= _QUIET_SECONDS:
        values["cellar.temp"] = round(9 + drift("cellar", at, 3_600), 1)
    return values


TEAMS = ("Oak", "Birch", "Rowan", "Aspen", "Larch")
_DESKS = ("desk 2", "desk 4", "desk 7", "the window", "the whiteboard")


def _lab(at: float) -> Values:
    minute = int(at // 60)
    # Points grow through three hours and begin again. Every team has its own hour of luck, so that the order changes.
    part = (at % 10_800) / 10_800
    points = {
        f"points.{team}": max(
            0, round(100 * part + 18 * part * drift(team, at, 240) + 6 * part * drift(team + "+", at, 31))
        )
        for team in TEAMS
    }
    waiting = max(0, round(4 + 4 * drift("waiting", at, 300)))
    team, desk = TEAMS[minute % len(TEAMS)], _DESKS[(minute * 3) % len(_DESKS)]
    return {**points, "waiting": waiting, "called": f"Team {team} is helped at {desk}"}


def _servers(at: float) -> Values:
    load = {
        name: round(max(2.0, 35 + 30 * drift(name, at, 180) + 8 * drift(name + "+", at, 12))) for name in ("web", "db")
    }
    backup = "running" if at % 900 < 90 else "ok"
    return {
        "load.web": load["web"],
        "load.db": load["db"],
        "state.web": "slow" if load["web"] > 62 else "ok",
        "state.db": "ok",
        "state.backup": backup,
        "requests": round(max(0.0, 180 + 120 * drift("requests", at, 240) + 30 * drift("requests+", at, 8))),
        "room.temp": round(21 + 2.5 * drift("servers", at, 1_500), 1),
    }


def _cafe(at: float) -> Values:
    base = {"coffee": 22, "tea": 18, "bun": 25, "soup": 59, "sandwich": 48}
    prices = {f"price.{what}": price + round(4 * drift(what, at, 180)) for what, price in base.items()}
    return {**prices, "line": max(0, round(5 + 5 * drift("line", at, 90)))}


def tile(id: str, kind: str, title: str, *series: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": kind, "title": title, "series": list(series), **more}


POLL = "recap"
OPTIONS = ("Promises and async", "Sockets, once more", "SQL without tears", "Cake")

BOARDS = (
    Board(
        "weather",
        "Weather on the roof",
        "A Raspberry Pi on the roof pushes every two seconds. The sensor in the cellar has a loose wire.",
        "erik",
        "fika",
        2,
        86_400 - 300,  # flags are kept for a day
        _weather,
        (
            tile("temp", "number", "Temperature", "temp", decimals=1),
            tile("damp", "gauge", "Humidity", "humidity", low=0, high=100),
            tile("wind", "number", "Wind", "wind", decimals=1),
            tile("rain", "table", "At the moment", "rain", "cellar.temp"),
            tile("day", "chart", "Temperature, the last day", "temp", width=2, height=2, window=86_400, area=True),
            tile("hour", "chart", "Wind, the last ten minutes", "wind", width=2, height=2, window=600),
            tile("cellar", "number", "The cellar", "cellar.temp", decimals=1, width=2),
            tile(
                "about",
                "text",
                "Try it yourself",
                text="The menu’s **Feed this board** gives a line for the terminal. Any new value shows by itself.",
                width=2,
            ),
        ),
        {"temp": "°C", "humidity": "%", "wind": "m/s", "cellar.temp": "°C"},
        {"temp": 2, "humidity": 2, "wind": 2, "cellar.temp": 2},
    ),
    Board(
        "lab-queue",
        "Lab 3: queue and points",
        "Who is helped, who waits, and which team leads today.",
        "tomas",
        "lab3",
        3,
        _TWO_HOURS,
        _lab,
        (
            tile("points", "scoreboard", "Teams", "points.*", width=2, height=2),
            tile("waiting", "number", "Waiting for help", "waiting"),
            tile(POLL, "poll", "Friday", text="What shall we go through on Friday?", options=list(OPTIONS), height=2),
            tile("called", "events", "Called", "called", window=3_600),
            tile("line", "chart", "The queue, the last hour", "waiting", width=4, height=2, window=3_600, area=True),
        ),
        {},
        {},
    ),
    Board(
        "server-room",
        "Server room",
        "What the course runs on.",
        "oskar",
        None,
        2,
        _TWO_HOURS,
        _servers,
        (
            tile("state", "status", "Services", "state.*"),
            tile("room", "number", "Room", "room.temp", decimals=1, warn=23, bad=26),
            tile("requests", "number", "Requests", "requests", width=2),
            tile(
                "load", "chart", "Load, the last ten minutes", "load.*", width=4, height=2, window=600, low=0, high=100
            ),
        ),
        {"load.web": "%", "load.db": "%", "requests": "/s", "room.temp": "°C"},
        {"room.temp": 2},
    ),
    Board(
        "cafe",
        "Café prices",
        "Prices follow the line at the counter.",
        "aisha",
        None,
        5,
        _TWO_HOURS,
        _cafe,
        (
            tile("prices", "bars", "Today", "price.*", width=2, height=2, low=0),
            tile(
                "coffee",
                "chart",
                "Coffee and a bun, the last hour",
                "price.coffee",
                "price.bun",
                width=2,
                height=2,
                window=3_600,
            ),
            tile("line", "number", "In line", "line", width=4),
        ),
        {f"price.{what}": "kr" for what in ("coffee", "tea", "bun", "soup", "sandwich")},
        {},
    ),
)


def push(board: Board, at: float, before: Values) -> list[dict[str, Any]]:
    """What has changed since ``before``, or is promised anyway, as points without a time."""
    values = board.values(at)
    return [
        _point(board, key, value) for key, value in values.items() if key in board.promised or before.get(key) != value
    ]


def _point(board: Board, key: str, value: Any) -> dict[str, Any]:
    point = {"key": key, "value": value}
    if key in board.units:
        point["unit"] = board.units[key]
    if key in board.promised:
        point["every"] = board.promised[key]
    return point


def history(board: Board, now: float, size: int) -> Iterator[str]:
    """The past, as bodies of lines of at most ``size`` bytes: by the minute, and the last ten minutes finely. Texts
    and flags when they changed."""
    lines: list[str] = []
    length = 0
    before: Values = {}
    for at in _moments(board, now):
        values = board.values(at)
        told = {key: value for key, value in values.items() if type(value) in (int, float) or before.get(key) != value}
        before = values
        line = " ".join(f"{key}={_word(value)}" for key, value in told.items()) + f" @{int(at * 1000)}"
        if length + len(line.encode()) + 1 > size:
            yield "\n".join(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line.encode()) + 1
    yield "\n".join(lines)


def _moments(board: Board, now: float) -> Iterator[float]:
    at = now - board.past
    while at < now - board.every:
        yield at
        at += 60 if at < now - 600 else 5 * board.every


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
