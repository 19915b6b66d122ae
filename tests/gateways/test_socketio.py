"""The lecture's chat over Socket.IO: the demo, its second snippet, who a client is, and what it may not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from socketio.exceptions import ConnectionError as Refused

from tests.conformance.bridged import Bridged
from tests.conformance.socketio.client import SocketIo, enter
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server
from tests.harness.waiting import wait_for

Make = Callable[..., SocketIo]
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def room(client: Callable[..., Api], people: People) -> Bridged:
    return Bridged(client(people.ada))


def _said(text: str) -> tuple[str, dict[str, str]]:
    return "message", {"msg": text}


def _status(text: str) -> tuple[str, dict[str, str]]:
    return "status", {"msg": text}


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_the_demo(server: Server, room: Bridged, socketio: Make, transport: str) -> None:
    """Enter by the form, join, talk, leave with an acknowledgement; and a tab that closes without a word."""
    tim = socketio(transport=transport, headers=enter(server, "Tim", room.name))
    tim.call("joined", {})
    tim.hear(*_status("Tim has entered the room."))
    miguel = socketio(transport=transport, headers=enter(server, "Miguel", room.name))
    miguel.call("joined", {})
    tim.hear(*_status("Miguel has entered the room."))
    tim.emit("text", {"msg": "Hi Miguel: <b>thanks</b>"})
    miguel.hear(*_said("Tim:Hi Miguel: <b>thanks</b>"))
    tim.hear(*_said("Tim:Hi Miguel: <b>thanks</b>"))
    assert room.texts() == ["Hi Miguel: <b>thanks</b>"]
    miguel.call("left", {})
    tim.hear(*_status("Miguel has left the room."))
    miguel.call("text", {"msg": "still here?"})
    miguel.hear(*_status("Join a room first."))
    miguel.call("joined", {})
    tim.hear(*_status("Miguel has entered the room."))
    miguel.close()
    tim.hear(*_status("Miguel has left the room."))
    room.switch(on=False)
    assert tim.over.wait(10)


def test_the_second_snippet(room: Bridged, socketio: Make) -> None:
    """join and leave name a user and a room themselves; everything is a message that is just a text."""
    tim, ann = socketio(namespace="/"), socketio()
    for chatter, name in ((tim, "tim"), (ann, "ann")):
        chatter.call("join", {"username": name, "room": room.name})
    tim.hear("message", "ann has entered the room.")
    tim.emit("message", "hello")
    ann.hear("message", "tim:hello")
    ann.call("leave", {"username": "ann", "room": room.name})
    tim.hear("message", "ann has left the room.")


def test_a_session_says_who_it_is(
    server: Server, room: Bridged, socketio: Make, client: Callable[..., Api], people: People
) -> None:
    """By header, by auth, by our own page's cookie; and when the session ends, so does the chat."""
    bert = client(people.bert)
    own = {"Cookie": f"{bert.cookie}; {enter(server, 'Nobody', room.name)['Cookie']}"}
    strange = socketio(headers=own)  # neither an Origin nor the browser's word for it
    strange.call("joined", {})
    strange.hear(*_status("Nobody has entered the room."))
    page = socketio(headers={**own, "Origin": server.url})
    page.call("joined", {})
    strange.hear(*_status("Bert Okafor has entered the room."))
    polling = socketio(transport="polling", headers={**own, "Sec-Fetch-Site": "same-origin"})
    polling.call("joined", {})
    strange.hear(*_status("Bert Okafor has entered the room."))
    page.call("text", {"msg": "as myself"})
    strange.hear(*_said("Bert Okafor:as myself"))
    last = room.host.get(f"/rooms/{room.id}/messages").json()["items"][-1]
    assert last["author"] == {"id": bert.id, "firstname": "Bert", "familyname": "Okafor"}

    again = client(people.bert, new=False, transport="token")
    assert page.over.wait(10)
    assert polling.over.wait(10)
    strange.hear(*_status("Bert Okafor has left the room."))
    for options in ({"auth": {"token": again.token}}, {"headers": {"Authorization": f"Bearer {again.token}"}}):
        script = socketio(**options)
        script.call("join", {"username": "Ada Lind", "room": room.name})
        strange.hear(*_status("Bert Okafor has entered the room."))
    with pytest.raises(Refused):
        socketio(auth={"token": "no such token"})


def test_what_is_refused_is_told_to_its_sender(server: Server, room: Bridged, socketio: Make) -> None:
    """Events without what they need, at the wrong time, too many: a status for the sender, and the chat goes on."""
    tim = socketio(headers=enter(server, "Tim", room.name))
    tim.call("joined", {})
    tim.hear(*_status("Tim has entered the room."))
    nobody = socketio()
    nobody.call("joined", {})
    nobody.hear(*_status("Say your name at /chat/enter first, or sign in."))
    for event, data in (
        ("text", {"msg": "before joining"}),
        ("text", {}),
        ("text", None),
        ("text", {"msg": 7}),
        ("text", {"msg": "\ud800"}),
        ("join", {"username": "x"}),
        ("join", {"username": "x" * 33, "room": room.name}),
        ("join", {"username": "x", "room": "no such room of anybody's"}),
    ):
        before = len(nobody.heard)
        nobody.call(event, data)
        wait_for(lambda before=before: len(nobody.heard) == before + 1)  # type: ignore[misc]
    nobody.emit("unheard_of", {})
    for number in range(8):
        tim.call("text", {"msg": str(number)})
    wait_for(lambda: len(tim.heard) == 8)
    fast = [data for event, data in tim.heard if event == "status"]
    assert fast
    assert [data["msg"] for event, data in tim.heard if event == "message"] == [f"Tim:{text}" for text in room.texts()]


