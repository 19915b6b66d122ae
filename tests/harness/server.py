"""A real server in a process of its own, on a port of its own."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from tests.harness.nursery import Forked, Nursery
from tests.harness.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Twidder is at https?://[^\s:/]+:(\d+)")
START_SECONDS = 30.0
STOP_SECONDS = 20.0

# What must never stand in a server's log, whatever was done to it.
FORBIDDEN = ("Traceback (most recent call last)", "Task was destroyed", "never awaited", "ResourceWarning")

# Hashing as it should be costs a sign-in 26 ms and every test its patience.
FAST = {"argon2_memory_kib": 1024, "argon2_time": 1}

_nursery: Nursery | None = None
_making = threading.Lock()


def _environment() -> dict[str, str]:
    """Without the developer's settings and Python modes (PYTHONASYNCIODEBUG=0 would switch debugging ON)."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TWIDDER_", "PYTHON"))}
    env |= {"PYTHONWARNINGS": "default::ResourceWarning", "NO_COLOR": "1"}
    return env | {"PYTHONPATH": str(Path(__file__).with_name("bare"))}  # hides what only tests have installed


class Server:
    """`twidder serve` on a data directory.

    Started by `start()` or by `with`. `kill9()` and `restart()` leave the data where they are,
    and the port the same.
    When it stops, it must have left with exit code 0 and a clean log.
    """

    def __init__(
        self,
        data: Path,
        *,
        args: Iterable[str] = (),
        env: Mapping[str, str] | None = None,
        limits: Mapping[str, float] | None = None,
        port: int = 0,
        prefix: Iterable[str] = (),
        allow: Iterable[str] = (),
        cold: bool = False,
    ) -> None:
        """`limits` sets fields of Limits by name; `prefix` is a command that runs the server (strace …);
        `allow` names what of FORBIDDEN this test provokes on purpose; `cold` starts Python anew, as people do,
        instead of forking a process that has loaded Twidder already. A `prefix` or a foreign `env` does that too.
        """
        self.data = Path(data)
        self.port = port
        self.args = list(args)
        self.prefix = list(prefix)
        self.cold = cold
        self.forbidden = [text for text in FORBIDDEN if text not in set(allow)]
        self.env = _environment()
        self.env |= {f"TWIDDER_LIMIT_{name.upper()}": str(value) for name, value in {**FAST, **(limits or {})}.items()}
        self.env |= env or {}
        self.logs = self.data.with_name(self.data.name + ".logs")
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self._starts = 0

    # Where it is

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://localhost:{self.port}/live"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The server's own process, also when a `prefix` runs it."""
        if self.process is None:
            raise AssertionError("The server does not run.")
        pid = self.process.pid
        if self.prefix:  # the prefix's first child
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            pid = int(children[0]) if children else pid
        return pid

    @property
    def stdout(self) -> str:
        """What the present run has printed."""
        return self._read("stdout")

    @property
    def stderr(self) -> str:
        """The present run's log."""
        return self._read("stderr")

    def _path(self, name: str) -> Path:
        return self.logs / f"{self._starts}.{name}.txt"

    def _read(self, name: str) -> str:
        path = self._path(name)
        return path.read_text("utf-8", errors="replace") if path.exists() else ""

    # Coming

    def start(self, timeout: float = START_SECONDS) -> Server:
        """Starts it and returns when it serves."""
        if self.running:
            raise AssertionError("The server runs already.")
        self.logs.mkdir(parents=True, exist_ok=True)
        self._starts += 1
        self.process = self._begin() if self._apart() else self._fork()
        try:
            self.port = wait_for(self._announced_port, timeout, "the server to say where it is")
        except AssertionError as error:
            self.kill9()
            raise AssertionError(f"{error}\n{self.report()}") from None
        return self

    def _apart(self) -> bool:
        others = {name: value for name, value in self.env.items() if not name.startswith("TWIDDER_")}
        return self.cold or bool(self.prefix) or others != _environment()

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._path("stdout").open("wb") as out, self._path("stderr").open("wb") as err:
            return subprocess.Popen(
                [*self.prefix, *self._command()],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,  # ctrl-C is for pytest, which then stops its servers
            )

    def _fork(self) -> Forked:
        global _nursery
        with _making:
            _nursery = _nursery or Nursery(_environment())
        return _nursery.fork(self._arguments(), self.env, self._path("stdout"), self._path("stderr"))

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "twidder", *self._arguments()]

    def _arguments(self) -> list[str]:
        return ["serve", "--port", str(self.port), "--data", str(self.data), *self.args]

    def _announced_port(self) -> int:
        found = READY.search(self.stdout)
        if found:
            return int(found[1])
        if not self.running:
            raise AssertionError("The server left instead of serving.")
        return 0

    def restart(self, *, kill: bool = False, timeout: float = STOP_SECONDS) -> Server:
        """Stops it if it runs (`kill`: with SIGKILL) and starts it again on the same data and port."""
        if self.running:
            if kill:
                self.kill9()
            else:
                self.terminate(timeout)
        return self.start()

    # Going

    def kill9(self) -> None:
        """The end without a word: SIGKILL for it and all its children."""
        if self.process is None:
            return
        with contextlib.ExitStack() as stack:
            gone = None
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                gone = os.pidfd_open(self.pid)
                stack.callback(os.close, gone)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            # A prefix may be gone before what it ran has let go of the data directory.
            if gone is not None and not select.select([gone], [], [], 10)[0]:
                raise AssertionError("The server outlived SIGKILL.")
        self.process = None

    def terminate(self, timeout: float = STOP_SECONDS) -> float:
        """The polite end, and how many seconds it took. Fails if it did not leave well."""
        if self.process is None:
            return 0.0
        begin = time.monotonic()
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"The server did not stop in {timeout:g} s.\n{self.report()}") from None
        self.process = None
        if code != 0:
            raise AssertionError(f"The server left with exit code {code}.\n{self.report()}")
        self.check_log()
        return time.monotonic() - begin

    def check_log(self) -> None:
        """Fails if the log tells of something that should never happen."""
        log = self.stderr
        bad = [text for text in self.forbidden if text in log]
        if bad:
            raise AssertionError(f"The server's log has {', '.join(map(repr, bad))}.\n{self.report()}")

    def report(self, lines: int = 60) -> str:
        """The end of what it said, to be shown with a failure."""
        parts = [
            f"--- {name} of {self.data}\n" + "\n".join(self._read(name).splitlines()[-lines:])
            for name in ("stdout", "stderr")
        ]
        return "\n".join(parts)

    def __enter__(self) -> Server:
        return self if self.running else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.terminate()
        else:  # the first failure is the one to tell
            self.kill9()

    # What it costs

    def memory(self) -> int:
        """Resident bytes (Linux)."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0

    def descriptors(self) -> int:
        """Open files and sockets (Linux)."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
