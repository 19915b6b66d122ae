"""Many sockets on the same topics, in a process of their own: they read all that comes, until they are told to stop.

``python -m tests.faults.audience`` is that process; ``Audience`` is the test's hold on it.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from tests.faults.plain import Door

ROOT = Path(__file__).resolve().parents[2]
RECEIVE_BUFFER = 16_384  # small, so that the kernel does not read for them; it doubles this


class Audience:
    """``number`` sockets of one session that have joined ``topics``. ``stop()`` and they read no more; at the end of
    the ``with`` they are gone."""

    def __init__(self, door: Door, token: str, topics: list[str], number: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.audience"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._say = self._process.stdin
        self._hear = self._process.stdout
        self._tell(json.dumps([door.server, door.port, token, topics, number]))
        self.ports = set(map(int, self._hear.readline().split()))
        assert len(self.ports) == number, "not all of the audience came in"

    def stop(self) -> None:
        """Returns when they have stopped."""
        self._tell("stop")
        assert self._hear.readline() == "stopped\n"

    def __enter__(self) -> Audience:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say.close()
        self._hear.close()
        self._process.wait(30)

    def _tell(self, line: str) -> None:
        self._say.write(line + "\n")
        self._say.flush()


def main() -> None:
    server, port, token, topics, number = json.loads(sys.stdin.readline())
    everybody = [_come_in(Door(server, port), token, topics) for _ in range(number)]
    print(*(one.getsockname()[1] for one in everybody), flush=True)
    if _read(everybody):
        print("stopped", flush=True)
        sys.stdin.read()


def _come_in(door: Door, token: str, topics: list[str]) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    one.settimeout(30.0)
    one.connect(("127.0.0.1", door.port))
    lines = [
        "GET /live HTTP/1.1",
        f"Host: localhost:{door.server}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Authorization: Bearer {token}",
    ]
    one.sendall("\r\n".join([*lines, "", ""]).encode())
    _read_until(one, b'"hello"')
    join = json.dumps({"type": "join", "id": 1, "topics": dict.fromkeys(topics)}).encode()
    one.sendall(bytes((0x81, 0x80 | len(join))) + bytes(4) + join)  # masked with zeros
    _read_until(one, b'"joined"')
    return one


def _read_until(one: socket.socket, word: bytes) -> None:
    heard = b""
    while word not in heard:
        data = one.recv(65_536)
        if not data:
            raise SystemExit(f"the server let go: {heard!r}")
        heard += data


def _read(everybody: list[socket.socket]) -> str:
    """Read and forget, until there is a line from the test; empty where there is no test any more."""
    with select.epoll() as poll:
        by_number = {one.fileno(): one for one in everybody}
        for number in (0, *by_number):
            poll.register(number, select.EPOLLIN)
        buffer = bytearray(262_144)
        while True:
            for number, _ in poll.poll():
                if number == 0:
                    return sys.stdin.readline()
                if not by_number[number].recv_into(buffer):
                    poll.unregister(number)


if __name__ == "__main__":
    main()
