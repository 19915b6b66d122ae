"""Forms as no browser sends them (row 93), uploads that break off (row 94), and readers that do not read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.files.samples import OTHER, uploaded
from tests.harness.api import Api
from tests.harness.people import fresh_people
from tests.harness.raw import Raw, request_bytes
from tests.harness.server import Server


@pytest.fixture(scope="module")
def ada(server: Server) -> Iterator[Api]:
    with Api(server) as api:
        person = fresh_people().ada
        api.sign_up(person)
        api.http.headers["Connection"] = "close"  # each test leaves none behind
        yield api.sign_in(person)


def part(content: bytes = b"x", disposition: str = 'form-data; name="file"; filename="a"', more: str = "") -> bytes:
    return f"--b\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode() + content + b"\r\n"


END = b"--b--\r\n"
NESTED = part(b"--c\r\n\r\n--c--", 'form-data; name="file"', "Content-Type: multipart/mixed; boundary=c\r\n")

FORMS: dict[str, tuple[bytes, str, int]] = {
    "row93-1001-parts": (part() * 1_001 + END, "b", 413),
    "row93-two-files": (part() + part() + END, "b", 422),
    "row93-no-file": (part(disposition='form-data; name="file"') + END, "b", 422),
    "row93-another-name": (part(disposition='form-data; name="upload"; filename="a"') + END, "b", 422),
    "row93-no-boundary": (part() + END, "", 400),
    "row93-boundary-of-1-KiB": (part() + END, "b" * 1_024, 400),
    "row93-another-boundary": (part() + END, "c", 400),
    "row93-part-without-name": (part(disposition='form-data; filename="a"') + END, "b", 400),
    "row93-part-without-headers": (b"--b\r\n\r\nx\r\n" + END, "b", 400),
    "row93-header-that-is-no-text": (part(more="X-A: ")[:-2] + b"\xff\r\n\r\nx\r\n" + END, "b", 400),
    "row93-nested": (NESTED + END, "b", 400),
    "row93-header-of-1-MiB": (part(more=f"X-A: {'a' * (1 << 20)}\r\n") + END, "b", 431),
    "row93-no-end": (part(b"x" * 100), "b", 400),
    "row93-nothing": (b"", "b", 400),
    "row93-only-the-end": (END, "b", 422),
    "row93-all-CR": (part(b"\r" * (5 << 20)) + END, "b", 201),
}


@pytest.mark.parametrize("name", FORMS)
def test_C2_a_broken_form_is_refused(ada: Api, name: str) -> None:
    """Each with its status, and nothing of it stays; one that is only odd is taken."""
    form, boundary, status = FORMS[name]
    kind = f"multipart/form-data; boundary={boundary}" if boundary else "multipart/form-data"
    answer = ada.request("POST", f"/walls/{ada.id}/files", content=form, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text


def test_C2_what_is_no_form_is_refused(ada: Api) -> None:
    """Row 12, for uploads."""
    answer = ada.post(f"/walls/{ada.id}/files", {"file": "x"}, expect=415)
    assert answer.json()["code"] == "unsupported_media"


def begin(server: Server, api: Api, size: int, cookie: str | None = None) -> bytes:
    """The head of an upload of that size, and of its form."""
    form = part()[: -len("x\r\n")]
    head = {
        "Cookie": api.cookie if cookie is None else cookie,
        "Origin": server.url,
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(len(form) + size + len(b"\r\n" + END)),
    }
    return request_bytes("POST", f"/api/v1/walls/{api.id}/files", head, host=f"localhost:{server.port}") + form


def test_row84_R3_who_may_not_upload_is_not_listened_to(server: Server, ada: Api) -> None:
    """A file that is too large by its header, and a stranger's, are answered before their bodies come."""
    for head, status in ((begin(server, ada, 1 << 30), 413), (begin(server, ada, 1 << 20, cookie="a=b"), 401)):
        with Raw(server) as raw:
            raw.send(head)
            assert raw.response().status == status
            assert raw.ended()


def test_row94_an_upload_that_breaks_off_leaves_nothing(server: Server, ada: Api) -> None:
    """Nor does one whose sender goes while it is on the disk in part."""
    before = sorted(server.data.glob("files/*/*/*"))
    with Raw(server) as raw:
        raw.send(begin(server, ada, 4 << 20))
        raw.send(bytes(2 << 20))
    uploaded(ada, b"after", "a.txt", OTHER)  # the same way, and later
    left = set(server.data.glob("files/*/*/*")) - set(before)
    assert [path.read_bytes() for path in left] == [b"after"]
    assert list(server.data.glob("files/tmp/*")) == []
