"""Notices: that somebody was meant. They hold ids and never a text, which may be edited or deleted later."""

from __future__ import annotations

import msgspec

from twidder.accounts import Author, access_author, follows
from twidder.clock import now_ms
from twidder.rooms.access import Place
from twidder.store import Tx


class Notice(msgspec.Struct, frozen=True):
    """``kind``: mention | reply | direct | invited | knock | followed. ``room``, ``message``: where, if anywhere."""

    id: int
    kind: str
    by: Author
    room: int | None
    message: int | None
    at: int


_INSERT = "INSERT INTO notices (user_id, kind, by_id, room_id, message_id, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"


def notify(
    tx: Tx, user_id: int, kind: str, by: Author, *, room_id: int | None = None, message_id: int | None = None
) -> None:
    at = now_ms()
    (notice_id,) = tx.driver.execute(_INSERT, (user_id, kind, by.id, room_id, message_id, at)).fetchone()
    tx.emit(f"me:{user_id}", "notice.created", Notice(notice_id, kind, by, room_id, message_id, at))


def tell_mentioned(
    tx: Tx, by: Author, place: Place, message_id: int, meant: set[int], replied: int | None = None
) -> None:
    """Everybody whom a message means, once: as the one it answers, or else as mentioned. Not the author, nor whoever
    wants to hear nothing of the room."""
    everybody = meant if replied is None else meant | {replied}
    for user_id in sorted(everybody - {by.id}):
        if _wants(tx, place, user_id):
            kind = "reply" if user_id == replied else "mention"
            notify(tx, user_id, kind, by, room_id=place.id, message_id=message_id)


def tell_followed(tx: Tx, follower_id: int, followed_id: int) -> None:
    """Once for each follower, however often they change their mind."""
    query = "SELECT 1 FROM notices WHERE user_id = ? AND by_id = ? AND kind = 'followed'"
    if tx.driver.execute(query, (followed_id, follower_id)).fetchone() is None:
        notify(tx, followed_id, "followed", access_author(tx, follower_id))


follows.when_followed.append(tell_followed)


def _wants(tx: Tx, place: Place, user_id: int) -> bool:
    query = "SELECT state, level FROM room_members WHERE room_id = ? AND user_id = ?"
    state, level = tx.driver.execute(query, (place.id, user_id)).fetchone() or (None, "all")
    return level != "nothing" if state == "in" else place.kind in ("open", "walkin") and state != "banned"
