"""Boards through the API: making, changing, arranging, deleting; in rooms."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.boards.making import POLL, arrange, change, follow, make_board, sees, told
from tests.guests.conftest import open_hall
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from tests.rooms.talk import code, event, invite, join, make_room
from tests.rooms.talk import follow as follow_room
from tests.sessions.test_ends import close

Client = Callable[..., Api]
Sockets = Callable[..., Live]


def test_a_board_is_made_and_found_by_its_id_and_its_address(client: Client, people: People) -> None:
    """Its maker may arrange it, others see it; the page of it says from where to follow it."""
    ada, bert = client(people.ada), client(people.bert)
    name = f"Café Température {ada.id}"
    made = ada.post("/boards", {"name": name, "description": "By the door"}, expect=201).json()
    board = made["board"]
    assert made["mine"] == {"may_arrange": True}
    assert (board["slug"], board["audience"], board["version"]) == (f"cafe-temperature-{ada.id}", "members", 1)
    assert board["owner"] == {"id": ada.id, "firstname": "Ada", "familyname": "Lind"}
    for ref in (board["id"], board["slug"]):
        page = bert.get(f"/boards/{ref}", expect=200).json()
        assert page["board"] == page["state"]["$board"] == board
        assert page["mine"] == {"may_arrange": False}
        assert (page["seq"], abs(page["now"] - time.time() * 1000) < 60_000) == (0, True)
    cards = {card["board"]["id"]: card for card in bert.get("/boards", expect=200).json()["items"]}
    assert cards[board["id"]] == {"board": board, "mine": {"may_arrange": False}}
    assert cards[1]["board"]["built_in"]


def test_boards_of_one_name_have_addresses_of_their_own(client: Client, people: People) -> None:
    """They are counted; an address that was asked for and is taken is refused; one of digits alone is an id."""
    ada = client(people.ada)
    name = f"Queue {ada.id}"
    slugs = [ada.post("/boards", {"name": name}, expect=201).json()["board"]["slug"] for _ in range(3)]
    assert slugs == [f"queue-{ada.id}{tail}" for tail in ("", "-2", "-3")]
    taken = ada.post("/boards", {"name": "Another", "slug": slugs[0]})
    assert (*code(taken), taken.json()["field"]) == (409, "taken", "slug")
    assert ada.post("/boards", {"name": "2026"}, expect=201).json()["board"]["slug"].startswith("board-2026")
    assert ada.post("/boards", {"name": "😀"}, expect=201).json()["board"]["slug"].startswith("board")


def test_A2_an_address_tells_nothing_of_a_hidden_board(client: Client, people: People) -> None:
    """That of a board which not every member sees ends with what nobody guesses; asked for all the same, it is not
    said to be taken."""
    ada, eve = client(people.ada), client(people.eve)
    name = f"Exam {ada.id}"
    hidden = [make_board(ada, name=name, audience="me"), make_board(ada, name=name, slug=f"exam-{ada.id}x")]
    change(ada, hidden[1]["id"], audience="me")
    assert hidden[0]["slug"] != f"exam-{ada.id}"
    assert make_board(eve, name=name)["slug"] == f"exam-{ada.id}"
    for board in hidden:
        answer = eve.post("/boards", {"name": name, "slug": board["slug"]}, expect=201).json()["board"]
        assert answer["slug"].startswith(f"{board['slug']}-")


def test_who_sees_a_board(client: Client, people: People) -> None:
    """All members; who may read its room, its guests too; its maker alone. Staff see what members do."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    room = make_room(ada, "members")["id"]
    invite(ada, room, bert)
    boards = {
        "members": make_board(ada)["id"],
        "room": make_board(ada, audience="room", room=room)["id"],
        "me": make_board(ada, audience="me")["id"],
    }
    assert [audience for audience, board in boards.items() if sees(bert, board)] == ["members", "room"]
    assert [audience for audience, board in boards.items() if sees(eve, board)] == ["members"]
    for api, count in ((ada, 3), (bert, 2), (eve, 1)):
        listed = {card["board"]["id"] for card in api.get("/boards", expect=200).json()["items"]}
        assert len(listed & set(boards.values())) == count
    assert [card["board"]["id"] for card in bert.get("/boards", room=room).json()["items"]] == [boards["room"]]
    assert eve.get("/boards", room=room).status_code == 404


