"""The live protocol's messages and their bytes (docs/wire.md). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from twidder.errors import BadField, BadJson, TwidderError
from twidder.live.frames import text_frame
from twidder.live.topics import to_wire
from twidder.strictjson import parse

VERSION = 1

# JavaScript holds whole numbers up to here.
Id = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Auth(msgspec.Struct):
    token: str


class Join(msgspec.Struct):
    """``topics``: name → the newest event I have; None = I am new here."""

    id: Id
    topics: dict[str, Seq | None]
    epoch: str | None = None


class Leave(msgspec.Struct):
    topics: list[str]


class Send(msgspec.Struct):
    id: Id
    topic: str
    text: str
    cid: str | None = None
    reply_to: Id | None = None
    files: list[str] = []


class Act(msgspec.Struct):
    """``act``: a verb of the topic's feature; ``data``: what it wants to know."""

    id: Id
    topic: str
    act: str
    data: dict[str, Any] = {}


class Typing(msgspec.Struct):
    topic: str


class Read(msgspec.Struct):
    topic: str
    seq: Seq


class Pong(msgspec.Struct):
    pass


ClientFrame = Auth | Join | Leave | Send | Act | Typing | Read | Pong
_FRAMES: dict[str, type[ClientFrame]] = {
    "auth": Auth,
    "join": Join,
    "leave": Leave,
    "send": Send,
    "act": Act,
    "typing": Typing,
    "read": Read,
    "pong": Pong,
}
_encode = msgspec.json.Encoder().encode


# What comes by the thousand is read by msgspec alone, in 1 µs instead of 12: see ``_decode_plain``.


class _PlainSend(Send, tag_field="type", tag="send", forbid_unknown_fields=True):
    pass


class _PlainJoin(Join, tag_field="type", tag="join", forbid_unknown_fields=True):
    pass


class _PlainTyping(Typing, tag_field="type", tag="typing", forbid_unknown_fields=True):
    pass


class _PlainPong(Pong, tag_field="type", tag="pong", forbid_unknown_fields=True):
    pass


_decode_quickly = msgspec.json.Decoder(_PlainSend | _PlainJoin | _PlainTyping | _PlainPong).decode
# Two for each key, and for each value that is a text: those that must be there, and of each that may.
_QUOTES: dict[type, int] = {_PlainSend: 14, _PlainJoin: 8, _PlainTyping: 8, _PlainPong: 4}
_QUOTES_OF_MORE = 4


class FrameRefused(Exception):
    """The frame is answered by an error frame; ``id`` where it carried a usable one."""

    def __init__(self, error: TwidderError, frame_id: int | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.id = frame_id


def decode(raw: bytes, *, depth: int) -> ClientFrame | None:
    """The frame in ``raw``; None for types of a later version. Raises FrameRefused."""
    plain = _decode_plain(raw)
    if plain is not None:
        return plain
    try:
        value = parse(raw, depth=depth)
    except BadJson as error:
        raise FrameRefused(error) from None
    except BadField as error:
        raise FrameRefused(TwidderError(error.detail, code="bad_json")) from None
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise FrameRefused(TwidderError(code="bad_frame"))
    kind = _FRAMES.get(value["type"])
    if kind is None:
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise FrameRefused(*_explain(value, str(error))) from None


def _decode_plain(raw: bytes) -> ClientFrame | None:
    """A frame of which every reader of JSON would think the same, or None: then the strict reader judges.

    msgspec lets a key stand twice. Without a backslash every quote is one of a key or a text, so their number tells.
    """
    if b"\\" in raw:
        return None
    try:
        frame = _decode_quickly(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return frame if raw.count(b'"') == _least_quotes(frame) else None


def _least_quotes(frame: ClientFrame) -> int:
    """Of a frame that leaves out what may be left out: a null in its place is left to the strict reader."""
    number = _QUOTES[type(frame)]
    if isinstance(frame, Join):
        number += 2 * len(frame.topics) + (_QUOTES_OF_MORE if frame.epoch is not None else 0)
    elif isinstance(frame, Send) and frame.cid is not None:
        number += _QUOTES_OF_MORE
    return number


def _explain(value: dict[str, Any], message: str) -> tuple[TwidderError, int | None]:
    """msgspec says "Expected `str`, got `int` - at `$.text`"."""
    frame_id = value.get("id")
    usable = type(frame_id) is int and 0 <= frame_id <= 2**53
    if "`$.id`" in message or "field `id`" in message:
        return TwidderError(code="bad_id"), None
    return TwidderError(message[:120], code="bad_field"), frame_id if usable else None


def frame(kind: str, **fields: Any) -> bytes:
    """A server frame, ready for the socket."""
    return text_frame(_encode({"type": kind, **fields}))


def event_body(seq: int, at: int, event: str, data: bytes) -> dict[str, Any]:
    """An event inside ``joined``; ``data`` is spliced in as the JSON that it is."""
    return {"seq": seq, "event": event, "at": at, "data": msgspec.Raw(data)}


def event_frame(topic: str, seq: int, at: int, event: str, data: bytes) -> bytes:
    """Encoded and framed once, for everybody. Put together by hand: 1 µs instead of 3."""
    parts = _encode(to_wire(topic)), seq, _encode(event), at, data
    return text_frame(b'{"type":"event","topic":%b,"seq":%d,"event":%b,"at":%d,"data":%b}' % parts)


def state_frame(topic: str, seq: int, at: int, data: Mapping[str, bytes]) -> bytes:
    """The newest values of the keys named; each is spliced in as the JSON that it is."""
    return text_frame(
        b'{"type":"state","topic":%b,"seq":%d,"at":%d,"data":%b}' % (_encode(to_wire(topic)), seq, at, state_body(data))
    )


def state_body(data: Mapping[str, bytes]) -> bytes:
    return b"{%b}" % b",".join(b"%b:%b" % (_encode(key), value) for key, value in data.items())


def error_frame(error: TwidderError, frame_id: int | None = None) -> bytes:
    fields = {"id": frame_id} if frame_id is not None else {}
    return frame("error", **fields, code=error.code, detail=error.detail, **error.extra)
