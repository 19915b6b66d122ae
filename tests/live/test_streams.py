"""Server-sent events and long polls: the same story as over a socket, with the same ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.gateways.updating import Told, push_to
from tests.harness.api import Api
from tests.harness.live import Frame, Live
from tests.harness.people import People
from tests.harness.raw import Raw, request_bytes
from tests.harness.server import Server
from tests.harness.streams import Events, address, headers_of, poll
from tests.harness.waiting import wait_for
from tests.rooms.talk import invite, make_room, say

Client = Callable[..., Api]
Story = list[tuple[int, str, Any]]


class Reader:
    """Of one topic, by whatever way: `read(head)` until it is there, `cut()` and it comes back to where it was."""

    def __init__(self, server: Server, api: Api, topic: str) -> None:
        self.server, self.api, self.topic = server, api, topic
        self.story: Story = []
        self.seq = 0

    def hear(self, frame: Frame) -> None:
        if frame["type"] == "joined":
            answer = frame["topics"][self.topic]
            for event in answer["events"]:
                self.apply(event)
        elif frame["type"] == "event":
            self.apply(frame)

    def apply(self, event: Frame) -> None:
        """No hole, no double: the next one only."""
        assert event["seq"] == self.seq + 1
        self.seq = event["seq"]
        self.story.append((event["seq"], event["event"], event["data"]))

    def read(self, head: int) -> None:
        while self.seq < head:
            self.hear_more()

    def hear_more(self) -> None:
        raise NotImplementedError

    def cut(self) -> None:
        """Without a word."""


class SocketReader(Reader):
    live: Live | None = None

    def hear_more(self) -> None:
        if self.live is None:
            self.live = Live(self.server, self.api)
            self.live.send(
                {"type": "join", "id": 1, "epoch": self.live.hello["epoch"], "topics": {self.topic: self.seq}}
            )
        self.hear(self.live.recv())

    def cut(self) -> None:
        if self.live is not None:
            self.live.close()
        self.live = None


class EventsReader(Reader):
    events: Events | None = None
    last_id: str | None = None

    def hear_more(self) -> None:
        if self.events is None:  # as an EventSource: the same address, and the last id
            self.events = Events(self.server, self.api, {self.topic: 0}, last_id=self.last_id)
        frame = self.events.next()
        assert frame is not None
        self.last_id = self.events.last_id
        self.hear(frame)

    def cut(self) -> None:
        if self.events is not None:
            self.events.close()
        self.events = None


class PollReader(Reader):
    def hear_more(self) -> None:
        for frame in poll(self.api, {self.topic: self.seq}):
            self.hear(frame)


@pytest.fixture
def opened(server: Server) -> Iterator[Callable[..., Events]]:
    """Opens streams on the shared server."""
    with contextlib.ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Events(server, *args, **options))


def _sockets(server: Server) -> int:
    """Open ones of the server (Linux)."""
    links = []
    for link in Path(f"/proc/{server.pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed since
            links.append(link.readlink().as_posix())
    return sum(link.startswith("socket:") for link in links)


def _problem(events: Events) -> tuple[int, str]:
    return events.status, json.loads(events.body)["code"]


def test_L1_every_way_tells_the_same_story(server: Server, client: Client, people: People, rng: Random) -> None:
    """Posts come in bursts, readers are cut off at any moment and come back: all have all events, in order, each
    once, with the same data."""
    ada, bert = client(people.ada), client(people.bert)
    readers = [kind(server, ada, ada.wall) for kind in (SocketReader, EventsReader, PollReader)]
    try:
        head = 0
        for _ in range(8):
            for _ in range(rng.randint(1, 6)):
                head = bert.post_on(ada.id, f"post {head}")["seq"]
            for reader in readers:
                reader.read(rng.randint(reader.seq, head))
                if rng.random() < 0.5:
                    reader.cut()
        for reader in readers:
            reader.read(head)
    finally:
        for reader in readers:
            reader.cut()
    assert [reader.seq for reader in readers] == [head] * 3
    assert readers[0].story == readers[1].story == readers[2].story


def test_a_stream_says_hello_first(opened: Callable[..., Events], client: Client, people: People) -> None:
    """Then what was joined, whole; the headers keep it out of caches and buffers."""
    ada = client(people.ada)
    post = ada.post_on(ada.id, "before")
    events = opened(ada, {ada.wall: 0, "me": None})
    assert events.headers["Content-Type"] == "text/event-stream"
    assert events.headers["Cache-Control"] == "no-store"
    assert events.headers["X-Accel-Buffering"] == "no"
    assert events.headers["X-Content-Type-Options"] == "nosniff"
    hello = events.next()
    assert hello is not None
    assert (hello["type"], hello["user"]["id"]) == ("hello", ada.id)
    joined = events.recv("joined")["topics"]
    assert [event["data"]["id"] for event in joined[ada.wall]["events"]] == [post["id"]]
    assert joined["me"]["snapshot"] is True
    assert events.last_id == f"{hello['epoch']};{ada.wall}={post['seq']};me={joined['me']['seq']}"


def test_a_reset_topic_is_in_no_id(opened: Callable[..., Events], client: Client, people: People) -> None:
    """Its events come, but whoever comes back without having loaded it is told so again."""
    ada = client(people.ada)
    events = opened(ada, {ada.wall: 7, "me": None}, epoch="another")
    assert events.recv("joined")["topics"][ada.wall] == {"reset": True, "seq": 0}
    ada.post_on(ada.id, "news")
    assert events.recv("event")["seq"] == 1
    assert events.last_id is not None
    assert ada.wall not in events.last_id
    again = opened(ada, {ada.wall: 7, "me": None}, epoch="another", last_id=events.last_id)
    joins = [again.recv("joined")["topics"] for _ in range(2)]
    assert joins[0] | joins[1] == {ada.wall: {"reset": True, "seq": 1}, "me": {"seq": 0, "events": []}}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("topic=x", 400, "bad_topic"),
        ("topic=room:1&since=x", 422, "bad_field"),
        ("since=4", 422, "bad_field"),
        ("wait=4", 422, "bad_field"),
        ("token=secret", 400, "token_in_url"),
        ("topic=room:1&access_token=x", 400, "token_in_url"),
        ("&".join(f"topic=room:{number}" for number in range(1, 102)), 400, "too_many_topics"),
    ],
)
def test_a_wrong_address_is_refused(
    opened: Callable[..., Events], client: Client, people: People, query: str, status: int, code: str
) -> None:
    """Before anything is opened."""
    assert _problem(opened(client(people.ada), query)) == (status, code)


def test_who_may_not_come_in_is_told(opened: Callable[..., Events], client: Client, people: People) -> None:
    """Nobody, a token that is none, a page from elsewhere: pages can read it here."""
    ada = client(people.ada)
    assert _problem(opened(None, "")) == (401, "not_signed_in")
    assert _problem(opened(None, "", headers={"Authorization": "Bearer nothing"})) == (401, "not_signed_in")
    assert _problem(opened(ada, "", headers={"Origin": "http://elsewhere.example"})) == (403, "cross_site")
    assert _problem(opened(ada, "", headers={"Origin": "null"})) == (403, "cross_site")
    assert _problem(opened(ada, "", headers={"Sec-Fetch-Site": "same-site"})) == (403, "cross_site")
    for headers in ({"Origin": ada.url}, {"Sec-Fetch-Site": "same-origin"}, {}):
        assert opened(ada, "", headers=headers).recv("hello")["user"]["id"] == ada.id


@pytest.mark.parametrize("path", ["/live/events", "/live/poll"])
def test_other_methods_and_bodies_are_refused(server: Server, client: Client, people: People, path: str) -> None:
    """HEAD, too: a stream has no end that its length could be told of."""
    ada = client(people.ada)
    for method in ("HEAD", "POST", "OPTIONS"):
        answer = ada.request(method, server.url + path, headers={"Content-Length": "0"})
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET"), method
    answer = ada.request("GET", server.url + path, content=b"{}")
    assert (answer.status_code, answer.headers["Connection"]) == (400, "close")


def test_a_topic_that_is_not_for_me_is_told_in_its_place(
    opened: Callable[..., Events], client: Client, people: People
) -> None:
    """As by a socket; the others are followed."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(bert, "members")["id"]
    answers = opened(ada, {f"room:{room}": 0, "room:999999": None, "me": None}).recv("joined")["topics"]
    assert answers[f"room:{room}"] == answers["room:999999"] == {"error": "not_found"}
    assert answers["me"]["snapshot"] is True


