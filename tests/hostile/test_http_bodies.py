"""Bodies that no honest client sends: rows 1–14, 27 and 31 of the catalogue."""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable

import pytest

from tests.harness.raw import Raw
from tests.hostile.bystander import Bystander
from tests.hostile.stage import Case, Stage, attack, new_post, row

JSON = ("Content-Type", "application/json")
CHUNKED = (JSON, ("Transfer-Encoding", "chunked"))
GOOD = b'{"text":"hello"}'


def posted(body: bytes, *headers: tuple[str, str]) -> Callable[[Stage], bytes]:
    return lambda stage: stage.posting(body, headers or (JSON,))


def coded(body: bytes, coding: str = "gzip") -> Callable[[Stage], bytes]:
    return posted(body, JSON, ("Content-Encoding", coding))


def text(value: str) -> Callable[[Stage], bytes]:
    return posted(json.dumps({"text": value}).encode())


def nested(depth: int) -> bytes:
    """An object of that depth, itself included."""
    return b'{"text":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def padded(size: int) -> Callable[[Stage], bytes]:
    return lambda stage: stage.posting(json.dumps(new_post()).encode().ljust(size))


ZEROS = gzip.compress(bytes(10_000_000))

REFUSED = [
    row("row01-empty", posted(b""), 400, code="bad_json"),
    row("row02-two-values", posted(b"{}{}"), 400, code="bad_json"),
    row("row02-array", posted(b"[1,2,3]"), 400, code="bad_json"),
    row("row02-string", posted(b'"str"'), 400, code="bad_json"),
    row("row02-null", posted(b"null"), 400, code="bad_json"),
    row("row03-nan", posted(b'{"text":NaN}'), 400, code="bad_json"),
    row("row03-infinity", posted(b'{"text":Infinity}'), 400, code="bad_json"),
    row("row03-minus-infinity", posted(b'{"text":-Infinity}'), 400, code="bad_json"),
    row("row04-1e400", posted(b'{"text":1e400}'), 422, code="bad_field"),
    row("row04-minus-1e400", posted(b'{"text":-1e400}'), 422, code="bad_field"),
    row("row05-key-twice", posted(b'{"text":"a","text":"b"}'), 400, code="bad_json"),
    row("row05-key-twice-by-escape", posted(b'{"text":"a","t\\u0065xt":"b"}'), 400, code="bad_json"),
    row("row06-200000-brackets", posted(b"[" * 200_000), 413, code="too_large", closes=True),
    row("row06-60000-brackets", posted(b"[" * 60_000), 400, code="bad_json"),
    row("row06-60000-objects", posted(b'{"a":' * 13_000), 400, code="bad_json"),
    row("row06-depth-17", posted(nested(17)), 400, code="bad_json"),
    row("row06-depth-16-is-read", posted(nested(16)), 422, code="bad_field", field="text"),
    row("row07-integer-of-5000-digits", posted(b'{"text":' + b"9" * 5000 + b"}"), 400, code="bad_json"),
    row("row08-number-for-text", posted(b'{"text":9223372036854775808}'), 422, code="bad_field", field="text"),
    row("row08-true-for-text", posted(b'{"text":true}'), 422, code="bad_field", field="text"),
    row("row09-lone-surrogate", posted(b'{"text":"\\ud800"}'), 422, code="bad_field", field="text"),
    row("row09-surrogates-in-wrong-order", posted(b'{"text":"\\udc00\\ud800"}'), 422, code="bad_field", field="text"),
    row("row09-surrogate-in-key", posted(b'{"\\ud800":1}'), 422, code="bad_field"),
    row("row09-surrogate-under-a-long-key", posted(b'{"' + b"k" * 300 + b'":"\\ud800"}'), 422, code="bad_field"),
    row("row10-nul", posted(b'{"text":"a\\u0000b"}'), 422, code="bad_field", field="text"),
    row("row10-nul-raw", posted(b'{"text":"a\0b"}'), 400, code="bad_json"),
    row("row11-invalid-utf8", posted(b'{"text":"\xff"}'), 400, code="bad_json"),
    row("row11-surrogate-as-utf8", posted(b'{"text":"\xed\xa0\x80"}'), 400, code="bad_json"),
    row("row11-overlong-utf8", posted(b'{"text":"\xc0\xaf"}'), 400, code="bad_json"),
    row("row11-utf16", posted(GOOD.decode().encode("utf-16")), 400, code="bad_json"),
    row("row11-utf16-without-bom", posted(GOOD.decode().encode("utf-16-le")), 400, code="bad_json"),
    row("row11-utf32", posted(GOOD.decode().encode("utf-32")), 400, code="bad_json"),
    row("row11-bom", posted(codecs.BOM_UTF8 + GOOD), 400, code="bad_json"),
    row("row12-text-plain", posted(GOOD, ("Content-Type", "text/plain")), 415, code="unsupported_media"),
    row("row12-no-type", posted(GOOD, ("X-A", "b")), 415, code="unsupported_media"),
    row("row12-utf16", posted(GOOD, (JSON[0], "application/json; charset=utf-16")), 415, code="unsupported_media"),
    row("row12-form", posted(b"text=a", (JSON[0], "application/x-www-form-urlencoded")), 415, code="unsupported_media"),
    row("row12-two-types", posted(GOOD, (JSON[0], "text/plain"), JSON), 415, code="unsupported_media"),
    row("row12-two-types-in-one", posted(GOOD, (JSON[0], "text/plain, application/json")), 415),
    row("row13-gzip", coded(gzip.compress(GOOD)), 415, code="unsupported_media", closes=True),
    row("row13-gzip-bomb", coded(ZEROS), 415, code="unsupported_media", closes=True),
    row("row13-gzip-truncated", coded(ZEROS[:100]), 415, code="unsupported_media", closes=True),
    row("row13-gzip-of-2000-members", coded(gzip.compress(b"") * 2000), 415, code="unsupported_media", closes=True),
    row("row13-brotli", coded(GOOD, "br"), 415, code="unsupported_media", closes=True),
    row("row13-identity-and-gzip", coded(GOOD, "identity, gzip"), 415, code="unsupported_media", closes=True),
    row("row14-64-KiB-and-1", padded(65_537), 413, code="too_large", closes=True),
    row("row27-unknown-field", posted(b'{"text":"a","role":"admin"}'), 422, code="bad_field", field="role"),
    row("row27-unknown-field-of-300", posted(b'{"text":"a","' + b"k" * 300 + b'":1}'), 422, code="bad_field"),
    row("row27-unknown-field-of-our-words", posted(b'{"text":"a","`missing required field`":1}'), 422),
    row("row27-proto", posted(b'{"text":"a","__proto__":{"role":"owner"}}'), 422, field="__proto__"),
    row("row31-empty", text(""), 422, code="bad_field", field="text"),
    row("row31-spaces", text(" \t\n\u00a0\u2003"), 422, code="bad_field", field="text"),
    row("row31-zero-width", text("\u200b\u200d\ufeff\u2060"), 422, code="bad_field", field="text"),
    row("row31-only-marks", text("\u0301\u0302\u20dd"), 422, code="bad_field", field="text"),
    row("row31-null", posted(b'{"text":null}'), 422, code="bad_field", field="text"),
    row("row31-missing", posted(b"{}"), 422, code="bad_field", field="text"),
]

