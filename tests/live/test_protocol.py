"""The live protocol against a real server: who it is, joining, missing, hearing, ending."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server

Client = Callable[..., Api]
Open = Callable[..., Live]


# Who is it?


def test_a_browser_is_known_by_its_cookie(client: Client, live: Open, people: People) -> None:
    """hello comes first, with who I am, the epoch of the log, the limits and the time."""
    ada = client(people.ada)
    hello = live(ada).hello
    assert hello["type"] == "hello"
    assert (hello["version"], hello["heartbeat"]) == (1, 25)
    assert hello["user"] == ada.user
    assert hello["epoch"] == ada.get(f"/walls/{ada.id}/posts").json()["epoch"]
    assert abs(hello["now"] - time.time() * 1000) < 60_000
    assert hello["limits"]["message_bytes"] == 32_768


def test_a_program_is_known_by_its_header_or_its_first_frame(client: Client, live: Open, people: People) -> None:
    """Authorization on the handshake, or {"type":"auth"} where none can be set: both lead to hello."""
    ada = client(people.ada, transport="token")
    assert live(ada).hello["user"]["id"] == ada.id
    assert ada.token is not None
    by_frame = live(on=ada.url, origin=None, first_frame={"type": "auth", "token": ada.token})
    assert by_frame.hello["user"]["id"] == ada.id


def test_a_dead_session_is_told_by_a_bye(client: Client, live: Open, people: People) -> None:
    """With a right Origin the handshake succeeds, since a page cannot read a refusal: then bye, with the reason."""
    nobody = live(on=client().url, hello=False)
    assert (nobody.recv("bye")["code"], nobody.closed_with()[0]) == (4504, 4504)
    ada = client(people.ada)
    cookie = ada.cookie
    client(people.ada, new=False)
    replaced = live(on=ada.url, cookie=cookie, hello=False).recv("bye")
    assert (replaced["code"], replaced["by"]) == (4500, "a Python program")
    assert replaced["at"] > 0


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://localhost:{port}", "http://localhost:1"]
)
def test_a_cookie_from_elsewhere_is_refused(client: Client, live: Open, people: People, origin: str | None) -> None:
    """Cookie and no Origin, or another site's: 403 before the upgrade, so a hostile page never holds a socket."""
    ada = client(people.ada)
    if origin is not None:
        origin = origin.format(port=ada.url.rsplit(":")[-1])
    with pytest.raises(InvalidStatus) as refused:
        live(on=ada.url, cookie=ada.cookie, origin=origin)
    assert refused.value.response.status_code == 403


def test_silence_is_not_an_answer(fresh_server: Callable[..., Server], live: Open) -> None:
    """A program that does not say who it is in time is sent away: 4504."""
    server = fresh_server(limits={"authenticate_seconds": 0.5})
    silent = live(on=server, origin=None, hello=False)
    assert silent.closed_with(20)[0] == 4504


# Joining


def test_what_was_missed_comes_whole_and_in_order(client: Client, live: Open, people: People) -> None:
    """A position gives every event after it; null starts at the head; both then hear what is new."""
    ada = client(people.ada)
    posts = [ada.post_on(ada.id, f"post {number}") for number in range(5)]
    socket = live(ada)
    answer = socket.join({ada.wall: 2, "me": None})
    assert [event["seq"] for event in answer[ada.wall]["events"]] == [3, 4, 5]
    assert [event["data"] for event in answer[ada.wall]["events"]] == posts[2:]
    assert answer[ada.wall]["seq"] == 5
    assert answer["me"] == {"seq": 0, "events": [], "snapshot": True}
    ada.post_on(ada.id, "and on")
    assert socket.recv("event")["seq"] == 6


@pytest.mark.parametrize("case", ["ahead of the head", "another epoch", "too much missed"])
def test_an_unusable_position_is_a_reset(client: Client, live: Open, people: People, case: str) -> None:
    """Ahead of the head, of another epoch, or more than 200 missed: reset with the head, never a silent jump."""
    ada = client(people.ada)
    number = 201 if case == "too much missed" else 1
    for index in range(number):
        ada.post_on(ada.id, f"post {index}")
    socket = live(ada)
    position = 2 if case == "ahead of the head" else 0
    epoch = "0ld" if case == "another epoch" else None
    assert socket.join({ada.wall: position}, epoch=epoch)[ada.wall] == {"reset": True, "seq": number}
    ada.post_on(ada.id, "and on")
    assert socket.recv("event")["seq"] == number + 1


