"""A join that reads the history first and follows the topic afterwards: what comes between is never seen (L3)."""

from typing import Any

from twidder.cli import main
from twidder.live.hub import Hub
from twidder.live.node import Node

if __name__ == "__main__":
    hold, joined = Hub.hold, Node._joined

    def subscribe_late(self: Node, connection: Any, frame_id: int, answers: dict[str, Any], refused: Any) -> None:
        for topic, _, _ in answers.values():
            hold(self.hub, connection, topic.name)
        joined(self, connection, frame_id, answers, refused)

    Hub.hold = Hub.leave  # type: ignore[method-assign]
    Node._joined = subscribe_late  # type: ignore[method-assign]
    main()
