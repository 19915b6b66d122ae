"""Who is measured: Twidder, its peers and the limit, each as a server that a crowd can talk to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench import house
from bench.load import Load, LoadFailed
from bench.machine import Cores
from bench.peers import LIMITS, PEERS, Peer
from twidder import __version__

ROOM = "wall:1"
FRAME_BYTES = 120  # of a fleeting frame: Twidder's is as long, with the names in bench/house.py
POST_BYTES = 330  # likewise of a stored post's
_START_SECONDS = 30.0


class Stage(NamedTuple):
    """Where everything happens."""

    cores: Cores
    work: Path  # an empty directory for this run
    rounds: int
    seconds: float  # of one measurement
    sizes: tuple[int, ...]  # members of the room
    most: int  # connections, where it is about their number


class Running(NamedTuple):
    pid: int
    enter: Callable[..., dict[str, Any]]  # (crowd, members, buffer=SO_RCVBUF): all of them in the room
    send: str  # what a publisher sends; %n becomes a number
    publishers: int = 1
    sized: Callable[[int], str] = str  # the same, so that members get about so many bytes


class Contestant(NamedTuple):
    key: str
    about: str
    missing: Callable[[], str | None]
    run: Callable[[Stage], contextlib.AbstractContextManager[Running]]


def fleeting() -> Contestant:
    return Contestant("twidder", f"Twidder {__version__}, typing", lambda: None, _run_fleeting)


def stored() -> Contestant:
    return Contestant("twidder-stored", f"Twidder {__version__}, posts, on disk first", lambda: None, _run_stored)


@contextlib.contextmanager
def _run_fleeting(stage: Stage) -> Iterator[Running]:
    with _house(stage, '{"type":"typing"') as (pid, enter):
        yield Running(pid, enter, f'{{"type":"typing","topic":"{ROOM}"}}')


@contextlib.contextmanager
def _run_stored(stage: Stage) -> Iterator[Running]:
    cid = os.urandom(6).hex()

    def sized(size: int) -> str:
        text = "#%n and what one says" + " once more" * ((size - POST_BYTES) // 10)
        return f'{{"type":"send","id":%n,"topic":"{ROOM}","text":"{text}","cid":"{cid}-%n"}}'

    with _house(stage, '{"type":"event"') as (pid, enter):
        # Ten senders: nobody may have more than 16 unanswered, and that bound stays.
        yield Running(pid, enter, sized(POST_BYTES), publishers=10, sized=sized)


@contextlib.contextmanager
def _house(stage: Stage, count: str) -> Iterator[tuple[int, Callable[..., dict[str, Any]]]]:
    people = house.community(max(*stage.sizes, stage.most), stage.work)
    with house.serve(people, stage.cores, stage.work) as server:

        def enter(load: Load, members: int, buffer: int = 0) -> dict[str, Any]:
            rules_of_house(load, count)
            hello = [house.join("me", ROOM)]
            return load.open(server.port, members, path="/live", headers=people.headers(), hello=hello, buffer=buffer)

        yield server.pid, enter


def rules_of_house(load: Load, count: str) -> None:
    load.rules(
        ready='"joined"',
        count=count,
        ack='{"type":"ack"',
        bad='{"type":"error"|{"type":"gap"|{"type":"bye"',
        ping='{"type":"heartbeat"',
        pong='{"type":"pong"}',
    )


def peers() -> list[Contestant]:
    return [_as_contestant(peer) for peer in PEERS]


def limits() -> list[Contestant]:
    return [_as_contestant(peer) for peer in LIMITS]


def _as_contestant(peer: Peer) -> Contestant:
    about = peer.name if peer.missing() else f"{peer.name} ({peer.version()})"

    @contextlib.contextmanager
    def run(stage: Stage) -> Iterator[Running]:
        with started(peer.key, peer.command, stage, peer.env) as (pid, port):

            def enter(load: Load, members: int, buffer: int = 0) -> dict[str, Any]:
                load.rules(ready=peer.ready, ping=peer.ping, pong=peer.pong)
                hello = [peer.hello] if peer.hello else ()
                return load.open(port, members, path=peer.path, hello=hello, buffer=buffer)

            def sized(size: int) -> str:
                return peer.send.replace("%s", _payload(size))

            yield Running(pid, enter, sized(FRAME_BYTES), sized=sized)

    return Contestant(peer.key, about, peer.missing, run)


def _payload(size: int) -> str:
    start, end = '{"type":"typing","n":"#%n","pad":"', '"}'
    return start + "x" * (size - len(start) - len(end) - 8) + end  # %n stands for ten digits


@contextlib.contextmanager
def started(
    name: str, command: Callable[[int, Path], list[str]], stage: Stage, env: Mapping[str, str]
) -> Iterator[tuple[int, int]]:
    """A server on the server's core; (pid, port) once it listens. It and its children are killed at the end."""
    port, work = _free_port(), stage.work / name
    work.mkdir(exist_ok=True)
    with (work / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [*stage.cores.for_server, *command(port, work)],
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_until_open(process, port, work / "log.txt")
            yield process.pid, port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise LoadFailed(f"It does not start: {log.read_text(errors='replace')[-400:]}")