def test_guests_see_the_boards_of_their_room(client: Client, live: Sockets, people: People) -> None:
    """Shown there for members or for the room; and no others. They follow them, and vote."""
    ada = client(people.ada)
    hall = open_hall(ada, client)
    shown = [make_board(ada, room=hall.room)["id"], make_board(ada, audience="room", room=hall.room)["id"]]
    elsewhere = make_board(ada)["id"]
    zoe = hall.come_in("Zoë")
    assert [card["board"]["id"] for card in zoe.get("/boards", expect=200).json()["items"]] == shown[::-1]
    assert [sees(zoe, board) for board in (*shown, elsewhere)] == [True, True, False]
    tab = live(zoe)
    assert follow(tab, shown[1])["state"]["$board"]["room"] == hall.room
    assert tab.join({f"board:{elsewhere}": None}) == {f"board:{elsewhere}": {"error": "not_found"}}
    arrange(ada, shown[1], POLL)
    assert zoe.put(f"/boards/{shown[1]}/polls/poll/vote", {"option": 1}, expect=200).json()["votes"] == [0, 1]


def test_changes_are_told_to_all_who_follow(client: Client, live: Sockets, people: People) -> None:
    ada, bert = client(people.ada), client(people.bert)
    board = make_board(ada)["id"]
    tab = live(bert)
    assert follow(tab, board) == {"seq": 0, "state": {"$board": bert.get(f"/boards/{board}").json()["board"]}}
    slug = f"pace-{board}"
    changed = change(ada, board, name="Pace", description="A minute a lap", slug=slug)
    assert told(tab, board) == changed == bert.get(f"/boards/{slug}").json()["board"]
    arranged = arrange(ada, board, {"id": "a", "kind": "chart", "series": ["lap.*"], "width": 2, "area": True})
    assert told(tab, board) == arranged
    assert arranged["version"] == 2
    assert arranged["tiles"] == [{"id": "a", "kind": "chart", "series": ["lap.*"], "width": 2, "area": True}]


def test_who_was_away_learns_the_newest(client: Client, live: Sockets, people: People) -> None:
    """From a position; at the head there is nothing; a position of another log is no position."""
    ada = client(people.ada)
    board = make_board(ada)["id"]
    topic = f"board:{board}"
    change(ada, board, name="One")
    tab = live(ada)
    seq = follow(tab, board)["seq"]
    tab.send({"type": "leave", "topics": [topic]})
    newest = change(ada, board, name="Two")
    answer = tab.join({topic: seq})[topic]
    assert (answer["seq"] > seq, answer["state"]["$board"]) == (True, newest)
    assert tab.join({topic: answer["seq"]})[topic] == {"seq": answer["seq"], "state": {}}
    for position, epoch in ((answer["seq"] + 5, None), (seq, "another")):
        assert tab.join({topic: position}, epoch=epoch)[topic] == {"reset": True, "seq": answer["seq"]}


def test_an_arrangement_of_before_is_refused(client: Client, people: People) -> None:
    """Two arrange at once: the second is told, and nothing is lost."""
    ada = client(people.ada)
    board = make_board(ada)["id"]
    arrange(ada, board, {"id": "a", "kind": "number"})
    answer = ada.put(f"/boards/{board}/tiles", {"tiles": [], "version": 1})
    assert code(answer) == (409, "conflict")
    assert [tile["id"] for tile in ada.get(f"/boards/{board}").json()["board"]["tiles"]] == ["a"]


