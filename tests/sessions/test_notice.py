"""The notice: every socket of the ended session hears it once, nobody else does."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.faults.crowd import LIMITS
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import ADA, BERT, EVE, People, Person
from tests.harness.raw import CLOSE, RawSocket
from tests.harness.server import Server
from tests.harness.waiting import wait_for

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def test_S4_each_of_eight_tabs_gets_one_bye_and_nothing_after(server: Server, people: People) -> None:
    """While others go on posting, eight tabs each read one bye 4500 within a second, the close frame, and the end."""
    with ExitStack() as stack:
        ada, bert, elsewhere = (stack.enter_context(Api(server)) for _ in range(3))
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person)
        tabs = [stack.enter_context(RawSocket(server, ada)) for _ in range(8)]
        for tab in tabs:
            assert tab.frame().json()["type"] == "hello"
            tab.send_json({"type": "join", "id": 1, "topics": {ada.wall: None, "me": None}})
            assert tab.frame().json()["type"] == "joined"
        bert.post_on(ada.id, "before")
        elsewhere.http.headers["User-Agent"] = FIREFOX
        begin = time.monotonic()
        elsewhere.sign_in(people.ada)
        bert.post_on(ada.id, "after")
        for tab in tabs:
            frames, code, reason = tab.until_close(timeout=10.0)
            took = time.monotonic() - begin
            assert (code, reason) == (4500, "replaced")
            told = [frame.json() for frame in frames]
            assert [frame["type"] for frame in told] == ["event", "bye"]
            assert told[0]["data"]["text"] == "before"
            assert set(told[1]) == {"type", "code", "reason", "at", "by"}
            assert (told[1]["code"], told[1]["by"]) == (4500, "Firefox on Linux")
            tab.send_close(code)
            assert tab.read_until_end() == b""
            assert took < 10.0


def misled_by_a_sign_in(server: Server, rng: random.Random, users: int = 12, tabs: int = 4) -> list[str]:
    """Who heard what is not theirs when some of many users sign in anew, and open sockets with that."""
    with ExitStack() as stack:
        sockets: dict[str, list[Live]] = {}
        persons = [rng.choice((ADA, BERT, EVE)).unique() for _ in range(users)]
        walls: dict[str, int | None] = {}
        for person in persons:
            api = stack.enter_context(Api(server))
            api.sign_up(person)
            api.sign_in(person)
            walls[api.wall] = None
            sockets[person.email] = [stack.enter_context(Live(server, api)) for _ in range(tabs)]
        for tab in (tab for of_user in sockets.values() for tab in of_user):
            tab.join(walls | {"me": None})
        return [
            fault
            for person in rng.sample(persons, users // 3)
            for fault in _sign_in_anew(server, person, sockets, stack)
        ]


def _sign_in_anew(server: Server, person: Person, sockets: dict[str, list[Live]], stack: ExitStack) -> list[str]:
    new = stack.enter_context(Api(server)).sign_in(person)
    old, sockets[person.email] = sockets[person.email], []
    for tab in old:
        assert tab.closed_with(10.0) == (4500, "replaced")
    sockets[person.email] = [stack.enter_context(Live(server, new, hello=False)) for _ in old]
    faults = []
    for email, of_user in sockets.items():
        for tab in of_user:
            try:
                tab.join({"me": None})  # answered: whatever was before has been said by now
                faults += [f"{email} was told {frame}" for frame in tab.drain() if frame["type"] in ("bye", "left")]
            except (AssertionError, ConnectionClosed) as error:
                faults.append(f"{email}: {error}")
    return faults


def test_S5_nobody_else_hears_of_it(server: Server, rng: random.Random) -> None:
    """Only the old sockets of whoever signed in are told; the new ones, and all other people's, go on."""
    assert misled_by_a_sign_in(server, rng) == []


def test_S5_a_wrong_password_tells_nobody(server: Server, people: People) -> None:
    """A failed sign-in ends nothing, and says nothing."""
    with Api(server) as ada, Api(server) as stranger:
        ada.sign_up(people.ada)
        with Live(server, ada.sign_in(people.ada)) as tab:
            stranger.post("/session", {**people.ada.credentials(), "password": "wrong horse"}, expect=401)
            assert tab.join({"me": None})["me"]["seq"] == 0
            assert tab.drain() == []
            ada.get("/session", expect=200)


@pytest.mark.faults
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells of its sockets")
def test_S6_a_reader_that_stands_still_is_cut_off(fresh_server: Callable[..., Server], people: People) -> None:
    """Neither the server nor its kernel keeps the socket of an ended session whose browser does not read, although
    megabytes wait in it; without a sign-in it would have stayed for long."""
    patient = {"stuck_seconds": 10_000, "idle_seconds": 10_000, "fragment_seconds": 10_000}
    server = fresh_server(limits={**LIMITS, "heartbeat_seconds": 10_000, **patient})
    with Api(server) as ada, Api(server) as bert, Api(server) as elsewhere:
        for api, person in ((ada, people.ada), (bert, people.bert)):
            api.sign_up(person)
            api.sign_in(person)
        with RawSocket(server, ada, handshake=False) as stalled:
            stalled.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            stalled.shake()
            stalled.send_json({"type": "join", "id": 1, "topics": {ada.wall: 0}})
            assert stalled.frame().opcode != CLOSE
            before = -1
            while (waiting := _waiting(server, stalled)) > before:  # until the kernel takes no more
                before = waiting
                for _ in range(100):
                    bert.post_on(ada.id, "x" * 3_900)
            assert before > 10_000
            elsewhere.sign_in(people.ada)
            wait_for(lambda: _waiting(server, stalled) < 0, 20.0, "the kernel to let go of the socket")


def _waiting(server: Server, client: RawSocket) -> int:
    """Bytes that the server's end of this connection has in the kernel, unread by its peer; -1 = there is no such end,
    in any state."""
    ports = f":{server.port:04X}", f":{client.socket.getsockname()[1]:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        here, there, _state, queues = line.split()[1:5]
        if (here[-5:], there[-5:]) == ports:
            return int(queues.split(":")[0], 16)
    return -1
