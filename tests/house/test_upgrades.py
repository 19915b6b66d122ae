"""A community of an earlier Twidder finds everything again, and what is new besides."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from tests.harness.api import Api
from tests.harness.server import Server
from twidder.accounts.passwords import Passwords
from twidder.accounts.sessions import token_hash
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.store import migrate

NAMES = ("Ada", "Ada", "Åsa", "李", "Admin")
TOKEN = "a token of the time before"


def _old_database(path: Path) -> None:
    """As schema 0002 left it: five people, the first of them the owner and signed in, and a post."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    now = now_ms()
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for number, name in enumerate(NAMES, start=1):
            row = (number, name, "Old", "-", "-", "-", "owner" if number == 1 else "member", _hash(), now)
            database.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", row)
            email = f"old{number}@example.org"
            database.execute("INSERT INTO identities VALUES ('email', ?, ?, ?)", (email, email, number))
        database.execute("INSERT INTO sessions VALUES (1, 'sid', ?, ?, ?, 'curl')", (token_hash(TOKEN), now, now))
        database.execute(
            "INSERT INTO posts (wall_id, author_id, cid, text, created_at, seq) VALUES (2, 1, 'cid-of-old', ?, ?, 1)",
            ("written long ago", now),
        )
        database.execute("INSERT INTO topics VALUES ('wall:2', 1)")
        database.execute("INSERT INTO events VALUES ('wall:2', 1, ?, 'post.created', '{}')", (now,))


def _hash() -> str:
    return Passwords(Limits()).hash("correct horse 1")


@pytest.fixture
def upgraded(tmp_path: Path) -> Server:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    _old_database(data / "twidder.db")
    return Server(data)


def test_an_older_community_goes_on(upgraded: Server) -> None:
    """Who was signed in still is; everybody has a handle of their own and is in the first room; old posts are found."""
    with upgraded, Api(upgraded) as owner:
        owner.use_token(TOKEN)
        handles = [user["handle"] for user in owner.get("/users").json()["items"]]
        assert len(set(handles)) == len(NAMES)
        assert {"ada", "ada2", "asa"} <= set(handles)
        (room,) = owner.get("/rooms").json()["items"]
        assert (room["name"], room["mine"]["role"], room["members"]) == ("general", "owner", len(NAMES))
        assert [post["text"] for post in owner.get("/walls/2/posts").json()["items"]] == ["written long ago"]
        (hit,) = owner.get("/search?q=long+ago").json()["items"]
        assert hit["post"]["wall"] == 2
