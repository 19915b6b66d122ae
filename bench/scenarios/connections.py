"""Thousands of connections: what an idle one costs, how fast they come, and how fast all come back after a restart."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import httpx

from bench import house
from bench.contestants import Contestant, Running, Stage, limits, peers, rules_of_house
from bench.figures import Figures
from bench.load import Load, LoadFailed
from bench.machine import cpu_seconds, memory
from bench.rounds import alternate
from twidder import __version__

MISSED = 10
ROOM = "wall:1"
CASE = "idle connections"
BACK = "s until all are back and caught up"
_WARM_UP = 200  # connections that come and go before memory is first read
_IDLE_SECONDS = 5.0


def case(stage: Stage) -> str:
    return f"{stage.most:,} {CASE}"


def run(stage: Stage) -> Figures:
    figures = Figures("connections", "connections: memory and CPU of idle ones, how fast they come and come back")
    figures.note(
        "Twidder's connections are signed in and follow three topics each; the others are bare. Memory is the server "
        "process's, without the kernel's buffers. Coming back: all at once, each resuming with 10 missed posts."
    )

    def measure(contestant: Contestant, running: Running, load: Load) -> None:
        running.enter(load, min(_WARM_UP, stage.most))
        load.ask("drop")
        time.sleep(1)  # until the server has forgotten them; its clock ticks once a second
        before = memory(running.pid)
        opened = running.enter(load, stage.most)
        figures.add(case(stage), "KB each", contestant.key, (memory(running.pid) - before) / 1024 / stage.most)
        figures.add(case(stage), "connects/s", contestant.key, stage.most / opened["seconds"])
        figures.add(case(stage), "load busy while they come, of a core", contestant.key, opened["busy"])
        start = cpu_seconds(running.pid)
        time.sleep(_IDLE_SECONDS)
        used = cpu_seconds(running.pid) - start
        figures.add(case(stage), "CPU while idle, of a core", contestant.key, used / _IDLE_SECONDS)
        if contestant.key == "twidder":
            _storm(stage, figures, load, running)

    alternate(stage, figures, [_twidder(), *limits(), *peers()], measure)
    return figures


def _twidder() -> Contestant:
    return Contestant("twidder", f"Twidder {__version__}, signed in, three topics", lambda: None, _run)


class _House(Running):
    """Besides: what the storm needs."""

    server: house.Server
    people: house.Community


@contextlib.contextmanager
def _run(stage: Stage) -> Iterator[Running]:
    people = house.community(max(*stage.sizes, stage.most), stage.work)
    with house.serve(people, stage.cores, stage.work) as server:

        def enter(load: Load, members: int) -> dict[str, object]:
            rules_of_house(load, '{"type":"event"')
            hello = [house.join("me", ROOM, _own_wall(which)) for which in range(members)]
            return load.open(server.port, members, path="/live", headers=people.headers(), hello=hello)

        running = _House(server.pid, enter, "")
        running.server, running.people = server, people
        yield running


def _own_wall(which: int) -> str:
    return f"wall:{which + 1 if which else 2}"  # the first one's own is the room


def _storm(stage: Stage, figures: Figures, load: Load, running: Running) -> None:
    """The network goes, ten posts are made, and everybody is back at once."""
    assert isinstance(running, _House)
    server, people = running.server, running.people
    load.ask("drop")
    with httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {people.tokens[0]}"}, trust_env=False
    ) as http:
        page = http.get("/api/v1/walls/1/posts").json()
        for _ in range(MISSED):
            http.post("/api/v1/walls/1/posts", json={"text": "#0000000001 what they missed"}).raise_for_status()
    hello = [
        house.join("me", ROOM, own, positions={"me": 0, ROOM: page["seq"], own: 0}, epoch=page["epoch"])
        for own in map(_own_wall, range(stage.most))
    ]
    back = load.open(server.port, stage.most, path="/live", headers=people.headers(), hello=hello, opening=stage.most)
    if back["marks"] != stage.most * MISSED or back["bad"]:
        raise LoadFailed(f"Not everybody has read what was missed: {back}")
    figures.add(case(stage), BACK, "twidder", back["seconds"])
