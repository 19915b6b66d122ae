"""``twidder push``: values from a shell or a pipe to a board. The standard library alone, so that it starts at once.

What is read is kept while the server is away, within bounds; a request that got no answer is sent again with the same
Idempotency-Key, so that nothing is stored twice.
"""

from __future__ import annotations

import http.client
import json
import ssl
import sys
import threading
import time
import uuid
from typing import IO, Any
from urllib.parse import quote, urlsplit

from twidder.push_lines import TIMED, CannotPush, Lines, Waiting, as_word, read_lines

_PAUSE = 0.1  # between two requests: as often as a board tells
_WAIT_LEAST, _WAIT_MOST = 0.5, 30.0
_TIMEOUT = 15.0
_PATIENCE = 60.0  # without an answer, once there is nothing more to read
_AGAIN = frozenset({408, 429, 500, 502, 503, 504, 507})

DONE, SOME_REFUSED, CANNOT, NOT_DELIVERED = 0, 1, 2, 3  # what the command exits with


class Pusher:
    """Sends to one board; says on ``stderr`` what was not taken."""

    def __init__(self, url: str, board: str, token: str, stderr: IO[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CannotPush(f"{url[:80]!r} is not an address. It looks like http://localhost:5000.")
        self._parts = parts
        self._path = f"{parts.path.rstrip('/')}/api/v1/boards/{quote(board, safe='')}/values"
        self._token = token
        self._stderr = stderr
        self._connection: http.client.HTTPConnection | None = None
        self._told_away = False
        self.refused = 0

    def push_all(self, waiting: Waiting) -> int:
        """Until there is nothing more. Returns what the command exits with. Raises CannotPush."""
        told = 0
        while body := waiting.take():
            began = time.monotonic()
            if not self._deliver(body, waiting):
                return NOT_DELIVERED
            if waiting.dropped > told:
                self._say(f"{waiting.dropped - told} lines were dropped: there were too many.")
                told = waiting.dropped
            time.sleep(max(0.0, began + _PAUSE - time.monotonic()))
        self.close()
        if waiting.failure is not None:
            raise waiting.failure
        return SOME_REFUSED if self.refused or waiting.dropped else DONE

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _deliver(self, body: str, waiting: Waiting) -> bool:
        """False: nobody answered for too long, and there is nothing more to wait for. Raises CannotPush."""
        key, wait = str(uuid.uuid4()), _WAIT_LEAST
        since = time.monotonic()
        while True:
            status, answer, after = self._send(body, key)
            if status not in _AGAIN:
                self._told_away = False
                self._judge(status, answer)
                return True
            if not waiting.ended:
                since = time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                self._say("The values could not be delivered.")
                return False
            if not self._told_away:
                self._told_away = True
                self._say("Twidder does not answer. Trying again.")
            time.sleep(max(wait, min(after, _WAIT_MOST)))
            wait = min(_WAIT_MOST, wait * 2)

    def _send(self, body: str, key: str) -> tuple[int, dict[str, Any], float]:
        """Status (503 when nobody is there), the answer, and the seconds of Retry-After."""
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "text/plain; charset=utf-8",
            "Idempotency-Key": key,
        }
        try:
            connection = self._connection = self._connection or self._connect()
            connection.request("POST", self._path, body.encode(), headers)
            response = connection.getresponse()
            raw, after = response.read(1_048_576), response.headers.get("Retry-After", "")
        except ssl.SSLCertVerificationError as error:
            raise CannotPush(f"{self._parts.netloc} cannot prove who it is: {error.verify_message}.") from None
        except (OSError, http.client.HTTPException):
            self.close()
            return 503, {}, 0.0
        if response.will_close:
            self.close()
        try:
            answer = json.loads(raw) if raw else {}
        except ValueError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}, float(after) if after.isdigit() else 0.0

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        return kind(self._parts.hostname or "", self._parts.port, timeout=_TIMEOUT)

    def _judge(self, status: int, answer: dict[str, Any]) -> None:
        if status not in (200, 400, 413, 422):
            reason = {401: "This token is not in force.", 404: "There is no such board for this token."}
            raise CannotPush(reason.get(status) or answer.get("detail") or f"Twidder answered {status}.")
        refused = answer.get("refused") or ([] if status == 200 else [{"detail": answer.get("detail", status)}])
        self.refused += len(refused)
        for one in refused[:5]:
            self._say(": ".join(filter(None, (str(one.get("key", "")), str(one.get("detail", ""))))))
        if len(refused) > 5:
            self._say(f"… and {len(refused) - 5} more.")

    def _say(self, text: str) -> None:
        print(f"twidder push: {text}", file=self._stderr, flush=True)


def run(url: str, board: str, token: str, words: tuple[str, ...], key: str | None, stdin: int, stderr: IO[str]) -> int:
    """Push ``words``, or what the file ``stdin`` brings. Returns what the command exits with. Raises CannotPush."""
    pusher = Pusher(url, board, token, stderr)
    waiting = Waiting()
    if words:
        waiting.put(" ".join(_as_argument(word) for word in words))
        waiting.end()
    else:
        threading.Thread(target=_listen, args=(stdin, Lines(key), waiting), name="stdin", daemon=True).start()
    try:
        return pusher.push_all(waiting)
    finally:
        pusher.close()


def _as_argument(word: str) -> str:
    """``state=all well``, from which the shell has taken the quotes."""
    key, separator, value = word.partition("=")
    return as_word(key, value) if separator else word


def _listen(stdin: int, lines: Lines, waiting: Waiting) -> None:
    """Each line gets the time at which it was read: it may wait for its request."""
    try:
        for raw in read_lines(stdin):
            line = lines.read(raw.decode(errors="replace"))
            if line is not None:
                waiting.put(line if TIMED.search(line) else f"{line} @{time.time_ns() // 1_000_000}")
    except CannotPush as failure:
        waiting.end(failure)
    else:
        waiting.end()


def read_token(variable: str | None, file: str | None) -> str:
    """Raises CannotPush."""
    token = variable or ""
    if file is not None:
        try:
            with open(file, encoding="utf-8") as opened:
                token = opened.read(1_000)
        except (OSError, UnicodeDecodeError):
            raise CannotPush(f"{file} cannot be read.") from None
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise CannotPush("Say the board's token: TWIDDER_TOKEN=twp_… or --token-file FILE.")
    return token


def main(url: str, board: str, variable: str | None, file: str | None, words: tuple[str, ...], key: str | None) -> int:
    try:
        return run(url, board, read_token(variable, file), words, key, sys.stdin.fileno(), sys.stderr)
    except CannotPush as failure:
        print(f"twidder push: {failure}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        return 130
