"""``python -m bench.limit.sqlite_commits``: what SQLite's driver stores a second when nothing stands before it.

Twidder's own schema, settings and statements for a post: savepoint, the topic's next number, the post, its event.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from twidder.config import Limits
from twidder.store import engine, log, open_store
from twidder.walls import service

BATCHES = (1, 10, 64, 100)
_WALL = 1
_TOPIC = service.topic(_WALL)
_TEXT = "#0000000012 and what one says"
_DATA = log.encode(
    {
        "id": 1_000_000,
        "wall": _WALL,
        "author": {"id": 1, "firstname": "Ada Augusta", "familyname": "Lovelace of Ockham"},
        "text": _TEXT,
        "created_at": 1_790_000_000_000,
        "cid": "bench-0000000012",
        "seq": 1_000_000,
    }
)
_PERSON = (
    "INSERT INTO users (firstname, familyname, gender, city, country, role, password_hash, created_at)"
    " VALUES ('Ada', 'Lovelace', '', '', '', 'member', '', 0)"
)


def measure(folder: Path, seconds: float) -> dict[str, dict[str, float]]:
    """By batch: rows stored a second, and how long a COMMIT took, in µs. Each batch size gets a database of its own in
    ``folder``, which is empty."""
    return {str(batch): _measure_batch(folder / f"batch-{batch}.db", batch, seconds) for batch in BATCHES}


def _measure_batch(path: Path, batch: int, seconds: float) -> dict[str, float]:
    with _database(path) as driver:
        commits: list[float] = []
        start = now = time.perf_counter()
        while now < start + seconds:
            driver.execute("BEGIN IMMEDIATE")
            for row in range(batch):
                _post(driver, f"bench-{len(commits)}-{row}")
            before = time.perf_counter()
            driver.execute("COMMIT")
            now = time.perf_counter()
            commits.append(now - before)
    cuts = statistics.quantiles(commits, n=100) if len(commits) > 1 else commits * 99
    return {
        "rows_per_second": round(len(commits) * batch / (now - start)),
        "commit_us_p50": round(cuts[49] * 1e6),
        "commit_us_p99": round(cuts[98] * 1e6),
    }


def _post(driver: sqlite3.Connection, cid: str) -> None:
    driver.execute("SAVEPOINT job")
    (seq,) = driver.execute(log._NEXT_SEQ, (_TOPIC,)).fetchone()
    at = time.time_ns() // 1_000_000
    driver.execute(service._INSERT, (_WALL, 1, cid, _TEXT, at, seq)).fetchone()
    driver.execute(log._APPEND, (_TOPIC, seq, at, "post.created", _DATA))
    driver.execute("RELEASE job")


@contextlib.contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    open_store(path, Limits(), lambda news: None).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as driver:
        for pragma in engine._WRITER_PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        driver.execute(_PERSON)
        yield driver


@click.command()
@click.option("--seconds", default=2.0, show_default=True, help="For each batch size.")
@click.option("--dir", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="On which disk.")
def main(seconds: float, folder: Path | None) -> None:
    """Print, for batches of 1, 10, 64 and 100 rows, rows stored a second and the time of a COMMIT."""
    with tempfile.TemporaryDirectory(dir=folder) as work:
        sys.stdout.write(json.dumps(measure(Path(work), seconds), indent=2) + "\n")


if __name__ == "__main__":
    main()
