"""Events get lost, and the heartbeats do not tell how far the topics are (L2)."""

from typing import Any

from tests.mutants.lost_events import lose_events
from twidder.cli import main
from twidder.live.hub import Hub


def _nothing(self: Hub, connection: Any) -> dict[str, int]:
    return {}


if __name__ == "__main__":
    lose_events()
    Hub.heads = _nothing  # type: ignore[method-assign]
    main()
