"""Pages of other origins: let in with a token they were given, never with a cookie."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.lab_client import Lab
from tests.harness.api import Api
from tests.harness.people import People
from tests.harness.server import Server

PATHS = ["/sign_up", "/sign_out", "/change_password", "/get_user_data_by_token", "/get_user_data_by_email/a@b.se"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "GET"])
def test_preflights(lab: Callable[..., Lab], path: str, method: str) -> None:
    """A browser that asks before it sends hears that any page may, with its Authorization header."""
    asked = {
        "Origin": "http://students.example.org",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,x-requested-with",
    }
    answer = lab().http.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert method in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, *"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_may_read_the_token_from_the_header(lab: Callable[..., Lab], people: People) -> None:
    """The header that some clients read the token from is exposed to them; no cookie is set."""
    client = lab()
    client.enter(people.ada)
    assert client.last.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in client.last.headers["Access-Control-Expose-Headers"]
    assert "Set-Cookie" not in client.last.headers


def test_refusals_can_be_read_too(lab: Callable[..., Lab]) -> None:
    """An error, a wrong method included, is not hidden from a page elsewhere."""
    client = lab()
    for method, path in (("GET", "/get_user_data_by_token"), ("GET", "/sign_in")):
        assert client.call(method, path)["success"] is False
        assert client.last.headers["Access-Control-Allow-Origin"] == "*"


def test_a_cookie_is_nobody(client: Callable[..., Api], lab: Callable[..., Lab], people: People) -> None:
    """The session cookie of Twidder's own page counts for nothing here: another site could make a browser send it."""
    ada = client(people.ada)
    student = lab()
    cookie = {"Cookie": ada.cookie}
    assert ada.cookie
    for method, path in (
        ("GET", "/get_user_data_by_token"),
        ("DELETE", "/sign_out"),
        ("GET", "/get_user_messages_by_token"),
    ):
        assert student.call(method, path, headers=cookie)["message"] == "You are not signed in."
    body = {"email": people.ada.email, "message": "hello"}
    assert student.call("POST", "/post_message", body=body, headers=cookie)["message"] == "You are not signed in."
    ada.get("/me", expect=200)


def test_the_native_api_is_not_opened_by_it(client: Callable[..., Api], people: People) -> None:
    """No page elsewhere may read /api/v1."""
    ada = client(people.ada)
    for path in ("/api/v1/me", "/api/v1/community"):
        answer = ada.page(path, headers={"Origin": "http://students.example.org"})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_stub_may_be_loaded_from_anywhere(server: Server, lab: Callable[..., Lab]) -> None:
    """`serverstub.js` is the one file of ours that a page of another origin may load."""
    client = lab()
    stub = client.http.get("/static/serverstub.js")
    assert stub.status_code == 200
    assert "javascript" in stub.headers["Content-Type"]
    assert stub.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    other = client.http.get("/static/js/main.js")
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_page_is_where_the_labs_want_it(lab: Callable[..., Lab]) -> None:
    """`client.html` at / and at /static/client.html: one page, byte for byte."""
    client = lab()
    root, file = client.http.get("/"), client.http.get("/static/client.html")
    assert root.status_code == file.status_code == 200
    assert root.headers["Content-Type"] == file.headers["Content-Type"] == "text/html; charset=utf-8"
    assert root.content == file.content


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        (None, True),
        ("http://localhost:5500", True),
        ("https://evil.example", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_a_page_of_any_site_opens_no_account(
    fresh_server: Callable[..., Server], people: People, origin: str | None, may: bool
) -> None:
    """Programs and this machine's own pages may sign up here; another site's page in its reader's browser may not."""
    server = fresh_server()
    with Api(server, same_origin=False) as api:
        headers = {"Origin": origin} if origin else {}
        answer = api.request("POST", server.url + "/sign_up", json=people.ada.fields(), headers=headers)
        assert answer.json()["success"] is may
