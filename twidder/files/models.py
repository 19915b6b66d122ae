"""The table of attachments, and the struct that leaves the feature."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, text

from twidder.store import metadata

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),  # random, and its name on the disk
    Column("owner_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("room_id", Integer, ForeignKey("rooms.id")),  # where it was uploaded: a room …
    Column("wall_id", Integer, ForeignKey("users.id")),  # … or a wall
    Column("message_id", Integer, ForeignKey("messages.id")),  # none while it is loose
    Column("post_id", Integer, ForeignKey("posts.id")),
    Column("position", Integer, nullable=False),  # among those of its message
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("thumbnail_size", BigInteger, nullable=False),  # 0 = none
    Column("width", Integer, nullable=False),  # 0 = no picture
    Column("height", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("detached_at", BigInteger),  # its message was deleted
    Index("ix_files_owner_id", "owner_id"),
    Index("ix_files_message_id", "message_id", sqlite_where=text("message_id IS NOT NULL")),
    Index("ix_files_post_id", "post_id", sqlite_where=text("post_id IS NOT NULL")),
    Index("ix_files_detached_at", "detached_at", sqlite_where=text("detached_at IS NOT NULL")),
    Index(
        "ix_files_created_at", "created_at", sqlite_where=text("message_id IS NULL AND post_id IS NULL")
    ),  # the loose ones
)


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attachment, at ``/api/v1/files/ID``. ``width`` and ``height``: of a picture, which is shown inline."""

    id: str
    name: str
    type: str
    size: int
    width: int = 0
    height: int = 0
