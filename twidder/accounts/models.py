"""Tables of the accounts, and the structs that leave the feature."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

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
    Column("role", Text, nullable=False),  # owner | member
    Column("password_hash", Text, nullable=False),  # argon2id, PHC string
    Column("created_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
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


class Author(msgspec.Struct, frozen=True):
    """As much of a person as stands beside what they wrote."""

    id: int
    firstname: str
    familyname: str


class Session(msgspec.Struct, frozen=True):
    """The one session, as its holder sees it."""

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
    def is_owner(self) -> bool:
        return self.user.role == "owner"

    @property
    def public(self) -> dict[str, Any]:
        return {"user": self.user, "session": self.session}

    @property
    def author(self) -> Author:
        return Author(self.user.id, self.user.firstname, self.user.familyname)

    @property
    def seated(self) -> Seated:
        return Seated(self.user_id, self.sid, self.token_hash, self.author)


class Seated(msgspec.Struct, frozen=True, gc=False):
    """``Me`` as a connection keeps it: who may act, and in whose name. 0.4 KB instead of 1."""

    user_id: int
    sid: str
    token_hash: str
    author: Author
