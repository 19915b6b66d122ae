"""This process's live half: who is connected, what they ask for, what they are told.

The node is the endpoint at ``/live``. Whatever has to wait (who is this, what did they miss, store this) is done by
threads that put their answer into the mailbox; the loop itself never waits. Answers and news come through one
mailbox, in order, so a session's end is known here before the sign-in that caused it is answered.
"""

from __future__ import annotations

import logging
import random
import resource
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from twidder import credentials
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import Busy, NotFound, TwidderError
from twidder.live import closing, topics, wire
from twidder.live.attendance import Attendance
from twidder.live.batches import Batches
from twidder.live.channel import Acting, Channel, Principal, Said, SessionEnded
from twidder.live.closing import Closing
from twidder.live.connection import Connection, State
from twidder.live.heads import Heads
from twidder.live.hub import Hub
from twidder.live.joining import Joining
from twidder.live.mailbox import Mailbox
from twidder.live.news import News
from twidder.live.strangers import Strangers
from twidder.live.switchboard import Handshake, Refused, Switchboard
from twidder.live.topics import Topic
from twidder.live.websocket import WebSocket
from twidder.rates import Rates

logger = logging.getLogger(__name__)

Submit = Callable[[Any, Callable[[Any], Any], Callable[[Any, BaseException | None], None]], None]


class Outside(NamedTuple):
    """What the node needs from the rest of the house, given by the composition root."""

    read: Callable[[Callable[[Any], Any]], Any]  # a function of a snapshot of the store; blocks
    identify: Callable[[Any, str], Principal]  # (the snapshot, a token): its holder; raises Unauthorized
    over: Callable[[list[Any]], list[SessionEnded]]  # of these principals' sessions the ended ones; blocks
    ahead_of: Callable[[dict[str, int]], dict[str, int]]  # of these topics those that have got further; blocks
    submit: Submit  # (me, change, done): a guarded write; raises Busy
    belongs: Callable[[Any, Any], Mapping[str, int]]  # (the snapshot, me): topics with news for me, and their heads
    epoch: str
    origins: frozenset[str]
    cookie: str


class Asked(NamedTuple):
    """A connection that says who it is."""

    connection: Connection
    token: str
    welcome: Callable[[Connection], None]
    at: float


