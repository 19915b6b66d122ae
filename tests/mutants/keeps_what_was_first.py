"""A board that tells of what has changed the first value since it last told, and not the newest (P3)."""

from collections.abc import Mapping

from twidder.cli import main
from twidder.live.newest import Newest


def _change(self: Newest, seq: int, at: int, data: Mapping[str, bytes]) -> None:
    for key, value in data.items():
        self.values.setdefault(key, (seq, value))
        self.changed.add(key)
    self.seq = max(self.seq, seq)
    self.at = max(self.at, at)


if __name__ == "__main__":
    Newest.change = _change  # type: ignore[method-assign]
    main()
