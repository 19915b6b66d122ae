"""A course's own client on its own port."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.lab_client import Lab, Socket
from tests.conformance.socketio.client import SocketIo
from tests.conformance.tutorial12.client import Tutorial
from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People, fresh_people
from tests.harness.raw import Raw, Response, request_bytes
from tests.harness.server import ROOT, Server
from tests.harness.waiting import wait_for

FILES = {
    "client.html": "<h1>the client</h1>",
    "index.html": "the index",
    "client.js": "let a;",
    "css/client.css": "a{}",
    ".git/config": "hidden",
    ".env": "hidden",
    "static/only-there.js": "let b;",
}

Where = tuple[Server, str]


def _start(server: Server, files: dict[str, str]) -> Where:
    """Starts it with these files as the course's client; it, and where that is."""
    folder = server.data.with_name("client")
    folder.with_name("secret.txt").write_text("secret")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    server.args = ["--course-client", str(folder), "--course-port", "0"]
    server.start()
    found = wait_for(lambda: re.findall(r"client is at (http://localhost:\d+)\n", server.stdout), what="the address")
    return server, found[0]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Where]:
    """A server with all of FILES."""
    server = Server(tmp_path_factory.mktemp("course") / "data")
    try:
        yield _start(server, FILES)
        server.terminate()
    finally:
        server.kill9()


@pytest.fixture
def own_course(fresh_server: Callable[..., Server]) -> Callable[[dict[str, str]], Where]:
    """Makes servers with files of the test's own."""
    return lambda files: _start(fresh_server(start=False), files)


def _get(url: str, **more: object) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(url, **more)  # type: ignore[arg-type]


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _ask(port: int, path: str, host: str) -> Response:
    """The path and the Host as they are."""
    with Raw(port) as raw:
        raw.send(request_bytes("GET", path, host=host))
        return raw.response()


def test_files_are_where_the_labs_want_them(course: Where) -> None:
    """The page at / and each file at / and at /static/, none of it under our content security policy."""
    _, url = course
    assert _get(url + "/").text == "<h1>the client</h1>"
    for path, text in {
        "/client.html": "<h1>the client</h1>",
        "/static/client.html": "<h1>the client</h1>",
        "/static/client.js": "let a;",
        "/client.js": "let a;",
        "/css/client.css": "a{}",
        "/static/css/client.css": "a{}",
        "/static/only-there.js": "let b;",
    }.items():
        answer = _get(url + path)
        assert (answer.status_code, answer.text) == (200, text), path
        assert "Content-Security-Policy" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-cache"
    assert _get(url + "/nothing.js").status_code == 404


def test_a_folder_with_static_in_it(own_course: Callable[[dict[str, str]], Where]) -> None:
    """The labs' later layout: the page in `static`, the server's files beside it."""
    _, url = own_course({"static/client.html": "the page", "static/client.js": "let a;", "server.py": ""})
    assert _get(url + "/").text == "the page"
    assert _get(url + "/static/client.js").text == "let a;"


def test_the_index_is_the_second_choice(own_course: Callable[[dict[str, str]], Where]) -> None:
    """Without client.html the page is index.html."""
    _, url = own_course({"index.html": "the index"})
    assert _get(url + "/").text == "the index"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/static/../../secret.txt",
        "/static/..%2f..%2fsecret.txt",
        "/css/../../secret.txt",
        "//etc/passwd",
        "/static//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..%5csecret.txt",
        "/.env",
        "/.git/config",
        "/static/.git/config",
        "/css",
        "/%00",
    ],
)
def test_nothing_outside_is_served(course: Where, path: str) -> None:
    """No path leads out of the folder, nor to a hidden file in it."""
    _, url = course
    answer = _ask(_port(url), path, f"localhost:{_port(url)}")
    assert answer.status in (400, 404)
    assert b"secret" not in answer.body
    assert b"root:" not in answer.body
    assert b"hidden" not in answer.body


def test_our_stub_unless_it_has_its_own(course: Where) -> None:
    """`serverstub.js` is ours where the folder has none, so that deleting the lab's stub is all there is to do."""
    _, url = course
    for path in ("/serverstub.js", "/static/serverstub.js"):
        assert "XMLHttpRequest" in _get(url + path).text
    assert _get(url + "/css/serverstub.js").status_code == 404


def test_its_own_stub_comes_first(own_course: Callable[[dict[str, str]], Where]) -> None:
    """A folder's own stub is not replaced behind its back."""
    _, url = own_course({"client.html": "", "serverstub.js": "its own"})
    for path in ("/serverstub.js", "/static/serverstub.js"):
        assert _get(url + path).text == "its own"