def test_exactly_as_many_as_are_kept_come_whole(client: Client, live: Open, people: People) -> None:
    """200 missed events are replayed, not reset."""
    ada = client(people.ada)
    for index in range(200):
        ada.post_on(ada.id, f"post {index}")
    events = live(ada).join({ada.wall: 0})[ada.wall]["events"]
    assert [event["seq"] for event in events] == list(range(1, 201))


def test_nobody_can_ask_for_anothers_me(client: Client, live: Open, people: People) -> None:
    """`me` is one's own; `me:7` is no name of a topic."""
    ada, bert = client(people.ada), client(people.bert)
    assert live(bert).join({f"me:{ada.id}": 0}) == {f"me:{ada.id}": {"error": "bad_topic"}}


def test_leaving_is_silence(client: Client, live: Open, people: People) -> None:
    """After leave, nothing of that topic comes; joining again picks up from the position."""
    ada = client(people.ada)
    socket = live(ada)
    socket.join({ada.wall: 0})
    socket.send({"type": "leave", "topics": [ada.wall]})
    socket.join({"me": None})  # answered after the leave was read
    ada.post_on(ada.id, "unheard")
    socket.join({"me": None})
    assert [frame for frame in socket.seen if frame["type"] == "event"] == []
    assert len(socket.join({ada.wall: 0})[ada.wall]["events"]) == 1


def test_one_connection_follows_a_bounded_number_of_topics(client: Client, live: Open, people: People) -> None:
    """The 101st topic is refused by name; the others are joined."""
    ada = client(people.ada)
    walls = {f"wall:{ada.id}": 0} | {f"wall:{2**33 + number}": 0 for number in range(100)}
    answer = live(ada).join(walls)
    assert [one.get("error") for one in answer.values()].count("too_many_topics") == 1


# Hearing


@pytest.mark.slow
def test_heartbeats_carry_the_heads(fresh_server: Callable[..., Server], people: People) -> None:
    """Every heartbeat says how far each joined topic is, so that a lost last event shows."""
    server = fresh_server(limits={"heartbeat_seconds": 1})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        with Live(server, ada) as socket:
            socket.join({ada.wall: 0, "me": None})
            ada.post_on(ada.id, "one")
            socket.recv("event")
            socket.heartbeats.clear()
            assert socket.recv("heartbeat", 20)["heads"] == {ada.wall: 1, "me": 0}


@pytest.mark.slow
def test_a_silent_peer_is_let_go(fresh_server: Callable[..., Server], people: People) -> None:
    """No byte for too long: closed with a code that says come back."""
    server = fresh_server(limits={"heartbeat_seconds": 1, "idle_seconds": 2})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        with Live(server, ada, pong=False) as silent, Live(server, ada) as awake:
            assert silent.closed_with(30)[0] == 4002
            assert awake.open


def test_typing_is_told_and_forgotten(client: Client, live: Open, people: People) -> None:
    """Others on the wall see who types, at most one frame in three seconds; who has not joined may not."""
    ada, bert = client(people.ada), client(people.bert)
    mine, theirs = live(ada), live(bert)
    mine.join({ada.wall: 0})
    theirs.send({"type": "typing", "topic": ada.wall})
    assert theirs.recv("error")["code"] == "not_found"
    theirs.join({ada.wall: 0})
    for _ in range(5):
        theirs.send({"type": "typing", "topic": ada.wall})
    told = mine.recv("typing")
    assert told == {
        "type": "typing",
        "topic": ada.wall,
        "user": {"id": bert.id, "firstname": "Bert", "familyname": "Okafor"},
    }
    bert.post_on(ada.id, "done")
    mine.recv("event")
    assert [frame["type"] for frame in mine.seen].count("typing") == 1


def test_two_topics_keep_their_own_order(client: Client, live: Open, people: People) -> None:
    """Events of several walls arrive dense and in order, each by itself."""
    ada, bert = client(people.ada), client(people.bert)
    socket = live(ada)
    socket.join({ada.wall: 0, bert.wall: 0})
    for number in range(20):
        ada.post_on((ada if number % 2 else bert).id, f"post {number}")
    for topic in (ada.wall, bert.wall):
        assert [event["seq"] for event in socket.events(topic, 10)] == list(range(1, 11))


# Slow readers


