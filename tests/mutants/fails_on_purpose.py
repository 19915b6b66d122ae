"""Not a mutation but a bad day: each handler fails where its input says so, by the word ``failpoint`` (R11)."""

import functools
from collections.abc import Callable
from typing import Any

from twidder.accounts import service, sessions
from twidder.cli import main
from twidder.live.channel import Said
from twidder.live.connection import Connection
from twidder.live.node import Node
from twidder.live.wire import Leave
from twidder.store import Tx
from twidder.walls.channel import WallChannel

MARK = "failpoint"


def fail(where: str) -> Any:
    raise RuntimeError(f"{MARK} {where}")


def failing(owner: Any, name: str, where: str, marked: Callable[..., bool]) -> None:
    """``owner.name`` fails for arguments that are ``marked``."""
    real = getattr(owner, name)

    @functools.wraps(real)
    def perhaps(*args: Any, **options: Any) -> Any:
        return fail(where) if marked(*args, **options) else real(*args, **options)

    setattr(owner, name, perhaps)


def fail_in_the_change() -> None:
    real = WallChannel.send

    def send(self: WallChannel, me: Any, topic: Any, said: Said) -> Callable[[Tx], Any]:
        change = real(self, me, topic, said)
        return (lambda _tx: fail("change")) if said.text == f"{MARK} change" else change

    WallChannel.send = send  # type: ignore[method-assign]


if __name__ == "__main__":
    doomed = set()

    def doom(connection: Any, raw: bytes) -> bool:
        if b"tick" in raw:
            doomed.add(connection)
        return False

    fail_in_the_change()
    failing(sessions, "identify", "identify", lambda _tx, token, _limits: token.startswith(MARK))
    failing(service, "people", "view", lambda _tx, query, **_rest: query == MARK)
    failing(WallChannel, "join", "join", lambda *args: args[-1].epoch == MARK)
    failing(WallChannel, "send", "send", lambda _self, _me, _topic, said: said.text == f"{MARK} send")
    failing(Node, "_typing", "typing", lambda _self, _connection, frame: frame.topic == MARK)
    failing(Node, "_act", "leave", lambda _self, _connection, frame: isinstance(frame, Leave) and MARK in frame.topics)
    failing(Node, "received", "tick", lambda _self, connection, raw, _now: doom(connection, raw))
    failing(Node, "tick", "tick", lambda _self, connection, _now: connection in doomed)
    failing(Connection, "receive", "pong", lambda _self, raw, _now: b'"pong"' in raw and b"failpoint pong" in raw)
    failing(Node, "check", "handshake", lambda _self, handshake: MARK in handshake.headers.get("X-A", ""))
    main()
