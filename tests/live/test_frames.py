"""The frame parser against every stream of bytes: RFC 6455, whatever way it comes in pieces."""

from __future__ import annotations

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from tests.harness.raw import CONTINUATION, frame_bytes
from twidder.live import closing, frames
from twidder.live.frames import CLOSE, PING, PONG, TEXT, FrameError, FrameParser, Message

MAX_BYTES, MAX_FRAGMENTS = 300, 5

Outcome = tuple[list[Message], int | None]

controls = st.tuples(st.sampled_from([PING, PONG]), st.binary(max_size=125))
texts = st.text(max_size=75).map(lambda text: text.encode("utf-8", "replace"))
sizes = st.sampled_from([0, 1, 125, 126, 127, MAX_BYTES]).map(lambda size: b"a" * size)
keys = st.binary(min_size=4, max_size=4)


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[Message]]:
    """Valid frames, and the messages they are: texts whole and in fragments, with control frames in between."""
    raw, messages = b"", list[Message]()

    def control() -> None:
        nonlocal raw
        if draw(st.booleans()):
            opcode, payload = draw(controls)
            raw += frame_bytes(opcode, payload, mask=draw(keys))
            messages.append(Message(opcode, payload))

    for text in draw(st.lists(texts | sizes, max_size=4)):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=MAX_FRAGMENTS - 1)))
        parts = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        for place, part in enumerate(parts):
            control()
            opcode, fin = CONTINUATION if place else TEXT, place == len(parts) - 1
            raw += frame_bytes(opcode, part, fin=fin, mask=draw(keys))
        messages.append(Message(TEXT, text))
    control()
    return raw, messages


def run(raw: bytes, cuts: list[int]) -> Outcome:
    """The messages, and the code of the error that ended it. Its memory stays within the limits."""
    parser, messages = FrameParser(MAX_BYTES, MAX_FRAGMENTS), list[Message]()
    places = sorted({min(cut, len(raw)) for cut in cuts} | {0, len(raw)})
    code = None
    for start, end in itertools.pairwise(places):
        try:
            messages += parser.feed(raw[start:end])
        except FrameError as error:
            code = error.code
            break
        assert len(parser._buffer) < MAX_BYTES + 14, "a frame's header is 14 bytes at most"
        assert parser._size == sum(map(len, parser._parts or [])) <= MAX_BYTES
        assert len(parser._parts or []) <= MAX_FRAGMENTS
    assert code in (None, closing.PROTOCOL_ERROR, closing.UNSUPPORTED, closing.BAD_TEXT, closing.TOO_BIG)
    return messages, code


@given(streams(), st.lists(st.integers(0, 2_000), max_size=30))
def test_valid_frames_are_their_messages_however_they_arrive(
    stream: tuple[bytes, list[Message]], cuts: list[int]
) -> None:
    """Any chunking of any valid stream gives the same messages, and nothing is left."""
    raw, messages = stream
    assert run(raw, cuts) == run(raw, list(range(len(raw)))) == (messages, None)
    parser = FrameParser(MAX_BYTES, MAX_FRAGMENTS)
    list(parser.feed(raw))
    assert not parser.midway


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid stream with some bytes changed, lost or put in."""
    raw = bytearray(draw(streams())[0])
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(raw)))
        raw[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=3))
    return bytes(raw)


@given(damaged() | st.binary(max_size=600), st.lists(st.integers(0, 2_000), max_size=30))
@example(frame_bytes(TEXT, b"", form=64, length=2**63 - 1), [])
@example(frame_bytes(TEXT, b"", fin=False) + frame_bytes(CONTINUATION, b"", fin=False) * 10, [])
@example(frame_bytes(TEXT, b"a" * (MAX_BYTES + 1)), [])
def test_garbage_is_refused_alike_however_it_arrives(raw: bytes, cuts: list[int]) -> None:
    """Garbage gives FrameError and nothing else; the same messages before it and the same code for any chunking."""
    assert run(raw, cuts) == run(raw, []) == run(raw, list(range(len(raw))))


@given(st.integers(0, 70_000))
@example(125)
@example(126)
@example(65_535)
@example(65_536)
def test_a_server_frame_says_its_length_the_shortest_way(size: int) -> None:
    """FIN, text, unmasked, and the shortest of the three forms of length."""
    raw = frames.text_frame(b"a" * size)
    head = 2 if size < 126 else 4 if size < 65_536 else 10
    assert (raw[0], len(raw)) == (0x81, head + size)
    assert raw[1] == (size if head == 2 else 126 if head == 4 else 127)
    assert head == 2 or int.from_bytes(raw[2:head], "big") == size


@given(st.sampled_from([1000, 1002, 1009, 4000, 4999]), st.text(max_size=200))
@example(1000, "ä" * 62)
def test_a_close_frame_is_one_that_our_own_parser_takes(code: int, reason: str) -> None:
    """Whatever the reason: at most 125 bytes, cut between characters."""
    reason = reason.encode("utf-8", "replace").decode()
    raw = frames.close_frame(code, reason)
    assert len(raw) <= 127
    (message,) = FrameParser(MAX_BYTES, MAX_FRAGMENTS).feed(frame_bytes(CLOSE, raw[2:]))
    assert reason.startswith(message.data[2:].decode())