def test_a_slow_reader_gets_a_gap_and_costs_nobody_anything(
    fresh_server: Callable[..., Server], people: People
) -> None:
    """A reader that stops reading is dropped to a gap; the others hear everything; it catches up by its position."""
    limits = {"posts_burst": 100_000, "posts_per_second": 100_000, "outbound_bytes": 8192, "fleeting_bytes": 4096}
    server = fresh_server(limits=limits)
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        with Live(server, ada) as awake, _Sleeper(server, ada) as sleeper:
            awake.join({ada.wall: 0})
            sleeper.join(ada.wall)
            number = 400
            for index in range(number):
                ada.post_on(ada.id, f"{index} " + "x" * 3990)
            assert [event["seq"] for event in awake.events(ada.wall, number, 30)] == list(range(1, number + 1))
            seqs, gap = sleeper.wake_up(ada.wall)
            assert seqs == list(range(1, len(seqs) + 1)), "what came before the gap is dense"
            assert len(seqs) < number
            assert gap["to"] >= len(seqs)


class _Sleeper:
    """A program that joins and then reads nothing, with small buffers of its own."""

    def __init__(self, server: Server, api: Api) -> None:
        import socket

        from websockets.sync.client import connect

        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", server.port))
        self.connection = connect(
            server.url.replace("http", "ws") + "/live",
            sock=raw,
            origin=server.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": api.cookie},
            compression=None,
            max_queue=1,
            ping_interval=None,
        )

    def __enter__(self) -> _Sleeper:
        self.connection.__enter__()
        assert json.loads(self.connection.recv())["type"] == "hello"
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close_socket()
        self.connection.__exit__(None, None, None)

    def join(self, topic: str) -> None:
        self.connection.send(json.dumps({"type": "join", "id": 1, "topics": {topic: 0}}))
        while json.loads(self.connection.recv())["type"] != "joined":
            pass

    def wake_up(self, topic: str) -> tuple[list[int], dict[str, int]]:
        """The seqs that had been sent, and the gap after them."""
        seqs = []
        while True:
            frame = json.loads(self.connection.recv(timeout=20))
            if frame["type"] == "gap":
                assert frame["topic"] == topic
                return seqs, frame
            if frame["type"] == "event":
                seqs.append(frame["seq"])


def test_frames_behind_the_auth_wait_for_hello(client: Client, live: Open, people: People) -> None:
    """A program that sends auth and a join in one breath gets hello and then joined."""
    ada = client(people.ada, transport="token")
    socket = live(on=ada.url, origin=None, hello=False)
    socket.send({"type": "auth", "token": ada.token})
    socket.send({"type": "join", "id": 7, "topics": {ada.wall: 0}})
    assert socket.recv("hello")["user"]["id"] == ada.id
    assert socket.recv("joined")["id"] == 7


def test_a_flood_of_pongs_stops_nobody(fresh_server: Callable[..., Server], people: People) -> None:
    """Pongs need no answer, but a stream of them is cut off (4001 or a reset), and others do not wait for it."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        with Live(server, ada) as flooder, Live(server, ada) as bystander:
            bystander.join({ada.wall: 0})
            pongs = b"\x8a\x80\0\0\0\0" * 10_000
            raw = flooder.socket.socket

            def flood() -> None:
                with contextlib.suppress(OSError):
                    for _ in range(500):
                        raw.sendall(pongs)

            thread = threading.Thread(target=flood)
            thread.start()
            ada.post_on(ada.id, "in the middle of it")
            bystander.recv("event", 10)
            thread.join(30)
            assert not thread.is_alive(), "it was let go on"
            assert flooder.closed_with(10)[0] in (4001, 1006)


def test_what_one_join_brings_is_bounded_in_bytes(client: Client, live: Open, people: People) -> None:
    """More than 256 KiB missed, over all topics of a join: what does not fit is reset, to be loaded by page."""
    ada, bert = client(people.ada), client(people.bert)
    for number in range(50):
        ada.post_on(ada.id, f"{number} " + "x" * 3_900)
        ada.post_on(bert.id, f"{number} " + "x" * 3_900)
    answer = live(ada).join({ada.wall: 0, bert.wall: 0})
    assert [len(answer[ada.wall]["events"]), answer[bert.wall]] == [50, {"reset": True, "seq": 50}]


def test_many_requests_in_one_breath_are_all_answered(client: Client, live: Open, people: People) -> None:
    """Beyond sixteen unanswered ones reading pauses; what had come already waits its turn, and none is forgotten."""
    ada = client(people.ada)
    socket = live(ada)
    frames = [{"type": "send", "id": number, "topic": ada.wall, "text": f"{number}"} for number in range(60)]
    for frame in frames:
        socket.send(frame)
    acks = [socket.recv("ack") for _ in frames]
    assert sorted(ack["id"] for ack in acks) == list(range(60))
