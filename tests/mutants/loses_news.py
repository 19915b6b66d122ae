"""Not a mutation but a bad day: every seventh event of a topic does not even reach the hub (L2)."""

from typing import Any

from tests.mutants.lost_events import EVERY
from twidder.cli import main
from twidder.live.node import Node
from twidder.store.log import Event

if __name__ == "__main__":
    hear = Node.hear

    def perhaps(self: Node, batch: list[Any]) -> None:
        hear(self, [news for news in batch if not (isinstance(news, Event) and news.seq % EVERY == 0)])

    Node.hear = perhaps  # type: ignore[method-assign]
    main()
