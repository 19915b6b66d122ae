"""HTTP clients in a closed loop, by wrk (Debian's package): each sends its next request when it has its answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.load import HERE, LoadFailed
from bench.machine import Cores

WARM_SECONDS = 1


class Clients:
    """``clients`` that ask for ``paths`` in turn, with ``tokens`` in turn. Use as a context to have them in the
    background; ``measure`` to wait for their figures."""

    def __init__(
        self,
        cores: Cores,
        work: Path,
        port: int,
        *,
        clients: int,
        seconds: float,
        paths: Sequence[str],
        tokens: Sequence[str] = (),
        method: str = "GET",
        body: str = "",
    ) -> None:
        if (wrk := shutil.which("wrk")) is None:
            raise LoadFailed("There is no wrk here: make bench-peers installs it.")
        files = [_lines(work / "paths.txt", paths), _lines(work / "tokens.txt", tokens) if tokens else ""]
        self._seconds = seconds
        self._command = [
            *cores.for_load,
            *(
                wrk,
                "-t1",
                f"-c{clients}",
                f"-d{max(1, round(seconds))}s",
                "--timeout",
                "30s",
                "-s",
                str(HERE / "requests.lua"),
            ),
            *(f"http://localhost:{port}/", "--", method, files[0], files[1], body),
        ]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self) -> dict[str, Any]:
        """Figures: requests, seconds, refused (by status), failed, p50 and p99 in ms, busy. Raises LoadFailed."""
        assert self._process is not None
        before = os.times()
        said, _ = self._process.communicate(timeout=self._seconds + 60)
        after = os.times()
        line = next((line for line in said.splitlines() if line.startswith("{")), None)
        if line is None:
            raise LoadFailed(f"wrk failed: {said[-300:]}")
        figures: dict[str, Any] = json.loads(line)
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return figures | {"busy": used / figures["seconds"], "per_second": figures["requests"] / figures["seconds"]}

    def measure(self) -> dict[str, Any]:
        """Raises LoadFailed when a request was refused or failed: then the rate is one of refusals."""
        self.start()
        figures = self.finish()
        if figures["refused"] or figures["failed"]:
            raise LoadFailed(f"{figures['refused']} requests were refused, {figures['failed']} failed.")
        return figures

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _lines(path: Path, lines: Sequence[str]) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)
