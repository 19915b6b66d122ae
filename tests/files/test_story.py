"""A file's way: uploaded, sent, seen by those who may, deleted with what it hung on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.files.samples import OTHER, noise, opened, picture, upload, uploaded
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.raw import http
from tests.harness.server import Server


def test_a_picture_in_a_room(server: Server, client: Callable[..., Api], people: People) -> None:
    """Until it is sent it is its owner's alone; then all in the room have it, live and on the page. Deleted and
    restored it goes and comes with its message."""
    ada, bert = client(people.ada), client(people.bert)
    file = uploaded(ada, picture(900, 300), "cat.png", to="/rooms/1")
    assert {key: file[key] for key in ("name", "type", "width", "height")} == {
        "name": "cat.png",
        "type": "image/png",
        "width": 900,
        "height": 300,
    }
    at = f"/files/{file['id']}"
    bert.get(at, expect=404)
    with Live(server, bert) as tab:
        position = tab.join({"room:1": None})["room:1"]["seq"]
        message = ada.post("/rooms/1/messages", {"text": "", "files": [file["id"]]}, expect=201).json()
        assert message["files"] == [file]
        told: dict[str, Any] = tab.events("room:1", position + 1)[-1]
        assert told["data"]["files"] == [file]
    whole, small = bert.get(at, expect=200), bert.get(f"{at}/thumbnail", expect=200)
    assert len(whole.content) == file["size"]
    assert opened(whole.content).size == (900, 300)
    assert opened(small.content).size == (480, 160)
    assert bert.request("GET", at, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    ada.delete(f"/messages/{message['id']}", expect=200)
    bert.get(at, expect=404)
    bert.get(f"{at}/thumbnail", expect=404)
    ada.post(f"/messages/{message['id']}/restoration", expect=200)
    bert.get(at, expect=200)


def test_files_of_a_post(client: Callable[..., Api], people: People) -> None:
    """In the order in which they were named; a retry of the post has them, too, and they cannot be sent twice."""
    ada, bert = client(people.ada), client(people.bert)
    ids = [uploaded(ada, b"text %d" % n, f"{n}.txt", "text/plain", to=f"/walls/{bert.id}")["id"] for n in range(3)]
    body = {"text": "three", "cid": "three-files", "files": ids[::-1]}
    post = ada.post(f"/walls/{bert.id}/posts", body, expect=201).json()
    assert [file["name"] for file in post["files"]] == ["2.txt", "1.txt", "0.txt"]
    assert ada.post(f"/walls/{bert.id}/posts", body, expect=200).json() == post
    assert bert.get(f"/walls/{bert.id}/posts", expect=200).json()["items"][0] == post
    again = ada.post(f"/walls/{bert.id}/posts", {"text": "again", "files": ids[:1]}, expect=422).json()
    assert again["field"] == "files"
    for files in (["0" * 32], ids[:1] * 2, [str(n) for n in range(11)]):
        ada.post(f"/walls/{bert.id}/posts", {"text": "other", "files": files}, expect=422)
    stolen = uploaded(ada, b"mine", "mine.txt", "text/plain")["id"]
    bert.post(f"/walls/{ada.id}/posts", {"text": "not mine", "files": [stolen]}, expect=422)
    ada.post(f"/walls/{bert.id}/posts", {"text": "elsewhere", "files": [stolen]}, expect=422)


def test_a_file_that_is_no_picture_is_only_for_saving(client: Callable[..., Api], people: People) -> None:
    """With the headers that keep a browser from running it."""
    ada = client(people.ada)
    file = uploaded(ada, b"<html><script>alert(1)</script>", 'my "page".html', "text/html")
    answer = ada.get(f"/files/{file['id']}", expect=200)
    assert answer.headers["content-type"] == OTHER == file["type"]
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"my _page_.html\"; filename*=UTF-8''my%20%22page%22.html"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "private, no-cache"
    ada.get(f"/files/{file['id']}/thumbnail", expect=404)


def test_row95_A2_a_file_is_for_those_who_may_read_it(
    server: Server, client: Callable[..., Api], people: People
) -> None:
    """Another room's file, a guessed id, an id with a path, and one's own former room are all nowhere; a Range is
    answered with the whole."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    new = {"name": people.ada.email[:40], "kind": "members", "description": ""}
    room = ada.post("/rooms", new, expect=201).json()["id"]
    for inviting_then_invited in (ada, bert):
        inviting_then_invited.put(f"/rooms/{room}/members/{bert.id}")
    assert upload(eve, b"x", "x.txt", "text/plain", to=f"/rooms/{room}").status_code == 404
    file = uploaded(ada, noise(400, 400), to=f"/rooms/{room}")
    ada.post(f"/rooms/{room}/messages", {"text": "look", "files": [file["id"]]}, expect=201)
    at = f"/files/{file['id']}"
    ranged = bert.request("GET", at, headers={"Range": "bytes=0-0,1-1,5-,-9"}, expect=200)
    assert len(ranged.content) == file["size"]
    for path in (at, f"{at}/thumbnail", "/files/" + "0" * 32, "/files/1", f"/files/..%2f{file['id']}"):
        eve.get(path, expect=404)
    assert http(server, "GET", f"/api/v1{at}").status == 401
    ada.delete(f"/rooms/{room}/members/{bert.id}", expect=204)
    bert.get(at, expect=404)
    assert bert.request("GET", at, headers={"If-None-Match": ranged.headers["etag"]}).status_code == 404
