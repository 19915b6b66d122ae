"""Servers by fork from a process that has loaded Twidder already: a start costs a third of the CPU.

What runs is `twidder serve` with its own arguments, environment, session and log, as `python -m twidder` would run it.
Only the loading of modules is shared. The nursery ends with the process of the tests, and its servers with it.

The tests write one line of JSON for each server (args, env, stdout, stderr, exit) and read its process id. The exit
code stands in the file `exit` once the server has gone.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Forked:
    """A server from the nursery, as a Popen is."""

    def __init__(self, pid: int, exit_file: Path) -> None:
        self.pid = pid
        self._exit = exit_file
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            with contextlib.suppress(FileNotFoundError):
                self.returncode = int(self._exit.read_text())
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit code, negative for a signal. Raises subprocess.TimeoutExpired."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("twidder", timeout)
            time.sleep(0.005)
        return code


class Nursery:
    """The tests' side."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        asks, self._asks = os.pipe()
        self._answers, answers = os.pipe()
        command = [sys.executable, "-m", "tests.harness.nursery", str(asks), str(answers)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(asks, answers),
            start_new_session=True,
        )
        os.close(asks)
        os.close(answers)
        atexit.register(self._end)

    def fork(self, args: list[str], env: Mapping[str, str], out: Path, err: Path) -> Forked:
        exit_file = out.with_suffix(".exit")
        exit_file.unlink(missing_ok=True)
        for log in (out, err):  # of an earlier server on the same data
            log.write_bytes(b"")
        job = {"args": args, "env": dict(env), "stdout": str(out), "stderr": str(err), "exit": str(exit_file)}
        with self._lock:
            os.write(self._asks, json.dumps(job).encode() + b"\n")
            pid = int(os.read(self._answers, 20))
        return Forked(pid, exit_file)

    def _end(self) -> None:
        os.close(self._asks)
        os.close(self._answers)
        self._process.wait(10)


# The nursery's side


def _load() -> None:
    """All that a server loads at its start, and a few things that it loads a little later."""
    import alembic.command  # noqa: F401
    import httptools  # noqa: F401
    import uvicorn.lifespan.on
    import uvicorn.loops.uvloop
    import uvicorn.protocols.http.httptools_impl  # noqa: F401

    import twidder.asgi
    import twidder.boards.models
    import twidder.cli  # noqa: F401

    if threading.active_count() > 1:
        raise RuntimeError("A thread that loading began would not survive the fork.")
    gc.collect()
    gc.freeze()  # so that no collection comes between here and a fork


def _serve(asks: int, answers: int) -> dict[str, Any] | None:
    """Forks until the tests are over (None). In each new server it returns what that one shall do."""
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    running: dict[int, str] = {}
    waiting = b""
    while True:
        ready, _, _ = select.select([asks, wake], [], [])
        if wake in ready:
            os.read(wake, 100)
            _bury(running)
        if asks in ready:
            data = os.read(asks, 65_536)
            if not data:
                break
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                job = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    return dict(job)
                running[pid] = job["exit"]
                os.write(answers, b"%d\n" % pid)
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    return None


def _bury(running: dict[int, str]) -> None:
    for pid in list(running):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            half = running[pid] + ".half"
            Path(half).write_text(str(os.waitstatus_to_exitcode(status)))
            os.replace(half, running.pop(pid))


def _become(job: dict[str, Any]) -> None:
    """The rest of what a Popen would have done."""
    gc.unfreeze()  # it collects as any other server does
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for descriptor, name in ((1, job["stdout"]), (2, job["stderr"])):
        opened = os.open(name, flags, 0o666)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.closerange(3, 64)
    os.environ.clear()
    os.environ.update(job["env"])
    sys.argv[:] = ["twidder", *job["args"]]


def _main() -> None:
    _load()
    job = _serve(int(sys.argv[1]), int(sys.argv[2]))
    if job is not None:
        _become(job)
        from twidder.cli import main

        main()


if __name__ == "__main__":
    _main()
