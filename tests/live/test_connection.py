"""One client's state machine against everything that a client could send, at any time."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.live.model import Me, Tape
from twidder.config import Limits
from twidder.live import closing, wire
from twidder.live.connection import Connection, State

LIMITS = Limits(frames_burst=8, frames_per_second=1.0, pending_requests=3)

SAID: list[Any] = [
    *({"type": "join", "id": number, "topics": {}} for number in range(4)),
    *({"type": "send", "id": number, "topic": "wall:1", "text": "a"} for number in range(4)),
    {"type": "leave", "topics": []},
    {"type": "pong"},
    {"type": "auth", "token": "secret"},
    {"type": "of a later version"},
    {"type": "send", "id": -1},
    {"type": "join", "id": 1, "topics": 1},
    {},
    [],
    "{",
]
frames = st.sampled_from([said.encode() if isinstance(said, str) else json.dumps(said).encode() for said in SAID])
steps = st.lists(
    st.tuples(st.just("receive"), frames)
    | st.tuples(st.sampled_from(["answer", "ping", "close"]), st.integers(0, 3))
    | st.tuples(st.just("wait"), st.floats(0, 5)),
    max_size=40,
)


@given(st.sampled_from([State.NEW, State.ASKED, State.KNOWN]), steps)
def test_whatever_a_client_says_costs_a_bounded_amount(state: State, steps: list[tuple[str, Any]]) -> None:
    """Every request is answered once, at most so many wait, a refusal is one frame, and nothing follows the bye."""
    tape = Tape()
    connection = Connection(tape, LIMITS, 0.0)
    connection.state, connection.me = state, Me(7, "7a")
    now, open_ids = 0.0, set[int]()
    for what, value in steps:
        was_open = tape.closed is None
        if what == "wait":
            now += value
        elif what == "answer" and value in open_ids:
            open_ids.discard(value)
            connection.answer(value, wire.frame("ack", id=value))
        elif what == "ping":
            connection.count_frame(now)
        elif what == "close":
            connection.close(closing.TRY_AGAIN)
        elif what == "receive":
            frame = connection.receive(value, now)
            if frame is not None:
                assert was_open
                assert isinstance(frame, wire.Auth) == (state is State.NEW), "in its turn"
                assert state is not State.ASKED
            if isinstance(frame, wire.Join | wire.Send):
                assert frame.id not in open_ids, "one request for one id"
                open_ids.add(frame.id)
        told = [one["type"] for one in tape.take()]
        assert told in ([], ["ack"], ["error"], ["bye"], ["error", "bye"])
        assert was_open or told == []
        assert ("bye" in told) == (was_open and tape.closed is not None)
        assert sorted(connection.pending) == sorted(open_ids)
        asked = connection.state is State.ASKED
        assert connection.busy == (asked or len(open_ids) >= LIMITS.pending_requests)


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_a_client_may_send_so_much_and_no_more(pauses: list[float]) -> None:
    """At most the burst and the rate; who keeps to it is never closed, who does not is told 4001."""
    tape = Tape()
    connection = Connection(tape, LIMITS, 0.0)
    now, level = 0.0, LIMITS.frames_burst * 1.0
    for pause in pauses:
        now += pause
        level = min(LIMITS.frames_burst, level + pause * LIMITS.frames_per_second) - 1
        if abs(level) < 1e-6:
            return  # a matter of rounding
        assert connection.count_frame(now) == (level > 0)
        if level < 0:
            assert tape.closed == closing.TOO_MANY_FRAMES[:2]
            return


@given(st.lists(st.floats(0, 100), min_size=3, max_size=12))
def test_three_unreadable_frames_in_a_minute_are_the_end(pauses: list[float]) -> None:
    """Counted over any minute, not over the connection's life: 4505."""
    tape = Tape()
    connection = Connection(tape, LIMITS, 0.0)
    connection.known(Me(7, "7a"))
    times = list[float]()
    for pause in pauses:
        times.append((times[-1] if times else 0.0) + pause + 1.0)
        connection.receive(b"{", times[-1])
        recent = [at for at in times if times[-1] - at < 60.0]
        assert (tape.closed is not None) == (len(recent) >= LIMITS.bad_frames)
        if tape.closed is not None:
            assert tape.closed == closing.BAD_FRAMES[:2]
            return
