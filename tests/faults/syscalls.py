"""What a traced server asked of the kernel, in order. Pure: reads the text that ``strace -f -y`` wrote."""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(r"^(\d+) +(.*)$")
_ON_FILE = re.compile(r"^(\w+)\(\d+<(TCP:\[[^\]]*\]|[^>]*)>(.*)$")
_ON_PATH = re.compile(r'^(\w+)\((?:AT_FDCWD<[^>]*>, )?"([^"]*)"(.*)$')
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_UNFINISHED = " <unfinished ...>"
_NEVER = sys.maxsize

_CALLS = "pwrite64,fdatasync,fsync,ftruncate,openat,unlink,write,writev,sendto,sendmsg"
_FRAME_HEADER = 24  # bytes before each page in SQLite's log file


class Call(NamedTuple):
    """``text`` follows the file. ``begun`` and ``ended`` are line numbers: before and after mean what they say."""

    name: str
    file: str
    text: str
    begun: int
    ended: int

    @property
    def data(self) -> bytes:
        """What a pwrite64 wrote."""
        begin, end = self.text.index('"'), self.text.rindex('"')
        assert not self.text.startswith("...", end + 1), "the trace holds too few bytes of each call"
        written: bytes = ast.literal_eval(f"b{self.text[begin : end + 1]}")
        return written

    @property
    def last_number(self) -> int:
        """The offset of a pwrite64, the size of a ftruncate."""
        return int(self.text.rpartition(")")[0].rpartition(", ")[2])

    @property
    def failed(self) -> bool:
        return self.text.rpartition(") = ")[2].startswith("-1 ")

    @property
    def syncs(self) -> bool:
        return self.name in ("fdatasync", "fsync") and not self.failed

    @property
    def tells(self) -> bool:
        return self.file.startswith(("TCP", "socket:"))


def prefix(output: Path, calls: str = _CALLS) -> list[str]:
    """The command that traces a server: what it does to files, and what it tells."""
    quiet = ["-qq", "-s", "65536", "-e", "signal=none", "-o", str(output)]
    return ["strace", "-f", "--seccomp-bpf", "-y", *quiet, "-e", f"trace={calls}"]


def refusing(output: Path, file: Path, inject: str) -> list[str]:
    """The command that lets a server's calls on ``file`` fail, as strace says it: "fdatasync:error=EIO:when=8" is the
    eighth that a thread makes. Traces what is done to that file."""
    calls = f"{inject.partition(':')[0]},openat,close"
    return [*prefix(output, calls), "-P", str(file), "-e", f"inject={inject}"]


def read_file(trace: Path) -> list[Call]:
    with trace.open(encoding="ascii", errors="replace") as lines:
        return read(lines)


def read(lines: Iterable[str]) -> list[Call]:
    calls: list[Call] = []
    unfinished: dict[str, int] = {}  # thread → its call's place in calls
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, rest = found.groups()
        if resumed := _RESUMED.match(rest):
            if thread in unfinished:
                place = unfinished.pop(thread)
                call = calls[place]
                calls[place] = call._replace(text=call.text + resumed[2], ended=number)
        elif made := _ON_FILE.match(rest) or _ON_PATH.match(rest):
            name, file, text = made.groups()
            ended = number
            if text.endswith(_UNFINISHED):
                unfinished[thread] = len(calls)
                text, ended = text.removesuffix(_UNFINISHED), _NEVER
            calls.append(Call(name, file, text, number, ended))
    return calls


def told_too_early(calls: list[Call], cid: str) -> str | None:
    """What is wrong with the way of the post ``cid``: its whole transaction into the log file, synced, and only then a
    word on any socket."""
    log = [call for call in calls if call.file.endswith("-wal")]
    written = next((place for place, call in enumerate(log) if call.name == "pwrite64" and cid in call.text), None)
    if written is None:
        return f"{cid} was never written to the log file"
    committed = _end_of_transaction(log, written)
    if committed is None:
        return f"{cid} was never committed"
    told = [call for call in calls if call.tells and cid in call.text]
    if not told:
        return f"{cid} was told to nobody"
    wires = {call.file for call in told}
    told += [call for call in calls if call.file in wires and '"HTTP/1.1 201 ' in call.text]
    first = min(call.begun for call in told)
    if any(call.syncs and call.begun > committed.ended and call.ended < first for call in log):
        return None
    return f"{cid} was told by line {first}, without a sync after it was written in line {committed.ended}"


def _end_of_transaction(log: list[Call], written: int) -> Call | None:
    """The page that ends the transaction to which the page ``log[written]`` belongs: its header says how many pages the
    database has, where those of the others say 0."""
    for header, page in itertools.pairwise(log[max(0, written - 1) :]):
        if header.name == page.name == "pwrite64":
            said = header.data
            if len(said) == _FRAME_HEADER and any(said[4:8]):
                return page
    return None