ACCEPTED = [
    row("row09-surrogate-pair", posted(b'{"text":"\\ud83d\\ude00"}'), 201),
    row("row12-utf8", posted(GOOD, (JSON[0], 'Application/JSON; charset="UTF-8"')), 201),
    row("row13-identity", coded(GOOD, "identity"), 201),
    row("row14-64-KiB", padded(65_536), 201),
    row("row16-chunked", lambda stage: stage.posting(b"10\r\n" + GOOD + b"\r\n0\r\n\r\n", CHUNKED), 201),
    row("row16-one-byte-chunks", lambda stage: stage.posting(in_chunks(GOOD) + b"0\r\n\r\n", CHUNKED), 201),
]


def in_chunks(body: bytes) -> bytes:
    return b"".join(b"1\r\n%c\r\n" % byte for byte in body)


@pytest.mark.parametrize("case", REFUSED)
def test_C2_a_bad_body_is_refused(stage: Stage, bystander: Bystander, case: Case) -> None:
    """Each gets its exact refusal, stores nothing, and nobody else notices."""
    attack(stage, case)
    with Raw(stage.server) as raw:
        raw.send(stage.request("GET", "/api/v1/walls/{ada}/posts?limit=100"))
        texts = [post["text"] for post in raw.response().json()["items"]]
    assert not set(texts) - {"Ada's own", "hello", "😀"}
    bystander.noticed_nothing()


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_odd_but_right_body_is_accepted(stage: Stage, bystander: Bystander, case: Case) -> None:
    """What looks like its hostile neighbours and is right all the same is stored."""
    attack(stage, case)
    bystander.noticed_nothing()


def test_C2_row14_what_follows_a_length_that_lies_low_is_no_request(stage: Stage, bystander: Bystander) -> None:
    """A body cut off by its own Content-Length is refused, and the rest of it never answered as a request."""
    inner = stage.request("GET", "/api/v1/me")
    outer = stage.posting(b'{"text":"' + inner, (JSON, ("Content-Length", "9")))
    with Raw(stage.server) as raw:
        raw.send(outer)
        assert raw.response().status == 400
        assert raw.read_until_end() == b""
    bystander.noticed_nothing()


def test_C2_row14_a_length_of_10_GB_is_refused_unread(stage: Stage, bystander: Bystander) -> None:
    """The header is enough: nobody waits for the body, nor for 100 Continue."""
    head = (JSON, ("Content-Length", "10000000000"), ("Expect", "100-continue"))
    with Raw(stage.server) as raw:
        raw.send(stage.posting(b"", head))
        assert raw.response().status == 413
        assert raw.ended()
    bystander.noticed_nothing()
