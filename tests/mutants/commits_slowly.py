"""Not a mutation but a slow disk: each commit takes a tenth of a second, so that a test can be in the middle of it."""

import time
from typing import Any

from twidder.cli import main
from twidder.store.writer import Writer

SECONDS = 0.1

if __name__ == "__main__":
    real = Writer._commit

    def commit(self: Writer, batch: list[Any]) -> list[Any]:
        time.sleep(SECONDS)
        return real(self, batch)

    Writer._commit = commit  # type: ignore[method-assign]
    main()
