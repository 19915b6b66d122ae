"""A bare Flask application for gunicorn: an answer, a read of 20 rows, a row that is on disk before the answer.

Its database lies in the directory that BENCH_WORK names.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, request

_ROWS = 1_000
_FILE = Path(os.environ["BENCH_WORK"]) / "flask_view.db"
_local = threading.local()

app = Flask(__name__)


def _database() -> sqlite3.Connection:
    """This thread's."""
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(_FILE, isolation_level=None)
        _local.connection.execute("PRAGMA synchronous=FULL")
    return _local.connection  # type: ignore[no-any-return]


def _make() -> None:
    database = _database()
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT INTO posts (text) VALUES (?)", [(f"What one says, {n}",) for n in range(_ROWS)])
    database.execute("COMMIT")


@app.get("/")
def answer() -> dict[str, Any]:
    return {}


@app.get("/read")
def read() -> dict[str, Any]:
    rows = _database().execute("SELECT id, text FROM posts ORDER BY id DESC LIMIT 20").fetchall()
    return {"posts": [{"id": id_, "text": text} for id_, text in rows]}


@app.post("/write")
def write() -> tuple[dict[str, Any], int]:
    text = request.get_json()["text"]
    (id_,) = _database().execute("INSERT INTO posts (text) VALUES (?) RETURNING id", (text,)).fetchone()
    return {"id": id_, "text": text}, 201


_make()
