"""The system's own programs that some tests drive, and why one cannot be driven here."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@functools.cache
def chromium() -> str | None:
    """A Chromium that can be driven from outside: a snap cannot, it sees neither our files nor our pipes."""
    for name in filter(None, (os.environ.get("TWIDDER_CHROMIUM"), *CHROMIUM_NAMES)):
        path = shutil.which(name)
        if path and "/snap" not in os.path.realpath(path) and b"/snap/bin" not in _beginning(path):
            return path
    return None


def _beginning(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(4096)


@functools.cache
def missing(program: str) -> str:
    """Why `program` cannot be used here; empty when it can."""
    if program == "chromium":
        return "" if chromium() else "there is no Chromium here that can be driven (a snap cannot)"
    if shutil.which(program) is None:
        return f"there is no {program} here"
    if program == "strace":
        tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
        if tried.returncode:
            return f"strace may not trace here ({tried.stderr.strip().splitlines()[-1:]})"
    return ""