def test_the_gateway_is_at_the_same_origin(course: Where, people: People) -> None:
    """The nine functions and the sockets answer on the course's port; it is the same community."""
    server, url = course
    with Lab(url) as here, Lab(server.url) as there:
        token = here.enter(people.ada)
        assert there.data_by_token(token) == here.data_by_token(token)
        assert here.last.headers["Cache-Control"] == there.last.headers["Cache-Control"] == "no-store"
        page = Socket(url, "/connect", token)
        there.enter(people.ada, new=False)
        assert page.until_close() == (["user logout"], 4500)
        page.close()
        assert here.data_by_token(token)["success"] is False


def test_twidder_itself_is_not_there(course: Where, people: People) -> None:
    """Neither the native API nor its live connection is, cookie or not; and Twidder has none of the course's files."""
    server, url = course
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        for path in ("/api/v1/me", "/api/v1/community", "/home", "/static/js/main.js"):
            assert _get(url + path, headers={"Cookie": ada.cookie}).status_code == 404
        answer = _get(url + "/get_user_data_by_token", headers={"Cookie": ada.cookie}).json()
        assert answer == {"success": False, "message": "You are not signed in."}
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": url, "Cookie": ada.cookie}
        upgrade |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        for port, status in ((server.port, 403), (_port(url), 404)):
            with Raw(port) as foreign:
                foreign.send(request_bytes("GET", "/live", upgrade, host=f"localhost:{port}"))
                assert foreign.response().status == status
        assert ada.page("/client.js").status_code == 404
        assert "Content-Security-Policy" in ada.page("/").headers
        ada.get("/me", expect=200)


@pytest.mark.parametrize("host", ["evil.example.org", "localhost", "localhost:1", "MAIN", ""])
def test_hosts_are_those_of_the_port(course: Where, host: str) -> None:
    """Each port answers to its own name alone: a rebound DNS name, or the other port's, is refused."""
    server, url = course
    port = _port(url)
    host = f"localhost:{server.port}" if host == "MAIN" else host
    assert _ask(port, "/", host).status == 400
    assert _ask(port, "/", f"127.0.0.1:{port}").status == 200
    assert _ask(server.port, "/", f"localhost:{port}").status == 400


def test_without_a_client_there_is_no_second_port(fresh_server: Callable[..., Server]) -> None:
    """Nothing is said of a course, and nothing listens for one."""
    assert "course" not in fresh_server().stdout


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """One line with the address and the option, exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        args = [
            "--port",
            "0",
            "--data",
            str(tmp_path / "data"),
            "--course-client",
            str(tmp_path),
            "--course-port",
            port,
        ]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWIDDER_")}
        command = [sys.executable, "-m", "twidder", "serve", *args]
        result = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "--course-port" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_stops_with_the_server(own_course: Callable[[dict[str, str]], Where], people: People) -> None:
    """With open sockets on both ports the server leaves with exit code 0 and a clean log, and both ports are free."""
    server, url = own_course(FILES)
    with Lab(url) as here:
        token = here.enter(people.ada)
        pages = [Socket(one, "/connect", token) for one in (url, server.url)]
        server.terminate()
        assert [page.until_close()[0] for page in pages] == [[], []]
        for page in pages:
            page.close()
    for port in (server.port, _port(url)):
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))


def test_the_live_connection_is_at_twidders_own_port_alone(course: Where) -> None:
    """Neither cookie nor token opens /live at the course's port."""
    with pytest.raises(InvalidStatus) as refused:
        Live(course[1], token="x" * 43, hello=False)
    assert refused.value.response.status_code == 404


def test_the_chats_are_at_the_same_origin(course: Where) -> None:
    """Socket.IO with its entrance and its official client, and Tutorial 12; a session's cookie counts for nothing."""
    server, at = course
    for path in ("/chat/enter", "/static/vendor/socket.io.js", "/static/chat/chat.js"):
        assert httpx.get(at + path, trust_env=False).status_code == 200, path
    with Api(server) as ada:
        person = fresh_people().ada
        ada.sign_up(person)
        cookie = ada.sign_in(person).cookie
    tag = httpx.post(f"{at}/chat/enter", data={"name": "Tim", "room": "general"}, trust_env=False).headers["set-cookie"]
    headers = {"Cookie": f"{cookie}; {tag.split(';')[0]}", "Origin": at}
    with SocketIo(at, headers=headers) as tim, Tutorial(at.replace("http", "ws") + "/tutorial12", "walter"):
        tim.call("joined", {})
        tim.hear("status", {"msg": "Tim has entered the room."})
