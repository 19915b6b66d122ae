"""The power goes at any moment; what was promised until then is there when it comes back (D2).

A real server's calls are recorded while it is written to from all sides. From the record the files are rebuilt as a cut
could leave them: what was synced, and by chance parts of what was not.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults import syscalls
from tests.faults.crowd import LIMITS
from tests.faults.members import Member, sign_in, sign_up
from tests.faults.plain import Door, ask, live, take_type
from tests.faults.power import Cut, Disk, cut
from tests.faults.reader import read_wall
from tests.faults.rebuilt import faults_of, text_of
from tests.faults.syscalls import Call
from tests.harness.counts import count
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.needs("strace")]

POSTS = 480
_IN_FLIGHT = 8  # posts of one socket that wait for their ack at a time, so that batches are larger than one
_AROUND = 10  # calls before and after one on the database's own file belong to the checkpoint
_CID = re.compile(r"cut-\d{5}")


class Record(NamedTuple):
    """``told``: when the first word about each post went out to anybody."""

    folder: Path
    calls: list[Call]
    told: dict[str, int]

    def promised(self, moment: int) -> set[str]:
        return {cid for cid, begun in self.told.items() if begun <= moment}

    def moments(self, rng: random.Random, number: int) -> list[int]:
        """Half of them anywhere, half at a checkpoint, where the log is moved into the database and begun anew."""
        disk = Disk(self.folder, "twidder.db")
        anywhere = [call for call in self.calls if disk.concerns(call)]
        database = [place for place, call in enumerate(anywhere) if call.file.endswith("twidder.db")]
        checkpoints = [call for place in database for call in anywhere[max(0, place - _AROUND) : place + _AROUND]]
        return [rng.choice(checkpoints if place % 2 else anywhere).begun for place in range(number)]

    def cuts(self, rng: random.Random, number: int) -> Iterator[Cut]:
        return cut(self.calls, Disk(self.folder, "twidder.db"), self.moments(rng, number), rng)


async def post_from_all_sides(door: Door, posts: int) -> None:
    """By HTTP and by sockets at once, from the first account on."""
    member = await sign_up(door, "ada")
    cids = [f"cut-{number:05}" for number in range(posts)]
    async with asyncio.TaskGroup() as tasks:
        for number in range(2):
            tasks.create_task(_post_by_http(door, member, cids[number::6]))
        for number in range(2, 6):
            tasks.create_task(_post_by_socket(door, member, cids[number::6]))


async def _post_by_http(door: Door, member: Member, cids: Sequence[str]) -> None:
    for cid in cids:
        body = {"text": text_of(cid), "cid": cid}
        answer = await ask(door, "POST", f"/walls/{member.id}/posts", body, token=member.token, timeout=20.0)
        assert answer.status == 201, answer


async def _post_by_socket(door: Door, member: Member, cids: Sequence[str]) -> None:
    async with live(door, member.token, timeout=20.0) as socket:
        waiting = 0
        for number, cid in enumerate(cids):
            frame = {"type": "send", "id": number, "topic": f"wall:{member.id}", "text": text_of(cid), "cid": cid}
            await socket.send(json.dumps(frame))
            waiting += 1
            if waiting == _IN_FLIGHT:
                await take_type(socket, "ack", timeout=20.0)
                waiting -= 1
        for _ in range(waiting):
            await take_type(socket, "ack", timeout=20.0)


def record(server: Server, trace: Path, posts: int) -> Record:
    """From the making of the database to its closing."""
    with server.start(timeout=60.0):
        asyncio.run(post_from_all_sides(Door(server.port, server.port), posts))
    calls = syscalls.read_file(trace)
    told: dict[str, int] = {}
    for call in calls:
        if call.tells:
            for cid in _CID.findall(call.text):
                told.setdefault(cid, call.begun)
    assert len(told) == posts
    return Record(server.data, calls, told)


def try_cuts(recorded: Record, folder: Path, rng: random.Random, trials: int) -> list[str]:
    """What is wrong after ``trials`` cuts, each opened by the store itself."""
    found = []
    for number, one in enumerate(recorded.cuts(rng, trials)):
        data = rebuild(one, folder / str(number))
        found += [f"cut at line {one.moment}: {fault}" for fault in faults_of(data, recorded.promised(one.moment))]
    return found


def rebuild(one: Cut, data: Path) -> Path:
    data.mkdir(mode=0o700)
    for name, content in one.files.items():
        (data / name).write_bytes(content)
    return data


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("recorded")
    trace = folder / "trace"
    server = Server(folder / "data", limits=LIMITS, prefix=syscalls.prefix(trace))
    return record(server, trace, POSTS)


def test_D2_what_was_told_outlives_a_power_cut(recorded: Record, tmp_path: Path, rng: random.Random) -> None:
    """Cuts at any moment: the database is whole, each post that anybody had heard of is there, and the log is dense."""
    assert try_cuts(recorded, tmp_path, rng, count(200)) == []


@pytest.mark.parametrize("forgotten", ["-wal", "twidder.db", "data"])
def test_D2_a_disk_that_forgets_a_sync_is_found(
    recorded: Record, tmp_path: Path, rng: random.Random, forgotten: str
) -> None:
    """Had the log, the database or the folder not been synced, the same cuts would have taken something."""
    careless = [call for call in recorded.calls if not (call.syncs and call.file.endswith(forgotten))]
    assert try_cuts(recorded._replace(calls=careless), tmp_path, rng, 20)


def test_D2_a_server_starts_after_a_power_cut(recorded: Record, tmp_path: Path, rng: random.Random) -> None:
    """Who signed up can sign in, reads what was told, and posts on."""

    async def go_on(door: Door, promised: set[str]) -> None:
        member = await sign_in(door, "ada@example.org")
        posts = await read_wall(door, member.token, f"wall:{member.id}")
        assert promised <= {post["cid"] for post in posts}
        assert [post["seq"] for post in posts] == list(range(1, len(posts) + 1))
        body = {"text": "the light is back", "cid": "after-the-cut"}
        answer = await ask(door, "POST", f"/walls/{member.id}/posts", body, token=member.token)
        assert (answer.status, answer.body["seq"]) == (201, len(posts) + 1)

    tried = 0
    for number, one in enumerate(recorded.cuts(rng, count(20))):
        if promised := recorded.promised(one.moment):
            data = rebuild(one, tmp_path / str(number))
            with Server(data, limits=LIMITS) as server:
                asyncio.run(go_on(Door(server.port, server.port), promised))
            tried += 1
    assert tried
