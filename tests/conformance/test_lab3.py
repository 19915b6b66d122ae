"""A lab 3 client's check list: one valid session, and the old page hears of it over its own socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.lab_client import FAREWELLS, Lab, Socket, first_frame
from tests.harness.people import People

MakeLab = Callable[..., Lab]
MakeSocket = Callable[..., Socket]


@pytest.mark.parametrize("path", FAREWELLS)
def test_the_old_page_hears_its_farewell(lab: MakeLab, socket: MakeSocket, people: People, path: str) -> None:
    """A sign-in elsewhere: ONE text frame, the one that its clients wait for, then the close; its token is dead."""
    old, new = lab(), lab()
    token = old.enter(people.ada)
    page = socket(path, first_frame(path, token))
    newer = new.enter(people.ada, new=False)
    assert page.until_close() == ([FAREWELLS[path]], 4500)
    assert old.data_by_token(token) == {"success": False, "message": "You are not signed in."}
    assert new.data_by_token(newer)["success"]


def test_only_the_target_hears_it(lab: MakeLab, socket: MakeSocket, people: People) -> None:
    """Nobody else's socket, and not the new page's own, gets a frame: each hears one farewell, at its own end."""
    client = lab()
    ada_old, bert = client.enter(people.ada), client.enter(people.bert)
    old_page, berts_page = socket("/connect", ada_old), socket("/connect", bert)
    ada_new = client.enter(people.ada, new=False)
    new_page = socket("/connect", ada_new)
    assert old_page.until_close() == (["user logout"], 4500)
    assert berts_page.is_silent_for(0.3)
    assert new_page.is_silent_for(0.3)
    client.sign_out(bert)
    client.sign_out(ada_new)
    assert berts_page.until_close() == (["user logout"], 4501)
    assert new_page.until_close() == (["user logout"], 4501)


def test_a_reload_opens_it_again(lab: MakeLab, socket: MakeSocket, people: People) -> None:
    """A page that is reloaded while signed in says the same token on a new socket, and that one hears the farewell."""
    client = lab()
    token = client.enter(people.ada)
    socket("/sock", token).close()
    again = socket("/sock", token)
    client.enter(people.ada, new=False)
    assert again.until_close() == (["Log Out"], 4500)


def test_every_tab_hears_it(lab: MakeLab, socket: MakeSocket, people: People) -> None:
    """Several pages of one session end together, each with its one frame."""
    client = lab()
    token = client.enter(people.ada)
    tabs = [socket(path, first_frame(path, token)) for path in FAREWELLS]
    client.enter(people.ada, new=False)
    assert [tab.until_close()[0] for tab in tabs] == [[word] for word in FAREWELLS.values()]


@pytest.mark.parametrize("path", FAREWELLS)
def test_a_dead_token_is_told_at_once(lab: MakeLab, socket: MakeSocket, people: People, path: str) -> None:
    """A page that slept through it opens its socket with the old token: the farewell, and the close."""
    client = lab()
    token = client.enter(people.ada)
    client.enter(people.ada, new=False)
    for dead, code in ((token, 4500), ("never given to anybody", 4504)):
        assert socket(path, first_frame(path, dead)).until_close() == ([FAREWELLS[path]], code)
