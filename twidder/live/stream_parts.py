"""What a stream is asked for, and what it says: addresses in, lines out. Pure.

The hub hands a stream the frames that it hands to sockets, header and all. They are taken apart once for all readers of
the same bytes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from twidder.config import Limits
from twidder.errors import BadField, BadRequest
from twidder.live import frames, topics

_MOST = 2**53  # whole numbers of JavaScript
_TOKENS = frozenset({"token", "access_token"})
_SHARED = 16_384  # what is longer is for one reader, as a rule, and not worth keeping …
_KEPT = 64  # … of the others so many
_SEQ = re.compile(rb'\{"type":"(?:event|state)","topic":"([^"]+)","seq":(\d+)')

encode = msgspec.json.encode


class Asked(NamedTuple):
    """``joins``: frames as a client of the socket would send them, one for each epoch. ``is_new``: a snapshot is asked
    for. ``wait``: seconds."""

    joins: list[bytes]
    is_new: bool
    wait: float


def read_query(query: str, last_event_id: str | None, limits: Limits, *, waits: bool) -> Asked:
    """``topic=room:12&since=417&topic=board:3&epoch=k3f9``: each ``since`` belongs to the topic before it. Raises
    BadField, BadRequest. ``waits``: it is a poll's."""
    asked: dict[str, int | None] = {}
    epoch: str | None = None
    wait = float(limits.poll_seconds)
    newest = ""
    for name, value in _pairs(query, limits):
        if name == "topic":
            newest = _check_topic(value, asked, limits)
            asked[newest] = None
        elif name == "since":
            if not newest or asked[newest] is not None:
                raise BadField("since", "Each “since” belongs to the topic before it, which has one at most.")
            asked[newest] = _check_number("since", value)
        elif name == "epoch" and epoch is None and 0 < len(value) <= 64:
            epoch = value
        elif name == "wait" and waits:
            wait = float(min(_check_number("wait", value), limits.poll_seconds))
        elif name in _TOKENS:
            raise BadRequest(code="token_in_url")
        else:
            raise BadField(name[:40], "There is no such parameter here, or it is wrong.")
    known = read_positions(last_event_id, asked)
    by_epoch: dict[str | None, dict[str, int | None]] = {}
    for topic, since in asked.items():
        position = known.get(topic, (epoch, since))
        by_epoch.setdefault(position[0], {})[topic] = position[1]
    joins = [_join(number, *one) for number, one in enumerate(by_epoch.items())]
    return Asked(joins, any(None in group.values() for group in by_epoch.values()), wait)


