"""An echo server that repeats whatever close code it is told (C1)."""

import uvloop

from tests.conformance import echo_server
from twidder.live import frames


def _take(payload: bytes) -> bytes:
    return payload


if __name__ == "__main__":
    frames._check_close = _take
    uvloop.run(echo_server.serve())
