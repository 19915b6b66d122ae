"""Not a mutation but an accident: the process is killed between a session's end on disk and the notice of it (S7)."""

import os
import signal
from typing import Any

from twidder.cli import main
from twidder.live.bus.memory import MemoryBus
from twidder.live.channel import SessionEnded

if __name__ == "__main__":
    publish = MemoryBus.publish

    def die_or_publish(self: MemoryBus, batch: list[Any]) -> None:
        if any(isinstance(news, SessionEnded) for news in batch):
            os.kill(os.getpid(), signal.SIGKILL)
        publish(self, batch)

    MemoryBus.publish = die_or_publish  # type: ignore[method-assign]
    main()
