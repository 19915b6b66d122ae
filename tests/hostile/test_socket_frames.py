"""WebSocket handshakes and frames that no client should send: rows 49–52, 56–63, 65 and 68 of the catalogue."""

from __future__ import annotations

import contextlib

import pytest

from tests.harness.raw import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Ended,
    RawSocket,
    frame_bytes,
)
from tests.hostile.bystander import Bystander
from tests.hostile.sockets import check_alive, connect, open_socket
from tests.hostile.stage import Stage

KEY = "Sec-WebSocket-Key"
PROTOCOL = "Sec-WebSocket-Protocol"


# Handshakes

ORIGINS = {
    "none": [],
    "null": ["null"],
    "empty": [""],
    "other-site": ["https://evil.example"],
    "sub-domain": ["http://a.localhost:{port}"],
    "suffix": ["http://localhost:{port}.evil.example"],
    "prefix": ["http://evil-localhost:{port}"],
    "other-port": ["http://localhost:1"],
    "no-port": ["http://localhost"],
    "https": ["https://localhost:{port}"],
    "capitals": ["HTTP://LOCALHOST:{port}"],
    "trailing-dot": ["http://localhost.:{port}"],
    "trailing-slash": ["http://localhost:{port}/"],
    "user": ["http://localhost:{port}@evil.example"],
    "twice": ["http://localhost:{port}", "http://localhost:{port}"],
    "list": ["http://localhost:{port}, https://evil.example"],
    "non-ascii": ["http://l\xf6calhost:{port}"],
}


@pytest.mark.parametrize("name", ORIGINS, ids=lambda name: f"row49-{name}")
def test_C2_row49_another_sites_page_gets_no_socket(stage: Stage, bystander: Bystander, name: str) -> None:
    """With the cookie and any other Origin than ours, or none: 403 before the upgrade."""
    origins = [("Origin", value.replace("{port}", str(stage.server.port))) for value in ORIGINS[name]]
    with RawSocket(stage.server, origin=None, headers=[("Cookie", stage.cookie), *origins]) as socket:
        assert socket.answer is not None
        assert socket.answer.status == 403
        assert socket.ended()
    bystander.noticed_nothing()


HANDSHAKES: dict[str, tuple[list[tuple[str, str]], tuple[int, ...]]] = {
    "row50-version-8": ([("Sec-WebSocket-Version", "8")], (400, 426)),
    "row50-version-14": ([("Sec-WebSocket-Version", "14")], (400, 426)),
    "row50-version-of-8000": ([("Sec-WebSocket-Version", "1" * 8_000)], (400, 426)),
    "row50-key-empty": ([(KEY, "")], (400,)),
    "row50-key-of-15-bytes": ([(KEY, "AAAAAAAAAAAAAAAAAAAA")], (400,)),
    "row50-key-not-base64": ([(KEY, "!!!!!!!!!!!!!!!!!!!!!!==")], (400,)),
    "row50-key-twice": ([(KEY, "AAAAAAAAAAAAAAAAAAAAAA=="), (KEY, "AAAAAAAAAAAAAAAAAAAAAA==")], (400,)),
    "row50-h2c": ([("Upgrade", "h2c")], (400, 404, 426)),
    "row50-two-upgrades": ([("Upgrade", "websocket"), ("Upgrade", "h2c")], (400, 404, 426)),
    "row51-protocol-non-ascii": ([(PROTOCOL, "\xff\xfe")], (101, 400)),
    "row51-500-protocols": ([(PROTOCOL, ", ".join(f"p{number}" for number in range(500)))], (101, 400)),
    "row51-500-commas": ([(PROTOCOL, "," * 500)], (101, 400)),
    "row52-deflate": ([("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")], (101,)),
    "row52-deflate-500-times": ([("Sec-WebSocket-Extensions", ", ".join(["permessage-deflate"] * 400))], (101,)),
}


@pytest.mark.parametrize("name", HANDSHAKES)
def test_C2_a_bad_handshake_is_refused(stage: Stage, bystander: Bystander, name: str) -> None:
    """The right status, no extension, no subprotocol, and no more of the input back than 80 characters."""
    headers, statuses = HANDSHAKES[name]
    with connect(stage, headers) as socket:
        answer = socket.answer
        assert answer is not None
        assert answer.status in statuses
        assert answer.header("sec-websocket-extensions") is None
        assert answer.header("sec-websocket-protocol") is None
        if answer.status == 101:
            assert [frame.json()["type"] for frame in check_alive(socket)] == ["hello"]
        assert not any(value[:81].encode("latin-1") in answer.body for _, value in headers if len(value) > 80)
    bystander.noticed_nothing()


