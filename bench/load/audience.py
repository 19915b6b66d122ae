"""An audience (``bench.load.watch``, ``bench.load.seats``) on the load's core, from the side of who measures it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import msgspec

from bench.load import ANSWER_SECONDS, LoadFailed, seats, watch
from bench.machine import Cores, cpu_seconds
from tests.harness.server import ROOT


def watched(cores: Cores, job: watch.Job | seats.Job, server: int) -> Iterator[dict[str, Any]]:
    """For each rate: ``p50`` and ``p99`` (ms), ``bytes`` for each viewer and second, both ways, ``requests`` a second
    and how many of them were ``refused`` (0 to 1), ``cpu`` of the server's process and ``busy`` of the load, of a core;
    ``missing`` deliveries, ``lost`` connections, the ``first_refusal`` of a viewer and of a push. For seats see
    ``bench.load.seats``. Raises LoadFailed."""
    command = [*cores.for_load, sys.executable, "-m", type(job).__module__]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        patience = threading.Timer(ANSWER_SECONDS, process.kill)
        patience.start()
        try:
            assert process.stdin is not None
            process.stdin.write(msgspec.json.encode(job).decode() + "\n")
            process.stdin.flush()
            opened = _answer(process)["opened"]
            for _ in job.rates:
                _answer(process)
                start = cpu_seconds(server)
                counted = _answer(process)
                used = (cpu_seconds(server) - start) / counted["seconds"]
                yield {**counted, **_answer(process), "cpu": used, "opened": opened}
        finally:
            patience.cancel()
            process.kill()


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    answer: dict[str, Any] = json.loads(line or '{"failed": "The audience left, or does not answer."}')
    if "failed" in answer:
        raise LoadFailed(answer["failed"])
    return answer
