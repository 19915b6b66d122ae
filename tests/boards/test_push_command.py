"""`twidder push`: from a shell, from a pipe, with the server away in between."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.boards.feeding import Feed
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import ROOT, Server
from tests.harness.waiting import wait_for
from twidder.push_lines import CannotPush, Lines, Waiting

VMSTAT = """procs -----------memory---------- ---swap-- ---io---- -system-- -------cpu-------
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st gu
 1  0      0 812340  10240 400000    0    0     5    12  300  600 12  3 85  0  0  0
 2  0      0 812000  10240 400004    0    0     0     0  310  640 20  5 75  0  0  0
"""


@pytest.fixture
def feed(client: Callable[..., Api], people: People) -> Feed:
    return Feed(client(people.ada), client())


class Command:
    """`twidder push` with that token, as a process."""

    def __init__(self, feed: Feed, *args: str, token: str | None = None, board: str | None = None) -> None:
        command = [sys.executable, "-m", "twidder", "push", board or feed.board["slug"], *args]
        env = {"PATH": "/usr/bin:/bin", "TWIDDER_URL": feed.owner.url}
        env |= {"TWIDDER_TOKEN": feed.token if token is None else token}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def end(self, text: str = "") -> tuple[int, str]:
        """Its exit code, and what it complained of."""
        out, complaints = self.process.communicate(text, timeout=60)
        assert out == ""
        return self.process.returncode, complaints

    def __enter__(self) -> Command:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_words_are_values(feed: Feed) -> None:
    """As the shell hands them over: without the quotes."""
    assert Command(feed, "temp=21.5", "state=all well", "door=true", 'said="hi" \\o/').end() == (0, "")
    assert feed.values() == {"temp": 21.5, "state": "all well", "door": True, "said": '"hi" \\o/'}


def test_a_table_names_its_columns(feed: Feed) -> None:
    """vmstat: the line above the numbers says what they are; each line has the time at which it was read."""
    assert Command(feed).end(VMSTAT) == (0, "")
    values = feed.values()
    assert len(values) == 18
    assert (values["r"], values["free"], values["us"], values["id"]) == (2.0, 812_000.0, 20.0, 75.0)


def test_each_line_of_a_pipe_is_a_value(feed: Feed) -> None:
    """Under the key that is told; numbers without one are refused with advice, while the pipe goes on."""
    assert Command(feed, "--key", "load").end("0.5\n0.75\n") == (0, "")
    assert Command(feed, "--key", "log").end("it began\n") == (0, "")
    assert feed.values() == {"load": 0.75, "log": "it began"}
    with Command(feed) as nameless:
        assert nameless.process.stdin is not None
        nameless.process.stdin.write("0.5\n")
        nameless.process.stdin.flush()
        assert wait_for(lambda: nameless.process.poll() is not None, 30)
        assert nameless.process.returncode == 2
        assert "--key" in nameless.end()[1]


def test_what_is_refused_is_named(feed: Feed) -> None:
    """What can be stored is; the exit code says that something could not."""
    code, complaints = Command(feed, "temp=1", "bad=nan", "$=2").end()
    assert (code, complaints.splitlines()[0]) == (1, "twidder push: bad: A number must be finite.")
    assert feed.values() == {"temp": 1.0}


@pytest.mark.parametrize(
    ("token", "board", "says"),
    [
        ("", None, "TWIDDER_TOKEN"),
        ("twp_wrong", None, "token"),
        (None, "no-such-board", "board"),
        ("a b\n", None, "force"),
    ],
)
def test_what_cannot_work_ends_at_once(feed: Feed, token: str | None, board: str | None, says: str) -> None:
    """With one sentence, and no token in it."""
    code, complaints = Command(feed, "temp=1", token=token, board=board).end()
    assert code == 2
    assert says in complaints
    assert len(complaints.splitlines()) == 1
    assert feed.token not in complaints


def test_the_token_may_stand_in_a_file(feed: Feed, tmp_path: Path) -> None:
    """And only there."""
    file = tmp_path / "token"
    file.write_text(f"{feed.token}\n")
    assert Command(feed, "temp=1", "--token-file", str(file), token="wrong").end() == (0, "")
    assert Command(feed, "temp=2", "--token-file", str(tmp_path / "none"), token="").end()[0] == 2
    assert feed.values() == {"temp": 1.0}


def test_nothing_is_lost_and_nothing_comes_twice_while_the_server_is_away(
    fresh_server: Callable[..., Server], client: Callable[..., Api], people: People
) -> None:
    """Killed in the middle of a pipe, and back: every line is there once."""
    server = fresh_server()
    feed = Feed(client(people.ada, on=server), client(on=server))
    with Command(feed, "--key", "log") as command:
        pipe = command.process.stdin
        assert pipe is not None

        def say(numbers: range) -> None:
            for number in numbers:
                pipe.write(f"line {number}\n")
                pipe.flush()

        say(range(50))
        wait_for(lambda: feed.values().get("log") is not None, 30)
        server.kill9()
        say(range(50, 60))
        server.start()
        feed.owner.sign_in(people.ada)
        say(range(60, 100))
        code, complaints = command.end()
    assert (code, complaints) == (0, "twidder push: Twidder does not answer. Trying again.\n")
    assert [text for _, text in feed.items("log")] == [f"line {number}" for number in range(100)]


# Without a server


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (["a=1 b=2"], ["a=1 b=2"]),
        (["", "  "], []),
        (["%util r/s", "1 2"], ["util=1 r/s=2"]),
        (["a a", "1 2"], ["a=1 a_2=2"]),
        (["a b", "1 2 3", "1 2"], ["a=1 b=2"]),
        (['{"a": 1, "b": "two words", "c": true, "d": [1], "e f": "5"}'], ['a=1 b="two words" c=true e_f="5"']),
        (["{broken"], []),
    ],
)
def test_lines_are_read_as_what_they_are(lines: list[str], read: list[str]) -> None:
    """Pairs, tables, JSON."""
    reader = Lines()
    assert [line for line in map(reader.read, lines) if line is not None] == read


def test_a_name_of_two_words_is_none() -> None:
    """It would be two words in a line."""
    for key in ("a b", "a=b", 'a"', "", "-a"):
        with pytest.raises(CannotPush):
            Lines(key)


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    made = Waiting()
    yield made
    made.end()


def test_of_too_many_lines_the_oldest_go(waiting: Waiting) -> None:
    """What is kept is bounded, whatever the lines; a request is never larger than the server takes."""
    waiting.put("x" * 20_000)
    assert waiting.dropped == 1
    for number in range(5_000):
        waiting.put(f"n={number} " + "x" * 1_000)
    kept = 5_001 - waiting.dropped
    assert 4_000 < kept < 4_194_304 // 1_000
    waiting.end()
    taken = []
    while body := waiting.take():
        assert len(body) <= 16_000
        taken += body.split("\n")
    assert taken[-1].startswith("n=4999 ")
    assert len(taken) == kept


def test_taking_waits_for_a_line(waiting: Waiting) -> None:
    """And takes no more than a thousand values."""
    for _ in range(600):
        waiting.put("a=1 b=2")
    assert waiting.take().count("=") == 1_000
    assert waiting.take().count("=") == 200
    later = threading.Timer(0.05, waiting.put, ("c=3",))
    later.start()
    assert waiting.take() == "c=3"
    later.join()