def test_C2_row50_an_upgrade_is_a_GET(stage: Stage, bystander: Bystander) -> None:
    """POST with all else right: 405."""
    with connect(stage, shake=False) as socket:
        socket.request = socket.request.replace(b"GET ", b"POST ", 1)
        assert socket.shake().status == 405
        assert socket.ended()
    bystander.noticed_nothing()


@pytest.mark.parametrize("missing", ["Sec-WebSocket-Key", "Sec-WebSocket-Version"])
def test_C2_row50_a_handshake_is_whole(stage: Stage, bystander: Bystander, missing: str) -> None:
    """Without its key, or its version: 400, or 426."""
    with connect(stage, shake=False) as socket:
        lines = socket.request.split(b"\r\n")
        socket.request = b"\r\n".join(line for line in lines if not line.startswith(missing.encode()))
        assert socket.shake().status in (400, 426)
    bystander.noticed_nothing()


@pytest.mark.parametrize(("path", "status"), [("/live?token=secret", 400), ("/live/", 404), ("/nothing", 404)])
def test_C2_row24_only_one_address_has_a_socket(stage: Stage, bystander: Bystander, path: str, status: int) -> None:
    """A token in it is refused, and what is not there is not there."""
    with connect(stage, path=path) as socket:
        assert socket.answer is not None
        assert socket.answer.status == status
    bystander.noticed_nothing()


# Frames


def padded(size: int) -> bytes:
    """A message of that size, of a type that nobody knows."""
    return b'{"type":"nothing","x":"%s"}' % (b"a" * (size - 25))