TILE = {"id": "a", "kind": "number"}
BAD_TILES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "too many": ([{**TILE, "id": f"t{number}"} for number in range(41)], "tiles"),
    "of one id": ([TILE, TILE], "tiles[1].id"),
    "an id of signs": ([{**TILE, "id": "A b"}], "tiles[0].id"),
    "no kind": ([{**TILE, "kind": "clock"}], "tiles[0].kind"),
    "too wide": ([{**TILE, "width": 5}], "tiles[0].width"),
    "too high": ([TILE, {**TILE, "id": "b", "height": 0}], "tiles[1].height"),
    "a window of a second": ([{**TILE, "window": 1}], "tiles[0].window"),
    "a window of an age": ([{**TILE, "window": 10**9}], "tiles[0].window"),
    "ends the wrong way round": ([{**TILE, "low": 5, "high": 5}], "tiles[0].high"),
    "decimals": ([{**TILE, "decimals": 7}], "tiles[0].decimals"),
    "a series of a space": ([{**TILE, "series": ["a b"]}], "tiles[0].series"),
    "a star in the middle": ([{**TILE, "series": ["a*b"]}], "tiles[0].series"),
    "a series too long": ([{**TILE, "series": ["a" * 65]}], "tiles[0].series"),
    "too many series": ([{**TILE, "series": ["a"] * 21}], "tiles[0].series"),
    "a title of two lines": ([{**TILE, "title": "a\nb"}], "tiles[0].title"),
    "a text too long": ([{**TILE, "kind": "text", "text": "a" * 4001}], "tiles[0].text"),
    "a text with a bell": ([{**TILE, "kind": "text", "text": "\a"}], "tiles[0].text"),
    "a poll without a question": ([{**POLL, "text": " "}], "tiles[0].text"),
    "a poll without a choice": ([{**POLL, "options": ["Tea"]}], "tiles[0].options"),
    "a poll with one twice": ([{**POLL, "options": ["Tea", "Tea "]}], "tiles[0].options"),
    "a poll with nothing": ([{**POLL, "options": ["Tea", ""]}], "tiles[0].options"),
    "options of no poll": ([{**TILE, "options": ["Tea", "Coffee"]}], "tiles[0].options"),
    "what there is not": ([{**TILE, "colour": "red"}], "colour"),
    "no number": ([{**TILE, "low": "ten"}], "tiles"),
}


@pytest.fixture(scope="module")
def owner(server: Server) -> Any:
    """Ada, who makes all the boards that are refused something."""
    from tests.harness.people import ADA

    with Api(server) as api:
        api.sign_up(person := ADA.unique())
        yield api.sign_in(person)


@pytest.mark.parametrize("case", BAD_TILES)
def test_a_tile_that_cannot_be_is_refused_by_its_field(owner: Api, case: str) -> None:
    """Nothing is half done: the arrangement stays as it was."""
    tiles, field = BAD_TILES[case]
    board = make_board(owner)["id"]
    answer = owner.put(f"/boards/{board}/tiles", {"tiles": tiles, "version": 1})
    assert (*code(answer), answer.json()["field"]) == (422, "bad_field", field)
    now = owner.get(f"/boards/{board}").json()["board"]
    assert (now["tiles"], now["version"]) == ([], 1)


BAD_BOARDS: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({}, "name"),
    "an empty name": ({"name": " "}, "name"),
    "a long name": ({"name": "a" * 65}, "name"),
    "a long description": ({"name": "a", "description": "a" * 501}, "description"),
    "an audience that is not": ({"name": "a", "audience": "everybody"}, "audience"),
    "a room's without a room": ({"name": "a", "audience": "room"}, "room"),
    "mine alone in a room": ({"name": "a", "audience": "me", "room": 1}, "room"),
    "a room that is not": ({"name": "a", "room": 999_999}, "room"),
    "a room beyond numbers": ({"name": "a", "room": 2**63}, "room"),
    "an address of digits": ({"name": "a", "slug": "12"}, "slug"),
    "an address of capitals": ({"name": "a", "slug": "Weather"}, "slug"),
    "an address too long": ({"name": "a", "slug": "a" * 49}, "slug"),
    "its owner": ({"name": "a", "owner_id": 1}, "owner_id"),
}


@pytest.mark.parametrize("case", BAD_BOARDS)
def test_a_board_that_cannot_be_is_refused_by_its_field(owner: Api, case: str) -> None:
    """Made or changed so."""
    body, field = BAD_BOARDS[case]
    answer = owner.post("/boards", body)
    assert (*code(answer), answer.json()["field"]) == (422, "bad_field", field)
    if body.get("audience") != "room" and body:
        board = make_board(owner)
        answer = owner.patch(f"/boards/{board['id']}", body)
        assert (*code(answer), answer.json()["field"]) == (422, "bad_field", field)
        assert owner.get(f"/boards/{board['id']}").json()["board"] == board


