"""What it costs as it grows: members who join one topic, and walls with ever more posts."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import statistics
import time
from functools import partial
from pathlib import Path

from websockets.sync.client import connect

from bench import house
from bench.contestants import ROOM, Stage, rules_of_house
from bench.figures import Figures
from bench.load import crowd
from bench.machine import pinned
from bench.requests import Clients
from bench.rounds import in_turn
from tests.harness.server import Server
from twidder import __version__

JOINERS = (10, 100, 1_000, 3_000)
HISTORIES = (1_000, 30_000, 1_000_000)
_RESUMES = 200
_MISSED = 10


def run(stage: Stage) -> Figures:
    figures = Figures("growth", "what it costs as it grows")
    figures.about = {"twidder": f"Twidder {__version__}", "history": f"Twidder {__version__}, a wall with history"}
    parts = {"twidder": _joins, "history": _history}
    in_turn(stage, figures, {key: partial(part, stage, figures) for key, part in parts.items()})
    return figures


def _joins(stage: Stage, figures: Figures) -> None:
    """Connecting and joining, for each of so many who come to one topic."""
    people = house.community(max(*JOINERS, stage.most), stage.work)
    for members in JOINERS:
        with house.serve(people, stage.cores, stage.work) as server, crowd(stage.cores, stage.work) as load:
            rules_of_house(load, '{"type":"event"')
            opened = load.open(server.port, members, path="/live", headers=people.headers(), hello=[house.join(ROOM)])
            figures.add(f"{members:,} come to one topic", "ms each", "twidder", opened["seconds"] * 1000 / members)


def _history(stage: Stage, figures: Figures) -> None:
    people = house.community(100, stage.work)
    for posts in HISTORIES:
        grown = _grown(people, posts, stage.work)
        with house.serve(grown, stage.cores, stage.work) as server, pinned(stage.cores.load):
            case = f"a wall with {posts:,} posts"
            for name, query in (("open", "limit=30"), ("page", f"limit=30&before={posts // 2}")):
                answer = Clients(
                    *(stage.cores, stage.work, server.port),
                    clients=1,
                    seconds=1,
                    paths=[f"/api/v1/walls/1/posts?{query}"],
                    tokens=people.tokens,
                ).measure()
                figures.add(case, f"{name}, p50 ms", "history", answer["p50"])
                figures.add(case, f"{name}, p99 ms", "history", answer["p99"])
            cuts = statistics.quantiles(_resume(server, people, posts), n=100)
            figures.add(case, "resume, p50 ms", "history", cuts[49])
            figures.add(case, "resume, p99 ms", "history", cuts[98])


def _resume(server: Server, people: house.Community, head: int) -> list[float]:
    """A join with ten missed posts, so often, in ms."""
    took = []
    headers = {"Authorization": f"Bearer {people.tokens[0]}"}
    with connect(server.ws_url, additional_headers=headers, compression=None, proxy=None, max_size=None) as socket:
        epoch = json.loads(socket.recv())["epoch"]
        frame = house.join(ROOM, positions={ROOM: head - _MISSED}, epoch=epoch)
        for _ in range(_RESUMES):
            start = time.perf_counter()
            socket.send(frame)
            answer = json.loads(socket.recv())
            took.append((time.perf_counter() - start) * 1000)
            assert len(answer["topics"][ROOM]["events"]) == _MISSED, answer
    return took


_POSTS = """
INSERT INTO posts (wall_id, author_id, cid, text, created_at, seq)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT 1, 1 + i % 100, 'grown-' || i, 'What one says, number ' || i, ? + i, i FROM n
"""
_EVENTS = """
INSERT INTO events (topic, seq, at, event, data)
SELECT 'wall:1', seq, created_at, 'post.created', CAST(json_object('id', id, 'wall', 1, 'author',
    json_object('id', author_id, 'firstname', 'Ada Augusta', 'familyname', 'Lovelace of Ockham'), 'text', text,
    'created_at', created_at, 'cid', cid, 'seq', seq) AS BLOB) FROM posts
"""


def _grown(people: house.Community, posts: int, work: Path) -> house.Community:
    """The community with so many posts on its first wall, made by SQL: through the door they would take minutes."""
    data = work / f"grown-{posts}"
    if not data.exists():
        shutil.copytree(people.data, data)
        with contextlib.closing(sqlite3.connect(data / "twidder.db")) as database:
            database.execute(_POSTS, (posts, 1_780_000_000_000))
            database.execute(_EVENTS)
            database.execute("INSERT INTO topics (topic, head) VALUES ('wall:1', ?)", (posts,))
            database.commit()
    return people._replace(data=data)
