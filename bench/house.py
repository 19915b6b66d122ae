"""Twidder under load: a community that is there already, and a server of it on a core of its own."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bench.machine import Cores
from tests.harness.server import Server
from twidder.accounts import service, sessions
from twidder.accounts.fields import NewUser
from twidder.accounts.passwords import Passwords
from twidder.config import Limits
from twidder.store import Tx, open_store

# What is meant for people is raised, since a bench writes faster than people do. What bounds memory stays as it is.
RAISED: Mapping[str, float] = {
    "posts_burst": 1e9,
    "posts_per_second": 1e9,
    "messages_burst": 1e9,
    "messages_per_second": 1e9,
    "searches_burst": 1e9,
    "searches_per_second": 1e9,
    "typing_seconds": 1e-9,
    "frames_burst": 1e9,
    "frames_per_second": 1e9,
    "pairup_acts_burst": 1e9,
    "pairup_acts_per_second": 1e9,
    "signups_per_minute": 1_000_000,
    "failed_signins_address": 1_000_000,
}
PASSWORD = "correct horse battery"
_WHOLE = (
    "posts_burst",
    "messages_burst",
    "searches_burst",
    "signups_per_minute",
    "failed_signins_address",
    "frames_burst",
    "pairup_acts_burst",
)
_AT_ONCE = 500


class Community(NamedTuple):
    """``tokens[i]`` is the session of the user with id i + 1."""

    data: Path
    tokens: list[str]

    def headers(self, start: int = 0) -> list[str]:
        return [f"Authorization: Bearer {token}" for token in self.tokens[start:]]


@functools.cache
def community(members: int, work: Path) -> Community:
    """Made by the features' own verbs, in large transactions; copied for each server."""
    data = work / f"community-{members}"
    data.mkdir(parents=True)
    limits = Limits()
    hashed = Passwords(limits).hash(PASSWORD)
    tokens = [sessions.new_token() for _ in range(members)]
    store = open_store(data / "twidder.db", limits, lambda news: None)

    def arrive(tx: Tx, which: int) -> None:
        user = service.sign_up(tx, _person(which), hashed, loopback=True)
        sessions.start(tx, user.id, tokens[which], "bench")

    for start in range(0, members, _AT_ONCE):
        batch = range(start, min(members, start + _AT_ONCE))
        store.write(lambda tx, batch=batch: [arrive(tx, which) for which in batch])  # type: ignore[misc]
    store.close()
    return Community(data, tokens)


def email(which: int) -> str:
    return f"member{which}@example.org"


def _person(which: int) -> NewUser:
    return NewUser(
        email=email(which),
        password=PASSWORD,
        firstname="Ada Augusta",
        familyname="Lovelace of Ockham",
        gender="Female",
        city="Linköping",
        country="Sweden",
    )


@contextlib.contextmanager
def serve(people: Community, cores: Cores, work: Path, limits: Mapping[str, float] | None = None) -> Iterator[Server]:
    """A fresh copy of the community, served; hashing costs what it costs in production."""
    data = work / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(people.data, data)
    real = Limits()
    hashing = {"argon2_memory_kib": real.argon2_memory_kib, "argon2_time": real.argon2_time}
    raised = {name: int(value) if name in _WHOLE else value for name, value in RAISED.items()}
    with Server(data, prefix=cores.for_server, limits={**hashing, **raised, **(limits or {})}, cold=True) as server:
        yield server


def join(*topics: str, positions: Mapping[str, int] | None = None, epoch: str | None = None) -> str:
    """The frame that joins these topics, new to all but those with a position."""
    known = positions or {}
    frame: dict[str, object] = {"type": "join", "id": 0, "topics": {topic: known.get(topic) for topic in topics}}
    if epoch is not None:
        frame["epoch"] = epoch
    return json.dumps(frame)


def epoch(data: Path) -> str:
    with contextlib.closing(sqlite3.connect(data / "twidder.db")) as database:
        return str(database.execute("SELECT value FROM settings WHERE key = 'epoch'").fetchone()[0])
