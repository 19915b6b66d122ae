"""Guests as users: a name, no identity. Their pass is in ``passes``, their place in the room is the room's affair."""

from __future__ import annotations

import unicodedata

from sqlalchemy import delete, insert, select, update

from twidder.accounts import ended, passes, sessions
from twidder.accounts.fields import NewUser, check_line
from twidder.accounts.handles import is_reserved
from twidder.accounts.models import Author, Guest, User, guests, users
from twidder.accounts.service import is_handle_taken, make_member
from twidder.clock import now_ms
from twidder.config import Limits
from twidder.errors import BadField
from twidder.store import ReadTx, Tx

# Letters and marks that show nothing, though Unicode does not count them among the format characters.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# They only say how the character before them is drawn.
_VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# Letters of other alphabets that look like ours, large or small; folded.
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u04bb\u0501"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0131",
    "abeijkmhopctyxshdabezhikmnoptyxi",
)


def check_guest_name(text: str, limits: Limits) -> str:
    """One visible line that looks like a name. Raises BadField."""
    name = check_line("name", text, limits.guest_name_length)
    if not name[0].isalnum():
        raise BadField("name", "A name begins with a letter or digit.")
    if any(unicodedata.category(char) == "Cf" or char in _BLANK for char in name):
        raise BadField("name", "The name holds characters that nobody can see.")
    if is_reserved(name_key(name)):
        raise BadField("name", "That name is kept for something else.")
    return name


def name_key(name: str) -> str:
    """Two names with one key look alike."""
    if not name.isascii():
        name = "".join(char for char in unicodedata.normalize("NFKC", name) if not _is_unseen(char))
    return " ".join(name.casefold().translate(_LOOKALIKES).split())


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or char in _BLANK or char in _VARIATIONS


def check_not_a_member(tx: ReadTx, name: str) -> None:
    """Raises BadField (taken) for a member's name or handle. Looks at every member: for a reader, not the writer."""
    key = name_key(name)
    query = "SELECT firstname, familyname FROM users WHERE role <> 'guest' AND closed_at IS NULL"
    full_names = (f"{first} {family}" for first, family in tx.driver.execute(query))
    if is_handle_taken(tx, key) or any(name_key(full_name) == key for full_name in full_names):
        raise BadField("name", "A member has that name. Sign in, if it is yours, or choose another.", code="taken")


def check_name_is_free(tx: ReadTx, room_id: int, name: str) -> None:
    """Raises BadField (taken) for the name of another guest of the room."""
    query = select(guests.c.user_id).where(
        guests.c.room_id == room_id, guests.c.name_key == name_key(name), guests.c.expires_at.is_not(None)
    )
    if tx.execute(query).first() is not None:
        raise BadField("name", "Somebody here has that name.", code="taken")


def make_guest(tx: Tx, room_id: int, name: str, via: str, seconds: int, token: str | None = None) -> int:
    """The new user's id. Without a ``token`` there is no pass: a gateway speaks for them."""
    now = now_ms()
    profile = dict.fromkeys(("familyname", "gender", "city", "country", "password_hash"), "")
    row = insert(users).values(**profile, firstname=name, role="guest", created_at=now)
    user_id: int = tx.execute(row).inserted_primary_key[0]  # type: ignore[index]
    tx.execute(
        insert(guests).values(
            user_id=user_id,
            room_id=room_id,
            via=via,
            name_key=name_key(name),
            sid=passes.new_sid() if token else None,
            token_hash=sessions.token_hash(token) if token else None,
            created_at=now,
            seen_at=now,
            expires_at=now + seconds * 1000,
        )
    )
    return user_id


def find_again(tx: Tx, room_id: int, name: str, via: str, seconds: int) -> int | None:
    """The guest of this name who came by this gateway before; their visit goes on."""
    key = (guests.c.room_id == room_id) & (guests.c.name_key == name_key(name)) & (guests.c.via == via)
    user_id: int | None = tx.execute(select(guests.c.user_id).where(key)).scalar()
    if user_id is not None:
        now = now_ms()
        tx.execute(update(guests).where(key).values(seen_at=now, expires_at=now + seconds * 1000))
    return user_id


def become_member(
    tx: Tx, guest: Guest, new: NewUser, password_hash: str, token: str, agent: str, *, loopback: bool
) -> User:
    """From checked fields; signed in at once. Raises as ``sign_up``."""
    user = make_member(tx, guest.user_id, new, password_hash, loopback=loopback)
    tx.execute(delete(guests).where(guests.c.user_id == guest.user_id))
    ended.remember(tx, guest.token_hash, guest.sid, guest.user_id, "became_member")
    sessions.start(tx, guest.user_id, token, agent)
    return user


def author_of(guest_id: int, name: str) -> Author:
    return Author(guest_id, name, "", guest=True)