def test_rights_that_are_taken_away_end_it(opened: Callable[..., Events], client: Client, people: People) -> None:
    """The stream loses the topic at once, and nothing that is said afterwards comes; a poll finds nothing there."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada, "members")["id"]
    invite(ada, room, bert)
    topic = f"room:{room}"
    events = opened(bert, {topic: None})
    events.recv("joined")
    ada.delete(f"/rooms/{room}/members/{bert.id}", expect=204)
    assert events.recv("left")["topic"] == topic
    say(ada, room, "among ourselves")
    bert.post_on(bert.id, "something else")
    assert poll(bert, {topic: 0}, wait=0)[1]["topics"][topic] == {"error": "not_found"}
    ada.delete("/session", expect=204)
    bert.delete("/session", expect=204)
    frames = events.rest()
    assert "among ourselves" not in json.dumps(frames)
    assert frames[-1]["type"] == "bye"


def test_a_newer_sign_in_ends_the_streams(
    server: Server, opened: Callable[..., Events], client: Client, people: People
) -> None:
    """`bye` 4500 by either way, in good order; the next request is told when and from where."""
    ada = client(people.ada)
    events = opened(ada, {"me": None})
    events.recv("joined")
    waiting = http.client.HTTPConnection("localhost", server.port, timeout=10)
    waiting.request("GET", "/live/poll?topic=me&since=0", headers=headers_of(ada))
    poll(ada, {}, wait=0)  # came after it, so it is under way
    with Api(server) as elsewhere:
        elsewhere.http.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
        elsewhere.sign_in(people.ada)
    answer = json.loads(waiting.getresponse().read())
    waiting.close()
    for frames in (events.rest(), answer["frames"]):
        bye = frames[-1]
        assert (bye["type"], bye["code"], bye["reason"], bye["by"]) == ("bye", 4500, "replaced", "Firefox on Linux")
    assert events.is_over
    refused = opened(ada, {"me": None})
    assert _problem(refused) == (401, "session_replaced")
    assert json.loads(refused.body)["by"] == "Firefox on Linux"


def test_a_poll_answers_with_the_first_news(client: Client, people: People) -> None:
    """A newcomer at once; who has missed something at once; who has not when something happens, or in time."""
    ada, bert = client(people.ada), client(people.bert)
    assert [frame["type"] for frame in poll(ada, {ada.wall: None})] == ["hello", "joined"]
    post = bert.post_on(ada.id, "one")
    assert poll(ada, {ada.wall: 0})[1]["topics"][ada.wall]["events"][0]["data"]["id"] == post["id"]
    quiet = poll(ada, {ada.wall: 1}, wait=1)
    assert [frame["type"] for frame in quiet if frame["type"] != "heads"] == ["hello", "joined", "heartbeat"]
    assert quiet[-1]["heads"] == {ada.wall: 1}
    begin = time.monotonic()
    later = threading.Timer(0.5, lambda: bert.post_on(ada.id, "two"))
    later.start()
    news = poll(ada, {ada.wall: 1})
    later.join()
    assert news[-1]["data"]["text"] == "two"
    assert time.monotonic() - begin < 10
    assert poll(ada, {}, wait=0)[-1]["type"] == "heartbeat"


def test_P1_who_polls_does_not_flicker(
    server: Server, live: Callable[..., Live], client: Client, people: People
) -> None:
    """Between two polls nobody is told that they have left; they came once."""
    ada, bert = client(people.ada), client(people.bert)
    room = make_room(ada)["id"]
    bert.put(f"/rooms/{room}/members/{bert.id}", expect=200)
    topic = f"room:{room}"
    watching = live(ada)
    watching.join({topic: None})
    head = poll(bert, {topic: None})[1]["topics"][topic]["seq"]
    for _ in range(3):
        poll(bert, {topic: head}, wait=1)
    told = [frame for frame in watching.seen if frame["type"] == "presence"]
    came = [person["id"] for frame in told for person in frame.get("joined", [])]
    assert came.count(bert.id) == 1
    assert [frame for frame in told if frame.get("left")] == []


def test_P3_boards_come_by_streams(opened: Callable[..., Events], client: Client, people: People) -> None:
    """Everything to a newcomer, then the newest values; who comes back gets what has changed since, and no more."""
    ada = client(people.ada)
    board = ada.post("/boards", {"name": "A board"}, expect=201).json()["board"]["id"]
    token = ada.post(f"/boards/{board}/producers", {"name": "a sensor"}, expect=201).json()["token"]
    told, topic = Told(ada.url, board, token), f"board:{board}"
    events = opened(ada, {topic: None})
    whole = events.recv("joined")["topics"][topic]
    assert whole["state"]["$board"]["name"] == "A board"
    push_to(told, 1)
    frame = events.recv("state")
    assert (frame["topic"], frame["data"]["temp"]["value"]) == (topic, 1)
    assert events.last_id is not None
    assert events.last_id.endswith(f";{topic}={frame['seq']}")
    assert poll(ada, {topic: frame["seq"]}, wait=0)[1]["topics"][topic]["state"] == {}
    push_to(told, 2)
    changed = poll(ada, {topic: frame["seq"]})[1]["topics"][topic]
    assert changed["state"]["temp"]["value"] == 2
    assert opened(ada, {topic: 0}, last_id=events.last_id).recv("joined")["topics"][topic] == changed


def test_old_clients_get_their_news_and_an_end(server: Server, client: Client, people: People) -> None:
    """HTTP/1.0 has no chunks: the answer has a length and ends with the first news; the browser comes again."""
    ada = client(people.ada)
    ada.post_on(ada.id, "news")
    request = request_bytes(
        "GET", address("/live/events", {ada.wall: 0}), headers_of(ada), host=f"localhost:{server.port}"
    )
    with Raw(server.port) as raw:
        raw.send(request.replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n"))
        answer = raw.response()
    assert answer.status == 200
    assert answer.header("transfer-encoding") is None
    assert answer.header("content-length") == str(len(answer.body))
    assert f"{ada.wall}=1".encode() in answer.body
    assert answer.body.endswith(b"\n\n")


def test_one_connection_serves_many_requests(server: Server, client: Client, people: People) -> None:
    """Polls, a refusal and a stream to its end, one after the other; the answers are where they belong."""
    ada = client(people.ada, transport="token")
    connection = http.client.HTTPConnection("localhost", server.port, timeout=10)
    try:
        for path, status in (("/live/poll?wait=0", 200), ("/live/poll?since=1", 422), ("/live/poll?wait=0", 200)):
            connection.request("GET", path, headers=headers_of(ada))
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (status, True)
        connection.request("GET", "/live/events", headers=headers_of(ada))
        stream = connection.getresponse()
        stream.readline()
        ada.delete("/session", expect=204)
        assert b'"bye"' in stream.read()
        connection.request("GET", "/live/poll", headers=headers_of(ada))
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (401, "signed_out")
    finally:
        connection.close()


def test_streams_count_among_the_sockets(server: Server, client: Client, people: People) -> None:
    """A session has so many connections, whatever their kind."""
    ada = client(people.ada)
    with contextlib.ExitStack() as stack:
        for _ in range(32):
            stack.enter_context(Events(server, ada, "")).recv("hello")
        refused = stack.enter_context(Events(server, ada, ""))
        assert _problem(refused) == (503, "busy")
        assert refused.headers["Retry-After"]
    wait_for(lambda: ada.request("GET", server.url + "/live/poll?wait=0").status_code == 200, what="them to be gone")


def test_R3_who_does_not_read_is_bounded(fresh_server: Callable[..., Server], client: Client, people: People) -> None:
    """They are ended; the others hear all; who comes back to the last id has missed nothing; nothing is left open."""
    server = fresh_server(
        limits={
            "outbound_bytes": 32_768,
            "fleeting_bytes": 8_192,
            "kernel_bytes": 4_096,
            "missed_bytes": 10_000_000,
            "stuck_seconds": 1,
            "posts_burst": 1_000,
            "signups_per_minute": 100,
        }
    )
    ada, bert = client(people.ada, on=server), client(people.bert, on=server)
    before = _sockets(server)
    stuck = Events(server, ada, {ada.wall: 0}, receive_buffer=4_096)
    stuck.recv("joined")
    reader = EventsReader(server, ada, ada.wall)
    sizes, head = [], 0
    try:
        for _ in range(120):
            head = bert.post_on(ada.id, "x" * 4_000)["seq"]
            reader.read(head)
            sizes.append(server.memory())
        wait_for(lambda: _sockets(server) <= before + 1, 15, "the end of who does not read")
        assert sizes[-1] - sizes[0] < 20_000_000
        late = EventsReader(server, ada, ada.wall)
        late.events = stuck
        with contextlib.suppress(http.client.HTTPException, ConnectionError, AssertionError):
            late.read(head)
        assert late.seq < head
        late.cut()
        late.read(head)
        late.cut()
        assert late.story == reader.story
    finally:
        stuck.close()
        reader.cut()
    wait_for(lambda: _sockets(server) <= before, 10, "all to be closed")


def test_streams_live_long_and_end_with_the_server(
    fresh_server: Callable[..., Server], client: Client, people: People
) -> None:
    """Heartbeats with heads keep a silent reader's stream for as long as anybody likes; a stop says bye, and when to
    come back, within its grace."""
    server = fresh_server(
        limits={"heartbeat_seconds": 0.5, "idle_seconds": 2, "header_seconds": 1, "answer_seconds": 1}
    )
    ada = client(people.ada, on=server)
    streams = [Events(server, ada, {ada.wall: 0}) for _ in range(4)]
    polls: list[list[Frame]] = []
    waiting = [threading.Thread(target=lambda: polls.append(poll(ada, {ada.wall: 0}))) for _ in range(2)]
    try:
        for _ in range(4):
            assert streams[0].recv("heartbeat")["heads"] == {ada.wall: 0}
        for thread in waiting:
            thread.start()
        streams[0].recv("heartbeat")
        assert server.terminate() < 8
        for frames in [one.rest() for one in streams]:
            assert (frames[-1]["type"], frames[-1]["code"]) == ("bye", 1012)
            assert frames[-1]["retry_ms"] >= 0
        for thread in waiting:
            thread.join(10)
        assert [frames[-1]["type"] in ("bye", "heartbeat") for frames in polls] == [True, True]
    finally:
        for one in streams:
            one.close()
