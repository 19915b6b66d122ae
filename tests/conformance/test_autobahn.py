"""C1: the Autobahn suite (kosoku) against our own parts. Without its groups 9, 12 and 13: speed, and compression."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KOSOKU = Path(sys.executable).with_name("kosoku")
SECONDS = 100.0  # 2.5 where nothing else runs

WITHOUT = ("9.*", "12.*", "13.*")
NUMBER = 247

# Text is judged when its message is whole: it is closed with 1007 as it should, but not at its first wrong byte.
LATE = {"6.4.1", "6.4.2", "6.4.3", "6.4.4"}
# RFC 6455 leaves open what is right: a close behind 256 KiB, and the close codes 5000 and 65535.
OPEN = {"7.1.6", "7.13.1", "7.13.2"}


@contextmanager
def echo_server(module: str) -> Iterator[int]:
    """Its port. When it stops, it must have had nothing to complain of."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
            log = process.stderr.read()
        assert log == ""


def run_suite(module: str, reports: Path, *which: str) -> dict[str, set[str]]:
    """The verdicts by what was judged: ``OK``, ``FAILED`` …, each with its cases. Where one fails, it tells of those
    that failed and of no others."""
    with echo_server(module) as port:
        command = [str(KOSOKU), *which, "-p", "8", "-o", str(reports), f"127.0.0.1:{port}"]
        done = subprocess.run(command, cwd=reports, capture_output=True, text=True, timeout=SECONDS)
    index = reports / "index.json"
    assert index.exists(), done.stderr
    ((_, cases),) = json.loads(index.read_text()).items()
    verdicts: dict[str, set[str]] = {}
    for case, result in cases.items():
        for verdict in (result["behavior"], result["behaviorClose"]):
            verdicts.setdefault(verdict, set()).add(case)
    return verdicts


def test_C1_autobahn(tmp_path: Path) -> None:
    """None of 247 cases fails, and what is less than perfect is known by name."""
    without = [word for cases in WITHOUT for word in ("-x", cases)]
    verdicts = run_suite("tests.conformance.echo_server", tmp_path, *without)
    assert set(verdicts) == {"OK", "NON-STRICT", "INFORMATIONAL"}, {k: v for k, v in verdicts.items() if k != "OK"}
    assert verdicts["NON-STRICT"] == LATE
    assert verdicts["INFORMATIONAL"] == OPEN
    assert len(verdicts["OK"] | OPEN) == NUMBER


@pytest.mark.parametrize(
    ("mutation", "group", "wrong"),
    [("takes_any_close_code", "7.9.*", "WRONG CODE"), ("forgets_the_first_fragment", "5.6", "FAILED")],
)
def test_C1_a_wrong_server_is_found(tmp_path: Path, mutation: str, group: str, wrong: str) -> None:
    verdicts = run_suite(f"tests.mutants.{mutation}", tmp_path, "-i", group)
    assert verdicts[wrong]
