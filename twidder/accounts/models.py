"""Tables of the accounts, and the structs that leave the feature."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, text

from twidder.store import metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("firstname", Text, nullable=False),
    Column("familyname", Text, nullable=False),
    Column("gender", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("role", Text, nullable=False),  # owner | staff | member | guest
    Column("password_hash", Text, nullable=False),  # argon2id, PHC string; empty for guests
    Column("created_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("handle", Text),  # by which others mention them; none for guests
    Column("wall_audience", Text, nullable=False, server_default="members"),  # members | mutual
    Column("write_to_me", Text, nullable=False, server_default="known"),  # everyone | known | mutual | nobody
    Index("ix_users_handle", "handle", unique=True),
    sqlite_autoincrement=True,  # an id is never given twice: old links must not lead to somebody else
)

# What one can sign in with.
KINDS = ("email", "student_number")

identities = Table(
    "identities",
    metadata,
    Column("kind", Text, primary_key=True),  # one of KINDS
    Column("key", Text, primary_key=True),  # folded: what makes two spellings one identity
    Column("value", Text, nullable=False),  # as it was typed
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False, index=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("sid", Text, nullable=False, unique=True),  # the session's public name: sockets are found by it
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("agent", Text, nullable=False),
    Column("scope", Text, nullable=False, server_default=""),  # pairup: opened by a PIN, good for Pair-Up alone
)

# What opens Pair-Up, and nothing else, together with a student number. Four digits are no password.
pins = Table(
    "pins",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("pin_hash", Text, nullable=False),
)

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("why", Text, nullable=False),  # a code of twidder.errors
    Column("at", BigInteger, nullable=False),
    Column("by", Text),  # the browser that took over
    Index("ix_ended_sessions_user_id_at", "user_id", "at"),
)

links = Table(
    "links",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),  # setup | join | reset
    Column("user_id", Integer, ForeignKey("users.id")),  # reset: whose password
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("followed_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_follows_followed_id", "followed_id"),
)

# Passes to one walk-in room. Each has a user of role guest, who can become a member and keep what they wrote.
guests = Table(
    "guests",
    metadata,
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("room_id", Integer, ForeignKey("rooms.id"), nullable=False),
    Column("via", Text, nullable=False),  # link | tutorial12 | socketio
    Column("name_key", Text, nullable=False),  # folded
    Column("sid", Text, unique=True),  # as a session's; a gateway's guest has no pass
    Column("token_hash", Text, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),  # none once the visit is over
    Index("ix_guests_room_id_name_key", "room_id", "name_key"),
    Index("ix_guests_expires_at", "expires_at", sqlite_where=text("expires_at IS NOT NULL")),
)


class User(msgspec.Struct, frozen=True):
    """A person as other members see them. ``created_at`` in ms since the epoch."""

    id: int
    email: str
    firstname: str
    familyname: str
    gender: str
    city: str
    country: str
    role: str
    created_at: int
    handle: str


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """As much of a person as stands beside what they wrote. A guest's whole name is the first one. ``staff`` is said of
    who is here, not of who wrote: it changes."""

    id: int
    firstname: str
    familyname: str
    guest: bool = False
    staff: bool = False


class Session(msgspec.Struct, frozen=True):
    """The one session, or a guest's visit (then without ``agent``), as its holder sees it."""

    since: int
    agent: str
    expires_at: int


class Me(msgspec.Struct, frozen=True):
    """Who is asking: the user behind a valid token."""

    user: User
    session: Session
    sid: str
    token_hash: str
    seen_at: int

    @property
    def user_id(self) -> int:
        return self.user.id

    @property
    def guest_of(self) -> int | None:
        """The one room of a guest."""
        return None

    @property
    def is_owner(self) -> bool:
        return self.user.role == "owner"

    @property
    def is_staff(self) -> bool:
        return self.user.role in ("owner", "staff")

    @property
    def public(self) -> dict[str, Any]:
        return {"user": self.user, "session": self.session}

    @property
    def author(self) -> Author:
        return Author(self.user.id, self.user.firstname, self.user.familyname, staff=self.is_staff)

    @property
    def seated(self) -> Seated:
        return Seated(self.user_id, self.sid, self.token_hash, self.author, None, self.is_staff)


class Seated(msgspec.Struct, frozen=True, gc=False):
    """``Me`` as a connection keeps it: who may act, and in whose name. 0.4 KB instead of 1."""

    user_id: int
    sid: str
    token_hash: str
    author: Author
    guest_of: int | None = None
    is_staff: bool = False


class Guest(msgspec.Struct, frozen=True):
    """Who is asking, with a pass to one room. As ``Me`` wherever both may act."""

    author: Author
    guest_of: int
    sid: str
    token_hash: str
    since: int
    expires_at: int
    seen_at: int

    is_owner: ClassVar[bool] = False
    is_staff: ClassVar[bool] = False

    @property
    def user_id(self) -> int:
        return self.author.id

    @property
    def public(self) -> dict[str, Any]:
        return {
            "guest": self.author,
            "room": self.guest_of,
            "session": Session(self.since, "", self.expires_at),
        }

    @property
    def seated(self) -> Seated:
        return Seated(self.user_id, self.sid, self.token_hash, self.author, self.guest_of)


class Student(msgspec.Struct, frozen=True):
    """Who is asking, with a session that a PIN has opened: good for Pair-Up alone, and the user's one session. As a
    guest of a room that does not exist wherever nobody thought of them."""

    author: Author
    session: Session
    sid: str
    token_hash: str
    seen_at: int

    guest_of: ClassVar[int] = 0
    is_owner: ClassVar[bool] = False
    is_staff: ClassVar[bool] = False

    @property
    def user_id(self) -> int:
        return self.author.id

    @property
    def public(self) -> dict[str, Any]:
        return {"student": self.author, "session": self.session}

    @property
    def seated(self) -> Seated:
        return Seated(self.user_id, self.sid, self.token_hash, self.author, self.guest_of)


class Viewer(msgspec.Struct, frozen=True):
    """Who looks on at one board by its link: nobody in particular, so ``user_id`` is the board's, negative, and ``sid``
    is the link's. As a guest wherever nobody thought of them, of a room that does not exist."""

    board: int
    sid: str
    token_hash: str
    expires_at: int

    guest_of: ClassVar[int] = 0
    is_owner: ClassVar[bool] = False
    is_staff: ClassVar[bool] = False

    @property
    def user_id(self) -> int:
        return -self.board

    @property
    def author(self) -> Author:
        return Author(self.user_id, "", "", guest=True)

    @property
    def public(self) -> dict[str, Any]:
        return {"viewer": {"board": self.board, "expires_at": self.expires_at}}

    @property
    def seated(self) -> Seated:
        return Seated(self.user_id, self.sid, self.token_hash, self.author, self.guest_of)


Caller = Me | Seated | Guest | Student | Viewer
