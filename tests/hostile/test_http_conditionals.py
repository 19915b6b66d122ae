"""Headers that ask for a part, for nothing new, or to pass for somebody else: rows 42–44 of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import GENEROUS
from tests.harness.raw import Raw, Response
from tests.harness.server import Server
from tests.hostile.bystander import Bystander
from tests.hostile.requests import signing_in
from tests.hostile.stage import Stage
from twidder.web.pages import STATIC

FILE = "/static/client.html"
WHOLE = (STATIC / "client.html").read_bytes()

RANGES = {
    "row42-1000-overlapping": "bytes=" + ",".join(["0-"] * 1_000),
    "row42-1000-single-bytes": "bytes=" + ",".join(f"{n}-{n}" for n in range(1_000)),
    "row42-two": "bytes=0-1,4-5",
    "row42-last": "bytes=-1",
    "row42-last-none": "bytes=-0",
    "row42-backwards": "bytes=5-2",
    "row42-behind-the-end": "bytes=99999999-",
    "row42-2-to-the-70": f"bytes=0-{2**70}",
    "row42-from-2-to-the-70": f"bytes={2**70}-",
    "row42-5000-digits": "bytes=0-" + "9" * 5_000,
    "row42-negative": "bytes=--1",
    "row42-plus": "bytes=+1-2",
    "row42-underscore": "bytes=1_0-2_0",
    "row42-arabic-digits": "bytes=\xd9\xa1-\xd9\xa2",
    "row42-other-unit": "lines=1-2",
    "row42-nothing": "bytes=",
    "row42-garbage": "\xff\xfe",
}

CONDITIONS = {
    "row43-8-KiB-of-tags": ("If-None-Match", '"a", ' * 1_600),
    "row43-an-open-quote": ("If-None-Match", '"' + "a" * 8_000),
    "row43-garbage-tag": ("If-None-Match", "\xff\\\x7e"),
    "row43-garbage-date": ("If-Modified-Since", "yesterday, or so"),
    "row43-date-of-year-0": ("If-Modified-Since", "Sat, 00 Jan 0000 00:00:00 GMT"),
    "row43-date-of-year-99999": ("If-Modified-Since", "Sat, 01 Jan 99999 00:00:00 GMT"),
    "row43-date-with-a-zone": ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 +9999999999"),
    "row43-garbage-unmodified": ("If-Unmodified-Since", "9" * 5_000),
    "row43-garbage-if-range": ("If-Range", "\x7e" * 5_000),
}

PRETENDED = {
    "row44-forwarded-for": ("X-Forwarded-For", "127.0.0.1"),
    "row44-500-hops": ("X-Forwarded-For", ", ".join(f"10.0.{n >> 8}.{n & 255}" for n in range(500))),
    "row44-forwarded": ("Forwarded", "for=127.0.0.1;proto=https;host=evil.example"),
    "row44-real-ip": ("X-Real-IP", "127.0.0.1"),
    "row44-other-host": ("X-Forwarded-Host", "evil.example"),
    "row44-other-scheme": ("X-Forwarded-Proto", "https"),
    "row44-prefix": ("X-Forwarded-Prefix", "/evil"),
    "row44-original-url": ("X-Original-URL", "/api/v1/me"),
    "row44-rewritten-url": ("X-Rewrite-URL", "/api/v1/me"),
    "row44-other-method": ("X-HTTP-Method-Override", "DELETE"),
}


def ask(stage: Stage, *headers: tuple[str, str], target: str = FILE) -> Response:
    with Raw(stage.server, timeout=10) as raw:
        raw.send(stage.request("GET", target, headers, cookie=None))
        return raw.response()


@pytest.mark.parametrize("value", RANGES.values(), ids=RANGES)
def test_C2_row42_a_part_is_one_part_or_the_whole(stage: Stage, bystander: Bystander, value: str) -> None:
    """One range of the file, the whole file, or 416; never many parts, never more than there is."""
    answer = ask(stage, ("Range", value))
    if answer.status == 206:
        told = answer.header("content-range") or ""
        first, last = (int(number) for number in told.removeprefix("bytes ").partition("/")[0].split("-"))
        assert answer.body == WHOLE[first : last + 1]
    elif answer.status == 200:
        assert answer.body == WHOLE
    else:
        assert answer.status == 416, answer
    assert "multipart" not in (answer.header("content-type") or "")
    bystander.noticed_nothing()


def test_row42_an_honest_part_is_a_part(stage: Stage) -> None:
    """Or nothing above would say much."""
    answer = ask(stage, ("Range", "bytes=2-5"))
    assert (answer.status, answer.body) == (206, WHOLE[2:6])


@pytest.mark.parametrize("value", CONDITIONS.values(), ids=CONDITIONS)
def test_C2_row43_a_condition_that_makes_no_sense_is_ignored(
    stage: Stage, bystander: Bystander, value: tuple[str, str]
) -> None:
    """The whole file; and an answer of the API knows no conditions at all."""
    answer = ask(stage, value)
    assert (answer.status, answer.body) == (200, WHOLE)
    assert ask(stage, value, target="/api/v1/community").status == 200
    bystander.noticed_nothing()


def test_row43_an_honest_condition_is_kept(stage: Stage) -> None:
    """Who has the file need not load it again."""
    tag = ask(stage).header("etag") or ""
    assert ask(stage, ("If-None-Match", tag)).status == 304


@pytest.mark.parametrize("value", PRETENDED.values(), ids=PRETENDED)
def test_C2_row44_what_a_proxy_would_say_is_ignored(stage: Stage, bystander: Bystander, value: tuple[str, str]) -> None:
    """Where no proxy is trusted, nobody is believed about where a request came from or what it is."""
    answer = ask(stage, value, target="/api/v1/community")
    assert (answer.status, answer.header("location")) == (200, None)
    assert b"evil" not in answer.body
    assert ask(stage, value, target="/api/v1/me").status == 401
    bystander.noticed_nothing()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Stage]]:
    """Servers that bear three wrong passwords of one address, and trust so many proxies."""
    few = GENEROUS | {"failed_signins_address": 3}
    with (
        Server(tmp_path_factory.mktemp("none") / "data", limits=few) as alone,
        Server(tmp_path_factory.mktemp("one") / "data", limits=few, args=["--proxies", "1"]) as behind,
    ):
        stages = Stage(alone), Stage(behind)
        yield lambda proxies: stages[proxies]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_C2_row44_nobody_gets_more_guesses_by_another_name(strict: Callable[[int], Stage], name: str) -> None:
    """Wrong passwords are counted by the address that the connection has, whatever it says of itself."""
    statuses = [_guess(strict(0), name, f"for=10.0.0.{n}" if name == "Forwarded" else f"10.0.0.{n}") for n in range(6)]
    assert statuses[3:] == [429, 429, 429]


def test_row44_behind_a_proxy_the_last_hop_is_believed(strict: Callable[[int], Stage]) -> None:
    """Each address has its own guesses; and what the client put before the proxy's word gives it no more of them."""
    assert [_guess(strict(1), "X-Forwarded-For", f"10.0.0.{n}") for n in range(6)] == [401] * 6
    behind = [_guess(strict(1), "X-Forwarded-For", f"10.0.1.{n}, 10.0.0.99") for n in range(6)]
    assert behind == [401] * 3 + [429] * 3


def _guess(stage: Stage, name: str, value: str) -> int:
    line = f"{name}: {value}\r\n".encode()
    whole = signing_in(f"{name}.{value.replace(' ', '')[:40]}@example.org", "not the password")(stage)
    with Raw(stage.server) as raw:
        raw.send(whole.replace(b"Content-Type:", line + b"Content-Type:", 1))
        return raw.response().status