def parts(whole: bytes, number: int) -> bytes:
    """The message in that many fragments."""
    step = -(-len(whole) // number)
    cut = [whole[start : start + step] for start in range(0, len(whole), step)]
    kinds = [TEXT, *[CONTINUATION] * (number - 1)]
    cut += [b""] * (number - len(cut))
    return b"".join(
        frame_bytes(kind, part, fin=place == number - 1)
        for place, (kind, part) in enumerate(zip(kinds, cut, strict=True))
    )


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame_bytes(CLOSE, code.to_bytes(2, "big") + reason)


FRAMES: dict[str, tuple[bytes, int]] = {
    "row56-unmasked": (frame_bytes(TEXT, b"{}", mask=False), 1002),
    "row56-unmasked-ping": (frame_bytes(PING, b"", mask=False), 1002),
    **{f"row57-rsv-{rsv}": (frame_bytes(TEXT, b"{}", rsv=rsv), 1002) for rsv in (1, 2, 4, 7)},
    **{f"row57-opcode-{code:X}": (frame_bytes(code, b""), 1002) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "row58-ping-of-126": (frame_bytes(PING, b"a" * 126), 1002),
    "row58-ping-in-fragments": (frame_bytes(PING, b"a", fin=False), 1002),
    "row58-close-of-1-byte": (frame_bytes(CLOSE, b"\x03"), 1002),
    "row58-close-of-126": (frame_bytes(CLOSE, (1000).to_bytes(2, "big") + b"a" * 124), 1002),
    **{f"row58-close-{code}": (closing(code), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535)},
    "row58-close-reason-not-utf8": (closing(1000, b"\xff"), 1007),
    "row59-continuation-first": (frame_bytes(CONTINUATION, b"{}"), 1002),
    "row59-text-inside-text": (frame_bytes(TEXT, b"{", fin=False) + frame_bytes(TEXT, b"}"), 1002),
    "row60-not-utf8": (frame_bytes(TEXT, b'"\xff"'), 1007),
    "row60-surrogate": (frame_bytes(TEXT, b'"\xed\xa0\x80"'), 1007),
    "row60-overlong": (frame_bytes(TEXT, b'"\xc0\xaf"'), 1007),
    "row60-beyond-unicode": (frame_bytes(TEXT, b'"\xf4\x90\x80\x80"'), 1007),
    "row60-cut-inside-a-character": (frame_bytes(TEXT, "ä".encode()[:1]), 1007),
    "row60-another-half-in-the-next-fragment": (parts('"ä'.encode()[:2] + b'"', 3), 1007),
    "row61-length-2-to-the-63": (frame_bytes(TEXT, b"", form=64, length=2**63), 1002),
    "row61-length-2-to-the-64-less-1": (frame_bytes(TEXT, b"", form=64, length=2**64 - 1), 1002),
    "row61-length-2-to-the-63-less-1": (frame_bytes(TEXT, b"", form=64, length=2**63 - 1), 1009),
    "row61-length-10-GB": (frame_bytes(TEXT, b"", form=64, length=10**10), 1009),
    "row61-64-bits-for-5-bytes": (frame_bytes(TEXT, b"hello", form=64), 1002),
    "row61-16-bits-for-5-bytes": (frame_bytes(TEXT, b"hello", form=16), 1002),
    "row61-64-bits-for-a-ping": (frame_bytes(PING, b"hello", form=64), 1002),
    "row62-32769": (frame_bytes(TEXT, padded(32_769)), 1009),
    "row62-32769-in-3": (parts(padded(32_769), 3), 1009),
    "row63-65-fragments": (parts(padded(1_000), 65), 1009),
    "row63-65-fragments-of-a-byte": (parts(padded(65), 65), 1009),
    "row63-endless-empty-fragments": (
        frame_bytes(TEXT, b"", fin=False) + frame_bytes(CONTINUATION, b"", fin=False) * 10_000,
        1009,
    ),
    "row65-10000-pings": (frame_bytes(PING, b"ping") * 10_000, 4001),
    "row65-10000-messages": (frame_bytes(TEXT, b'{"type":"pong"}') * 10_000, 4001),
    "row65-10000-empty-messages": (frame_bytes(TEXT, b"") * 10_000, 4505),
    "row68-binary": (frame_bytes(BINARY, b"{}"), 1003),
    "row68-binary-empty": (frame_bytes(BINARY), 1003),
    "row68-binary-of-10-GB": (frame_bytes(BINARY, form=64, length=10**10), 1003),
    "row68-binary-inside-text": (frame_bytes(TEXT, b"{", fin=False) + frame_bytes(BINARY, b"}"), 1003),
    "row68-binary-in-fragments": (frame_bytes(BINARY, b"{", fin=False), 1003),
}


@pytest.mark.parametrize("name", FRAMES)
def test_C2_a_bad_frame_ends_the_connection(stage: Stage, bystander: Bystander, name: str) -> None:
    """With its exact code, whatever stood around it; a code of ours is said in a bye, too."""
    sent, code = FRAMES[name]
    with open_socket(stage) as socket:
        with contextlib.suppress(Ended):
            socket.send(sent)
        frames, got, _ = socket.until_close()
        assert got == code
        byes = [frame.json()["code"] for frame in frames if frame.opcode == TEXT and frame.json()["type"] == "bye"]
        assert byes == ([code] if code >= 4000 else [])
        with contextlib.suppress(Ended):
            socket.send_close(code if code != 1002 else 1000)
        assert socket.ended()
    bystander.noticed_nothing()


# What is sent, and how many pongs it gets.
FINE: dict[str, tuple[bytes, int]] = {
    "row58-ping-of-125": (frame_bytes(PING, b"a" * 125), 1),
    "row60-character-in-two-fragments": (parts('{"type":"ä"}'.encode(), 12), 0),
    "row62-32768": (frame_bytes(TEXT, padded(32_768)), 0),
    "row62-32768-in-3": (parts(padded(32_768), 3), 0),
    "row63-64-fragments": (parts(padded(1_000), 64), 0),
    "row63-64-fragments-of-a-byte": (parts(padded(64), 64), 0),
    "row63-46-empty-fragments": (parts(b'{"type":"nothing"}', 64), 0),
    "row63-ping-between-fragments": (
        frame_bytes(TEXT, b'{"type":', fin=False)
        + frame_bytes(PING, b"between")
        + frame_bytes(CONTINUATION, b'"nothing"}'),
        1,
    ),
    "row65-10000-pongs": (frame_bytes(PONG, b"pong") * 10_000, 0),
}


@pytest.mark.parametrize("name", FINE)
@pytest.mark.parametrize("step", [1, 7, 100_000], ids=lambda step: f"by-{step}")
def test_an_odd_but_right_frame_is_taken(stage: Stage, bystander: Bystander, name: str, step: int) -> None:
    """However it is cut on its way, the connection goes on."""
    sent, pongs = FINE[name]
    if len(sent) > 2_000:
        step *= 1_000
    with open_socket(stage) as socket:
        for start in range(0, len(sent), step):
            socket.send(sent[start : start + step])
        heard = check_alive(socket)
        assert [frame.opcode for frame in heard] == [PONG] * pongs
    bystander.noticed_nothing()
