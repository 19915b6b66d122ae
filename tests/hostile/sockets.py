"""Ada's sockets, byte by byte."""

from __future__ import annotations

import contextlib
from typing import Any

from tests.harness.raw import CLOSE, TEXT, Ended, Frame, Headers, RawSocket
from tests.hostile.stage import ECHO, Stage, pairs_of


def connect(stage: Stage, headers: Headers = (), *, path: str = "/live", shake: bool = True) -> RawSocket:
    """Before its hello; `headers` replace those of her browser."""
    given = pairs_of(headers)
    if not any(name == "Cookie" for name, _ in given):
        given.append(("Cookie", stage.cookie))
    return RawSocket(stage.server, path=path, headers=given, handshake=shake, timeout=10)


def stranger(stage: Stage) -> RawSocket:
    """A program that has not said who it is."""
    return RawSocket(stage.server, origin=None, timeout=10)


def open_socket(stage: Stage) -> RawSocket:
    socket = connect(stage)
    assert socket.frame().json()["type"] == "hello"
    return socket


def check_alive(socket: RawSocket) -> list[Frame]:
    """It still answers; what it had said before."""
    socket.send_json({"type": "join", "id": 4711, "topics": {"me": None}})
    heard = []
    while (frame := socket.frame()).opcode != TEXT or frame.json().get("id") != 4711:
        assert frame.opcode != CLOSE, frame
        heard.append(frame)
    assert frame.json()["type"] == "joined"
    return heard


def bye(socket: RawSocket) -> dict[str, Any]:
    """The last frame before the close, which has the same code."""
    frames, code, _ = socket.until_close()
    said: dict[str, Any] = frames[-1].json()
    assert (said["type"], said["code"]) == ("bye", code), frames
    with contextlib.suppress(Ended):
        socket.send_close(code)
    assert socket.ended()
    return said


def check_error(frame: dict[str, Any], code: str) -> None:
    """An error frame that says what is wrong, without our insides and without much of what was sent."""
    assert (frame["type"], frame["code"]) == ("error", code), frame
    assert 0 < len(frame["detail"]) <= 200
    assert "Traceback" not in frame["detail"]
    assert "x" * (ECHO + 1) not in frame["detail"]
