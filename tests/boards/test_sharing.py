"""The public link: who looks on by it, what they may, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.boards.making import arrange, change, follow, make_board, open_link, told
from tests.conftest import GENEROUS
from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.people import People
from tests.harness.raw import http
from tests.harness.server import Server
from tests.rooms.talk import code, make_room

Client = Callable[..., Api]
VIEW = "/live/view"


@pytest.fixture
def ada(client: Client, people: People) -> Api:
    return client(people.ada)


def auth(secret: str) -> Frame:
    return {"type": "auth", "token": secret}


def test_whoever_has_the_link_looks_on(server: Server, client: Client, ada: Api) -> None:
    """Without an account: the page of the board, and its news as they come; the board says that it is public."""
    board = make_board(ada, audience="me")["id"]
    link = ada.post(f"/boards/{board}/link", expect=201).json()
    assert link["url"].startswith(f"{server.url}/board#")
    assert link["expires_at"] > time.time() * 1000 + 86_400_000
    assert len(link["qr"]) == len(link["qr"][0]) > 20
    assert ada.get(f"/boards/{board}").json()["board"]["public"]
    secret = link["url"].split("#")[1]
    stranger = client().use_token(secret)
    page = stranger.get(f"/boards/{board}", expect=200).json()
    assert page["mine"] == {"may_arrange": False}
    assert page["state"]["$board"] == page["board"] == ada.get(f"/boards/{board}").json()["board"]
    with Live(server, first_frame=auth(secret), path=VIEW) as tab:
        assert (tab.hello["viewer"]["board"], "user" in tab.hello) == (board, False)
        assert follow(tab, board)["seq"] == page["seq"]
        arrange(ada, board, {"id": "a", "kind": "number"})
        assert told(tab, board)["version"] == 2


def test_A4_an_onlooker_may_look_and_nothing_else(server: Server, client: Client, ada: Api) -> None:
    """One board; not its room, not its maker, not another board, and nothing is written."""
    room = make_room(ada, "walkin")["id"]
    board, other = make_board(ada, room=room)["id"], make_board(ada)["id"]
    secret = open_link(ada, board)
    stranger = client().use_token(secret)
    assert stranger.get(f"/boards/{other}").status_code == 404
    assert [card["board"]["id"] for card in stranger.get("/boards", expect=200).json()["items"]] == [board]
    assert stranger.get("/boards", room=room).status_code == 404
    for path in ("/session", "/me/privacy", "/rooms", f"/rooms/{room}", f"/users/{ada.id}", f"/walls/{ada.id}/posts"):
        assert code(stranger.get(path)) == (403, "not_for_viewers"), path
    assert code(stranger.put(f"/boards/{board}/polls/a/vote", {"option": 0})) == (403, "not_for_viewers")
    assert code(stranger.patch(f"/boards/{board}", {"name": "Mine"})) == (403, "not_for_viewers")
    with Live(server, first_frame=auth(secret), path=VIEW) as tab:
        elsewhere = [f"board:{other}", "board:1", f"room:{room}", "room:1", ada.wall, "me", "dm:1", "stats"]
        answers = tab.join(dict.fromkeys(elsewhere))
        assert {answer.get("error") for answer in answers.values()} <= {"not_found", "bad_topic"}
        follow(tab, board)
        for topic in (f"board:{board}", f"room:{room}", ada.wall):
            assert tab.ask({"type": "send", "topic": topic, "text": "hello"})["code"] == "not_found"
            for fleeting in ({"type": "typing", "topic": topic}, {"type": "read", "topic": topic, "seq": 1}):
                tab.send(fleeting)
                assert tab.recv("error")["code"] == "not_found"


def test_onlookers_are_not_among_the_people_here(fresh_server: Callable[..., Server], people: People) -> None:
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        board = make_board(ada)["id"]
        secret = open_link(ada, board)
        with Live(server, first_frame=auth(secret), path=VIEW) as one, Live(server, ada):
            follow(one, board)
            assert ada.get("/community", expect=200).json().get("online", 1) == 1


def test_S12_a_withdrawn_link_puts_its_onlookers_out_at_once(server: Server, client: Client, ada: Api) -> None:
    """Before the answer: each of its sockets is told why, and nothing after that; its secret opens nothing. Members go
    on."""
    board = make_board(ada)["id"]
    secret = open_link(ada, board)
    with Live(server, first_frame=auth(secret), path=VIEW) as one, Live(server, token=secret) as two:
        member = Live(server, ada)
        for tab in (one, two, member):
            follow(tab, board)
        ada.delete(f"/boards/{board}/link", expect=204)
        change(ada, board, name="Members only")
        for tab in (one, two):
            assert tab.closed_with(2.0) == (4503, "link_ended")
            assert [frame["type"] for frame in tab.drain()] == ["bye"]
        assert "public" not in told(member, board)
        member.close()
    assert code(client().use_token(secret).get(f"/boards/{board}")) == (401, "link_ended")
    with Live(server, first_frame=auth(secret), path=VIEW, hello=False) as late:
        assert late.closed_with() == (4503, "link_ended")


def test_S12_a_new_link_ends_the_older_one(server: Server, client: Client, ada: Api) -> None:
    """Who came by the older one is put out, who comes by the new one is in."""
    board = make_board(ada)["id"]
    old = open_link(ada, board)
    with Live(server, first_frame=auth(old), path=VIEW) as tab:
        follow(tab, board)
        new = open_link(ada, board)
        assert tab.closed_with(2.0) == (4503, "link_ended")
    assert client().use_token(old).get(f"/boards/{board}").status_code == 401
    with Live(server, first_frame=auth(new), path=VIEW) as tab:
        follow(tab, board)


def test_S12_a_deleted_board_puts_its_onlookers_out_at_once(server: Server, client: Client, ada: Api) -> None:
    board = make_board(ada)["id"]
    secret = open_link(ada, board)
    with Live(server, first_frame=auth(secret), path=VIEW) as tab:
        follow(tab, board)
        ada.delete(f"/boards/{board}", expect=200)
        assert tab.closed_with(2.0) == (4503, "link_ended")
    assert code(client().use_token(secret).get(f"/boards/{board}")) == (401, "link_ended")


def test_S12_who_may_see_it_changes_nothing_for_onlookers(server: Server, ada: Api) -> None:
    """The link is a right of its own: the audience, the room may change beside it."""
    room = make_room(ada, "members")["id"]
    board = make_board(ada)["id"]
    with Live(server, first_frame=auth(open_link(ada, board)), path=VIEW) as tab:
        follow(tab, board)
        for fields in ({"audience": "room", "room": room}, {"audience": "me"}, {"audience": "members"}):
            change(ada, board, **fields)
            assert told(tab, board)["audience"] == fields["audience"]


def test_a_link_comes_to_its_end_by_itself(fresh_server: Callable[..., Server], people: People) -> None:
    """Its sockets, too."""
    server = fresh_server(limits={**GENEROUS, "board_link_seconds": 2, "recheck_seconds": 0.5})
    with Api(server) as ada, Api(server) as stranger:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        board = make_board(ada)["id"]
        secret = open_link(ada, board)
        with Live(server, first_frame=auth(secret), path=VIEW) as tab:
            follow(tab, board)
            assert tab.closed_with(20.0) == (4503, "link_ended")
        assert code(stranger.use_token(secret).get(f"/boards/{board}")) == (401, "link_ended")
        assert "public" not in ada.get(f"/boards/{board}").json()["board"]


def test_a_link_looks_at_no_cookie(server: Server, ada: Api) -> None:
    """A member who opens it in their own browser sees what it shows; without its secret the socket is nobody's, and a
    page of another origin has none."""
    board = make_board(ada)["id"]
    secret = open_link(ada, board)
    with Live(server, ada, first_frame=auth(secret), path=VIEW) as tab:
        assert tab.hello["viewer"]["board"] == board
    with Live(server, ada, path=VIEW, hello=False) as silent:
        assert silent.closed_with(15.0) == (4504, "not_authenticated")
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert http(server, "GET", VIEW, {**upgrade, "Origin": "https://elsewhere.example"}).status == 403


def test_the_secret_is_kept_as_a_hash(server: Server, ada: Api) -> None:
    """Neither the files nor the log hold it."""
    secret = open_link(ada, make_board(ada)["id"])
    kept = b"".join(path.read_bytes() for path in server.data.glob("twidder.db*"))
    assert secret.encode() not in kept
    assert secret not in server.stdout + server.stderr
