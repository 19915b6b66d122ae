"""Who syncs too little, or cleans up too little after a disk that failed, is found out."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import syscalls
from tests.faults.crowd import LIMITS
from tests.faults.poster import compare, history
from tests.faults.test_disk_refuses import ENDS, Stage, refused_before_the_end
from tests.faults.test_fsync import find_early
from tests.faults.test_power_loss import POSTS, record, try_cuts
from tests.harness.server import Server
from tests.mutants import Mutant

pytestmark = [pytest.mark.faults, pytest.mark.needs("strace")]


def test_D2_commits_that_are_not_synced_are_found(tmp_path: Path, rng: random.Random) -> None:
    """With synchronous=NORMAL the same cuts take posts that were told. The database stays whole."""
    trace, cuts = tmp_path / "trace", tmp_path / "cuts"
    cuts.mkdir()
    server = Mutant("syncs_at_checkpoints", tmp_path / "data", limits=LIMITS, prefix=syscalls.prefix(trace))
    found = try_cuts(record(server, trace, POSTS), cuts, rng, 30)
    assert found
    assert all(": lost: " in fault for fault in found), found


def test_D3_commits_that_are_not_synced_are_found(tmp_path: Path) -> None:
    """With synchronous=NORMAL no sync stands between a post's pages and its ack."""
    trace = tmp_path / "trace"
    server = Mutant("syncs_at_checkpoints", tmp_path / "data", limits=LIMITS, prefix=syscalls.prefix(trace))
    with server.start(timeout=60.0):
        assert "without a sync" in "".join(find_early(server, trace, posts=4))


@pytest.mark.parametrize(("when", "end"), ENDS.values(), ids=ENDS)
def test_D4_what_is_left_in_the_log_is_found(tmp_path: Path, when: str, end: Callable[[Server], object]) -> None:
    """Without a commit in the place of the refused one, the next start finds the refused one."""
    wal = tmp_path / "data" / "twidder.db-wal"
    prefix = syscalls.refusing(tmp_path / "trace", wal, f"fdatasync:error=EIO:when={when}")
    with ExitStack() as stack:
        here = Stage(Mutant("leaves_what_it_refused", tmp_path / "data", limits=LIMITS, prefix=prefix), stack)
        poster = refused_before_the_end(here, end)
        with pytest.raises(AssertionError, match="refused, and there"):
            compare(poster, history(here.ada))
        assert poster.refused.keys() & {post["cid"] for post in history(here.ada)}
