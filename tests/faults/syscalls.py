"""What a traced server asked of the kernel, in order. Pure: reads the text that ``strace -f -y`` wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_LINE = re.compile(r"^(\d+) +(.*)$")
_CALL = re.compile(r"^(\w+)\(\d+<([^>]*)>(.*)$")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>")


class Call(NamedTuple):
    """``begun`` and ``ended`` are line numbers: before and after mean what they say."""

    name: str
    file: str
    text: str
    begun: int
    ended: int


def prefix(output: Path) -> list[str]:
    """The command that traces a server: writes to files and sockets, and the syncs. 8,000 bytes of each."""
    calls = "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg"
    return ["strace", "-f", "-y", "-qq", "-s", "8000", "-e", calls, "-e", "signal=none", "-o", str(output)]


def read(lines: Iterable[str]) -> list[Call]:
    calls: list[Call] = []
    unfinished: dict[str, int] = {}  # thread → its call's place in calls
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        thread, rest = found.groups()
        if _RESUMED.match(rest) and thread in unfinished:
            place = unfinished.pop(thread)
            calls[place] = calls[place]._replace(ended=number)
        elif call := _CALL.match(rest):
            name, file, text = call.groups()
            if rest.endswith("<unfinished ...>"):
                unfinished[thread] = len(calls)
            calls.append(Call(name, file, text, number, number))
    return calls


def told_too_early(calls: list[Call], cid: str) -> str | None:
    """What is wrong with the way of the post ``cid``: into the log file, synced, and only then onto a socket."""
    written = [call for call in calls if call.file.endswith("-wal") and call.name == "pwrite64" and cid in call.text]
    told = [call for call in calls if call.file.startswith(("TCP", "socket:")) and cid in call.text]
    if not written:
        return f"{cid} was never written to the log file"
    if not told:
        return f"{cid} was told to nobody"
    first = min(told, key=lambda call: call.begun)
    syncs = [call for call in calls if call.file.endswith("-wal") and call.name in ("fdatasync", "fsync")]
    if any(sync.begun > written[0].ended and sync.ended < first.begun for sync in syncs):
        return None
    return f"{cid} was told by line {first.begun}, without a sync after it was written in line {written[0].ended}"
