"""A cap on handshakes, meant well: twenty a second, and the others are told to try again (L6)."""

import time

from twidder.cli import main
from twidder.live.node import Node
from twidder.live.switchboard import Handshake, Refused

A_SECOND = 20

if __name__ == "__main__":
    real = Node.check
    let_in: list[float] = []

    def check(self: Node, handshake: Handshake) -> None:
        now = time.monotonic()
        let_in[:] = [at for at in let_in if now - at < 1.0]
        if len(let_in) >= A_SECOND:
            raise Refused(503, "Too many at once.")
        let_in.append(now)
        real(self, handshake)

    Node.check = check  # type: ignore[method-assign]
    main()