class Node:
    pings = False

    def __init__(
        self, outside: Outside, channels: Iterable[Channel], limits: Limits, rates: Rates, mailbox: Mailbox
    ) -> None:
        self._outside = outside
        self._channels = {channel.kind: channel for channel in channels}
        self._limits = limits
        self._rates = rates
        self._mailbox = mailbox
        self.hub = Hub(
            fleeting_bytes=limits.fleeting_bytes, hold_most=limits.missed_events, state_seconds=limits.state_seconds
        )
        # Apart, so that nobody's joins stand before somebody else's coming in.
        self._askers = Batches("ask", limits.identify_threads, limits.questions_batch, self._ask)
        self._checker = Batches("check", 1, 1, self._check)
        self._belonging = Batches("belong", 1, limits.questions_batch, self._look_where_they_belong)
        self._joining = Joining(self.hub, self._channels, limits, mailbox, outside.read, self._joined)
        telling = {channel.kind: channel.presence for channel in self._channels.values() if channel.presence}
        self._attendance = Attendance(self.hub, telling, limits, self._now)
        self._heads = Heads(limits.heads_per_connection, limits.fleeting_bytes, self.hub.is_live)
        self.hub.after_leave += [self._attendance.left, self._heads.left]
        self._news = News(self.hub, self._joining, self._attendance, self._heads, self._now)
        # For people of other protocols.
        self.watch, self.unwatch = self._attendance.watch, self._attendance.unwatch
        self.enter, self.exit, self.here = self._attendance.enter, self._attendance.exit, self._attendance.here
        self.when_changed = self._news.when_changed
        connections = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
        self._strangers = Strangers(limits.strangers_at_one_address, min(limits.strangers, connections // 10))
        self._board: Switchboard | None = None
        self._next_check = 0.0
        self._states_armed = False

    def start(self, board: Switchboard) -> None:
        self._board = board
        board.before_flush += [
            self._flush_states,
            self.hub.flush,
            self._askers.hand_over,
            self._joining.hand_over,
            self._checker.hand_over,
        ]
        board.every_second += [self._tell, self._recheck, self._strangers.thin_out]
        board.after_open.append(self._count_stranger)

    def stop(self) -> None:
        self._askers.stop()
        self._checker.stop()
        self._joining.stop()
        self._belonging.stop()

    def hear(self, batch: list[Any]) -> None:
        """The bus's subscriber: any thread."""
        self._mailbox.put(self._take_news, batch)

    # The endpoint at /live

    def check(self, handshake: Handshake) -> None:
        """A program sends no Origin, and then no cookie either."""
        self.check_page(handshake)
        if "Origin" not in handshake.headers:
            found = self._credentials(handshake)
            if found.by_cookie and found.token:
                raise Refused(403, "A cookie needs an Origin.")

    def check_page(self, handshake: Handshake) -> None:
        """A browser's page must be ours."""
        origin = handshake.headers.get_all("Origin")
        if origin and (len(origin) > 1 or origin[0] not in self._outside.origins):
            raise Refused(403, "This page may not connect here.")

    def open(self, link: WebSocket, handshake: Handshake, now: float) -> Connection:
        connection = Connection(link, self._limits, now)
        token = self._credentials(handshake).token
        if token is not None:
            self.identify(connection, token, self.greet)
        elif "Origin" in handshake.headers:
            connection.close(closing.NOT_AUTHENTICATED)
        return connection

    def received(self, connection: Connection, text: bytes, now: float) -> None:
        frame = connection.receive(text, now)
        if frame is not None:
            self._act(connection, frame)
        self._steer(connection)

    def _act(self, connection: Connection, frame: wire.ClientFrame) -> None:
        match frame:
            case wire.Auth():
                self.identify(connection, frame.token, self.greet)
            case wire.Join():
                self._joining.join(connection, frame, self._steer)
                self._arm()
            case wire.Leave():
                for name in frame.topics:
                    if topic := topics.from_wire(name, connection.me.user_id):
                        self.hub.leave(connection, topic.name)
            case wire.Send() | wire.Act():
                self._change(connection, frame)
            case wire.Typing():
                self._typing(connection, frame)
            case wire.Read():
                self._read(connection, frame)

    def _steer(self, connection: Connection) -> None:
        """Take what had to wait and may not any more; read on only when there is room for more."""
        while (frame := connection.next_frame(self._now())) is not None:
            self._act(connection, frame)
        if connection.busy:
            connection.link.pause_reading()
        else:
            connection.link.resume_reading()

    def pinged(self, connection: Connection, now: float) -> None:
        connection.count_frame(now)

    def tick(self, connection: Connection, now: float) -> None:
        if connection.state is State.NEW and now - connection.opened > self._limits.authenticate_seconds:
            connection.close(closing.NOT_AUTHENTICATED)
        elif connection.state is State.KNOWN and now >= connection.next_heartbeat and not connection.link.congested:
            connection.next_heartbeat = now + self._limits.heartbeat_seconds
            connection.send(wire.frame("heartbeat", now=now_ms(), heads=self.hub.heads(connection)))

    def _count_stranger(self, peer: Any, handshake: Handshake) -> None:
        """Whatever endpoint it came to."""
        if isinstance(peer, Connection) and peer.state is State.NEW:
            self._strangers.add(peer, handshake.address)

    def lost(self, connection: Connection) -> None:
        self._strangers.discard(connection)
        connection.state = State.CLOSING  # an answer still under way about who it was must not bring it back
        self._news.drop(connection)

    def shutdown(self, connection: Connection) -> None:
        spread = random.randint(0, int(self._limits.restart_spread_seconds * 1000))
        self._news.drop(connection)
        connection.close(Closing(closing.RESTART, "restart", {"retry_ms": spread}))

    # Who is it?

    def _credentials(self, handshake: Handshake) -> credentials.Credentials:
        headers = handshake.headers
        return credentials.find(headers.get_all("Authorization"), headers.get_all("Cookie"), self._outside.cookie)

    def identify(self, connection: Connection, token: str, welcome: Callable[[Connection], None]) -> None:
        """Look the token up in a thread; then ``welcome`` its holder, or close. From then on the connection ends with
        the session. The gateways' sockets come in here too."""
        self._strangers.discard(connection)
        connection.state = State.ASKED
        connection.link.pause_reading()  # what follows can only be judged once we know who it is
        self._askers.put(Asked(connection, token, welcome, self._now()))
        self._arm()

    def _ask(self, batch: list[Asked]) -> None:
        """In a thread."""

        def find(tx: Any, token: str) -> Principal | Exception:
            try:
                return self._outside.identify(tx, token)
            except Exception as failure:
                return failure

        try:
            answers = self._outside.read(lambda tx: [find(tx, asked.token) for asked in batch])
        except Exception as failure:
            answers = [failure] * len(batch)
        for asked, answer in zip(batch, answers, strict=True):
            self._mailbox.put(self._identified, asked, answer)

    def _identified(self, asked: Asked, me: Any) -> None:
        """``me``: who it is, or why that could not be found out."""
        connection = asked.connection
        if connection.state is not State.ASKED:
            return
        if isinstance(me, Exception):
            connection.close(_as_closing(me))
        elif refusal := self._news.refusal(me, asked.at):
            connection.close(refusal)
        elif me.user_id > 0 and len(self.hub.of_session(me.sid)) >= self._limits.sockets_per_session:
            connection.close(closing.TRY_AGAIN)
        else:
            connection.known(me)
            self.hub.add(connection)
            asked.welcome(connection)
            connection.me = me.seated
            if connection.hears:
                self._heads.ask(connection)
                self._belonging.put(connection)
            self._steer(connection)

    def greet(self, connection: Connection) -> None:
        connection.send(self._hello(connection.me))

    def _hello(self, me: Principal) -> bytes:
        limits = self._limits
        return wire.frame(
            "hello",
            version=wire.VERSION,
            **me.public,
            epoch=self._outside.epoch,
            now=now_ms(),
            heartbeat=int(limits.heartbeat_seconds),
            limits={
                "message_bytes": limits.message_bytes,
                "topics": limits.topics_per_connection,
                "missed_events": limits.missed_events,
                "post_length": limits.post_length,
            },
        )

    def _look_where_they_belong(self, batch: list[Connection]) -> None:
        """In a thread, when nobody waits for it."""
        belongs = self._outside.belongs
        answers = self._outside.read(lambda tx: [belongs(tx, connection.me) for connection in batch])
        for connection, heads in zip(batch, answers, strict=True):
            self._mailbox.put(self._heads.answer, connection, heads)

    # Send, act, typing and read

    def _change(self, connection: Connection, frame: wire.Send | wire.Act) -> None:
        def done(result: Any, error: BaseException | None) -> None:
            self._mailbox.put(self._written, connection, frame.id, result, error)

        try:
            topic, channel = self._find(connection, frame.topic)
            if isinstance(frame, wire.Send):
                said = Said(frame.text, frame.cid, frame.reply_to, tuple(frame.files))
                change = channel.send(connection.me, topic, said)
            elif isinstance(channel, Acting):
                change = channel.act(connection.me, topic, frame.act, frame.data)
            else:
                raise NotFound
            self._outside.submit(connection.me, change, done)
        except TwidderError as error:
            connection.refuse(error, frame.id)

    def _written(self, connection: Connection, frame_id: int, result: Any, error: BaseException | None) -> None:
        if error is None:
            connection.answer(frame_id, wire.frame("ack", id=frame_id, **result))
        elif isinstance(error, TwidderError):
            connection.refuse(error, frame_id)
        else:
            logger.error("a change failed", exc_info=error)
            connection.refuse(TwidderError(), frame_id)
        self._steer(connection)

    def _typing(self, connection: Connection, frame: wire.Typing) -> None:
        try:
            topic, _ = self._find(connection, frame.topic)
        except TwidderError as error:
            connection.refuse(error)
            return
        if connection.me.user_id < 0 or not self.hub.is_live(connection, topic.name):  # an onlooker is nobody who types
            connection.refuse(NotFound())
            return
        seconds = self._limits.typing_seconds
        try:
            self._rates.take("typing", (connection.me.user_id, topic.name), burst=1, rate=1 / seconds)
        except TwidderError:
            return  # fleeting: too many are dropped without a word
        self.hub.publish_fleeting(
            topic.name, wire.frame("typing", topic=topics.to_wire(topic.name), user=connection.me.author)
        )
        self._arm()

    def _read(self, connection: Connection, frame: wire.Read) -> None:
        def done(_: Any, error: BaseException | None) -> None:
            if isinstance(error, TwidderError):
                self._mailbox.put(connection.refuse, error)

        try:
            topic, channel = self._find(connection, frame.topic)
            self._outside.submit(connection.me, channel.read(connection.me, topic, frame.seq), done)
        except TwidderError as error:
            connection.refuse(error)

    def _find(self, connection: Connection, name: str) -> tuple[Topic, Channel]:
        """Where they may perhaps say something; who looks on by a link says nothing anywhere."""
        topic = topics.from_wire(name, connection.me.user_id)
        if topic is None:
            raise TwidderError(code="bad_topic")
        channel, me = self._channels.get(topic.kind), connection.me
        if channel is None or me.user_id < 0 or (me.guest_of is not None and not channel.guests):
            raise NotFound
        return topic, channel

    # News

    def _take_news(self, batch: list[Any]) -> None:
        self._news.take(batch)
        self._arm()

    def _joined(self, connection: Connection, topic: str) -> dict[str, Any]:
        self._heads.joined(connection, topic)
        return self._attendance.joined(connection, topic)

    def _tell(self, now: float) -> None:
        self._attendance.tell()
        self._heads.tell()
        self._belonging.hand_over()
        self._arm()

    def _recheck(self, now: float) -> None:
        """Compare the sessions that have sockets here, and the heads of their topics, with the store, in case news were
        lost or a session expired."""
        if now < self._next_check:
            return
        self._next_check = now + self._limits.recheck_seconds
        self._news.forget_old()
        if holders := self.hub.principals():
            self._checker.put((holders, self.hub.all_heads() | self._heads.known()))
            self._arm()

    def _advance(self, heads: dict[str, int]) -> None:
        self.hub.advance(heads)
        self._heads.advance(heads)

    def _check(self, batch: list[tuple[list[Any], dict[str, int]]]) -> None:
        """In a thread."""
        for holders, heads in batch:
            self._mailbox.put(self._take_news, self._outside.over(holders))
            self._mailbox.put(self._advance, self._outside.ahead_of(heads))

    def _flush_states(self) -> None:
        """State topics have a pace of their own."""
        wait = self.hub.flush_states(self._now())
        if wait is not None and not self._states_armed:
            assert self._board is not None
            self._states_armed = True
            self._board.later(wait, self._wake_states)

    def _wake_states(self) -> None:
        self._states_armed = False
        self._arm()

    def _arm(self) -> None:
        assert self._board is not None
        self._board.arm_flush()

    def _now(self) -> float:
        assert self._board is not None
        return self._board.now


def _as_closing(error: Exception | None) -> Closing:
    if isinstance(error, Busy):
        return closing.TRY_AGAIN
    if isinstance(error, TwidderError) and error.code in closing.BY_CODE:
        return Closing(*closing.BY_CODE[error.code], extra=error.extra)
    if error is not None:
        logger.error("a connection could not be identified", exc_info=error)
    return closing.TRY_AGAIN
