"""Says yes before COMMIT: an acknowledged post can be lost (D1, D3)."""

import functools
from typing import Any

from tests.mutants.slow_disk import commit_last
from twidder.cli import main
from twidder.store.writer import Writer

mutated: Any = functools.partialmethod(commit_last, answer_first=True)

if __name__ == "__main__":
    Writer._commit = mutated  # type: ignore[method-assign]
    main()