def read_positions(last_event_id: str | None, asked: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Of ``k3f9;room:12=420;board:3=9921`` the epoch and position of each topic that is asked for. What makes no sense
    is as if it were not there: a browser repeats it by itself."""
    epoch, *rest = (last_event_id or "").split(";")
    pairs = (part.partition("=")[::2] for part in rest)
    wanted = frozenset(asked)
    return {
        name: (epoch, int(seq))
        for name, seq in pairs
        if epoch and name in wanted and seq.isascii() and seq.isdigit() and len(seq) <= 16 and int(seq) <= _MOST
    }


def _pairs(query: str, limits: Limits) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=2 * limits.stream_url_topics + 2
        )
    except ValueError:
        raise BadField("topic", f"That is unreadable, or more than {limits.stream_url_topics} topics.") from None


def _check_topic(name: str, asked: Mapping[str, Any], limits: Limits) -> str:
    if topics.from_wire(name, 0) is None:
        raise BadField("topic", "That is not the name of a topic.", "bad_topic")
    if name in asked:
        raise BadField("topic", "A topic is named once.")
    if len(asked) >= limits.stream_url_topics:
        raise BadField("topic", f"At most {limits.stream_url_topics} topics.", "too_many_topics")
    return name


def _check_number(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= _MOST):
        raise BadField(field, "That is not a whole number.")
    return int(text)


def _join(number: int, epoch: str | None, wanted: Mapping[str, int | None]) -> bytes:
    return encode({"type": "join", "id": number, "epoch": epoch, "topics": wanted})


# What the server says


class Answered(msgspec.Struct):
    """One topic of a ``joined`` frame."""

    seq: int | None = None
    events: list[msgspec.Raw] | None = None
    state: dict[str, msgspec.Raw] | None = None
    reset: bool = False
    snapshot: bool = False
    error: str | None = None

    @property
    def position(self) -> int | None:
        """None where there is nothing to go on from: the topic is to be asked for anew."""
        return None if self.reset or self.error else self.seq

    @property
    def is_news(self) -> bool:
        return bool(self.events or self.state or self.reset or self.snapshot or self.error)


class _Joined(msgspec.Struct):
    topics: dict[str, Answered]


class _Left(msgspec.Struct):
    topic: str


class _Hello(msgspec.Struct):
    epoch: str


class Spoken(NamedTuple):
    """A frame of the live protocol. ``moves``: topics, and how far their reader is with it; None = nowhere."""

    kind: str
    payload: bytes
    moves: tuple[tuple[str, int | None], ...] = ()
    is_news: bool = True
    epoch: str | None = None


def take_apart(data: bytes) -> tuple[Spoken, ...]:
    """The frames in what was sent to a socket, without the control frames."""
    return _take_apart(data) if len(data) > _SHARED else _take_apart_once(data)


def _take_apart(data: bytes) -> tuple[Spoken, ...]:
    return tuple(_understand(payload) for opcode, payload in _frames(data) if opcode == frames.TEXT)


_take_apart_once = functools.lru_cache(maxsize=_KEPT)(_take_apart)


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Of a server: unmasked, and whole messages."""
    at = 0
    while at < len(data):
        opcode, length, begin = data[at] & 0x0F, data[at + 1], at + 2
        if length >= 126:
            begin += 2 if length == 126 else 8
            length = int.from_bytes(data[at + 2 : begin], "big")
        at = begin + length
        yield opcode, data[begin:at]


def _understand(payload: bytes) -> Spoken:
    kind = payload[9 : payload.index(b'"', 9)].decode()
    if kind in ("event", "state"):
        found = _SEQ.match(payload)
        assert found is not None
        return Spoken(kind, payload, ((found[1].decode(), int(found[2])),))
    if kind == "joined":
        answers = msgspec.json.decode(payload, type=_Joined).topics
        moves = tuple((name, answer.position) for name, answer in answers.items())
        return Spoken(kind, payload, moves, any(answer.is_news for answer in answers.values()))
    if kind == "left":
        return Spoken(kind, payload, ((msgspec.json.decode(payload, type=_Left).topic, None),))
    if kind == "hello":
        return Spoken(kind, payload, is_news=False, epoch=msgspec.json.decode(payload, type=_Hello).epoch)
    return Spoken(kind, payload)


class Positions:
    """How far one reader is with each topic, as the ``id`` of a message tells it."""

    def __init__(self) -> None:
        self._epoch = ""
        self._seqs: dict[str, int] = {}
        self._shown = b""

    def message(self, spoken: Spoken) -> bytes:
        """One message of server-sent events; with an id where something has moved."""
        self._epoch = spoken.epoch or self._epoch
        for topic, seq in spoken.moves:
            if seq is None:
                self._seqs.pop(topic, None)
            elif spoken.kind == "joined" or topic in self._seqs:  # who was reset has to ask anew, whatever comes
                self._seqs[topic] = seq
        line = self._line() if spoken.moves else self._shown
        if line == self._shown:
            return b"data: %b\n\n" % spoken.payload
        self._shown = line
        return b"id: %b\ndata: %b\n\n" % (line, spoken.payload)

    def _line(self) -> bytes:
        return ";".join((self._epoch, *(f"{topic}={seq}" for topic, seq in self._seqs.items()))).encode()
