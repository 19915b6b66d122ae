"""The usual board: a Flask view that keeps values in SQLite, and a page that asks for them every second."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask, request

_FILE = Path(os.environ["BENCH_WORK"]) / "flask_polling.db"
_local = threading.local()
PAGE = Path(__file__).with_name("polling.html").read_text("utf-8")

app = Flask(__name__)


def _database() -> sqlite3.Connection:
    """This thread's."""
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(_FILE, isolation_level=None)
        _local.connection.execute("PRAGMA synchronous=FULL")
    return _local.connection  # type: ignore[no-any-return]


@app.get("/")
def page() -> str:
    return PAGE


@app.get("/board")
def board() -> dict[str, Any]:
    rows = _database().execute('SELECT key, value, "when" FROM series').fetchall()
    return {"state": {key: {"value": value, "when": when} for key, value, when in rows}}


@app.post("/values")
def push() -> dict[str, Any]:
    values, now = request.get_json(), time.time_ns() // 1_000_000
    rows = [(key, value, now) for key, value in values.items()]
    _database().executemany('INSERT OR REPLACE INTO series (key, value, "when") VALUES (?, ?, ?)', rows)
    return {"accepted": len(rows)}


_database().execute("PRAGMA journal_mode=WAL")
_database().execute('CREATE TABLE IF NOT EXISTS series (key TEXT PRIMARY KEY, value, "when" INTEGER)')
