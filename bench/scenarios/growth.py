"""What it costs as it grows: members who join one topic, who is told of whom, walls and rooms in which ever more is
said, and finding it again."""

from __future__ import annotations

import json
import statistics
import time
from functools import partial
from typing import Any

from websockets.sync.client import connect

from bench import grown, house
from bench.contestants import ROOM, Stage, rules_of_house
from bench.figures import Figures
from bench.load import crowd
from bench.machine import pinned
from bench.requests import Clients
from bench.rounds import in_turn
from tests.harness.server import Server
from twidder import __version__

JOINERS = (10, 100, 1_000, 3_000)
COMERS = (1_000, 2_000, 3_000)
HISTORIES = (1_000, 30_000, 1_000_000)
TALKS = (10_000, 100_000, 1_000_000)
PRESENCE = "room:1"
_RESUMES = 200
_MISSED = 10
_COMERS_PER_SECOND = 100
_LAST_FRAME_SECONDS = 3


def run(stage: Stage) -> Figures:
    figures = Figures("growth", "what it costs as it grows")
    house_name = f"Twidder {__version__}"
    figures.about = {
        "twidder": house_name,
        "presence": f"{house_name}, who is here",
        "history": f"{house_name}, a wall with history",
        "talk": f"{house_name}, a room with history",
    }
    parts = {"twidder": _joins, "presence": _presence, "history": _history, "talk": _talk}
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


def _presence(stage: Stage, figures: Figures) -> None:
    """They come one after the other; what the first, who sees all others come, has been sent, and what all have."""
    people = house.community(max(*COMERS, *JOINERS, stage.most), stage.work)
    sent = {}
    for members in COMERS:
        with house.serve(people, stage.cores, stage.work) as server, crowd(stage.cores, stage.work) as load:
            rules_of_house(load, '{"type":"event"')
            pace = {"rate": _COMERS_PER_SECOND, "seconds": members / _COMERS_PER_SECOND + 60}
            load.open(
                server.port, members, path="/live", headers=people.headers(), hello=[house.join(PRESENCE)], **pace
            )
            time.sleep(_LAST_FRAME_SECONDS)
            got = load.ask("status")
        sent[members] = got["first_bytes"]
        case = f"{members:,} come to one room, {_COMERS_PER_SECOND} a second"
        figures.add(case, "KB to the first", "presence", got["first_bytes"] / 1000)
        figures.add(case, "KB to each, mean", "presence", got["bytes"] / members / 1000)
    few, many = min(COMERS), max(COMERS)
    each = (sent[many] - sent[few]) / (many - few)
    figures.add(f"each who comes after {few:,} others", "bytes to the first", "presence", each)


def _history(stage: Stage, figures: Figures) -> None:
    people = house.community(100, stage.work)
    for posts in HISTORIES:
        with_posts = grown.wall(people, posts, stage.work)
        with house.serve(with_posts, stage.cores, stage.work) as server, pinned(stage.cores.load):
            case = f"a wall with {posts:,} posts"
            for name, query in (("open", "limit=30"), ("page", f"limit=30&before={posts // 2}")):
                answer = _ask(stage, server, people, f"walls/1/posts?{query}")
                figures.add(case, f"{name}, p50 ms", "history", answer["p50"])
                figures.add(case, f"{name}, p99 ms", "history", answer["p99"])
            cuts = statistics.quantiles(_resume(server, people, posts), n=100)
            figures.add(case, "resume, p50 ms", "history", cuts[49])
            figures.add(case, "resume, p99 ms", "history", cuts[98])


def _talk(stage: Stage, figures: Figures) -> None:
    people = house.community(100, stage.work)
    for messages in TALKS:
        talked = grown.room(people, messages, stage.work)
        with house.serve(talked, stage.cores, stage.work) as server, pinned(stage.cores.load):
            case = f"a room with {messages:,} messages"
            for name, path in _asked(messages).items():
                answer = _ask(stage, server, people, path)
                figures.add(case, f"{name}, p50 ms", "talk", answer["p50"])
                figures.add(case, f"{name}, p99 ms", "talk", answer["p99"])
            said = _ask(stage, server, people, "rooms/1/messages", body='{"text": "one more, number %n"}')
            figures.add(case, "post, p50 ms", "talk", said["p50"])
            figures.add(case, "post, p99 ms", "talk", said["p99"])


def _asked(messages: int) -> dict[str, str]:
    """What is asked of a room, by name: pages of it, and searches."""
    first, second = grown.vocabulary()[:2]
    return {
        "open": "rooms/1/messages?limit=30",
        "page in its middle": f"rooms/1/messages?limit=30&before={messages // 2}",
        "search, a rare word": f"search?q={grown.RARE}%20",
        "search, the most frequent word": f"search?q={first}%20",
        "search, two frequent words": f"search?q={first}%20{second}%20",
        "search, an unfinished word": f"search?q={first[:2]}",
        "search, a frequent word that one may not see": f"search?q={grown.HIDDEN}%20",
    }


def _ask(stage: Stage, server: Server, people: house.Community, path: str, body: str = "") -> dict[str, Any]:
    """One client that asks again and again, for a second."""
    return Clients(
        *(stage.cores, stage.work, server.port),
        clients=1,
        seconds=1,
        paths=[f"/api/v1/{path}"],
        tokens=people.tokens,
        method="POST" if body else "GET",
        body=body,
    ).measure()


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
            while (answer := json.loads(socket.recv()))["type"] != "joined":
                pass  # news of the room that everybody is in
            took.append((time.perf_counter() - start) * 1000)
            assert len(answer["topics"][ROOM]["events"]) == _MISSED, answer
    return took
