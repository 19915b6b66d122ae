"""The usual sign-up: a Flask view that looks whether a seat is free, then writes; and pages that ask every second."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, request

PLACES = 480
_FILE = Path(os.environ["BENCH_WORK"]) / "flask_seats.db"
_local = threading.local()

app = Flask(__name__)


def _database() -> sqlite3.Connection:
    """This thread's."""
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(_FILE, isolation_level=None)
        _local.connection.execute("PRAGMA synchronous=FULL")
    return _local.connection  # type: ignore[no-any-return]


@app.get("/seats")
def seats() -> dict[str, Any]:
    taken = dict(_database().execute("SELECT place, team FROM bookings").fetchall())
    return {"seats": [taken.get(place) for place in range(1, PLACES + 1)]}


@app.put("/seats/<int:place>")
def take(place: int) -> tuple[dict[str, Any], int]:
    team = request.get_json()["team"]
    if _database().execute("SELECT 1 FROM bookings WHERE place = ?", (place,)).fetchone():
        return {"error": "Lab not available"}, 400
    _database().execute("DELETE FROM bookings WHERE team = ?", (team,))
    _database().execute("INSERT INTO bookings (place, team) VALUES (?, ?)", (place, team))
    return {"place": place, "team": team}, 200


_database().execute("PRAGMA journal_mode=WAL")
_database().execute("CREATE TABLE IF NOT EXISTS bookings (place INTEGER NOT NULL, team INTEGER NOT NULL)")
