"""Files on the disk: ``DATA/files/AB/CD/ID`` by random id, ``ID.thumb`` beside it, and ``tmp`` for what is on its way.

The order is the promise: bytes, fsync, rename, fsync of the folders; only then may a row name them. A crash in between
leaves a file without a row, never a row without its file; the next start removes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from twidder.config import Limits
from twidder.datadir import refusals
from twidder.errors import NoSpace, StoreFailed

_ID = re.compile(r"[0-9a-f]{32}")
_THUMB = ".thumb"


class Storage:
    """Raises NoSpace and StoreFailed, as the database does."""

    def __init__(self, root: Path, limits: Limits) -> None:
        self.root = root
        self.tmp = root / "tmp"
        self._limits = limits

    def sweep(self, known: Collection[str]) -> None:
        """Before anybody is served: remove whatever a crash has left, which no row names."""
        shutil.rmtree(self.tmp, ignore_errors=True)
        for path in self.root.glob("??/??/*"):
            if path.name.removesuffix(_THUMB) not in known:
                path.unlink()

    def check_space(self) -> None:
        """Raises NoSpace when the disk is so full that the rest is for messages."""
        with refusals():
            self.tmp.mkdir(parents=True, exist_ok=True)
            usage = shutil.disk_usage(self.root)
        if usage.free < usage.total * (1 - self._limits.disk_percent / 100):
            raise NoSpace

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder of its own for an upload on its way, gone afterwards with all that is left in it."""
        folder = self.tmp / secrets.token_hex(8)
        with refusals():
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, content: Path, thumbnail: Path | None) -> str:
        """Move them in for good, and return the id that they have from now on."""
        file_id = secrets.token_hex(16)
        place = self._path(file_id)
        try:
            with refusals():
                place.parent.mkdir(parents=True, exist_ok=True)
                _move(content, place)
                if thumbnail is not None:
                    _move(thumbnail, _thumbnail(place))
                for folder in (place.parent, place.parent.parent, self.root, self.root.parent):
                    _sync(folder)
        except StoreFailed:
            self.remove([file_id])
            raise
        return file_id

    def find(self, file_id: str, *, thumbnail: bool = False) -> Path:
        path = self._path(file_id)
        return _thumbnail(path) if thumbnail else path

    def remove(self, file_ids: Iterable[str]) -> None:
        for file_id in file_ids:
            path = self._path(file_id)
            path.unlink(missing_ok=True)
            _thumbnail(path).unlink(missing_ok=True)

    def _path(self, file_id: str) -> Path:
        assert _ID.fullmatch(file_id), "an id of ours, from a row"
        return self.root / file_id[:2] / file_id[2:4] / file_id


def _thumbnail(path: Path) -> Path:
    return path.with_name(path.name + _THUMB)


def _move(source: Path, target: Path) -> None:
    _sync(source)
    source.rename(target)


def _sync(path: Path) -> None:
    """Works for files and for folders."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
