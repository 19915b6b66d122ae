"""Tables of rooms and direct messages, and the structs that leave the feature."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from twidder.accounts import Author
from twidder.files import File
from twidder.store import metadata

KINDS = ("open", "members", "walkin")  # and dm, which is made by another door
LEVELS = ("all", "mentions", "nothing")

rooms = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # open | members | walkin | dm
    Column("name", Text, nullable=False),  # empty for dm
    Column("name_key", Text, unique=True),  # folded; none for dm
    Column("description", Text, nullable=False),
    Column("created_by", Integer, ForeignKey("users.id")),  # none for the room that is there from the beginning
    Column("created_at", BigInteger, nullable=False),
    Column("archived_at", BigInteger),
    Column("slow_seconds", Integer, nullable=False),
    Column("knock", Boolean, nullable=False),  # guests wait until they are let in
    Column("gateways", Boolean, nullable=False),  # the courses' chat clients may come in
    Column("link_hash", Text, unique=True),
    Column("link_expires_at", BigInteger),
    Column("dm_key", Text, unique=True),  # ids of its people, sorted: a conversation is found again
    sqlite_autoincrement=True,
)

room_members = Table(
    "room_members",
    metadata,
    Column("room_id", Integer, ForeignKey("rooms.id"), primary_key=True, autoincrement=False),
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),  # owner | moderator | member | guest
    Column("state", Text, nullable=False),  # in | invited | knocking | left | removed | banned
    Column("level", Text, nullable=False),  # of LEVELS
    Column("joined_at", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),  # everything up to this event has been read
    Column("muted_until", BigInteger, nullable=False),  # 0 = not
    Index("ix_room_members_user_id", "user_id"),
    Index("ix_room_members_room_id_state", "room_id", "state"),  # how many are in
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room_id", Integer, ForeignKey("rooms.id"), nullable=False),
    Column("author_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("cid", Text, nullable=False),
    Column("text", Text, nullable=False),  # empty once deleted for good
    Column("created_at", BigInteger, nullable=False),
    Column("posted_seq", BigInteger, nullable=False),  # of its first event: what is unread is counted by it
    Column("seq", BigInteger, nullable=False),  # of the newest event that carries the text
    Column("edited_at", BigInteger),
    Column("reply_to", Integer, ForeignKey("messages.id")),
    Column("mentions", Text, nullable=False),  # JSON: handle → user id
    Column("deleted_at", BigInteger),
    Column("deleted_by", Integer, ForeignKey("users.id")),
    UniqueConstraint("author_id", "cid"),
    Index("ix_messages_room_id_id", "room_id", "id"),
    Index("ix_messages_room_id_posted_seq", "room_id", "posted_seq"),
    Index("ix_messages_room_id_created_at", "room_id", "created_at"),  # a date's first; slow mode
    # Of those whose text is still there: it is looked for every few seconds, and deleted ones stay for ever.
    Index("ix_messages_deleted_at", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL AND text <> ''")),
    sqlite_autoincrement=True,
)

message_versions = Table(
    "message_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", Integer, ForeignKey("messages.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it was replaced
)

reactions = Table(
    "reactions",
    metadata,
    Column("message_id", Integer, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("emoji", Text, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("kind", Text, nullable=False),  # mention | reply | direct | invited | knock | followed
    Column("by_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("room_id", Integer, ForeignKey("rooms.id")),
    Column("message_id", Integer, ForeignKey("messages.id")),
    Column("at", BigInteger, nullable=False),
    Column("read_at", BigInteger),
    Index("ix_notices_user_id_id", "user_id", "id"),
    sqlite_autoincrement=True,
)


class Reaction(msgspec.Struct, frozen=True):
    """``users``: who, in the order in which they did."""

    emoji: str
    users: list[int]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message as everybody in the room sees it. ``mentions``: handle as written in the text → user id."""

    id: int
    room: int
    author: Author
    text: str
    created_at: int
    cid: str
    seq: int
    edited_at: int | None = None
    reply_to: int | None = None
    mentions: dict[str, int] = {}
    reactions: list[Reaction] = []
    files: list[File] = []
    deleted: bool = False  # then the text is empty


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    """``cid``: the client's own id for it; sending it again is safe. Left out, the server makes one."""

    text: str
    cid: str | None = None
    reply_to: int | None = None
    files: list[str] = []


class Deleted(msgspec.Struct, frozen=True):
    id: int
    undo_until: int
    deleted: bool = True


class Mine(msgspec.Struct, frozen=True):
    """My own side of a room. ``head``: the room's newest event; ``unread``: messages of others after ``read_seq``, at
    most 100 are counted; ``mentions``: of me among them."""

    role: str
    state: str
    level: str
    read_seq: int
    head: int
    unread: int
    mentions: int
    muted_until: int


class Room(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room as all who may see it do. ``people``: of a direct conversation, everybody but the one who asks."""

    id: int
    kind: str
    name: str
    description: str
    created_at: int
    members: int
    archived: bool = False
    slow_seconds: int = 0
    knock: bool = False
    gateways: bool = False
    people: list[Author] = []
    mine: Mine | None = None
    last: Message | None = None
