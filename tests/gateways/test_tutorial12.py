"""Tutorial 12's chat: its frames, the habits of its page, and the limits that hold there too."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conformance.bridged import Bridged
from tests.conformance.tutorial12.client import Tutorial
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for
from twidder.config import Settings
from twidder.gateways.host import opens_first_room
from twidder.gateways.tutorial12 import room_of

Tab = Callable[..., Tutorial]


@pytest.fixture
def room(client: Callable[..., Api], people: People) -> Bridged:
    return Bridged(client(people.ada))


def _list(kind: str, who: str, name: str, here: list[str]) -> dict[str, object]:
    return {"type": kind, who: name, "active_users": here, "users": here, "username": name}


def test_the_three_frames(room: Bridged, tutorial: Tab) -> None:
    """login, chat and disconnect as the tutorial tells; what nobody understands reaches nobody else."""
    walter = tutorial(room.tutorial)
    walter.disconnect()  # as the page does on every close, whether it has logged in or not
    walter.chat("too early")
    assert walter.complaint() == "Log in first."
    walter.log_in("walter")
    assert walter.recv() == _list("login", "user_joined", "walter", ["walter"])
    maria = tutorial(room.tutorial, "maria")
    assert walter.recv() == _list("login", "user_joined", "maria", ["walter", "maria"])

    for odd in ({"type": "message", "text": "x"}, {"text": "x"}, [], 7):
        maria.send(json.dumps(odd))
    maria.send("not JSON")
    assert maria.recv() == {
        "error": "error decoding not JSON",
        "details": "See instructions for list of valid message formats.",
    }
    raw = '{"text": "is this\\u0020working?",  "extra": {"a": [1.50, null]}, "type":"chat", "username": "my_username"}'
    maria.send(raw)
    assert (walter.raw(), maria.raw()) == (raw, raw)
    wait_for(lambda: room.texts() == ["is this working?"])

    maria.disconnect()
    assert walter.recv() == _list("disconnect", "user_left", "maria", ["walter"])
    walter.chat("alone")
    assert walter.recv() == {"type": "chat", "text": "alone", "username": None}
    maria.log_in("laura")
    assert walter.recv() == maria.recv() == _list("login", "user_joined", "laura", ["walter", "laura"])


def test_habits_of_the_page(room: Bridged, tutorial: Tab) -> None:
    """Two tabs with one name, another name in the same tab, and a tab that closes without a word, told of once."""
    first, second = tutorial(room.tutorial, "walter"), tutorial(room.tutorial, "walter")
    first.hear("login", active_users=["walter", "walter"])
    second.log_in("maria")
    assert first.recv() == second.recv() == _list("login", "user_joined", "maria", ["walter", "maria"])
    first.log_in("walter white")  # in place
    second.hear("login", user_joined="walter white", active_users=["walter white", "maria"])
    third = tutorial(room.tutorial, "walter")
    second.hear("login", user_joined="walter")
    third.vanish()
    second.hear("disconnect", user_left="walter", active_users=["walter white", "maria"])
    first.disconnect()
    first.close()
    second.hear("disconnect", user_left="walter white", active_users=["maria"])
    second.chat("only me")
    second.hear("chat", text="only me")


def test_what_is_refused_is_told_to_its_sender(room: Bridged, tutorial: Tab) -> None:
    """Names that are none, empty texts, too much at once, somebody muted: the error object, and nobody else hears."""
    walter, maria = tutorial(room.tutorial, "walter"), tutorial(room.tutorial)
    for name in ("", " ", "x" * 33, "two\nlines", None, 7):
        maria.send({"type": "login", "username": name})
        assert maria.complaint()
    maria.log_in("maria")
    walter.hear("login", user_joined="maria")
    maria.hear("login", user_joined="maria")
    for text in ("", "\u200b", "x" * 4_001, None, ["x"], 7):
        maria.send({"type": "chat", "text": text, "username": "maria"})
        assert maria.complaint()
    for number in range(8):
        maria.chat(str(number))
    heard = [maria.recv() for _ in range(8)]
    fast = [frame for frame in heard if "error" in frame]
    assert fast
    assert all("a little fast" in frame["error"] for frame in fast)
    texts = [walter.recv()["text"] for _ in range(8 - len(fast))]
    assert texts == [frame["text"] for frame in heard if "text" in frame] == room.texts()
    room.host.patch(f"/rooms/{room.id}/members/{room.guest('walter')}", {"muted_minutes": 5}, expect=204)
    walter.chat("let me speak")
    assert "muted" in walter.complaint()


def test_a_room_has_a_door(room: Bridged, tutorial: Tab, client: Callable[..., Api], people: People) -> None:
    """No room of that name, a closed one, one that closes, and a guest who is put out, who may come again."""
    lost = tutorial(f"{room.tutorial}%20nowhere")
    lost.log_in("walter")
    assert lost.complaint().startswith("There is no such room")
    other = Bridged(room.host)
    other.switch(on=False)
    lost = tutorial(other.tutorial)
    lost.log_in("walter")
    assert lost.complaint()

    walter, maria = tutorial(room.tutorial, "walter"), tutorial(room.tutorial, "maria")
    walter.hear("login", user_joined="maria")
    room.host.delete(f"/rooms/{room.id}/guests/{room.guest('maria')}", expect=204)
    assert walter.recv() == _list("disconnect", "user_left", "maria", ["walter"])
    frames, code = maria.until_close()
    assert ([set(frame) for frame in frames], code) == ([{"error", "details"}], 4503)
    tutorial(room.tutorial, "maria")
    walter.hear("login", user_joined="maria")
    room.switch(on=False)
    assert walter.until_close()[1] == 4503


def test_pages_read_slowly_and_are_let_go(room: Bridged, tutorial: Tab) -> None:
    """Who does not read is closed, holds nobody up, and is told of."""
    walter, _ = tutorial(room.tutorial, "walter"), tutorial(room.tutorial, "stuck", buffer=8_192)
    walter.hear("login", user_joined="stuck")
    until = time.monotonic() + 100.0  # it is cut off within ten seconds of the first that it did not take
    while True:
        room.host.post(f"/rooms/{room.id}/messages", {"text": "🦉" * 4_000}, expect=201)
        frame = walter.recv()
        if frame["type"] == "disconnect":
            break
        assert frame["type"] == "chat"
        assert time.monotonic() < until
    assert frame["user_left"] == "stuck"


def test_a_port_of_its_own(fresh_server: Callable[..., Server], tutorial: Tab) -> None:
    """Every path of it is the first room; nothing else of Twidder is there."""
    server = fresh_server(args=["--tutorial12-port", "0"])
    port = int(re.findall(r"chat is at ws://localhost:(\d+)\n", server.stdout)[0])
    walter = tutorial(f"ws://localhost:{port}", "walter")
    tutorial(f"ws://127.0.0.1:{port}/any/path?at=all", "maria", origin="https://example.org")
    walter.hear("login", user_joined="maria")
    tutorial(f"{server.ws_url.removesuffix('/live')}/tutorial12", "laura", origin=None)
    walter.hear("login", user_joined="laura", active_users=["walter", "maria", "laura"])
    for path in ("/", "/api/v1/session", "/live", "/socket.io/?EIO=4&transport=polling"):
        assert httpx.get(f"http://localhost:{port}{path}", trust_env=False).status_code == 426
    assert httpx.get(f"http://localhost:{port}/", headers={"Host": "evil.example"}, trust_env=False).status_code == 400
    assert httpx.get(f"{server.url}/tutorial12/general", trust_env=False).status_code == 426


def test_the_first_room_is_open_on_this_machine() -> None:
    """Nobody has switched it on; elsewhere the operator has to give such clients a port."""
    here = Settings(Path("data"))
    there = Settings(Path("data"), host="0.0.0.0", public_url="https://twidder.example.org")
    assert opens_first_room(here)
    assert not opens_first_room(there)
    assert opens_first_room(Settings(Path("data"), host="0.0.0.0", tutorial12_port=8081))


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("/tutorial12", None),
        ("/tutorial12/", None),
        ("/tutorial12?x=1", None),
        ("/tutorial12/a%20b/c?x", "a b/c"),
        ("/", None),
    ],
)
def test_paths_name_rooms(path: str, room: str | None) -> None:
    assert room_of(path) == room
