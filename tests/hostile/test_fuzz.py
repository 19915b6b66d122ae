"""The API against everything that its own description allows, and much that it does not: C3."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import GENEROUS, SEED
from tests.harness.api import Api
from tests.harness.counts import count
from tests.harness.people import People
from tests.harness.server import Server

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SECONDS = count(150)


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 100)
def test_C3_no_request_is_a_fault_of_ours(fresh_server: Callable[..., Server], people: People, tmp_path: Path) -> None:
    """Schemathesis, signed in as the owner: no 5xx, and every answer as openapi.json says."""
    server = fresh_server(limits=GENEROUS)
    with Api(server) as ada:
        ada.sign_up(people.ada)
        ada.sign_in(people.ada, transport="token")
        ada.post_on(ada.id, "something to find")
        _fuzz(ada, tmp_path, SECONDS, "--exclude-operation-id", "sign_out")
        ada.get("/me", expect=200)  # still signed in: it was all of the API that was asked
        _fuzz(ada, tmp_path, 2, "--include-operation-id", "sign_out")
        ada.get("/me", expect=401)


def _fuzz(api: Api, place: Path, seconds: int, *operations: str) -> None:
    command = [
        *(str(Path(sys.executable).with_name("st")), "run", f"{api.url}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {api.token}", "--header", "User-Agent: fuzz"),
        *("--phases", "examples,coverage,fuzzing,stateful", "--checks", CHECKS, "--continue-on-failure"),
        *("--max-examples", "8", "--max-time", str(seconds), "--seed", str(SEED), "--no-shrink", "--warnings", "off"),
        *operations,
    ]
    done = subprocess.run(
        command, cwd=place, env=os.environ | {"NO_COLOR": "1"}, capture_output=True, text=True, timeout=seconds + 60
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
