"""What a test leaves behind in this process: threads and sockets."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import stat
import threading
import time


def sockets() -> dict[int, int]:
    """inode → descriptor of every socket of this process. Empty where the system does not tell."""
    found: dict[int, int] = {}
    with contextlib.suppress(OSError):
        for name in os.listdir("/dev/fd"):
            with contextlib.suppress(OSError):  # the listing's own descriptor is gone by now
                status = os.fstat(int(name))
                if stat.S_ISSOCK(status.st_mode):
                    found[status.st_ino] = int(name)
    return found


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon and thread.is_alive()}


class Watch:
    """Remembers what there was; tells what is new and does not go away by itself."""

    def __init__(self) -> None:
        self.threads = threads()
        self.sockets = set(sockets())

    def left(self, patience: float = 2.0) -> str:
        end = time.monotonic() + patience
        collected = False
        while True:
            new_threads = threads() - self.threads
            new_sockets = {inode: fd for inode, fd in sockets().items() if inode not in self.sockets}
            if not new_threads and not new_sockets:
                return ""
            if not collected:  # what nobody holds any more warns by itself, as a ResourceWarning
                gc.collect()
                collected = True
            elif time.monotonic() > end:
                names = [f"thread {thread.name}" for thread in new_threads]
                return ", ".join(names + [_describe(fd) for fd in new_sockets.values()])
            else:
                time.sleep(0.02)


def _describe(descriptor: int) -> str:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as copy:
        here = copy.getsockname()
        there: object = "nobody"
        with contextlib.suppress(OSError):
            there = copy.getpeername()
        return f"socket {here} to {there}"
    return f"socket {descriptor}"
