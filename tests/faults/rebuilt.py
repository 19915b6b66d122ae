"""Is a database, found on a disk, what it was promised to be?"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from twidder.config import Limits
from twidder.errors import ConfigError
from twidder.store import ReadTx, open_store


def text_of(cid: str) -> str:
    """Long enough for a few posts to fill a page, and nobody else's."""
    return f"what {cid} says. " * 40


def faults_of(data: Path, promised: set[str]) -> list[str]:
    """Opens it as a server would, and compares it with the client ids of the posts that must be there."""
    try:
        store = open_store(data / "twidder.db", Limits(), lambda _news: None)
    except ConfigError as error:
        return [f"unopenable: {error}"]
    try:
        return store.read(lambda tx: _compare(tx, promised))
    except (sqlite3.DatabaseError, DatabaseError, ValueError) as error:
        # The driver's own, SQLAlchemy's about it, or what no longer is JSON.
        return [f"corrupt: {error}"]
    finally:
        store.close()


def _compare(tx: ReadTx, promised: set[str]) -> list[str]:
    faults = [f"corrupt: {row}" for (row,) in tx.driver.execute("PRAGMA integrity_check") if row != "ok"]
    posts = {(f"wall:{wall}", seq): (cid, text) for wall, seq, cid, text in tx.driver.execute(_POSTS)}
    stored = {cid for cid, _text in posts.values()}
    if lost := promised - stored:
        faults.append(f"lost: {len(lost)} of {len(promised)}, as {min(lost)}")
    faults += [f"changed: {cid}" for cid, text in posts.values() if text != text_of(cid)]
    log: dict[str, list[int]] = defaultdict(list)
    for topic, seq, event in tx.driver.execute(_EVENTS):
        log[topic].append(seq)
        if posts.get((topic, seq), ("",))[0] != json.loads(event)["cid"]:
            faults.append(f"an event without its post: {topic} {seq}")
    heads = dict(tx.driver.execute("SELECT topic, head FROM topics WHERE topic LIKE 'wall:%'").fetchall())
    if {topic: list(range(1, head + 1)) for topic, head in heads.items()} != log:
        faults.append(f"not dense: {heads}")
    return faults


_POSTS = "SELECT wall_id, seq, cid, text FROM posts"
_EVENTS = "SELECT topic, seq, data FROM events WHERE topic LIKE 'wall:%' ORDER BY topic, seq"
