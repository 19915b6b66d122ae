"""Requests a second of the main routes, beside a bare Flask view under gunicorn."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx

from bench import house
from bench.contestants import Stage, started
from bench.figures import Figures
from bench.peers import HTTP_PEERS
from bench.requests import Clients
from bench.rounds import in_turn
from tests.harness.server import ROOT, Server
from twidder import __version__

CLIENTS = 16
POSTS = 100
WALL = "/api/v1/walls/1/posts"
NOTHING = "nothing but an answer"
READ = "a page of 20"
ME = "who am I"
PEOPLE = "a page of people"
WRITE = "a post, on disk first"
_UNIT = "requests/s"


def run(stage: Stage) -> Figures:
    figures = Figures("http", f"HTTP, {CLIENTS} clients that ask again once they are answered")
    figures.about = {
        "twidder": f"Twidder {__version__}, signed in",
        "empty": "an empty Flask view through Twidder's bridge",
        **{peer.key: f"{peer.name} ({peer.version()})" if peer.missing() is None else peer.name for peer in HTTP_PEERS},
    }
    figures.missing = {peer.key: reason for peer in HTTP_PEERS if (reason := peer.missing())}
    parts = {
        "twidder": partial(_twidder, stage, figures),
        "empty": partial(_empty, stage, figures),
        **{peer.key: partial(_bare, stage, figures, peer) for peer in HTTP_PEERS},
    }
    in_turn(stage, figures, parts)
    return figures


def _twidder(stage: Stage, figures: Figures) -> None:
    with _with_posts(stage) as (people, server):
        tokens = people.tokens
        for case, path in (
            (READ, f"{WALL}?limit=20"),
            (ME, "/api/v1/me"),
            (PEOPLE, "/api/v1/users?limit=20"),
        ):
            _ask(stage, figures, "twidder", case, server.port, path, tokens)
        _ask(
            stage,
            figures,
            "twidder",
            WRITE,
            server.port,
            WALL,
            tokens,
            '{"text":"#%n and what one says","cid":"http-%n"}',
        )


@contextlib.contextmanager
def _with_posts(stage: Stage) -> Iterator[tuple[house.Community, Server]]:
    people = house.community(100, stage.work)
    with house.serve(people, stage.cores, stage.work) as server:
        with httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {people.tokens[0]}"}, trust_env=False
        ) as http:
            for number in range(POSTS):
                http.post(WALL, json={"text": f"What one says, {number}"}).raise_for_status()
        yield people, server


def _empty(stage: Stage, figures: Figures) -> None:
    def command(port: int, work: Any) -> list[str]:
        return [sys.executable, "-m", "bench.limit.empty_view", str(port)]

    with started("empty", command, stage, {"PYTHONPATH": str(ROOT)}) as (_, port):
        _ask(stage, figures, "empty", NOTHING, port, "/")


def _bare(stage: Stage, figures: Figures, peer: Any) -> None:
    with started(peer.key, peer.command, stage, peer.env) as (_, port):
        _ask(stage, figures, peer.key, NOTHING, port, "/")
        _ask(stage, figures, peer.key, READ, port, "/read")
        _ask(stage, figures, peer.key, WRITE, port, "/write", body='{"text":"#%n and what one says"}')


def _ask(
    stage: Stage, figures: Figures, who: str, case: str, port: int, path: str, tokens: Any = (), body: str = ""
) -> None:
    answer = Clients(
        *(stage.cores, stage.work, port),
        clients=CLIENTS,
        seconds=stage.seconds,
        paths=[path],
        tokens=tokens,
        method="POST" if body else "GET",
        body=body,
    ).measure()
    figures.add(case, _UNIT, who, answer["per_second"])
    figures.add(case, "p99 ms", who, answer["p99"])
    figures.add(case, "load busy, of a core", who, answer["busy"])
