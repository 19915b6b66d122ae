"""What a server does with files when nobody is in a hurry: readers that do not read, and what outlives its use."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.conftest import GENEROUS
from tests.files.samples import OTHER, picture, upload, uploaded
from tests.harness.api import Api
from tests.harness.people import ADA, BERT
from tests.harness.raw import Ended, Raw, request_bytes
from tests.harness.server import Server
from tests.harness.waiting import wait_for

# A download of 10 MiB has a second.
IMPATIENT = GENEROUS | {
    "undo_seconds": 1,
    "loose_file_seconds": 2,
    "answer_seconds": 0.5,
    "answer_bytes_per_second": 20 << 20,
    "uploads_per_day": 5,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("patience") / "data", limits=IMPATIENT) as server:
        yield server


@pytest.fixture(scope="module")
def ada(server: Server) -> Iterator[Api]:
    with Api(server) as api:
        api.sign_up(ADA)
        api.http.headers["Connection"] = "close"  # each test leaves none behind
        yield api.sign_in(ADA)


def sent(api: Api, content: bytes, name: str, claimed: str) -> tuple[str, int]:
    """The ids of a file and of the post that has it."""
    file = uploaded(api, content, name, claimed)
    post = api.post(f"/walls/{api.id}/posts", {"text": name, "files": [file["id"]]}, expect=201).json()
    return file["id"], post["id"]


def test_L9_what_nobody_can_have_any_more_leaves_the_disk(server: Server, ada: Api) -> None:
    """A file whose post was deleted, once that cannot be undone; and one that was never sent."""
    loose = uploaded(ada, picture(900, 900))["id"]
    doomed, post = sent(ada, picture(900, 900), "doomed.png", "image/png")
    ada.delete(f"/posts/{post}", expect=200)
    kept, _ = sent(ada, picture(900, 900), "kept.png", "image/png")
    left = {kept, f"{kept}.thumb"}
    wait_for(lambda: {path.name for path in server.data.glob("files/??/??/*")} == left, 50.0, "the files to go")
    ada.get(f"/files/{kept}", expect=200)
    for gone in (doomed, loose):
        ada.get(f"/files/{gone}", expect=404)


def test_R6_a_download_that_is_not_taken_is_cut_off(server: Server, ada: Api) -> None:
    """After the time that an answer of that size has; a reader beside it gets the file at once."""
    file, _ = sent(ada, bytes(10 << 20), "zeros", OTHER)
    before = server.descriptors()
    with Stuck(server) as stuck:
        target = f"/api/v1/files/{file}"
        stuck.send(request_bytes("GET", target, {"Cookie": ada.cookie}, host=f"localhost:{server.port}"))
        wait_for(lambda: server.descriptors() > before, 5.0, "the download")
        assert len(ada.get(f"/files/{file}", expect=200).content) == 10 << 20
        wait_for(lambda: server.descriptors() <= before, 20.0, "the stuck reader to be cut off")
        assert stuck.was_cut_off()
    assert len(ada.get(f"/files/{file}", expect=200).content) == 10 << 20


def test_T17_a_day_has_so_many_uploads(server: Server) -> None:
    """And then one waits; what was refused for another reason does not count."""
    with Api(server) as bert:
        bert.sign_up(BERT)
        bert.sign_in(BERT)
        assert upload(bert, b"", to="/rooms/999").status_code == 404
        for _ in range(5):
            uploaded(bert, b"small", "a.txt", OTHER)
        refused = upload(bert, b"too many", "a.txt", OTHER)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
        assert int(refused.headers["retry-after"]) > 60


class Stuck(Raw):
    """Reads nothing, into a small buffer."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.settimeout(5.0)
        self.socket.connect(("127.0.0.1", server.port))
        self.timeout, self.buffer = 5.0, b""

    def was_cut_off(self) -> bool:
        """After what the kernel had taken for it."""
        try:
            while True:
                self.fill(time.monotonic() + 5.0)
        except Ended:
            return len(self.buffer) < 10 << 20
