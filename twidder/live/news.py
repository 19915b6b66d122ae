"""What the bus says, in its order: events go to who follows their topic, notices to whom they concern.

A notice that takes something away is in force here before the request that caused it is answered: it comes through the
mailbox before the answer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twidder.live import closing, wire
from twidder.live.attendance import Attendance
from twidder.live.channel import (
    AccessNarrowed,
    AccessRevoked,
    Belongs,
    ReadUpTo,
    RightsChanged,
    SessionEnded,
    StateChanged,
)
from twidder.live.closing import Closing
from twidder.live.connection import Connection
from twidder.live.heads import Heads
from twidder.live.hub import Hub
from twidder.live.joining import Joining
from twidder.live.topics import to_wire

_REMEMBERED = 60.0  # seconds; no question about who somebody is takes so long


class News:
    def __init__(
        self, hub: Hub, joining: Joining, attendance: Attendance, heads: Heads, now: Callable[[], float]
    ) -> None:
        self._hub = hub
        self._joining = joining
        self._attendance = attendance
        self._heads = heads
        self._now = now
        self._ended: dict[str, tuple[SessionEnded, float]] = {}  # by session, and when
        self.when_changed: list[Callable[[StateChanged], None]] = []  # for gateways: of any state topic
        self._changed: dict[int, float] = {}  # users whose rights have changed, and when

    def take(self, batch: Iterable[Any]) -> None:
        for news in batch:
            match news:
                case SessionEnded():
                    self._end_session(news)
                case AccessRevoked():
                    self._revoke(news)
                case AccessNarrowed():
                    self._narrow(news)
                case ReadUpTo():
                    self._read(news)
                case Belongs():
                    self._belong(news)
                case RightsChanged():
                    self._change_rights(news)
                case StateChanged():
                    self._hub.publish_state(*news)
                    for call in self.when_changed:
                        call(news)
                case _:
                    self._hub.publish(news.topic, news.seq, wire.event_frame(*news))
                    self._heads.move(news.topic, news.seq)
                    self._attendance.pass_on(news)

    def refusal(self, me: Any, asked_at: float) -> Closing | None:
        """Why ``me``, as looked up since ``asked_at``, may not come in after all: news of it came meanwhile."""
        ended, at = self._ended.get(me.sid, (None, -1.0))
        comes_back = me.user_id < 0 and at < asked_at  # a link may, with the board that was deleted; a session never
        if ended is not None and not comes_back:
            return _ending(ended)
        return closing.TRY_AGAIN if self._changed.get(me.user_id, -1.0) >= asked_at else None

    def forget_old(self) -> None:
        since = self._now() - _REMEMBERED
        self._ended = {sid: note for sid, note in self._ended.items() if note[1] > since}
        self._changed = {user_id: at for user_id, at in self._changed.items() if at > since}

    def drop(self, connection: Connection) -> None:
        """It is nowhere any more."""
        self._heads.remove(connection)
        self._hub.remove(connection)

    def _end_session(self, ended: SessionEnded) -> None:
        """Every socket of that session, and no other. The note outlives any question still under way about it."""
        self._ended[ended.sid] = ended, self._now()
        for connection in self._hub.of_session(ended.sid):
            self._attendance.send_away(connection)
            self.drop(connection)
            connection.close(_ending(ended))
            connection.link.flush()  # on its way before the sign-in that caused it is answered
        self._attendance.end_session(ended.sid)

    def _revoke(self, revoked: AccessRevoked) -> None:
        topic, user_id, reason = revoked
        self._joining.void(topic, lambda asking: asking == user_id)
        for connection in self._tabs(user_id):
            self._take_away(connection, topic, reason)
        self._attendance.dismiss(topic, user_id)

    def _narrow(self, narrowed: AccessNarrowed) -> None:
        topic, may_stay, reason = narrowed
        self._joining.void(topic, lambda asking: asking not in may_stay)
        for connection in self._hub.everybody():
            if connection.me.user_id not in may_stay:
                self._take_away(connection, topic, reason)
        for author in self._attendance.here(topic):
            if author.id not in may_stay:
                self._attendance.dismiss(topic, author.id)

    def _take_away(self, connection: Connection, topic: str, reason: str) -> None:
        self._heads.belong(connection, topic, False)
        if topic in connection.topics:
            self._hub.leave(connection, topic)
            connection.send(wire.frame("left", topic=to_wire(topic), reason=reason))

    def _read(self, read: ReadUpTo) -> None:
        frame = wire.frame("read", topic=to_wire(read.topic), seq=read.seq)
        for connection in self._tabs(read.user_id):
            connection.send(frame)

    def _belong(self, news: Belongs) -> None:
        for connection in self._tabs(news.user_id):
            if connection.me.guest_of != 0:  # a PIN opens Pair-Up alone
                self._heads.belong(connection, news.topic, news.belongs)

    def _change_rights(self, changed: RightsChanged) -> None:
        self._changed[changed.user_id] = self._now()
        for connection in self._tabs(changed.user_id):
            self.drop(connection)
            connection.close(closing.TRY_AGAIN)
            connection.link.flush()

    def _tabs(self, user_id: int) -> list[Connection]:
        return [connection for connection in self._hub.of_user(user_id) if connection.hears]


def _ending(ended: SessionEnded) -> Closing:
    code, reason = closing.BY_CODE[ended.why]
    extra: dict[str, object] = {"at": ended.at}
    return Closing(code, reason, {**extra, "by": ended.by} if ended.by else extra)
