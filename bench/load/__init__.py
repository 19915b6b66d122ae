"""The crowd: a C program, since a generator that parses frames in Python would be the limit that it measures."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.machine import CACHE, Cores

HERE = Path(__file__).parent
ANSWER_SECONDS = 150.0
NEXT_FRAME = "\x1e"  # between two frames of one client's hello


class LoadFailed(Exception):
    """The load could not do what it was told; what it measured means nothing."""


def compiled(name: str, *sources: Path) -> Path:
    """The program made of these C files, compiled anew when one of them has changed. Raises LoadFailed."""
    program = CACHE / name
    headers = [path for source in sources for path in source.parent.glob("*.h")]
    if not program.exists() or program.stat().st_mtime < max(path.stat().st_mtime for path in (*sources, *headers)):
        program.parent.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["gcc", "-O2", "-o", str(program), *map(str, sources)], check=True, capture_output=True)
        except FileNotFoundError:
            raise LoadFailed("There is no gcc here: make bench-peers installs it.") from None
        except subprocess.CalledProcessError as error:
            raise LoadFailed(f"{name} does not compile:\n{error.stderr.decode()}") from None
    return program


class Load:
    """One crowd on the load's core. Figures are in seconds, except p50 to max, which are ms."""

    def __init__(self, cores: Cores, work: Path) -> None:
        program = compiled("load", HERE / "load.c", HERE / "sockets.c")
        self._work = work
        self._process = subprocess.Popen(
            [*cores.for_load, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def rules(self, **rules: str) -> None:
        self._tell("rules", rules)
        self._answer()

    def open(
        self,
        port: int,
        clients: int,
        *,
        path: str = "/",
        headers: Iterable[str] = (),
        hello: Iterable[str] = (),
        opening: int = 256,
        seconds: float = 60,
        buffer: int = 0,
        rate: float = 0,
    ) -> dict[str, Any]:
        """Connect. ``headers`` and ``hello`` (text frames, NEXT_FRAME between them): one for each client, the last for
        all that are left. ``buffer``: SO_RCVBUF, 0 = the kernel's choice. ``rate``: how many come a second, 0 = as
        fast as they can. Raises LoadFailed unless everybody became ready."""
        told = {
            "port": port,
            "path": path,
            "clients": clients,
            "opening": opening,
            "seconds": seconds,
            "buffer": buffer,
            "rate": rate,
        }
        answer = self.ask("open", **told, headers=self._file("headers", headers), hello=self._file("hello", hello))
        if answer["ready"] < clients:
            raise LoadFailed(f"Only {answer['ready']} of {clients} clients came in: {answer}")
        return answer

    def ask(self, command: str, **values: Any) -> dict[str, Any]:
        self._tell(command, values)
        return self._answer()

    def measure(self, command: str, at_start: Callable[[], Any] = lambda: None, **values: Any) -> dict[str, Any]:
        """A command that warms up first; ``at_start`` is called when it begins to count."""
        self._tell(command, values)
        while "seconds" not in (answer := self._answer()):
            at_start()
        return answer

    def _file(self, name: str, lines: Iterable[str]) -> Path | str:
        text = "\n".join(lines)
        if not text:
            return ""
        path = self._work / f"{name}.txt"
        path.write_text(text + "\n", encoding="utf-8")
        return path

    def _tell(self, command: str, values: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        words = [command, *(f"{name}={value}" for name, value in values.items())]
        self._process.stdin.write("\t".join(words) + "\n")

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], ANSWER_SECONDS)[0]:
            raise LoadFailed("The load does not answer.")
        line = self._process.stdout.readline()
        if not line:
            raise LoadFailed(f"The load left with exit code {self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]


@contextlib.contextmanager
def crowd(cores: Cores, work: Path) -> Iterator[Load]:
    load = Load(cores, work)
    try:
        yield load
    finally:
        load.close()
