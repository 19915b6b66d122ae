"""What ``twidder push`` reads: lines of a program, as lines that a board takes; and their bounded queue."""

from __future__ import annotations

import json
import os
import re
import threading
from collections import deque
from collections.abc import Iterator

_BYTES = 16_000  # of one request: the server takes 16,384
_VALUES = 1_000
_KEPT_BYTES = 4_194_304  # while the server is away; then the oldest go
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_BARE = re.compile(r'[^\s"]+')
_PAIRS = re.compile(r'\s*[^\s"=]+=')
TIMED = re.compile(r"(?:^|\s)@\d")


class CannotPush(Exception):
    """There is no use in going on; said in one sentence."""


def as_word(key: str, value: str) -> str:
    return f"{key}={value}" if _BARE.fullmatch(value) else _as_text(key, value)


def _as_text(key: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{key}="{escaped}"'


class Lines:
    """What a program prints, as lines that a board takes: ``key=value`` as it is, JSON objects, tables with a line of
    names above the numbers (vmstat), and with ``key`` anything else as its value."""

    def __init__(self, key: str | None = None) -> None:
        if key is not None and _as_name(key) != key:
            raise CannotPush("A series is named by letters, digits and . _ - / %.")
        self._key = key
        self._names: list[str] = []

    def read(self, line: str) -> str | None:
        """None: it says nothing yet. Raises CannotPush."""
        line = line.strip()
        words = line.split()
        if not words:
            return None
        if self._key is not None:
            return as_word(self._key, line)
        if line[0] == "{":
            return _from_json(line)
        if _PAIRS.match(line):
            return line
        if not all(map(_NUMBER.fullmatch, words)):
            self._names = _as_names(words)
            return None
        if len(words) == len(self._names):
            return " ".join(map(as_word, self._names, words))
        if len(words) == 1:
            raise CannotPush("These are numbers without a name. Say which series they are: --key NAME.")
        return None


def _as_names(words: list[str]) -> list[str]:
    names: list[str] = []
    for word in words:
        name = _as_name(word)
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return names


def _as_name(text: str) -> str:
    return re.sub(r"[^\w.\-/%]", "_", text).lstrip(".-/%")[:60] or "column"


def _from_json(line: str) -> str | None:
    try:
        members = json.loads(line)
    except ValueError:
        return None
    words = [
        _as_text(_as_name(key), value) if isinstance(value, str) else as_word(_as_name(key), json.dumps(value))
        for key, value in members.items()
        if isinstance(value, str | int | float)
    ]
    return " ".join(words) or None


class Waiting:
    """Lines on their way, oldest first; when there are too many, the oldest go."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._bytes = 0
        self._ended = False
        self._changed = threading.Condition()
        self.dropped = 0
        self.failure: CannotPush | None = None

    def put(self, line: str) -> None:
        size = len(line.encode())
        with self._changed:
            if size > _BYTES:
                self.dropped += 1
                return
            self._lines.append(line)
            self._bytes += size
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._lines.popleft().encode())
                self.dropped += 1
            self._changed.notify()

    def end(self, failure: CannotPush | None = None) -> None:
        with self._changed:
            self._ended, self.failure = True, failure
            self._changed.notify()

    @property
    def ended(self) -> bool:
        return self._ended

    def take(self) -> str:
        """As many lines as fit into one request; waits for the first. Empty: there is nothing more."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._ended)
            taken: list[str] = []
            size = values = 0
            while self._lines:
                more, words = len(self._lines[0].encode()) + 1, self._lines[0].count("=")
                if taken and (size + more > _BYTES or values + words > _VALUES):
                    break
                taken.append(self._lines.popleft())
                size, values = size + more, values + words
                self._bytes -= more - 1
            return "\n".join(taken)


def read_lines(file: int) -> Iterator[bytes]:
    """Not through sys.stdin: a thread that waits in it would be in the way when the program ends."""
    rest = b""
    while chunk := os.read(file, 65_536):
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[: _BYTES + 1]  # too long already, and left out by whoever takes it
        yield from lines
    if rest:
        yield rest
