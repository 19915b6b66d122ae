"""Every seventh event of a topic gets lost, as if a bus or a line had swallowed it."""

from __future__ import annotations

from twidder.live.hub import Hub

EVERY = 7


def lose_events() -> None:
    """The hub has heard of them; its members have not."""
    publish = Hub.publish

    def perhaps(self: Hub, topic: str, seq: int, frame: bytes) -> None:
        state = self._topics.get(topic)
        if seq % EVERY:
            publish(self, topic, seq, frame)
        elif state is not None:
            state.head = max(state.head, seq)

    Hub.publish = perhaps  # type: ignore[method-assign]
