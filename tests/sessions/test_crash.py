"""The process dies between the end of a session on disk and the notice of it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.live import Live
from tests.harness.people import ADA, EVE
from tests.harness.server import Server
from tests.mutants import Mutant

pytestmark = pytest.mark.faults


def test_S7_after_a_crash_the_old_browser_is_told_all_the_same(tmp_path: Path) -> None:
    """The sign-in was stored, its notice and its answer were not: after the restart the old browser hears that it was
    replaced, by HTTP and by socket; a bystander's session goes on."""
    for number in range(count(20)):
        dying = Mutant("dies_before_telling", tmp_path / f"data{number}").start()
        with Api(dying) as old, Api(dying) as eve, Api(dying) as elsewhere:
            for api, person in ((old, ADA), (eve, EVE)):
                api.sign_up(person)
                api.sign_in(person)
            with Live(dying, old) as tab:
                elsewhere.http.headers["User-Agent"] = "Firefox/150.0 Linux"
                with pytest.raises(httpx.TransportError):
                    elsewhere.sign_in(ADA)
                assert tab.closed_with() == (1006, ""), "it was told before the crash"
            dying.kill9()
            with Server(dying.data, port=dying.port) as server:
                problem = old.get("/me", expect=401).json()
                assert (problem["code"], problem["by"]) == ("session_replaced", "Firefox on Linux")
                with Live(server, old, hello=False) as tab:
                    assert tab.closed_with() == (4500, "replaced")
                    assert tab.recv("bye")["at"] == problem["at"]
                eve.get("/me", expect=200)
