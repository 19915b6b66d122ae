"""The page, its headers and its files."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import pytest

from tests.harness.api import Api
from twidder.web import pages

Client = Callable[..., Api]
STATIC = pages.STATIC


def _policy(header: str) -> dict[str, str]:
    return {part.split()[0]: part.strip() for part in header.split(";") if part.strip()}


@pytest.mark.parametrize(
    "path", ["/", "/home", "/browse", "/people/1", "/account", "/settings", "/reset", "/join", "/setup"]
)
def test_every_view_is_the_page(client: Client, path: str) -> None:
    """Each address of a view answers client.html, strictly protected, and to be asked about each time."""
    answer = client().page(path)
    assert answer.status_code == 200
    assert answer.content == (STATIC / "client.html").read_bytes()
    policy = _policy(answer.headers["content-security-policy"])
    assert policy["default-src"] == "default-src 'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "require-trusted-types-for" in policy
    for name, value in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-cache"),
    ):
        assert answer.headers[name] == value


def test_the_import_map_is_the_one_inline_script(client: Client) -> None:
    """Its hash in the policy is that of its text; every other script is a file of ours that is there."""
    text = (STATIC / "client.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in client().page("/").headers["content-security-policy"]
    for path in re.findall(r'(?:src|href)="(/static/[^"#]+)', text) + re.findall(r'"(/static/[^"]+\.js)"', inline[0]):
        assert (STATIC / path.removeprefix("/static/")).is_file(), path


def test_client_and_server_know_the_same_views() -> None:
    """The router's views and the server's list are one."""
    router = (STATIC / "js" / "lib" / "router.js").read_text(encoding="utf-8")
    views = {found.replace(r"\/", "/") for found in re.findall(r"/\^(\\/[a-z]+)", router)}
    assert views == {re.sub(r"/<.*", "", path) for path in pages.PATHS} - {"/"}


def test_every_module_is_preloaded() -> None:
    """No build means no bundle: a module that is not preloaded costs a round trip more."""
    text = (STATIC / "client.html").read_text(encoding="utf-8")
    named = set(re.findall(r'"/static/(js/[^"]+)"', text))
    there = {path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")}
    assert named == there


def test_vendored_files_are_what_they_were() -> None:
    """Each vendored file has the hash that stands beside its name and version."""
    listed = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    files = list((STATIC / "vendor").rglob("*.js"))
    assert files
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() in listed, path.name


def test_files_are_asked_about_and_not_sent_again(client: Client) -> None:
    """An ETag answers 304, so a reload costs headers alone."""
    first = client().page("/static/js/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client().page("/static/js/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/sign_in", "/api/v1/nothing", "/nothing", "/people/x", "/people/01", "/static/../config.py"]
)
def test_what_is_no_view_is_no_page(client: Client, path: str) -> None:
    """Other addresses answer 404 (405 where only another method is known), never the page."""
    answer = client().page(path)
    assert answer.status_code in (404, 405)
    assert b"<html" not in answer.content


def test_a_person_who_is_lost_gets_the_page(client: Client) -> None:
    """An unknown address answers a browser with the page, and 404; the API stays with its problems."""
    asked = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = client().page("/nothing", headers=asked)
    assert (answer.status_code, answer.content) == (404, (STATIC / "client.html").read_bytes())
    assert "content-security-policy" in answer.headers
    assert client().page("/live", headers=asked).status_code == 426


def test_the_api_can_be_read(client: Client) -> None:
    """The documentation page names every route of the document it is made from."""
    document = client().get("/openapi.json", expect=200).json()
    assert document["openapi"] == "3.1.0"
    page = client().page("/api/v1/docs")
    assert page.status_code == 200
    for path in document["paths"]:
        assert path in page.text
