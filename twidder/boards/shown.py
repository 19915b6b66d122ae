"""A board in a room: the room hears of it; and whoever may not see a board any more hears nothing more of it."""

from __future__ import annotations

import msgspec

from twidder import rooms
from twidder.accounts import Caller, Seated, access_author
from twidder.boards.access import Place, audience, may_see, shown_in
from twidder.clock import now_ms
from twidder.errors import BadField, NotFound
from twidder.live.channel import AccessNarrowed, AccessRevoked, SessionEnded
from twidder.store import Tx, log


class _Named(msgspec.Struct):
    id: int


class _Told(msgspec.Struct):
    """An event of a board in its room's log: the board is what it is about, or where it happened."""

    id: int | None = None
    board: _Named | None = None


def check_room(tx: Tx, me: Caller, room_id: int) -> None:
    """Whoever may speak in a room may show a board there. Raises BadField, Forbidden (not_a_member, archived),
    TwidderError (muted)."""
    try:
        room = rooms.access_to_speak(tx, me, room_id if 0 < room_id < 2**63 else 0)
    except NotFound:
        raise BadField("room", "There is no such room, or it is not for you.") from None
    if room.kind == "dm":
        raise BadField("room", "A board is shown in a room, not in a conversation.")


def room_topic(place: Place) -> str | None:
    """Of the room that the board is shown in."""
    return rooms.topic("room", place.room_id) if place.room_id is not None else None


def tell_shown(tx: Tx, place: Place) -> None:
    if topic := room_topic(place):
        tx.emit(topic, "board.shown", {"id": place.id, "slug": place.slug, "name": place.name})


def tell_hidden(tx: Tx, place: Place) -> None:
    forget_name(tx, place)
    if topic := room_topic(place):
        tx.emit(topic, "board.hidden", {"id": place.id})


def forget_name(tx: Tx, place: Place) -> None:
    """Who comes later, or resumes, does not read in the room's log what the board was called."""
    if topic := room_topic(place):
        for seq, data in log.of_boards(tx.driver, topic):
            told = msgspec.json.decode(data, type=_Told)
            if place.id in (told.id, told.board and told.board.id):
                log.redact(tx.driver, topic, seq, {"id": place.id, "deleted": True})


def narrow(tx: Tx, place: Place, reason: str) -> None:
    """Of those who follow the board only who may see it now goes on."""
    tx.tell(AccessNarrowed(place.topic, audience(tx, place), reason))


def close(tx: Tx, place: Place, reason: str) -> None:
    """Nobody follows it any more."""
    tx.tell(AccessNarrowed(place.topic, frozenset(), reason))
    end_viewing(tx, place)


def end_viewing(tx: Tx, place: Place) -> None:
    """Who came by the link that the board has had is put out."""
    if place.link_hash is not None:
        tx.tell(SessionEnded(viewers_sid(place.link_hash), "link_ended", now_ms(), None))


def viewers_sid(link_hash: str) -> str:
    """Of all who look on by one link: they come together under one session's name, and end with it."""
    return f"link:{link_hash[:16]}"


def revoke(tx: Tx, room_id: int, user_id: int, reason: str) -> None:
    """As a hook of ``rooms.when_left``: a member who may read the room all the same goes on seeing its boards."""
    author = access_author(tx, user_id)
    me = Seated(user_id, "", "", author, room_id if author.guest else None)
    for place in shown_in(tx, room_id):
        if not may_see(tx, me, place):
            tx.tell(AccessRevoked(place.topic, user_id, reason))


def narrow_all(tx: Tx, room_id: int) -> None:
    """As a hook of ``rooms.when_narrowed``."""
    for place in shown_in(tx, room_id):
        narrow(tx, place, "members_only")
