"""`twidder user`: beside a running server through its socket, alone by the lock; never a second writer."""

from __future__ import annotations

import contextlib
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
from tests.house.test_starting import _twidder

pytestmark = pytest.mark.slow  # each starts servers and commands of its own


def test_a_reset_link_works_once_beside_a_running_server(fresh_server: Callable[..., Server], people: People) -> None:
    """The printed link sets a new password, ends the session that was, and is used up."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as stranger:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada)
        result = _twidder("user", "reset-link", people.ada.email, "--data", str(server.data))
        assert result.returncode == 0, result.stderr
        link = next(line for line in result.stdout.splitlines() if "/reset#" in line)
        assert link.startswith(server.url)
        assert "█" in result.stdout or "▀" in result.stdout
        secret = link.split("#")[1]
        with Live(server, ada) as live:
            stranger.post("/password-resets", {"secret": secret, "password": "a new one 1"}, expect=204)
            bye = live.recv("bye")
            assert (bye["code"], bye["reason"]) == (4501, "password_reset")
        assert ada.get("/me").json()["code"] == "password_reset"
        again = stranger.post("/password-resets", {"secret": secret, "password": "a new one 2"})
        assert (again.status_code, again.json()["code"]) == (403, "bad_link")
        stranger.sign_in(people.ada.but(password="a new one 1"))
        assert stat.S_IMODE((server.data / "admin.sock").stat().st_mode) == 0o600


def test_commands_work_without_a_server(fresh_server: Callable[..., Server], people: People) -> None:
    """With no server running the command takes the lock itself."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
    server.terminate()
    result = _twidder("user", "list", "--data", str(server.data))
    assert people.ada.email in result.stdout
    assert "owner" in result.stdout


def test_an_unknown_person_is_one_line(fresh_server: Callable[..., Server]) -> None:
    """Nobody of that e-mail: exit code 1 and one line, running server or not."""
    server = fresh_server()
    for _ in range(2):
        result = _twidder("user", "close", "nobody@example.org", "--data", str(server.data))
        assert result.returncode == 1
        assert "nobody@example.org" in result.stderr
        server.terminate()


def test_closing_an_account_ends_its_session(fresh_server: Callable[..., Server], people: People) -> None:
    """A closed account's sockets end with 4502, its token is refused with the reason, its name cannot sign in."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert:
        ada.sign_up(people.ada)
        bert.sign_up(people.bert)
        bert.sign_in(people.bert)
        with Live(server, bert) as live:
            assert _twidder("user", "close", people.bert.email, "--data", str(server.data)).returncode == 0
            assert live.recv("bye")["code"] == 4502
        assert bert.get("/me").json()["code"] == "account_closed"
        assert bert.post("/session", people.bert.credentials()).status_code == 401
        assert bert.post("/users", people.bert.fields()).json()["code"] == "taken"


def test_the_labs_door_makes_no_owner(fresh_server: Callable[..., Server], people: People) -> None:
    """Whoever comes in by the labs' routes, where any page of this machine may knock, owns nothing until the operator
    says so."""
    server = fresh_server()
    with Api(server) as ada, Api(server) as bert:
        foreign = {"Origin": "http://localhost:5500", "Content-Type": "text/plain"}
        answer = bert.request("POST", server.url + "/sign_up", json=people.bert.fields(), headers=foreign)
        assert answer.json()["success"] is True
        assert ada.get("/community").json()["first_run"] is True
        assert ada.sign_up(people.ada)["role"] == "owner"
        assert bert.sign_in(people.bert).user["role"] == "member"
        assert _twidder("user", "make-owner", people.bert.email, "--data", str(server.data)).returncode == 0
        assert bert.get("/me").json()["role"] == "owner"


def test_the_last_owner_cannot_be_closed(fresh_server: Callable[..., Server], people: People) -> None:
    """A place keeps an owner: first somebody else is made one."""
    server = fresh_server()
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_up(people.bert)
    refused = _twidder("user", "close", people.ada.email, "--data", str(server.data))
    assert refused.returncode == 1
    assert "only owner" in refused.stderr
    assert _twidder("user", "make-owner", people.bert.email, "--data", str(server.data)).returncode == 0
    assert _twidder("user", "close", people.ada.email, "--data", str(server.data)).returncode == 0


def test_commands_make_nothing(tmp_path: Path) -> None:
    """A mistyped directory is named, and not made."""
    result = _twidder("user", "list", "--data", str(tmp_path / "typo"))
    assert result.returncode == 1
    assert "There is no Twidder" in result.stderr
    assert not (tmp_path / "typo").exists()


def test_a_server_that_died_is_no_traceback(fresh_server: Callable[..., Server]) -> None:
    """A socket without a server behind it, and the lock held by somebody else: one line."""
    server = fresh_server()
    server.kill9()
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(server.data)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder, contextlib.closing(holder.stdout):
        holder.stdout.readline()
        result = _twidder("user", "list", "--data", str(server.data))
        holder.kill()
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1


_HOLD = """
import sys, time
from pathlib import Path
from twidder.datadir import lock_data
lock_data(Path(sys.argv[1]))
print("locked", flush=True)
time.sleep(60)
"""
