"""Requests that two readers could read differently: rows 15–21 of the catalogue, and what lies beside them."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable

import pytest

from tests.harness.raw import Ended, Raw
from tests.hostile.bystander import Bystander
from tests.hostile.stage import Case, Stage, attack, check_problem, row

JSON = ("Content-Type", "application/json")
GOOD = b'{"text":"hello"}'
CHUNKED = ("Transfer-Encoding", "chunked")
Send = Callable[[Stage], bytes]


def length(*values: str) -> Send:
    return lambda stage: stage.posting(GOOD, (JSON, *(("Content-Length", value) for value in values)))


def coding(*values: str) -> Send:
    headers = (JSON, *(("Transfer-Encoding", value) for value in values))
    return lambda stage: stage.posting(b"10\r\n" + GOOD + b"\r\n0\r\n\r\n", headers)


def chunks(raw: bytes) -> Send:
    return lambda stage: stage.posting(raw, (JSON, CHUNKED))


def hosts(*values: str) -> Send:
    """{host} is the right one."""
    return lambda stage: stage.request("GET", "/", [("Host", value.replace("{host}", stage.host)) for value in values])


def no_host(stage: Stage) -> bytes:
    return b"GET / HTTP/1.1\r\n\r\n"


def get(target: str) -> Send:
    return lambda stage: stage.request("GET", target)


def method(name: str, target: str = "/api/v1/users", body: bytes = b"") -> Send:
    return lambda stage: stage.request(name, target, (JSON,), body)


def bare(raw: bytes) -> Send:
    """{host} is the right one."""
    return lambda stage: raw.replace(b"{host}", stage.host.encode())


def line(raw: bytes) -> Send:
    """One header line more."""
    return bare(b"GET /api/v1/community HTTP/1.1\r\nHost: {host}\r\n" + raw + b"\r\n\r\n")


def headers(number: int) -> Send:
    """So many, Host and those that are always there included."""
    return lambda stage: stage.request("GET", "/", [(f"X-{index}", "a") for index in range(number - 4)])


def upgrade(*more: tuple[str, str]) -> Send:
    key = base64.b64encode(bytes(16)).decode()
    own = (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"))
    return lambda stage: stage.request("GET", "/live", (*own, ("Sec-WebSocket-Key", key), *more))


FRAMING = [
    row("row15-plus", length("+16"), 400, closes=True),
    row("row15-list", length("16, 16"), 400, closes=True),
    row("row15-twice-different", length("16", "15"), 400, closes=True),
    row("row15-twice-the-same", length("16", "16"), 400, closes=True),
    row("row15-arabic-digit", length("\xd9\xa3"), 400, closes=True),
    row("row15-underscore", length("1_6"), 400, closes=True),
    row("row15-negative", length("-1"), 400, closes=True),
    row("row15-hexadecimal", length("0x10"), 400, closes=True),
    row("row15-2-to-the-64", length("18446744073709551616"), 400, closes=True),
    row("row16-length-and-chunked", lambda s: s.posting(b"0\r\n\r\n", (JSON, CHUNKED, ("Content-Length", "5"))), 400),
    row("row16-xchunked", coding("xchunked"), 400, closes=True),
    row("row16-chunked-last-but-one", coding("chunked, gzip"), 400, closes=True),
    row("row16-gzip-in-chunks", coding("gzip, chunked"), 400, closes=True),
    row("row16-gzip-in-chunks-by-two-headers", coding("gzip", "chunked"), 400, closes=True),
    row("row16-chunked-twice", coding("chunked", "chunked"), 400, closes=True),
    row("row16-identity", coding("identity"), 400, closes=True),
    row("row16-size-negative", chunks(b"-1\r\n"), 400, closes=True),
    row("row16-size-2-to-the-68", chunks(b"FFFFFFFFFFFFFFFFF\r\n"), 400, closes=True),
    row("row16-size-with-0x", chunks(b"0x10\r\n" + GOOD + b"\r\n0\r\n\r\n"), 400, closes=True),
    row("row16-size-too-small", chunks(b"1\r\n" + GOOD + b"\r\n0\r\n\r\n"), 400, closes=True),
    row("row16-bare-line-feeds", chunks(b"10\n" + GOOD + b"\n0\n\n"), 400, closes=True),
    row("row16-100000-chunks", chunks(b"1\r\n \r\n" * 100_000), 413, code="too_large", closes=True),
    row("row16-endless-chunk-extension", chunks(b"10;" + b"x" * 400_000), 431, closes=True),
    row("row17-host-twice", hosts("{host}", "{host}"), 400, closes=True),
    row("row17-host-absent", no_host, 400, closes=True),
    row("row17-host-empty", hosts(""), 400, closes=True),
    row("row17-host-evil", hosts("evil.example"), 400, closes=True),
    row("row17-host-other-port", hosts("localhost:99999"), 400, closes=True),
    row("row17-host-trailing-dot", hosts("localhost."), 400, closes=True),
    row("row17-host-with-user", hosts("evil@{host}"), 400, closes=True),
    row("row17-host-list", hosts("{host}, evil.example"), 400, closes=True),
    row("row19-get-with-a-body", method("GET", "/api/v1/invitations", b"{}"), 405, code="method_not_allowed"),
    row("row19-trace", method("TRACE"), 405, code="method_not_allowed"),
    row("row19-put-undefined", method("PUT"), 405, code="method_not_allowed"),
    row("row19-lower-case", method("get"), 400, closes=True),
    row("row19-method-of-8000", method("X" * 8000), 400, closes=True),
    row("row19-connect", method("CONNECT", "evil.example:443"), 400, closes=True),
    row("row20-http-0.9", bare(b"GET /\r\n\r\n"), 400, 505, closes=True),
    row("row20-http-3.7", bare(b"GET / HTTP/3.7\r\nHost: {host}\r\n\r\n"), 400, 505, closes=True),
    row("row20-http-2", bare(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400, 505, closes=True),
    row("row20-tls-hello", bare(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400, closes=True),
    row("row21-65-headers", headers(65), 431, closes=True),
    row("row21-9-KiB-value", line(b"X-A: " + b"b" * 9_216), 431, closes=True),
    row("row21-9-KiB-name", line(b"X" * 9_216 + b": b"), 431, closes=True),
    row("row21-40-KiB-in-all", line(b"\r\n".join(b"X-%d: " % n + b"b" * 4_000 for n in range(10))), 431, closes=True),
    row("row21-space-in-name", line(b"X A: b"), 400, closes=True),
    row("row21-space-before-colon", line(b"X-A : b"), 400, closes=True),
    row("row21-no-name", line(b": b"), 400, closes=True),
    row("row21-no-colon", line(b"X-A"), 400, closes=True),
    row("row21-nul-in-name", line(b"X\0A: b"), 400, closes=True),
    row("row21-nul-in-value", line(b"X-A: b\0c"), 400, closes=True),
    row("row21-folded", line(b"X-A: b\r\n c"), 400, closes=True),
    row("row21-cr-in-value", line(b"X-A: b\rc"), 400, closes=True),
    row("row21-bare-line-feed", line(b"X-A: b\nX-B: c"), 400, closes=True),
    row("row50-upgrade-with-a-body", upgrade(("Content-Length", "10")), 400, closes=True),
    row("row50-upgrade-with-chunks", upgrade(CHUNKED), 400, closes=True),
    row("row50-upgrade-with-a-line-of-8-KiB", upgrade(("X-A", "b" * 8_189)), 431, closes=True),
]

PATHS = [
    *("//evil.example", "//evil.example/%2e%2e", "/../", "/%2e%2e/", "/a%2fb", "/%00", "/\\", "/\\evil.example"),
    *("/" + "a" * 5_000, "/%ff", "/\xff", "/;jsession", "/?\xff", "/%", "/%zz", "/a b", "/#x", "*", "/home/"),
    *("http://evil.example/", "/static/..%2f..%2fconfig.py", "/static/../config.py", "/static/%5c..%5cconfig.py"),
    *("/api/v1/users/9223372036854775808", "/api/v1/users/-1", "/api/v1/users/-0", "/api/v1/users/1.0"),
    *("/api/v1/users/true", "/api/v1/users/01", "/api/v1/users/%D9%A1", "/api/v1/users/1%00", "/api/v1//users/1"),
    *("/api/v1/walls/18446744073709551617/posts", "/api/v1/walls/-1/posts"),
]

FINE = [
    row("row16-capital", coding("Chunked"), 201),
    row("row16-extension", chunks(b"10;a=b\r\n" + GOOD + b"\r\n0\r\n\r\n"), 201),
    row("row17-host-capital", lambda s: s.request("GET", "/", [("Host", s.host.upper())]), 200),
    row("row20-http-1.0", bare(b"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n"), 200, closes=True),
    row("row21-64-headers", headers(64), 200),
    row("row50-h2c", lambda s: s.request("GET", "/", {"Upgrade": "h2c", "Connection": "Upgrade"}), 200),
]


@pytest.mark.parametrize("case", FRAMING)
def test_C2_a_bad_request_is_refused(stage: Stage, bystander: Bystander, case: Case) -> None:
    """Each gets its exact refusal; where its end is in doubt, the connection goes with it."""
    answer = attack(stage, case)
    if answer.status == 405:
        assert answer.header("allow")
    bystander.noticed_nothing()


@pytest.mark.parametrize("target", PATHS, ids=lambda target: f"row18-{target[:30]}")
def test_C2_row18_an_odd_path_leads_nowhere(stage: Stage, bystander: Bystander, target: str) -> None:
    """Not there or not a path: never a redirect, never another host, never a file."""
    answer = attack(stage, Case(get(target), (400, 404, 414)))
    assert answer.header("location") is None
    bystander.noticed_nothing()


@pytest.mark.parametrize("case", FINE)
def test_an_odd_but_right_request_is_answered(stage: Stage, bystander: Bystander, case: Case) -> None:
    """What looks like its hostile neighbours and is right all the same."""
    attack(stage, case)
    bystander.noticed_nothing()


def test_C2_row16_trailers_are_not_headers(stage: Stage, bystander: Bystander) -> None:
    """What comes after the body passed none of the checks that headers pass, so nobody may read it as one."""
    token = f"Authorization: Bearer {stage.token}".encode()
    raw = b"10\r\n" + GOOD + b"\r\n0\r\n" + token + b"\r\nContent-Type: application/json\r\n\r\n"

    def send(stage: Stage) -> bytes:
        return stage.request("POST", "/api/v1/walls/{ada}/posts", (CHUNKED,), raw, cookie=None)

    attack(stage, Case(send, (401,), "not_signed_in"))
    bystander.noticed_nothing()


@pytest.mark.parametrize("start", ["GET / HTTP/1.1\r\nX-A: ", "GET / HTTP/1.1\r\nX-A", "trailer"])
def test_C2_row21_an_endless_line_costs_nothing(stage: Stage, bystander: Bystander, start: str) -> None:
    """A header, or a trailer, that never ends is refused long before it fills the memory."""
    begin = start.encode() if start != "trailer" else stage.posting(b"0\r\nX-A: ", (JSON, CHUNKED))
    before = stage.server.memory()
    with Raw(stage.server) as raw:
        with contextlib.suppress(Ended):
            raw.send(begin)
            for _ in range(50):
                raw.send(b"a" * 1_000_000)
        assert raw.ended()
        if raw.buffer:  # the kernel may have thrown the answer away with the rest of the request
            check_problem(raw.response(), b"", code="too_large")
    assert stage.server.memory() - before < 8_000_000
    bystander.noticed_nothing()


def test_half_a_request_is_none(stage: Stage, bystander: Bystander) -> None:
    """Who goes before the body is complete has asked for nothing, even if what came looks whole."""
    with Raw(stage.server) as raw:
        raw.send(stage.posting(b'{"text":"half a request"}', (JSON, ("Content-Length", "26"))))
    with Raw(stage.server) as raw:
        raw.send(stage.posting(b'19\r\n{"text":"half a request"}\r\n', (JSON, CHUNKED)))
    bystander.noticed_nothing()
    with Raw(stage.server) as raw:
        raw.send(stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100"))
        assert "half a request" not in [post["text"] for post in raw.response().json()["items"]]
