"""What happens here, in figures. Each is a query, and counts what every member may see: the pace of a direct
conversation, or of a room that is not for all, is nobody else's affair.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from twidder.boards.built_in import COUNTRIES
from twidder.store import ReadTx

_MINUTE, _DAY = 60_000, 86_400_000
_NO_KEY = re.compile(r"[^\w.\-/%]+")  # what may not stand in a series' key
_KEY_LENGTH = 64


class Source(NamedTuple):
    """Where texts are: ``rows`` as t, and ``seen`` of those that every member may see. ``total`` counts these, by an
    index."""

    table: str
    rows: str
    seen: str
    total: str


MESSAGES = Source(
    "messages",
    "messages t JOIN rooms r ON r.id = t.room_id",
    "r.kind IN ('open', 'walkin')",
    "SELECT COUNT(*) FROM messages WHERE room_id IN (SELECT id FROM rooms WHERE kind IN ('open', 'walkin'))",
)
POSTS = Source(
    "posts",
    "posts t JOIN users u ON u.id = t.wall_id",
    "u.wall_audience = 'members' AND t.deleted_at IS NULL",
    "SELECT COUNT(*) FROM posts WHERE deleted_at IS NULL"
    " AND wall_id IN (SELECT id FROM users WHERE wall_audience = 'members')",
)


class Statements:
    """What is asked of a source each time looks at its newest rows only."""

    def __init__(self, source: Source) -> None:
        counted = f"SELECT COALESCE(MAX(t.id), 0), TOTAL({source.seen}) FROM {source.rows} WHERE t.id > ?"
        self.new = counted
        self.between = f"{counted} AND t.id <= ?"
        self.first_after = f"SELECT id FROM {source.table} WHERE id > ? AND created_at > ? ORDER BY id LIMIT 1"
        self.last_before = f"SELECT id FROM {source.table} WHERE created_at <= ? ORDER BY id DESC LIMIT 1"
        self.total = source.total


class Written:
    """How many texts there are, and of the last minute: ids only grow, so that only what is new, and what has become
    older than a minute, is looked at."""

    def __init__(self, source: Source) -> None:
        self._ask = Statements(source)
        self._newest: int | None = None  # rows are counted up to this id …
        self._old = 0  # … and those up to this one are older than a minute
        self.total = self.minute = 0

    def look(self, tx: ReadTx, now: int, *, recount: bool) -> None:
        """``recount``: all of them, since rooms close and texts are deleted."""
        since = now - _MINUTE
        if self._newest is None:
            self._newest = self._old = _first(tx, self._ask.last_before, since) or 0
            recount = True
        newest, new = tx.driver.execute(self._ask.new, (self._newest,)).fetchone()
        self._newest = max(self._newest, newest)
        first_young = _first(tx, self._ask.first_after, self._old, since)
        old = self._newest if first_young is None else first_young - 1
        _, aged = tx.driver.execute(self._ask.between, (self._old, old)).fetchone()
        self._old = old
        self.minute += int(new - aged)
        self.total += int(new)
        if recount:
            self.total = _first(tx, self._ask.total)


PEOPLE = """
SELECT country, COUNT(*), TOTAL(created_at >= ?), MIN(id) FROM users
WHERE role <> 'guest' AND closed_at IS NULL GROUP BY country ORDER BY MIN(id)
"""
ROOMS = """
SELECT COUNT(*) FROM rooms WHERE name_key IS NOT NULL AND kind IN ('open', 'walkin') AND archived_at IS NULL
"""
BOARDS = "SELECT COUNT(*) FROM boards WHERE audience = 'members' AND deleted_at IS NULL"


class Figures:
    def __init__(self, countries: int) -> None:
        """So many ``countries``, the largest."""
        self._countries = countries
        self._messages, self._posts = Written(MESSAGES), Written(POSTS)

    def read(self, tx: ReadTx, now: int, *, recount: bool) -> dict[str, int]:
        """By the keys of their series; ``now`` in ms."""
        for written in (self._messages, self._posts):
            written.look(tx, now, recount=recount)
        people = tx.driver.execute(PEOPLE, (now - now % _DAY,)).fetchall()
        return {
            "messages.minute": self._messages.minute + self._posts.minute,
            "messages.total": self._messages.total,
            "posts.total": self._posts.total,
            "accounts": sum(row[1] for row in people),
            "signups.today": sum(int(row[2]) for row in people),
            "rooms": _first(tx, ROOMS),
            "boards": _first(tx, BOARDS),
            **_by_country(people, self._countries),
        }


def _by_country(people: list[Any], most: int) -> dict[str, int]:
    """Two spellings that differ in case alone are one country, spelt as by whoever came first."""
    keys: dict[str, str] = {}
    members: dict[str, int] = {}
    for country, number, _, _ in people:
        name = _NO_KEY.sub("-", country.strip())[: _KEY_LENGTH - len(COUNTRIES)].strip("-")
        if name:
            key = keys.setdefault(name.casefold(), COUNTRIES + name)
            members[key] = members.get(key, 0) + number
    return dict(sorted(members.items(), key=lambda item: -item[1])[:most])


def _first(tx: ReadTx, query: str, *values: Any) -> Any:
    row = tx.driver.execute(query, values).fetchone()
    return row[0] if row else None
