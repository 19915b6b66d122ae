"""A disk that is full, or fails (D4): whoever writes is told, whoever reads notices nothing, and what was refused is
nowhere, for ever."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import syscalls
from tests.faults.crowd import LIMITS
from tests.faults.onlooker import Onlooker
from tests.faults.poster import Poster, compare, history
from tests.harness.api import Api
from tests.harness.people import ADA, BERT
from tests.harness.server import Server
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.faults

_TIDIED = 50.0  # seconds; ten times the pause between two looks of the housekeeping


class Stage:
    """A server on which Ada and Bert are signed in."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        self.server = server
        self._stack = stack
        stack.callback(server.kill9)
        server.start()
        self.ada, self.bert = (stack.enter_context(Api(server)) for _ in range(2))
        for api, person in ((self.ada, ADA), (self.bert, BERT)):
            api.sign_up(person)
            api.sign_in(person)

    def restart_with(self, prefix: list[str]) -> None:
        if self.server.running:
            self.server.terminate()
        self.server.prefix = prefix
        self.server.start(timeout=60.0)

    def poster(self) -> Poster:
        poster = Poster(self.server, self.ada)
        self._stack.callback(poster.close)
        return poster

    @contextlib.contextmanager
    def onlooker(self) -> Iterator[Onlooker]:
        onlooker = Onlooker(self.server, self.bert, self.ada.id)
        try:
            yield onlooker
            onlooker.noticed_nothing()
        finally:
            onlooker.close()

    def ready(self) -> object:
        """True, or the error's code. Anybody may ask; nobody is told more, or keeps the answer."""
        with Api(self.server, same_origin=False) as stranger:
            answer = stranger.page("/readyz")
        assert answer.headers["cache-control"] == "no-store"
        if answer.status_code == 200:
            assert answer.json() == {"ok": True}
            return True
        code = answer.json()["store"]
        assert (answer.status_code, answer.json()) == (503, {"ok": False, "store": code})
        return code


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    with ExitStack() as stack:

        def make(*, prefix: Iterable[str] = (), **limits: float) -> Stage:
            return Stage(Server(tmp_path / "data", limits=LIMITS | limits, prefix=prefix), stack)

        yield make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data directory that is a disk of 16 MiB."""
    place = tmp_path / "data"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here ({mounted.stderr.strip()})")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(ballast: Path) -> None:
    """Until not a byte more fits."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def test_D4_a_full_disk_refuses_until_there_is_room(
    small_disk: Path,  # first, so that the stage goes before the disk does
    stage: Callable[..., Stage],
) -> None:
    """507 by both doors, and at the sign-in; /readyz is red; pages and sockets go on. Once there is room, /readyz is
    green by itself, and the next post has the next number. After kill -9 it is all the same."""
    here = stage()
    ballast = small_disk / "ballast"
    poster = here.poster()
    poster.until_accepted()
    with here.onlooker() as onlooker:
        fill(ballast)
        poster.until_refused("no_space")
        onlooker.noticed_nothing()
        assert here.ready() == "no_space"
        with Api(here.server) as stranger:
            assert stranger.post("/session", BERT.credentials()).status_code == 507
        ballast.unlink()
        wait_for(lambda: here.ready() is True, _TIDIED, "the store to find that there is room")
        poster.until_accepted()
        compare(poster, history(here.ada))
        compare(poster, [event["data"] for event in onlooker.events(poster.last)])
    here.server.check_log()
    here.server.kill9()
    here.server.start()
    compare(poster, history(here.ada))


# Beyond what a thread needs until the first post: the making of the database, the accounts.
WHILE = {
    "fsync fails": ("fdatasync:error=EIO:when=20..35", "store_failed"),
    "write fails": ("pwrite64:error=EIO:when=400..415", "store_failed"),
    "no room": ("pwrite64:error=ENOSPC:when=400..415", "no_space"),
}


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("inject", "code"), WHILE.values(), ids=WHILE)
def test_D4_a_disk_that_fails_for_a_while(tmp_path: Path, stage: Callable[..., Stage], inject: str, code: str) -> None:
    """Everybody in a batch that cannot be stored is told so; what comes later is stored, through files that were
    opened anew."""
    trace = tmp_path / "trace"
    here = stage(prefix=syscalls.refusing(trace, tmp_path / "data" / "twidder.db-wal", inject))
    poster = here.poster()
    poster.until_accepted()
    with here.onlooker() as onlooker:
        poster.until_refused(code)
        poster.until_accepted()
        assert here.ready() is True
        compare(poster, history(here.ada))
        compare(poster, [event["data"] for event in onlooker.events(poster.last)])
    here.restart_with([])
    compare(poster, history(here.ada))
    calls = syscalls.read_file(trace)
    refused = next(call for call in calls if call.failed)
    after = [call.name for call in calls if call.begun > refused.ended]
    assert "openat" in after[after.index("close") :]


# How long the fsync fails, and how the server ends.
ENDS = {
    "once, killed": ("20", Server.kill9),
    "for good, killed": ("20+", Server.kill9),
    "for good, stopped": ("20+", Server.terminate),
}


def refused_before_the_end(here: Stage, end: Callable[[Server], object]) -> Poster:
    """Ada's posts, of which the last was refused before the server's end. It serves again, on a disk that is well."""
    poster = here.poster()
    while not poster.refused:
        poster.by_http()
    assert here.ready() == "store_failed"
    end(here.server)
    here.restart_with([])
    return poster


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("when", "end"), ENDS.values(), ids=ENDS)
def test_D4_what_was_refused_does_not_come_back(
    tmp_path: Path, stage: Callable[..., Stage], when: str, end: Callable[[Server], object]
) -> None:
    """A failed fsync leaves the post in the file, complete. The next start must not take it for committed."""
    wal = tmp_path / "data" / "twidder.db-wal"
    here = stage(prefix=syscalls.refusing(tmp_path / "trace", wal, f"fdatasync:error=EIO:when={when}"))
    poster = refused_before_the_end(here, end)
    compare(poster, history(here.ada))
    assert here.ready() is True
    assert poster.by_http() is None
    compare(poster, history(here.ada))


@pytest.mark.needs("strace")
def test_D4_L9_a_checkpoint_that_fails_stops_nobody(tmp_path: Path, stage: Callable[..., Stage]) -> None:
    """The log holds all that was committed, so posts are stored while the database's own file cannot be synced. A
    deleted text leaves the files once it can."""
    here = stage(undo_seconds=1)
    database = here.server.data / "twidder.db"
    here.restart_with(syscalls.refusing(tmp_path / "trace", database, "fdatasync:error=EIO:when=1..2"))
    poster = here.poster()
    doomed = here.ada.post_on(here.ada.id, "what nobody should read again")
    here.ada.delete(f"/posts/{doomed['id']}", expect=200)
    failures = "of the index's checkpoint, and of the text's own"
    wait_for(lambda: here.server.stderr.count("could not be emptied") == 2, _TIDIED, failures)

    def readable() -> bool:
        files = [database, database.with_name("twidder.db-wal")]
        return any(b"what nobody should read again" in file.read_bytes() for file in files)

    assert readable()
    poster.until_accepted()
    assert here.ready() is True
    wait_for(lambda: not readable(), _TIDIED, "the text to be gone")
