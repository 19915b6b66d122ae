"""``synchronous=NORMAL``: a commit is not on the disk before the next checkpoint; a power cut takes it (D2, D3)."""

from twidder.cli import main
from twidder.store import engine

if __name__ == "__main__":
    engine._WRITER_PRAGMAS = (*engine._WRITER_PRAGMAS, "synchronous=NORMAL")  # type: ignore[assignment]
    main()
