"""Tables of moderation, and the structs that leave the feature."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from twidder.accounts import Author
from twidder.store import metadata

STATES = ("open", "done", "dismissed")

# Ids, and never the text: staff read it as it is when they look, and it is gone when it was deleted.
reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("by_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("kind", Text, nullable=False),  # message | post | user
    Column("item_id", Integer, nullable=False),
    Column("about_id", Integer, ForeignKey("users.id"), nullable=False),  # who wrote it
    Column("place_id", Integer),  # the room, or whose wall; none for a user
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # of STATES
    Column("handled_by", Integer, ForeignKey("users.id")),
    Column("handled_at", BigInteger),
    UniqueConstraint("by_id", "kind", "item_id"),
    Index("ix_reports_state_id", "state", "id"),
    sqlite_autoincrement=True,
)

# Who did what, to whom, where, when. Triggers refuse to change or delete a line.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("by_id", Integer, ForeignKey("users.id")),  # none: the server itself
    Column("action", Text, nullable=False),
    Column("room_id", Integer, ForeignKey("rooms.id")),
    Column("user_id", Integer, ForeignKey("users.id")),
    Column("item", Text),  # an id or a new value; never what somebody wrote
    Column("at", BigInteger, nullable=False),
    Index("ix_audit_room_id_id", "room_id", "id"),
    sqlite_autoincrement=True,
)


class NewReport(msgspec.Struct, forbid_unknown_fields=True):
    """One of ``message``, ``post`` and ``user``: the id of what is reported."""

    reason: str
    message: int | None = None
    post: int | None = None
    user: int | None = None


class ReportChange(msgspec.Struct, forbid_unknown_fields=True):
    """``state``: open, done or dismissed."""

    state: str


class Received(msgspec.Struct, frozen=True):
    """What whoever reports is told."""

    id: int
    state: str


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """As staff see it. ``text``: what it says now; empty when it was deleted. ``about``: who wrote it."""

    id: int
    kind: str
    item: int
    about: Author
    by: Author
    reason: str
    at: int
    state: str
    text: str = ""
    place: int | None = None
    handled_by: Author | None = None
    handled_at: int | None = None


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of the audit log: who did what (``action``), to whom, in which room, when. ``item``: an id or a new value."""

    id: int
    action: str
    at: int
    by: Author | None = None
    user: Author | None = None
    room: int | None = None
    item: str | None = None
