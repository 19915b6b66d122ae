"""What a power cut leaves of the files that a traced server wrote. Pure: bytes in, bytes out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.faults.syscalls import Call

_SECTOR = 512  # what a disk writes whole or not at all


class _File:
    """``safe`` is on the disk; ``pending`` are the calls whose effect may be there, in parts, or not."""

    def __init__(self) -> None:
        self.safe = bytearray()
        self.pending: list[Call] = []

    def sync(self, call: Call) -> None:
        done = [change for change in self.pending if change.ended < call.begun]
        self.pending = [change for change in self.pending if change.ended >= call.begun]
        for change in done:
            _apply(self.safe, change, lambda: True)

    def survive(self, luck: Luck) -> bytes:
        content = bytearray(self.safe)
        for change in self.pending:
            _apply(content, change, luck)
        return bytes(content)


class Luck:
    """Says of each sector whether it reached the disk in time."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._chance = rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))

    def __call__(self) -> bool:
        return self.rng.random() < self._chance


class Disk:
    """The files ``base…`` in ``folder``, which is empty at first: ``play`` the calls, then ``survivors`` is what a cut
    leaves.

    A file that was made or removed is so for certain once its folder was synced. Until then the last of these changes
    may be missing, in order, as a journaling file system keeps them: the second never without the first.
    """

    def __init__(self, folder: Path, base: str) -> None:
        self._folder = str(folder)
        self._base = str(folder / base)
        self._names: dict[str, _File] = {}
        self._safe_names: dict[str, _File] = {}
        self._pending_names: list[tuple[str, _File | None]] = []

    def concerns(self, call: Call) -> bool:
        """The -shm file is shared memory, rebuilt at every start."""
        return call.file == self._folder or (call.file.startswith(self._base) and not call.file.endswith("-shm"))

    def play(self, call: Call) -> None:
        file = self._names.get(call.file)
        if call.failed:
            return
        if call.file == self._folder:
            if call.syncs:
                _rename(self._safe_names, self._pending_names)
                self._pending_names = []
        elif call.name == "openat":
            if file is None:
                self._rename(call.file, _File())
        elif call.name == "unlink":
            self._rename(call.file, None)
        elif file is None:
            raise AssertionError(f"a file that nobody made: {call.name} {call.file}")
        elif call.syncs:
            file.sync(call)
        else:
            file.pending.append(call)

    def _rename(self, path: str, file: _File | None) -> None:
        self._pending_names.append((path, file))
        _rename(self._names, [(path, file)])

    def survivors(self, rng: random.Random) -> dict[str, bytes]:
        """Names and contents, by chance."""
        names = dict(self._safe_names)
        _rename(names, self._pending_names[: rng.randint(0, len(self._pending_names))])
        luck = Luck(rng)
        return {Path(path).name: file.survive(luck) for path, file in names.items()}


class Cut(NamedTuple):
    """``moment`` is a line of the trace: what began after it never was."""

    moment: int
    files: dict[str, bytes]


def cut(calls: Iterable[Call], disk: Disk, moments: Iterable[int], rng: random.Random) -> Iterator[Cut]:
    """The files after a cut at each of the ``moments``, in their order. A sync helps from its end on, the rest may have
    happened from its beginning on."""
    when = [(call.ended if call.syncs else call.begun, call) for call in calls if disk.concerns(call)]
    coming = sorted(when, reverse=True)
    for moment in sorted(moments):
        while coming and coming[-1][0] <= moment:
            disk.play(coming.pop()[1])
        yield Cut(moment, disk.survivors(rng))


def _rename(names: dict[str, _File], changes: Iterable[tuple[str, _File | None]]) -> None:
    for path, file in changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _apply(content: bytearray, change: Call, luck: Callable[[], bool]) -> None:
    if change.name == "ftruncate":
        if luck():
            size = change.last_number
            del content[size:]
            content.extend(bytes(size - len(content)))
        return
    data, begin = change.data, change.last_number
    end = begin + len(data)
    while begin < end:
        next_sector = min(end, begin - begin % _SECTOR + _SECTOR)
        if luck():
            content.extend(bytes(max(0, begin - len(content))))
            content[begin:next_sector] = data[len(data) - (end - begin) : len(data) - (end - next_sector)]
        begin = next_sector
