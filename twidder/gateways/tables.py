"""The table that a room lays for the chat gateways: all who sit at it, in whatever language, hear one conversation.

A table watches its room's topic. Who comes and goes among the seats is told to the seats at once, and to the room's
own people by presence; what is said goes through the room's service, and comes back to all of them as its event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

import msgspec

from twidder.accounts import Author, Seated
from twidder.config import Limits
from twidder.live.channel import LogEvent
from twidder.live.node import Node


class Came(NamedTuple):
    """``here``: the names of all who are here now, by arrival; of many the newest."""

    name: str
    here: list[str]


class Went(NamedTuple):
    name: str
    here: list[str]


class Heard(NamedTuple):
    """``frame``: what the author's own client sent, for the others that speak its language."""

    name: str
    text: str
    frame: bytes | None


News = Came | Went | Heard


class Seat(Protocol):
    """A client at a table. All of this is called on the loop, and nothing may wait."""

    me: Seated
    name: str  # as the others at the table read it
    is_open: bool

    def __hash__(self) -> int:
        """By identity."""

    @property
    def dialect(self) -> Callable[[News], Any]:
        """The news in the client's language, made once for all who speak it."""

    def take(self, said: Any) -> None:
        """What the dialect made of the news."""

    def end(self, reason: str) -> None:
        """The client has lost its seat."""


class Table:
    """The people of the room's own pages stand in the list of names too: by their user id, seats by themselves."""

    def __init__(self, node: Node, room_id: int, limits: Limits) -> None:
        self.room_id = room_id
        self.topic = f"room:{room_id}"
        self.seats: dict[Seat, int] = {}  # and the user id of who sits there
        self.expected = 0  # clients that are being let in
        self.spoken: dict[str, Heard] = {}  # client id of a message under way → how it is told
        self._node = node
        self._limits = limits
        self._seated: Counter[int] = Counter()  # user ids of the seats: of them the table knows more than presence
        self._taken_out: set[int] = set()  # … by the room, while somebody is expected
        self._here: dict[Any, str] = {author.id: name_of(author) for author in node.here(self.topic)}
        node.watch(self.topic, self)

    @property
    def is_empty(self) -> bool:
        return not self.seats and not self.expected

    def clear(self) -> None:
        self._node.unwatch(self.topic, self)

    # Seats

    def sit(self, seat: Seat) -> bool:
        """``seat`` is the newest here, and the first to hear so; whoever sits already has taken another name. False:
        meanwhile the room has taken that person out."""
        author = seat.me.author
        if author.id in self._taken_out:
            return False
        if seat in self.seats:
            self._vacate(seat)
        self._here.pop(author.id, None)  # the same person's page
        self._here[seat] = seat.name
        self.seats[seat] = author.id
        self._seated[author.id] += 1
        self._node.enter(self.topic, seat, author)
        self._tell(Came(seat.name, self._names()))
        return True

    def rise(self, seat: Seat) -> None:
        """Once is enough; it hears no more."""
        if seat not in self.seats:
            return
        author_id = self._vacate(seat)
        del self.seats[seat], self._here[seat]
        if not self._seated[author_id] and self._has_page(author_id):
            self._here[author_id] = seat.name
        else:
            self._tell(Went(seat.name, self._names()))

    def _vacate(self, seat: Seat) -> int:
        """The user id of who sat there."""
        author_id = self.seats[seat]
        self._seated[author_id] -= 1
        self._node.exit(self.topic, seat, at_once=True)
        return author_id

    def settle(self) -> None:
        """Whoever was expected has come, or will not."""
        self.expected -= 1
        if not self.expected:
            self._taken_out.clear()

    # The room

    def event(self, news: LogEvent) -> None:
        if news.event == "message.posted":
            self._hear(msgspec.json.decode(news.data))
        elif news.event == "member.left":
            gone = msgspec.json.decode(news.data)
            if self.expected:
                self._taken_out.add(gone["user"])
            self._end([seat for seat, user in self.seats.items() if user == gone["user"]], gone["reason"])
        elif news.event == "room.changed" and not msgspec.json.decode(news.data).get("gateways"):
            self._end(list(self.seats), "closed")

    def presence(self, joined: Iterable[Author], left: Iterable[Author]) -> None:
        for author in joined:
            if author.id not in self._here and not self._seated[author.id]:
                self._here[author.id] = name_of(author)
                self._tell(Came(name_of(author), self._names()))
        for author in left:
            if (name := self._here.pop(author.id, None)) is not None:
                self._tell(Went(name, self._names()))

    def _hear(self, message: dict[str, Any]) -> None:
        if not message.get("text") and not message.get("files"):  # edited or deleted before the news of it came
            return
        author = msgspec.convert(message["author"], Author)
        text = message["text"] or ", ".join(file["name"] for file in message.get("files", ()))
        spoken = self.spoken.pop(message["cid"], None)
        self._tell(spoken or Heard(name_of(author), text, None))

    def _end(self, seats: list[Seat], reason: str) -> None:
        for seat in seats:
            self.rise(seat)
            seat.end(reason)

    def _has_page(self, user_id: int) -> bool:
        """Whether they follow the topic, which a seat does not."""
        return any(follower.me.user_id == user_id for follower in self._node.hub.followers(self.topic))

    def _names(self) -> list[str]:
        return list(self._here.values())[-self._limits.gateway_names :]

    def _tell(self, news: News) -> None:
        made: dict[Any, Any] = {}
        for seat in list(self.seats):
            if seat.dialect not in made:
                made[seat.dialect] = seat.dialect(news)
            seat.take(made[seat.dialect])


def name_of(author: Author) -> str:
    return f"{author.firstname} {author.familyname}".rstrip()
