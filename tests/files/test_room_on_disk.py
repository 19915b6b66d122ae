"""Nobody fills the disk (R12), and nobody's file is lost or forgotten (D11)."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import GENEROUS
from tests.files.samples import OTHER, noise, upload, uploaded
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.people import People
from tests.harness.server import Server
from twidder.config import Limits
from twidder.datadir import refusals
from twidder.errors import NoSpace
from twidder.files.storage import Storage

SIZE = 20_000


def test_row94_R12_the_quota_holds_when_all_come_at_once(fresh_server: Callable[..., Server], people: People) -> None:
    """Fifty uploads, and room for ten: those that still fit are let in, the others told why; what they had brought is
    off the disk. Another person has room of their own."""
    limits = {"files_bytes_user": 10 * SIZE, "uploads_at_once_user": 50}
    server = fresh_server(limits=GENEROUS | limits)
    with Api(server, timeout=60) as ada, Api(server) as bert:
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person)
        with ThreadPoolExecutor(25) as pool:
            answers = list(pool.map(lambda _: upload(ada, bytes(SIZE), "zeros", OTHER), range(50)))
        codes = sorted(answer.json().get("code", "stored") for answer in answers)
        assert codes == ["no_quota"] * 40 + ["stored"] * 10
        assert {answer.status_code for answer in answers} == {201, 507}
        assert len(list(server.data.glob("files/*/*/*"))) == 10
        uploaded(bert, bytes(SIZE), "zeros", OTHER)
        assert upload(ada, b"one more", "a.txt", OTHER).json()["code"] == "no_quota"


def test_row96_R12_a_disk_that_is_nearly_full_is_for_messages(tmp_path: Path) -> None:
    """A file is refused as soon as the disk is as full as it may be; one that fills it in the middle leaves nothing."""
    Storage(tmp_path, Limits(disk_percent=99.999)).check_space()
    full = Storage(tmp_path, Limits(disk_percent=0.000001))
    with pytest.raises(NoSpace):
        full.check_space()
    with pytest.raises(NoSpace), full.scratch() as folder, refusals():
        fill(folder)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def fill(folder: Path) -> None:
    (folder / "sent").symlink_to("/dev/full")
    (folder / "sent").write_bytes(bytes(SIZE))


@pytest.mark.faults
def test_D11_what_was_uploaded_is_there_after_a_kill(
    fresh_server: Callable[..., Server], people: People, rng: random.Random
) -> None:
    """Killed at any byte: every file that was acknowledged is whole, every row has its file, and after the next start
    no file is without its row, nor is anything on its way."""
    server = fresh_server(limits=GENEROUS | {"files_bytes_user": 1 << 36})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        stored: dict[str, str] = {}
        for _ in range(count(20)):
            stored |= _until_killed(server, ada, rng)
            server.start()
            assert [path.name for path in server.data.glob("files/tmp/*")] == []
        for file_id, digest in stored.items():
            content = ada.get(f"/files/{file_id}", expect=200).content
            assert hashlib.sha256(content).hexdigest() == digest
        names = {path.name for path in server.data.glob("files/??/??/*")}
        assert stored.keys() <= names
        for name in names - stored.keys():  # the answer did not arrive, and yet it is stored: whole, with its row
            ada.get(f"/files/{name.removesuffix('.thumb')}", expect=200)


def _until_killed(server: Server, ada: Api, rng: random.Random) -> dict[str, str]:
    """Uploads until the server is gone: the digests of those that were acknowledged, as they are given back."""
    stored: dict[str, str] = {}
    timer = threading.Timer(rng.uniform(0.05, 0.8), server.kill9)
    timer.start()
    try:
        while True:
            if rng.random() < 0.2:
                file: dict[str, Any] = uploaded(ada, noise(500, 500))
                stored[file["id"]] = hashlib.sha256(ada.get(f"/files/{file['id']}", expect=200).content).hexdigest()
            else:
                content = rng.randbytes(rng.choice([1 << 10, 1 << 16, 1 << 20, 10 << 20]))
                file = uploaded(ada, content, "random", OTHER)
                stored[file["id"]] = hashlib.sha256(content).hexdigest()
    except httpx.HTTPError:
        timer.join()
        return stored
