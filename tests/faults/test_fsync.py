"""The order of the kernel's calls: written, synced, told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.faults import syscalls
from tests.faults.crowd import LIMITS
from tests.faults.members import sign_up
from tests.faults.plain import Door, ask, live, take_type
from tests.harness.server import Server

pytestmark = [pytest.mark.faults, pytest.mark.needs("strace")]


async def post_by_both_doors(server: Server, posts: int) -> list[str]:
    """The client ids of ``posts`` acknowledged posts, half of them by HTTP, all of them seen by a reader."""
    door = Door(server.port, server.port)
    member = await sign_up(door, "ada")
    cids = [f"traced-{number:04}" for number in range(posts)]
    async with live(door, member.token, timeout=20.0) as socket:
        join = {"type": "join", "id": 0, "topics": {f"wall:{member.id}": 0}}
        await socket.send(json.dumps(join))
        for number, cid in enumerate(cids, 1):
            if number % 2:
                body = {"text": "by HTTP", "cid": cid}
                answer = await ask(door, "POST", f"/walls/{member.id}/posts", body, token=member.token, timeout=20.0)
                assert answer.status == 201, answer
            else:
                frame = {"type": "send", "id": number, "topic": f"wall:{member.id}", "text": "by socket", "cid": cid}
                await socket.send(json.dumps(frame))
            event = await take_type(socket, "event", timeout=20.0)
            assert event["data"]["cid"] == cid
    return cids


def find_early(server: Server, trace: Path, posts: int = 20) -> list[str]:
    """What was told too early by a server that runs under strace."""
    cids = asyncio.run(post_by_both_doors(server, posts))
    server.kill9()
    calls = syscalls.read_file(trace)
    return [fault for cid in cids if (fault := syscalls.told_too_early(calls, cid))]


def test_D3_no_answer_and_no_event_leaves_before_the_fsync(tmp_path: Path) -> None:
    """Each post's first byte on any socket, ack, 201 or event, comes after an fdatasync of the log file that holds
    it."""
    trace = tmp_path / "trace"
    server = Server(tmp_path / "data", limits=LIMITS, prefix=syscalls.prefix(trace))
    with server.start(timeout=60.0):
        assert find_early(server, trace) == []


def test_D3_the_reader_of_traces_knows_the_order() -> None:
    """A sync that began before the last page of the transaction was written, one that ended after the answer, or whose
    end nobody saw, one that failed, or none: each is found. So is a status that goes out before its body."""
    wal, tcp = "</data/twidder.db-wal>", "<socket:[4711]>"
    header, last_header = (
        f'7 pwrite64(5{wal}, "\\0\\0\\0\\7\\0\\0\\0\\{pages}{"salt" * 4}", 24, 32) = 24' for pages in (0, 31)
    )
    page = f'7 pwrite64(5{wal}, "a page with cid-1", 4096, 56) = 4096'
    last_page = f'7 pwrite64(5{wal}, "another page", 4096, 4176) = 4096'
    write = (header, page, last_header, last_page)
    sync, tell = f"7 fdatasync(5{wal}) = 0", f'8 write(9{tcp}, "cid-1", 5) = 5'
    begun, ended = f"7 fdatasync(5{wal} <unfinished ...>", "7 <... fdatasync resumed>) = 0"
    status = f'8 write(9{tcp}, "HTTP/1.1 201 Created", 20) = 20'

    def fault(*lines: str) -> bool:
        return syscalls.told_too_early(syscalls.read(lines), "cid-1") is not None

    assert not fault(*write, sync, tell)
    assert not fault(*write, sync, status, tell)
    assert not fault(*write, begun, ended, tell)
    assert not fault(last_header, page, sync, tell)
    assert fault(*write, tell, sync)
    assert fault(sync, *write, tell)
    assert fault(header, page, sync, tell)
    assert fault(header, page, sync, last_header, last_page, tell)
    assert fault(*write, begun, tell, ended)
    assert fault(*write, begun, tell)
    assert fault(*write, sync.replace("= 0", "= -1 EIO (Input/output error) (INJECTED)"), tell)
    assert fault(*write, status, sync, tell)
    assert fault(*write, sync)
    assert fault(sync, tell)
