"""An echo server of Twidder's own parts, for the Autobahn suite: ``python -m tests.conformance.echo_server``.

The switchboard, the handshake, the frames and the transport are the real ones. What they do not do for Twidder, and the
suite asks for, is added here: binary messages, and messages of 256 KiB.
"""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from typing import Any

import uvicorn
import uvloop

from twidder.config import Limits
from twidder.live import frames
from twidder.live.frames import BINARY, FrameParser, Message
from twidder.live.switchboard import Endpoint, Handshake, Switchboard
from twidder.live.websocket import WebSocket

LIMITS = dataclasses.replace(Limits(), message_bytes=262_144)


class Echo:
    """The endpoint: a peer is its socket, and everything that it says is right."""

    pings = False

    def check(self, handshake: Handshake) -> None:
        pass

    def open(self, link: Any, handshake: Handshake, now: float) -> Any:
        return link

    def received(self, peer: Any, text: bytes, now: float) -> None:
        peer.send(frames.text_frame(text))

    def pinged(self, peer: Any, now: float) -> None:
        pass

    def tick(self, peer: Any, now: float) -> None:
        pass

    def lost(self, peer: Any) -> None:
        pass

    def shutdown(self, peer: Any) -> None:
        peer.close(1001, "")


class EchoSocket(WebSocket):
    """Takes binary messages too."""

    def _open(self, endpoint: Endpoint, handshake: Handshake) -> None:
        super()._open(endpoint, handshake)
        self._parser = FrameParser(LIMITS.message_bytes, LIMITS.fragments, binary=True)

    def _receive(self, message: Message, now: float) -> None:
        if message.opcode == BINARY:
            self.send(frames.control_frame(BINARY, message.data))  # any opcode, and any length
        else:
            super()._receive(message, now)


async def serve() -> None:
    board = Switchboard({"/": Echo()}, LIMITS)
    board.start(asyncio.get_running_loop())
    config = uvicorn.Config(
        _nothing_else,
        ws=lambda config, server_state, app_state: EchoSocket(board, server_state),  # type: ignore[arg-type]
        lifespan="off",
        log_level="warning",
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        await uvicorn.Server(config).serve(sockets=[listening])


async def _nothing_else(scope: Any, receive: Any, send: Any) -> None:
    """HTTP is not spoken here."""


if __name__ == "__main__":
    uvloop.run(serve())