def test_who_does_not_arrange_a_board_changes_nothing_of_it(client: Client, people: People) -> None:
    """Those who see it are told so; the built-in one is nobody's to arrange."""
    ada, bert = client(people.ada), client(people.bert)
    for board in (make_board(ada)["id"], 1, "statistics"):
        refused = [
            bert.patch(f"/boards/{board}", {"name": "Mine now"}),
            bert.put(f"/boards/{board}/tiles", {"tiles": [], "version": 1}),
            bert.delete(f"/boards/{board}"),
            bert.post(f"/boards/{board}/link"),
            bert.delete(f"/boards/{board}/link"),
        ]
        assert {code(answer) for answer in refused} == {(403, "forbidden")}
    assert code(ada.patch(f"/boards/{make_board(ada)['id']}", {"updates": True})) == (403, "forbidden")


def test_staff_arrange_what_they_see(fresh_server: Callable[..., Server], people: People) -> None:
    """Not what is its maker's alone; and the built-in one not either. One board at most has its news told by the
    updates gateway."""
    server = fresh_server()
    with Api(server) as eve, Api(server) as ada:
        for api, person in ((eve, people.eve), (ada, people.ada)):
            api.sign_up(person)
            api.sign_in(person)
        seen, alone = make_board(ada)["id"], make_board(ada, audience="me")["id"]
        assert eve.patch(f"/boards/{seen}", {"name": "Tidied"}, expect=200).json()["mine"] == {"may_arrange": True}
        assert eve.patch(f"/boards/{alone}", {"name": "Tidied"}).status_code == 404
        assert code(eve.delete("/boards/1")) == (403, "forbidden")
        assert change(eve, seen, updates=True)["updates"]
        other = make_board(eve)["id"]
        with Live(server, ada) as tab:
            follow(tab, seen)
            assert change(eve, other, updates=True)["updates"]
            assert "updates" not in told(tab, seen)
        assert "updates" not in change(eve, change(eve, other, audience="me")["id"])  # anybody at all would hear of it
        assert code(eve.patch(f"/boards/{other}", {"updates": True})) == (422, "bad_field")
        assert "updates" not in change(eve, other, audience="members")


def test_a_board_has_as_many_as_its_maker_may(fresh_server: Callable[..., Server], people: People) -> None:
    """Boards of one person, and boards an hour, are bounded; what is deleted does not count."""
    server = fresh_server(limits={"boards_of_user": 2, "boards_per_hour": 4})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        boards = [make_board(ada)["id"] for _ in range(2)]
        assert code(ada.post("/boards", {"name": "Third"})) == (409, "full")
        ada.delete(f"/boards/{boards[0]}", expect=200)
        make_board(ada)
        answer = ada.post("/boards", {"name": "Fifth"})
        assert code(answer) == (429, "rate_limited")


