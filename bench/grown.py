"""Communities in which much was said: made by SQL, since through the door it would take minutes."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bench import house

NOON = 1_780_000_000_000  # ms since the epoch
ROOM, ELSEWHERE = 1, 2  # everybody is in the first, nobody who asks in the second
RARE, HIDDEN = "needle", "elsewhere"  # in the three oldest messages here; in every message there
_SEED, _VOCABULARY, _WORDS = 4, 20_000, 12


def wall(people: house.Community, posts: int, work: Path) -> house.Community:
    """The community with so many posts on its first wall."""
    data = work / f"wall-{posts}"
    if not data.exists():
        with _copied(people, data) as database:
            database.execute(_POSTS, (posts, NOON))
            database.execute(_POSTED)
            database.execute("INSERT INTO topics (topic, head) VALUES ('wall:1', ?)", (posts,))
    return people._replace(data=data)


def room(people: house.Community, messages: int, work: Path) -> house.Community:
    """The community with so many messages in its first room, and a tenth in one that is not theirs; all are indexed."""
    data = work / f"room-{messages}"
    if not data.exists():
        with _copied(people, data) as database:
            database.execute(_MEMBERS)
            database.execute(_SECOND_ROOM)
            database.executemany(_MESSAGE, _said(messages))
            database.execute("DELETE FROM events WHERE topic = 'room:1'")  # that they came
            database.execute(_SAID)
            database.execute("INSERT OR REPLACE INTO topics (topic, head) VALUES ('room:1', ?)", (messages,))
            database.execute(_TEXTS)
            database.execute("INSERT INTO text_index (text_index) VALUES ('rebuild')")
    return people._replace(data=data)


def vocabulary() -> list[str]:
    """Words that look like some, the most frequent first."""
    chance = random.Random(_SEED)
    return [
        "".join(chance.choice("abdefgiklmnoprstu") for _ in range(chance.randint(2, 9))) for _ in range(_VOCABULARY)
    ]


def _said(messages: int) -> Iterator[tuple[int, int, int, str, str, int, int]]:
    """Texts in which words are as frequent as in a language: the n-th word once where the first is n times."""
    chance, words = random.Random(_SEED), vocabulary()
    weights = list(itertools.accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))
    for number in range(messages + messages // 10):
        place = ELSEWHERE if number % 11 == 10 else ROOM
        text = " ".join(chance.choices(words, cum_weights=weights, k=_WORDS))
        if place == ELSEWHERE or number < 3:
            text += f" {RARE if place == ROOM else HIDDEN}"
        author, seq = 1 + number % 100, number - number // 11 + (0 if place == ELSEWHERE else 1)
        yield number + 1, place, author, f"grown-{number}", text, NOON + number * 1000, seq


@contextlib.contextmanager
def _copied(people: house.Community, data: Path) -> Iterator[sqlite3.Connection]:
    shutil.copytree(people.data, data)
    with contextlib.closing(sqlite3.connect(data / "twidder.db")) as database:
        yield database
        database.commit()


_POSTS = """
INSERT INTO posts (wall_id, author_id, cid, text, created_at, seq)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT 1, 1 + i % 100, 'grown-' || i, 'What one says, number ' || i, ? + i, i FROM n
"""
_POSTED = """
INSERT INTO events (topic, seq, at, event, data)
SELECT 'wall:1', seq, created_at, 'post.created', CAST(json_object('id', id, 'wall', 1, 'author',
    json_object('id', author_id, 'firstname', 'Ada Augusta', 'familyname', 'Lovelace of Ockham'), 'text', text,
    'created_at', created_at, 'cid', cid, 'seq', seq) AS BLOB) FROM posts
"""
_MEMBERS = f"""
INSERT OR IGNORE INTO room_members (room_id, user_id, role, state, level, joined_at, read_seq, muted_until)
SELECT {ROOM}, id, 'member', 'in', 'all', {NOON}, 0, 0 FROM users
"""
_SECOND_ROOM = f"""
INSERT INTO rooms (id, kind, name, name_key, description, created_at, slow_seconds, knock, gateways)
VALUES ({ELSEWHERE}, 'members', 'Elsewhere', 'elsewhere', '', {NOON}, 0, 0, 0)
"""
_MESSAGE = """
INSERT INTO messages (id, room_id, author_id, cid, text, created_at, posted_seq, seq, mentions)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, '{}')
"""
_SAID = f"""
INSERT INTO events (topic, seq, at, event, data)
SELECT 'room:1', seq, created_at, 'message.posted', CAST(json_object('id', id, 'room', room_id, 'author',
    json_object('id', author_id, 'firstname', 'Ada Augusta', 'familyname', 'Lovelace of Ockham'), 'text', text,
    'created_at', created_at, 'cid', cid, 'seq', seq) AS BLOB) FROM messages WHERE room_id = {ROOM}
"""
_TEXTS = """
INSERT INTO texts (id, kind, item_id, place_id, author_id, body)
SELECT created_at * 1024 + id * 2 % 1024, 'message', id, room_id, author_id, text FROM messages
"""
