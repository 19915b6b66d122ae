"""Pictures made anew, each by a process of its own that can do nothing else (``twidder.files.worker``)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, NamedTuple

from twidder.config import Limits
from twidder.datadir import refusals
from twidder.errors import BadField, Busy

_WORKER = Path(__file__).with_name("worker.py")
_GROWS = 2  # times: a re-encoded picture may be that much larger than a file may be


class Picture(NamedTuple):
    type: str
    width: int
    height: int


class Pictures:
    """A few at a time; the others wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._free = threading.BoundedSemaphore(limits.upload_threads)
        self._door = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def make_anew(self, source: Path, picture: Path, thumbnail: Path) -> Picture:
        """The picture in ``source`` as it is seen and nothing else of it, at ``picture``; smaller at ``thumbnail``,
        which stays empty when the picture is small itself. Raises BadField, Busy, NoSpace, StoreFailed."""
        with (
            self._free,
            refusals(),
            source.open("rb") as given,
            picture.open("wb") as made,
            thumbnail.open("wb") as small,
        ):
            code, said = self._run(given, made, small)
        if self._stopped:
            raise Busy
        try:
            answer = json.loads(said)
        except ValueError:
            raise BadField("file", "That picture can’t be read.") from None
        if code != 0 or "refused" in answer:
            millions = self._limits.picture_pixels // 1_000_000
            raise BadField("file", f"That picture is too large: at most {millions} million pixels.")
        return Picture(answer["type"], answer["width"], answer["height"])

    def stop(self) -> None:
        """Nobody waits for a picture when the server stops."""
        with self._door:
            self._stopped = True
            for process in self._running:
                process.kill()

    def _run(self, given: IO[bytes], made: IO[bytes], small: IO[bytes]) -> tuple[int, bytes]:
        """The worker's exit code and what it said; nothing when it had to be killed."""
        descriptors = (made.fileno(), small.fileno())
        with self._door:
            if self._stopped:
                raise Busy
            process = subprocess.Popen(
                [sys.executable, "-I", str(_WORKER), self._wish(*descriptors)],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=descriptors,
                env={},
            )
            self._running.add(process)
        try:
            said, _ = process.communicate(timeout=self._limits.picture_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            said = b""
        finally:
            with self._door:
                self._running.discard(process)
        return process.returncode, said

    def _wish(self, picture: int, thumbnail: int) -> str:
        limits = self._limits
        wish = {
            "picture": picture,
            "thumbnail": thumbnail,
            "pixels": limits.picture_pixels,
            "side": limits.picture_side,
            "thumbnail_side": limits.thumbnail_side,
            "memory": limits.picture_memory_bytes,
            "cpu": limits.picture_cpu_seconds,
            "bytes": limits.file_bytes * _GROWS,
        }
        return json.dumps(wish)
