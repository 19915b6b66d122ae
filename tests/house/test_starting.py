"""Starting and stopping: one clear line when it cannot be, and no traceback."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness.api import Api
from tests.harness.live import Live
from tests.harness.people import People
from tests.harness.server import ROOT, Server
from tests.harness.waiting import wait_for

pytestmark = pytest.mark.slow  # each starts servers and commands of its own


def _twidder(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TWIDDER_")}
    command = [sys.executable, "-m", "twidder", *args]
    return subprocess.run(command, cwd=ROOT, env={**clean, **env}, capture_output=True, text=True, timeout=60)


def _refused(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


def test_a_second_server_on_the_same_data_is_refused(fresh_server: Callable[..., Server]) -> None:
    """Two servers never share a data directory; the line names the process that has it."""
    first = fresh_server()
    _refused(_twidder("serve", "--port", "0", "--data", str(first.data)), str(first.pid), "data directory")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """The address that is taken stands in the line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        _refused(_twidder("serve", "--port", port, "--data", str(tmp_path / "data")), f"127.0.0.1:{port}")


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A data directory below a file can be neither made nor written (root included)."""
    (tmp_path / "file").write_text("")
    _refused(_twidder("serve", "--port", "0", "--data", str(tmp_path / "file" / "data")), "data directory")


def test_a_broken_database_is_named(tmp_path: Path) -> None:
    """A file that is no database ends the start with its path."""
    (tmp_path / "twidder.db").write_bytes(b"nonsense" * 1000)
    _refused(_twidder("serve", "--port", "0", "--data", str(tmp_path)), "twidder.db", "backup")


def test_a_newer_database_is_named(fresh_server: Callable[..., Server]) -> None:
    """A database of a later version ends the start with that version."""
    server = fresh_server()
    server.terminate()
    with sqlite3.connect(server.data / "twidder.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    _refused(_twidder("serve", "--port", "0", "--data", str(server.data)), "9999")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("twidder.example.org", "https://"),
        ("http://twidder.example.org", "--insecure-http"),
        ("https://*.example.org", "https://"),
        ("https://twidder.example.org/path", "without a path"),
        ("http://[::1", "not an address"),
    ],
)
def test_a_wrong_public_address_is_named(tmp_path: Path, url: str, word: str) -> None:
    """The setting and what it should look like stand in the line."""
    _refused(
        _twidder("serve", "--port", "0", "--data", str(tmp_path), TWIDDER_PUBLIC_URL=url), "TWIDDER_PUBLIC_URL", word
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TWIDDER_LIMIT_NOPE", "1"), ("TWIDDER_LIMIT_POST_LENGTH", "x"), ("TWIDDER_LIMIT_POST_LENGTH", "-1")],
)
def test_a_wrong_limit_is_named(tmp_path: Path, variable: str, value: str) -> None:
    """A limit that does not exist, or is no number, ends the start with the variable's name."""
    _refused(_twidder("serve", "--port", "0", "--data", str(tmp_path), **{variable: value}), variable)


def test_a_wrong_flag_is_usage() -> None:
    """An unknown flag is exit code 2 and says how it is used."""
    result = _twidder("serve", "--no-such-flag")
    assert result.returncode == 2
    assert "Usage" in result.stderr


def test_flask_alone_serves_the_api(tmp_path: Path) -> None:
    """`flask --app twidder` finds the application, and every route of the API is there."""
    clean = {**os.environ, "TWIDDER_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "--app", "twidder", "routes"]
    result = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert "/api/v1/session" in result.stdout


def test_a_strangers_server_asks_for_its_owner_by_a_link(fresh_server: Callable[..., Server], people: People) -> None:
    """With a public address, the first account needs the link that was printed; it works once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = fresh_server(port=port, args=["--public-url", f"http://localhost:{port}"])
    wait_for(lambda: "/setup#" in server.stdout, 10)
    secret = server.stdout.split("/setup#")[1].split()[0]
    with Api(server) as ada:
        assert ada.get("/community").json()["setup_needed"] is True
        assert ada.post("/users", people.ada.fields()).json()["code"] == "bad_link"
        assert ada.sign_up(people.ada, link=secret)["role"] == "owner"
        assert ada.post("/users", people.bert.fields()).json()["code"] == "sign_up_closed"
        assert ada.post("/users", people.bert.fields() | {"link": secret}).json()["code"] == "bad_link"


def test_stopping_announces_itself_and_loses_nothing(fresh_server: Callable[..., Server], people: People) -> None:
    """SIGTERM: every client is told 1012 with a time to come back, the last post is there, the exit code is 0."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        with Live(server, ada) as live:
            post = ada.post_on(ada.id, "the last word")
            server.terminate()
            bye = live.recv("bye")
            assert bye["code"] == 1012
            assert 0 <= bye["retry_ms"] <= 2000
            assert live.closed_with()[0] == 1012
        server.restart()
        assert ada.get(f"/walls/{ada.id}/posts").json()["items"][0]["id"] == post["id"]


def test_a_directory_that_is_there_keeps_its_mode(fresh_server: Callable[..., Server], tmp_path: Path) -> None:
    """What we did not make is not ours to close; what we make in it is for its owner alone."""
    data = tmp_path / "shared"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    fresh_server(data=data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o755
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in data.iterdir()} == {0}


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    """One line, before anything is made."""
    _refused(_twidder("serve", "--port", "0", "--data", str(tmp_path / ("x" * 120))), "too long")


def test_a_reloader_does_not_lock_itself_out(tmp_path: Path) -> None:
    """The Flask half takes the lock at the first use of the store, not when it is imported."""
    code = "import server, pathlib, sys; from twidder.datadir import lock_data; lock_data(pathlib.Path(sys.argv[1]))"
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "TWIDDER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert "HTTP only" in result.stderr
