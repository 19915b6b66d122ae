"""L9: what was deleted is not told to anybody again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT
from tests.harness.server import Server
from tests.harness.waiting import wait_for

CANARY = "canary-7hQ2-said-in-anger"


def test_L9_after_a_deletion_nobody_is_told_the_text(fresh_server: Callable[..., Server]) -> None:
    """It was deleted, restored, and deleted again. Neither the page tells it, nor a replay from any position, nor the
    event of the deletion, nor a retry of the post; nor, once nobody can restore it any more, the file."""
    server = fresh_server(limits={"undo_seconds": 2})
    with Api(server) as ada, Api(server) as bert:
        for api, person in ((ada, ADA), (bert, BERT)):
            api.sign_up(person)
            api.sign_in(person)
        cid = "deleted-soon"
        post = ada.post_on(bert.id, CANARY, cid=cid)
        with Live(server, bert) as tab:
            tab.join({bert.wall: 0})
            ada.delete(f"/posts/{post['id']}", expect=200)
            ada.post(f"/posts/{post['id']}/restoration", expect=200)
            tab.events(bert.wall, 3)
            ada.delete(f"/posts/{post['id']}", expect=200)
            tab.join({})
            told = [str(frame) for frame in tab.drain()]
            assert any("post.deleted" in frame for frame in told)
        head = bert.get(f"/walls/{bert.id}/posts", expect=200).json()["seq"]
        with Live(server, bert) as late:
            for position in range(head + 1):
                told.append(str(late.join({bert.wall: position})))
        retry = ada.post(f"/walls/{bert.id}/posts", {"text": CANARY, "cid": cid}, expect=200)
        told += [retry.text, bert.get(f"/walls/{bert.id}/posts").text, bert.get("/users", q=CANARY).text]
        told.append(bert.post(f"/posts/{post['id']}/restoration", expect=404).text)
        assert [frame for frame in told if CANARY in frame] == []
        wait_for(lambda: forgotten(server, post["id"]), 30.0, "the undo to be over")
    server.terminate()
    kept = [path.name for path in server.data.iterdir() if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert kept == []


def forgotten(server: Server, post: int) -> bool:
    """Whether the text has been overwritten; by reading only, beside the running server."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data / 'twidder.db'}?mode=ro", uri=True)) as database:
        return bool(database.execute("SELECT text FROM posts WHERE id = ?", (post,)).fetchone() == ("",))