def test_a_deleted_board_is_gone_and_comes_back(client: Client, live: Sockets, people: People) -> None:
    """For everybody and at once; whoever deleted it, and nobody else, can take that back."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada, "open")["id"]
    board = make_board(ada, room=room)
    number, slug = board["id"], board["slug"]
    tab = live(bert)
    follow(tab, number)
    topic = follow_room(tab, room)
    gone = ada.delete(f"/boards/{slug}", expect=200).json()
    assert (gone["id"], gone["deleted"], gone["undo_until"] > time.time() * 1000) == (number, True, True)
    assert tab.recv("left", topic=f"board:{number}")["reason"] == "deleted"
    assert event(tab, topic, "board.hidden") == {"id": number}
    assert not sees(ada, number)
    assert bert.get(f"/boards/{slug}").status_code == 404
    assert tab.join({f"board:{number}": None}) == {f"board:{number}": {"error": "not_found"}}
    assert bert.post(f"/boards/{number}/restore").status_code == 404
    assert ada.post(f"/boards/{number}/restore", expect=200).json()["board"] == board
    assert event(tab, topic, "board.shown") == {"id": number, "slug": slug, "name": board["name"]}
    assert sees(bert, number)
    assert ada.post(f"/boards/{number}/restore").status_code == 404


def test_what_a_deleted_board_was_called_is_forgotten(fresh_server: Callable[..., Server], people: People) -> None:
    """After the undo its address is free, and no file has its text any more."""
    server = fresh_server(limits={"undo_seconds": 1})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        room = make_room(ada, "open")["id"]
        board = make_board(ada, name="Archaeopteryx", description="Xylophonologie", room=room)["id"]
        change(ada, board, name="Weather", slug="weather")
        arrange(ada, board, {"id": "a", "kind": "text", "text": "Quetzalcoatlus"})
        ada.delete(f"/boards/{board}", expect=200)
        assert make_board(ada, name="Weather")["slug"].startswith("weather-")

        def forgotten() -> bool:
            kept = b"".join(path.read_bytes() for path in server.data.glob("twidder.db*"))
            return not any(word in kept for word in (b"Xylophonologie", b"Quetzalcoatlus", b"Archaeopteryx"))

        wait_for(forgotten, 20.0)
        assert ada.post(f"/boards/{board}/restore").status_code in (404, 409)
        assert make_board(ada, name="Weather")["slug"] == "weather"


def test_with_an_account_go_the_boards_that_only_its_person_saw(
    server: Server, client: Client, live: Sockets, people: People
) -> None:
    """The others stay, with its name on them."""
    ada, bert = client(people.ada), client(people.bert)
    alone, shown = make_board(ada, audience="me")["id"], make_board(ada)["id"]
    secret = ada.post(f"/boards/{alone}/link", expect=201).json()["url"].split("#")[1]
    with Live(server, first_frame={"type": "auth", "token": secret}, path="/live/view") as viewer:
        close(server, people.ada)
        assert viewer.closed_with() == (4503, "link_ended")
    assert bert.get(f"/boards/{shown}", expect=200).json()["board"]["owner"]["id"] == ada.id


def test_S12_who_loses_the_right_hears_nothing_more(client: Client, live: Sockets, people: People) -> None:
    """Left, removed, banned; the room closed to others; the audience, the room changed: whoever may not see the board
    any more is told so before the answer is given, and nothing after it."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada, "members")["id"]
    board = make_board(ada, audience="room", room=room)["id"]
    member = f"/rooms/{room}/members/{bert.id}"
    losses: dict[str, Callable[[], Any]] = {
        "left": lambda: bert.delete(member, expect=204),
        "removed": lambda: ada.delete(member, expect=204),
        "audience": lambda: change(ada, board, audience="me"),
        "banned": lambda: ada.put(f"/rooms/{room}/bans/{bert.id}", expect=204),
    }
    for reason, lose in losses.items():
        change(ada, board, audience="room", room=room)
        invite(ada, room, bert)
        tab = live(bert)
        follow(tab, board)
        lose()
        change(ada, board, description=f"After {reason}")
        assert tab.recv("left", topic=f"board:{board}")["reason"] == reason
        assert tab.join({f"board:{board}": None}) == {f"board:{board}": {"error": "not_found"}}
        assert [frame for frame in tab.drain(0.3) if frame["type"] == "state"] == [], reason
        assert not sees(bert, board)
        tab.close()


def test_S12_a_room_that_closes_takes_its_boards_along(client: Client, live: Sockets, people: People) -> None:
    """Open to members alone: who only looked on sees the room's boards no more; who is in it and who looks on by a link
    go on; so does everybody with a board that is for all members."""
    ada, bert, eve = client(people.ada), client(people.bert), client(people.eve)
    room = make_room(ada, "open")["id"]
    join(bert, room)
    inside, everybodys = make_board(ada, audience="room", room=room)["id"], make_board(ada, room=room)["id"]
    secret = ada.post(f"/boards/{inside}/link", expect=201).json()["url"].split("#")[1]
    tabs = {"ada": live(ada), "bert": live(bert), "eve": live(eve)}
    tabs["link"] = live(first_frame={"type": "auth", "token": secret}, origin=None)
    for name, tab in tabs.items():
        follow(tab, inside)
        if name != "link":
            follow(tab, everybodys)
    ada.patch(f"/rooms/{room}", {"kind": "members"}, expect=200)
    assert tabs["eve"].recv("left", topic=f"board:{inside}")["reason"] == "members_only"
    change(ada, inside, name="Inside")
    change(ada, everybodys, name="Outside")
    for name in ("ada", "bert", "link"):
        assert told(tabs[name], inside)["name"] == "Inside"
    assert told(tabs["eve"], everybodys)["name"] == "Outside"
    assert [frame for frame in tabs["eve"].drain(0.3) if frame.get("topic") == f"board:{inside}"] == []


def test_who_leaves_an_open_room_goes_on_seeing_its_boards(client: Client, live: Sockets, people: People) -> None:
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada, "open")["id"]
    join(bert, room)
    board = make_board(ada, audience="room", room=room)["id"]
    tab = live(bert)
    follow(tab, board)
    bert.delete(f"/rooms/{room}/members/{bert.id}", expect=204)
    change(ada, board, name="Still here")
    assert told(tab, board)["name"] == "Still here"


