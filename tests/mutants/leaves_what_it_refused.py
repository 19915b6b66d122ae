"""A failed fsync is only told of; what it should have made safe stays in the write-ahead log, complete (D4)."""

from typing import Any

from twidder.cli import main
from twidder.store.writer import Writer

mutated: Any = lambda self: None  # noqa: E731

if __name__ == "__main__":
    Writer._overwrite = mutated  # type: ignore[method-assign]
    main()
