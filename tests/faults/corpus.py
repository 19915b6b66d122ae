"""A community as big as it gets, written straight into the database of a server that does not run."""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

LONG = "\U0001f600" * 3_999  # a post as long as it may be


@contextlib.contextmanager
def database(data: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(data / "twidder.db")
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def add_people(database: sqlite3.Connection, number: int) -> list[int]:
    """Their ids. Every name has many of the commonest letters in it, none of the wildcards."""
    (last,) = database.execute("SELECT max(id) FROM users").fetchone()
    ids = list(range(last + 1, last + number + 1))
    cities = itertools.cycle(("Örebro", "Saint-Étienne", "Łódź", "Rio de Janeiro"))
    database.executemany(
        "INSERT INTO users (id, firstname, familyname, gender, city, country, role, password_hash, created_at) "
        "VALUES (?, ?, ?, 'Other', ?, 'Somewhere', 'member', '', 1)",
        ((user, f"Abcdefghijklm {user % 977}", f"Nopqrstuvwxyz {user}", next(cities)) for user in ids),
    )
    database.executemany(
        "INSERT INTO identities (kind, key, value, user_id) VALUES ('email', ?, ?, ?)",
        ((f"person.{user}@example.org", f"person.{user}@example.org", user) for user in ids),
    )
    return ids


def add_posts(database: sqlite3.Connection, wall: int, author: int, number: int, *, deleted: bool = False) -> None:
    """The newest thousand are as long as they may be. Their events are not there, only the head that they came to."""
    long_from = number - 1_000
    gone = (2, author) if deleted else (None, None)
    rows = (
        (wall, author, f"corpus-{wall}-{seq}", "" if deleted else LONG if seq > long_from else "short", 1, seq, *gone)
        for seq in range(1, number + 1)
    )
    database.executemany(
        "INSERT INTO posts (wall_id, author_id, cid, text, created_at, seq, deleted_at, deleted_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    database.execute("INSERT INTO topics (topic, head) VALUES (?, ?)", (f"wall:{wall}", number))


def index_posts(database: sqlite3.Connection) -> None:
    """As a search finds them, in the order of their ids."""
    database.execute(
        "INSERT INTO texts (id, kind, item_id, place_id, author_id, body) "
        "SELECT id * 1024, 'post', id, wall_id, author_id, text FROM posts WHERE deleted_at IS NULL"
    )
    database.execute("INSERT INTO text_index (text_index) VALUES ('rebuild')")


def add_events(database: sqlite3.Connection, walls: list[int], number: int) -> None:
    """So many on each wall, of posts as long as they may be."""
    for wall in walls:
        data = {"id": 1, "wall_id": wall, "author": {"id": wall, "name": "Ada Lind"}, "text": LONG, "cid": "corpus-1"}
        encoded = json.dumps(data, ensure_ascii=False).encode()
        database.executemany(
            "INSERT INTO events (topic, seq, at, event, data) VALUES (?, ?, 1, 'post.created', ?)",
            ((f"wall:{wall}", seq, encoded) for seq in range(1, number + 1)),
        )
        database.execute("INSERT INTO topics (topic, head) VALUES (?, ?)", (f"wall:{wall}", number))