def test_a_room_hears_which_boards_are_shown_in_it(client: Client, live: Sockets, people: People) -> None:
    """Shown, renamed, moved elsewhere, and taken out by a moderator, whose it is not."""
    ada, bert = client(people.ada), client(people.bert)
    room, other = make_room(ada, "open")["id"], make_room(bert, "open")["id"]
    join(bert, room)
    tab = live(ada)
    here, there = follow_room(tab, room), follow_room(tab, other)
    board = make_board(bert, audience="room", room=room)
    assert event(tab, here, "board.shown") == {name: board[name] for name in ("id", "slug", "name")}
    change(bert, board["id"], name="Renamed")
    assert event(tab, here, "board.shown")["name"] == "Renamed"
    change(bert, board["id"], room=other)
    assert event(tab, here, "board.hidden") == {"id": board["id"]}
    assert event(tab, there, "board.shown")["id"] == board["id"]
    change(bert, board["id"], room=room)
    assert event(tab, there, "board.hidden") == {"id": board["id"]}
    assert event(tab, here, "board.shown")["id"] == board["id"]
    assert code(ada.patch(f"/boards/{board['id']}", {"name": "Not mine"})) == (403, "forbidden")
    taken_out = ada.patch(f"/boards/{board['id']}", {"room": None}, expect=200).json()["board"]
    assert (taken_out["audience"], "room" in taken_out) == ("me", False)
    assert event(tab, here, "board.hidden") == {"id": board["id"]}
    assert sees(bert, board["id"])
    assert not sees(ada, board["id"])


def test_L9_a_room_tells_nobody_what_a_board_was_called(client: Client, live: Sockets, people: People) -> None:
    """Renamed, then deleted: from whatever position somebody resumes, neither name is told; nor that of a board that
    was taken out. Another board's is."""
    ada = client(people.ada)
    room = make_room(ada, "open")["id"]
    first, other, out = (make_board(ada, room=room, name=name)["id"] for name in ("Moa", "Kiwi", "Dodo"))
    change(ada, first, name="Auk")
    change(ada, out, room=None)
    told = str(live(ada).join({f"room:{room}": 0}))
    assert [name for name in ("Moa", "Kiwi", "Dodo", "Auk") if name in told] == ["Kiwi", "Auk"]
    ada.delete(f"/boards/{first}", expect=200)
    told = str(live(ada).join({f"room:{room}": 0}))
    assert [name for name in ("Moa", "Kiwi", "Dodo", "Auk") if name in told] == ["Kiwi"]
    ada.post(f"/boards/{first}/restore", expect=200)
    assert "Auk" in str(live(ada).join({f"room:{room}": 0}))
    assert sees(ada, other)


@pytest.mark.parametrize("ref", ["%C2%B2", "%D9%A1", "A", "-a", "a%0A", "a" * 49, "%F0%9F%9A%80", "a%2Fb"])
def test_what_is_no_address_is_not_found(client: Client, people: People, ref: str) -> None:
    """A digit that is none of ours, too."""
    ada = client(people.ada)
    assert ada.get(f"/boards/{ref}").status_code == 404
    assert ada.page(f"/boards/{ref}").status_code == 404


def test_a_board_is_shown_by_who_may_speak_in_the_room(client: Client, people: People) -> None:
    """Not by who only reads it, nor in an archived room, nor in a conversation; a hidden room is as none."""
    ada, bert = client(people.ada), client(people.bert)
    room, secret, old = (make_room(ada, kind)["id"] for kind in ("open", "members", "open"))
    join(bert, old)
    ada.delete(f"/rooms/{old}", expect=200)
    dm = bert.post("/dms", {"users": [ada.id]}, expect=201).json()["id"]
    board = make_board(bert)["id"]

    def tried(room: int) -> list[tuple[int, str, str]]:
        answers = [bert.patch(f"/boards/{board}", {"room": room}), bert.post("/boards", {"name": "x", "room": room})]
        return [(*code(answer), answer.json()["detail"]) for answer in answers]

    assert {found[1] for found in tried(room)} == {"not_a_member"}
    assert {found[1] for found in tried(old)} == {"archived"}
    assert {found[1] for found in tried(dm)} == {"bad_field"}
    assert tried(secret) == tried(999_999)
