"""The table of posts, and the struct that leaves the feature."""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from twidder.accounts import Author
from twidder.files import File
from twidder.store import metadata

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wall_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("author_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("cid", Text, nullable=False),
    Column("text", Text, nullable=False),  # empty once deleted for good
    Column("created_at", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of the newest event that carries the text
    Column("deleted_at", BigInteger),
    Column("deleted_by", Integer, ForeignKey("users.id")),
    UniqueConstraint("author_id", "cid"),
    Index("ix_posts_wall_id_id", "wall_id", "id", sqlite_where=text("deleted_at IS NULL")),
    Index("ix_posts_deleted_at", "deleted_at", sqlite_where=text("deleted_at IS NOT NULL")),
    sqlite_autoincrement=True,
)


class Post(msgspec.Struct, frozen=True, omit_defaults=True):
    """A post as readers see it. ``cid``: the author's own id for it, by which their page knows it again."""

    id: int
    wall: int
    author: Author
    text: str
    created_at: int
    cid: str
    seq: int
    files: list[File] = []


class NewPost(msgspec.Struct, forbid_unknown_fields=True):
    """``cid``: the client's own id for it; sending it again is safe. Left out, the server makes one."""

    text: str
    cid: str | None = None
    files: list[str] = []  # ids of what was uploaded to this wall


class Deleted(msgspec.Struct, frozen=True):
    id: int
    undo_until: int
    deleted: bool = True