def test_who_may_come_in(server: Server, room: Bridged, socketio: Make) -> None:
    """Our own pages and programs; neither older clients, nor scripts of other pages, nor sessions that are none."""

    def get(query: str, **headers: str) -> int:
        return httpx.get(f"{server.url}/socket.io/?{query}", headers=headers, trust_env=False).status_code

    assert get("EIO=4&transport=polling") == 200
    assert get("EIO=4&transport=polling", Origin=server.url) == 200
    assert get("EIO=4&transport=polling", Origin="http://localhost:1") == 403
    assert get("EIO=4&transport=polling", Origin="null") == 403
    assert get("EIO=3&transport=polling") == 400
    assert get("EIO=4&transport=polling&j=0") == 400
    assert get("EIO=4&transport=carrier-pigeon") == 400
    assert get("EIO=4&transport=websocket") == 400
    assert get("EIO=4&transport=polling&sid=none") == 400
    with pytest.raises(Refused):
        socketio(headers={"Origin": "https://evil.example"})
    with pytest.raises(Refused):
        socketio(namespace="/admin")
    form = f"{server.url}/chat/enter"
    good = {"name": "Tim", "room": room.name}
    assert httpx.post(form, data=good, headers={"Origin": "https://evil.example"}, trust_env=False).status_code == 403
    for bad in ({"name": "", "room": "x"}, {"name": "<i>" * 11, "room": "x"}, {}):
        answer = httpx.post(form, data=bad, trust_env=False)
        assert (answer.status_code, 'role="alert"' in answer.text, "<i>" in answer.text) == (422, True, False)
    assert httpx.get(f"{server.url}/chat", trust_env=False).headers["location"] == "/chat/enter"
    forged = {"Cookie": enter(server, "Tim", room.name)["Cookie"][:-3] + "abc"}
    assert httpx.get(f"{server.url}/chat", headers=forged, trust_env=False).status_code == 302


class Polling:
    """Engine.IO by hand, for what no client would do."""

    def __init__(self, server: Server) -> None:
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=15)
        opened = json.loads(self.http.get(HANDSHAKE).text[1:])
        self.path = f"{HANDSHAKE}&sid={opened['sid']}"

    def post(self, packets: str) -> int:
        return self.http.post(self.path, content=packets).status_code

    def get(self) -> httpx.Response:
        return self.http.get(self.path)


def test_bad_packets(server: Server, room: Bridged, socketio: Make) -> None:
    """Nonsense, bombs and attachments that never come harm nobody, and leave no trace in the log."""
    tim = socketio(headers=enter(server, "Tim", room.name))
    tim.call("joined", {})
    for packets in (
        "4",
        "9",
        "nonsense",
        "4" + "[" * 20_000,
        "40/chat," + '{"token":' * 3_000,
        "x" * 40_000,
        "42/chat,",
        "49",
        '451999999999-/chat,["text",{"_placeholder":true,"num":0}]',
        "\x1e".join("4" for _ in range(50)),
        "b" + "!" * 10,
    ):
        polling = Polling(server)
        polling.post("40/chat,")
        polling.post(packets)
        polling.post("bAAAA")
        polling.http.close()
    tim.call("text", {"msg": "all is well"})
    tim.hear(*_said("Tim:all is well"))
    server.check_log()


def test_who_does_not_fetch_is_cut_off(server: Server, room: Bridged, socketio: Make) -> None:
    """What waits for a client that polls is bounded; the others hear everything."""
    tim = socketio(headers=enter(server, "Tim", room.name))
    tim.call("joined", {})
    lazy = Polling(server)
    lazy.post("40/chat,")
    lazy.post(f'42/chat,["join",{json.dumps({"username": "lazy", "room": room.name})}]')
    tim.hear(*_status("lazy has entered the room."))
    for number in range(110):
        room.host.post(f"/rooms/{room.id}/messages", {"text": str(number)}, expect=201)
    tim.hear(*_status("lazy has left the room."))
    tim.hear(*_said("Ada Lind:109"))
    assert lazy.get().status_code == 400
    lazy.http.close()


def test_a_restart_brings_them_back(fresh_server: Callable[..., Server]) -> None:
    """A poll under way does not hold the shutdown, and the name tag outlives it."""
    server = fresh_server()
    tag = enter(server, "Tim")
    heard: list[Any] = []
    with SocketIo(server.url, transport="polling", headers=tag) as tim:
        tim.call("joined", {})
        server.restart()
        heard += tim.heard
    with SocketIo(server.url, headers=tag) as tim:
        tim.call("joined", {})
        tim.hear(*_status("Tim has entered the room."))
