"""Tells readers before COMMIT: they see what never happened (D8)."""

import functools
from typing import Any

from tests.mutants.slow_disk import commit_last
from twidder.cli import main
from twidder.store.writer import Writer

mutated: Any = functools.partialmethod(commit_last, answer_first=False)

if __name__ == "__main__":
    Writer._commit = mutated  # type: ignore[method-assign]
    main()
