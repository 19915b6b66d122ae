"""What keeps the demo moving: somebody talks, votes come in, values change. Ends with the server."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator

from twidder.config import Settings
from twidder.demo import boards, opening, pairup, story
from twidder.demo.client import Cast, Client, Refused, Stopped
from twidder.demo.people import BY_KEY, PEOPLE
from twidder.demo.presence import Presence

logger = logging.getLogger(__name__)

_BETWEEN = 5.0, 20.0  # seconds between two messages …
_ALONE = 300.0  # … and when nobody looks: a demo that is forgotten must not fill the disk
_TYPING = 2.0
_AGAIN = 5.0  # after a failure
_STOP_SECONDS = 5.0
_PUSH_BYTES = 8_000  # of the history at a time: below the limits of bytes and of points


class Demo:
    """Two threads that use the public API, and one that holds the people's live connections."""

    def __init__(self, settings: Settings) -> None:
        self._place = settings.host, settings.port
        self._stopping = threading.Event()
        self._rng = random.Random()
        self._tokens: dict[str, str] = {}
        self._presence = Presence(*self._place, self._tokens, self._stopping)
        self._talker = threading.Thread(target=self._run, args=(self._talk,), name="demo-talk")
        self._feeder = threading.Thread(target=self._run, args=(self._feed,), name="demo-feed")
        self._feeds: dict[str, str] = {}  # a board's slug: its producer's token
        self._new: set[str] = set()  # boards that have no past yet

    def start(self) -> None:
        self._talker.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in (self._talker, self._feeder):
            if thread.ident is not None:
                thread.join(_STOP_SECONDS)
        self._presence.stop()  # after those who use it

    def _run(self, part: Callable[[Client], None]) -> None:
        client = Client(*self._place, self._stopping)
        try:
            while True:
                try:
                    part(client)
                except (Refused, OSError) as error:
                    logger.warning("the demo waits: %s", error)
                    client.wait(_AGAIN)
        except Stopped:
            pass
        finally:
            client.close()

    # Talking

    def _talk(self, client: Client) -> None:
        cast = Cast(client, self._tokens)
        opening.play(client, cast)
        rooms = opening.find_rooms(cast)
        if self._feeder.ident is None:
            self._make_feeds(cast)
            self._feeder.start()
        for person in PEOPLE:
            if person.key not in self._tokens:
                cast.sign_in(person)
            self._presence.come(person.key, list(rooms.values()))
        for key, lines in self._scenes():
            if key in rooms:
                self._change_place(client, cast)
                self._play(client, cast, rooms[key], lines)
            else:
                client.wait(_AGAIN)

    def _scenes(self) -> Iterator[tuple[str, tuple[story.Line, ...]]]:
        while True:
            yield from self._rng.sample(story.SCENES, len(story.SCENES))

    def _play(self, client: Client, cast: Cast, room: int, lines: tuple[story.Line, ...]) -> None:
        earlier: list[int] = []
        for line in lines:
            self._pause(client)
            self._presence.type(line.who, room)
            client.wait(_TYPING)
            try:
                earlier.append(opening.say(cast, room, line, earlier))
                opening.vote(cast, self._rng)
                client.wait(_TYPING)
                opening.like(cast, line, earlier[-1])
            except Refused as refusal:  # a visitor has changed something
                logger.info("the demo goes on: %s", refusal)
                return

    def _change_place(self, client: Client, cast: Cast) -> None:
        try:
            pairup.change_place(cast, client.wait, self._rng)
        except Refused as refusal:  # a visitor was quicker, or has closed the round
            logger.info("the demo goes on: %s", refusal)

    def _pause(self, client: Client) -> None:
        """Until the next message is due; it ends when somebody comes to look."""
        due = time.monotonic() + self._rng.uniform(*_BETWEEN)
        alone = time.monotonic() + _ALONE
        while time.monotonic() < (due if self._watched(client) else alone):
            client.wait(1.0)

    def _watched(self, client: Client) -> bool:
        here = client.ask("GET", "/community")["people_here"]
        return here is None or here > self._presence.count()

    # Values

    def _make_feeds(self, cast: Cast) -> None:
        """A token for each board. It is shown once, so that every start makes a new one and ends the old."""
        for board in boards.BOARDS:
            owner = BY_KEY[board.owner]
            try:
                producers = f"/boards/{board.slug}/producers"
                for old in cast.ask(owner, "GET", producers)["items"]:
                    if old["name"] == story.PLACE:
                        cast.ask(owner, "DELETE", f"{producers}/{old['id']}")
                state = cast.ask(owner, "GET", f"/boards/{board.slug}")["state"]
                if all(key.startswith("$") for key in state):
                    self._new.add(board.slug)
                self._feeds[board.slug] = cast.ask(owner, "POST", producers, {"name": story.PLACE})["token"]
            except Refused as refusal:  # deleted by a visitor
                logger.info("the demo goes without %s: %s", board.slug, refusal)

    def _feed(self, client: Client) -> None:
        feeds = [_Feed(client, board, self._feeds[board.slug]) for board in boards.BOARDS if board.slug in self._feeds]
        for feed in feeds:
            if feed.slug in self._new:
                feed.bring_past(time.time())
                self._new.discard(feed.slug)
        while True:
            now = time.time()
            for feed in feeds:
                if now >= feed.due and feed.slug in self._feeds:
                    self._push(feed, now)
            client.wait(0.2)

    def _push(self, feed: _Feed, now: float) -> None:
        try:
            feed.push(now)
        except Refused as refusal:
            if refusal.status in (401, 404):  # a visitor has taken the token back, or the board away
                del self._feeds[feed.slug]
            logger.info("the demo’s %s: %s", feed.slug, refusal)


class _Feed:
    """One board, and what it was told last."""

    def __init__(self, client: Client, board: boards.Board, token: str) -> None:
        self.slug = board.slug
        self._client, self._board, self._token = client, board, token
        self._told: boards.Values = {}
        self.due = 0.0

    def bring_past(self, now: float) -> None:
        for lines in boards.history(self._board, now, _PUSH_BYTES):
            self._send(lines)

    def push(self, now: float) -> None:
        self.due = now + self._board.every
        points = boards.push(self._board, now, self._told)
        if points:
            self._send(points)
        self._told = self._board.values(now)

    def _send(self, body: object) -> None:
        self._client.ask("POST", f"/boards/{self.slug}/values", body, token=self._token)
