"""An echo server that forgets a message's first fragment when a ping comes between (C1)."""

import uvloop

from tests.conformance import echo_server
from twidder.live.frames import PING, FrameParser, Message

_complete = FrameParser._complete


def _forget(self: FrameParser, opcode: int, fin: bool, payload: bytes) -> Message | None:
    if opcode == PING and self._parts:
        self._parts[0] = b""
    return _complete(self, opcode, fin, payload)


if __name__ == "__main__":
    FrameParser._complete = _forget  # type: ignore[method-assign]
    uvloop.run(echo_server.serve())
