"""Presence, told: connections of ours and people of other protocols in, frames and watchers out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal

from twidder.config import Limits
from twidder.live import wire
from twidder.live.channel import LogEvent, Watcher
from twidder.live.connection import Connection
from twidder.live.hub import Hub
from twidder.live.presence import Presence
from twidder.live.topics import to_wire

logger = logging.getLogger(__name__)


class Attendance:
    """``kinds`` of topics that tell who is here, or how many; ``now()``: the loop's clock."""

    def __init__(
        self, hub: Hub, kinds: Mapping[str, bool | Literal["count"]], limits: Limits, now: Callable[[], float]
    ) -> None:
        self._hub = hub
        self._kinds = kinds
        self._now = now
        self._presence = Presence(
            grace=limits.presence_grace_seconds,
            crowd=limits.presence_crowd,
            shown=limits.presence_shown,
            counted={kind for kind, telling in kinds.items() if telling == "count"},
        )
        self._watchers: dict[str, list[Watcher]] = {}

    # Connections

    def joined(self, connection: Connection, topic: str) -> dict[str, Any]:
        """A connection has become a live member: what its answer says of who is here."""
        if topic.partition(":")[0] not in self._kinds:
            return {}
        me = connection.me
        self._presence.enter(topic, connection, me.author, me.sid)
        return {"presence": self._presence.snapshot(topic)}

    def left(self, connection: Connection, topic: str) -> None:
        self._presence.exit(topic, connection, self._now())

    def send_away(self, connection: Connection) -> None:
        """Its session has ended: it left all its topics, and nobody will come back."""
        for topic in connection.topics:
            self._presence.exit(topic, connection, self._now(), at_once=True)

    def end_session(self, sid: str) -> None:
        self._presence.end_session(sid)

    def dismiss(self, topic: str, user_id: int) -> None:
        """They may not be there any more, by whatever door they came."""
        self._presence.dismiss(topic, user_id)

    # Other protocols

    def watch(self, topic: str, watcher: Watcher) -> None:
        self._watchers.setdefault(topic, []).append(watcher)

    def unwatch(self, topic: str, watcher: Watcher) -> None:
        watchers = self._watchers.get(topic, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._watchers.pop(topic, None)

    def enter(self, topic: str, key: Hashable, author: Any) -> None:
        """``key``: one connection of theirs. They are one entry however many they have, here and of ours."""
        self._presence.enter(topic, key, author)

    def exit(self, topic: str, key: Hashable, *, at_once: bool = False) -> None:
        """``at_once``: they have said goodbye; otherwise they may come back within the grace."""
        self._presence.exit(topic, key, self._now(), at_once=at_once)

    def here(self, topic: str) -> list[Any]:
        """Authors, in order of arrival."""
        return self._presence.here(topic)

    # Telling

    def pass_on(self, news: LogEvent) -> None:
        for watcher in list(self._watchers.get(news.topic, ())):
            self._call(watcher.event, news)

    def tell(self) -> None:
        """Once a second."""
        for topic, fields, joined, left in self._presence.take(self._now()):
            self._hub.publish_fleeting(topic, wire.frame("presence", topic=to_wire(topic), **fields))
            if joined or left:
                for watcher in list(self._watchers.get(topic, ())):
                    self._call(watcher.presence, joined, left)

    def _call(self, call: Callable[..., None], *args: Any) -> None:
        try:
            call(*args)
        except Exception:  # one gateway's fault must not become everybody's
            logger.exception("a watcher failed")
