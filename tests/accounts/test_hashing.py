"""Hashing passwords is slow on purpose; nobody else waits for it."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import Server
from twidder.accounts.passwords import Passwords
from twidder.config import Limits

# As in production, and one at a time, so that a handful of sign-ins is a flood.
SLOW = {"argon2_memory_kib": 19_456, "argon2_time": 6, "hash_threads": 1, "failed_signins_address": 10_000}


def test_a_flood_of_sign_ins_is_turned_away_and_stalls_nobody(
    fresh_server: Callable[..., Server], people: People
) -> None:
    """With the queue full, sign-ins get 503 with the time to come back; other requests and sockets go on."""
    server = fresh_server(limits=SLOW | {"hash_queue": 4})
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        answers: list[tuple[int, str | None]] = []

        def guess(number: int) -> None:
            with Api(server) as guesser:
                body = {"email": f"nobody{number}@example.org", "password": "wrong horse"}
                answer = guesser.post("/session", body)
                answers.append((answer.status_code, answer.headers.get("retry-after")))

        with Live(server, ada) as socket:
            socket.join({ada.wall: 0})
            flood = [threading.Thread(target=guess, args=(number,)) for number in range(24)]
            for thread in flood:
                thread.start()
            waits = []
            for number in range(8):
                before = time.monotonic()
                ada.post_on(ada.id, f"post {number}")
                socket.recv("event")
                waits.append(time.monotonic() - before)
            for thread in flood:
                thread.join(30)
        assert {status for status, _ in answers} == {401, 503}
        assert all(retry and int(retry) >= 1 for status, retry in answers if status == 503)
        assert statistics.median(waits) < 2.0, (
            "a post and its event take milliseconds; ten times the half second allowed is plenty"
        )


def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    """The medians of both differ by less than the hashing itself: there is no shortcut to tell them apart by."""
    passwords = Passwords(Limits(argon2_memory_kib=4_096, argon2_time=2))
    known = passwords.hash("correct horse 1")

    def cost(password_hash: str | None) -> float:
        before = time.perf_counter()
        assert not passwords.verify(password_hash, "wrong horse")
        return time.perf_counter() - before

    pairs = [(cost(known), cost(None)) for _ in range(25)]
    wrong, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < wrong / unknown < 2.0


def test_nobodys_password_is_nobodys() -> None:
    """The stand-in that unknown users are compared with opens nothing."""
    passwords = Passwords(Limits(argon2_memory_kib=64, argon2_time=1))
    assert not passwords.verify(None, "nobody")
