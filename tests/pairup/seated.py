"""A round as it is when the places are given out: claimed rosters, teams, labs; put into the store as rows, so that a
test of sixty teams does not sign up sixty people first."""

from __future__ import annotations

import dataclasses
import itertools
import json
import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from twidder.accounts import Author, Seated, sessions
from twidder.accounts.models import users
from twidder.clock import now_ms
from twidder.pairup.models import entries, labs, places, rounds, teams
from twidder.store import Database, Tx

_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Someone:
    """A student of the roster, or staff (entry 0)."""

    user_id: int
    token: str
    entry: int = 0
    team: int = 0
    is_staff: bool = False

    @property
    def me(self) -> Seated:
        author = Author(self.user_id, f"S{self.user_id}", "Test", staff=self.is_staff)
        return Seated(self.user_id, "", "", author, None, self.is_staff)


@dataclasses.dataclass(frozen=True)
class Round:
    """``teams``: the members of each. ``labs``: id → places, in order of time."""

    id: int
    staff: Someone
    teams: list[list[Someone]]
    labs: dict[int, list[int]]

    @property
    def topic(self) -> str:
        return f"pairup:{self.id}"

    @property
    def places(self) -> list[int]:
        return [place for lab in self.labs.values() for place in lab]


def furnish(store: Database, *, teams: int = 2, size: int = 2, seats: Iterable[int] = (3,), **more: Any) -> Round:
    """``seats``: places of each lab. ``more``: columns of the round; without confirm, places are taken at once."""
    return store.write(lambda tx: _furnish(tx, teams, size, list(seats), more))


def _furnish(tx: Tx, number: int, size: int, seats: list[int], more: dict[str, Any]) -> Round:
    staff = _user(tx, "staff")
    row = _ROUND | {"created_by": staff.user_id, "created_at": now_ms(), "secret": secrets.token_hex(32)}
    round_id = _made(tx, rounds, **(row | {"size_min": size, "size_max": size} | more))
    made = [_team(tx, round_id, size) for _ in range(number)]
    return Round(round_id, staff, made, dict(_lab(tx, round_id, capacity) for capacity in seats))


_ROUND = {
    "name": "Labs",
    "description": "",
    "is_default": False,
    "mode": "fcfs",
    "zone": "UTC",
    "alone": "[]",
    "names": "everyone",
    "confirm": False,
    "open_registration": False,
}


def _made(tx: Tx, table: Any, **values: Any) -> int:
    return int(tx.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def _user(tx: Tx, role: str) -> Someone:
    number, token = next(_numbers), sessions.new_token()
    profile = {"firstname": f"S{number}", "familyname": "Test", "gender": "", "city": "", "country": ""}
    user_id = _made(tx, users, **profile, role=role, password_hash="", created_at=now_ms())
    sessions.start(tx, user_id, token, "test")
    return Someone(user_id, token, is_staff=role == "staff")


def _team(tx: Tx, round_id: int, size: int) -> list[Someone]:
    text = {"title": "", "description": "", "created_at": now_ms()}
    team_id = _made(tx, teams, round_id=round_id, locked=False, **text)
    return [enrol(tx, round_id, team_id) for _ in range(size)]


def enrol(tx: Tx, round_id: int, team_id: int | None = None) -> Someone:
    """Somebody who has claimed an entry."""
    someone = _user(tx, "member")
    texts = {"firstname": f"S{someone.user_id}", "familyname": "Test", "preferred": "", "email": "", "cohort": "BSc"}
    flags = {"looking": False, "about": "", "assign_me": False}
    number = f"{2_000_000 + someone.user_id}"
    who = {"round_id": round_id, "number": number, "user_id": someone.user_id, "team_id": team_id}
    return dataclasses.replace(someone, entry=_made(tx, entries, **who, **texts, **flags), team=team_id or 0)


def _lab(tx: Tx, round_id: int, capacity: int) -> tuple[int, list[int]]:
    lab_id = _made(tx, labs, round_id=round_id, name=f"Lab {next(_numbers)}", minutes=20)
    row = {"round_id": round_id, "lab_id": lab_id, "kept": False, "fence": 0}
    return lab_id, [_made(tx, places, **row, starts_at=1_800_000_000_000 + 60_000 * at) for at in range(capacity)]


# Looking


def seats_of(store: Database, round_: Round) -> dict[int, tuple[int | None, int | None, int]]:
    """place → (whose it is, for whom it is held, fence)"""
    query = select(places.c.id, places.c.team_id, places.c.held_by, places.c.fence)
    rows = store.read(lambda tx: tx.execute(query.where(places.c.round_id == round_.id)).all())
    return {row.id: (row.team_id, row.held_by, row.fence) for row in rows}


def booked(store: Database, round_: Round) -> dict[int, int]:
    """place → team"""
    return {place: team for place, (team, _, _) in seats_of(store, round_).items() if team is not None}


def told(store: Database, topic: str, event: str) -> list[dict[str, Any]]:
    """The data of the events of that name, in order."""
    query = "SELECT data FROM events WHERE topic = ? AND event = ? ORDER BY seq"
    rows = store.read(lambda tx: tx.driver.execute(query, (topic, event)).fetchall())
    return [json.loads(data) for (data,) in rows]


def notices_of(store: Database, someone: Someone, kind: str) -> list[dict[str, Any]]:
    """The data of the notices of that kind."""
    found = told(store, f"entry:{someone.entry}", "notice.created")
    return [notice["data"] for notice in found if notice["kind"] == kind]
