"""Attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("users.id", name="fk_files_owner_id"), nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_files_room_id")),
        sa.Column("wall_id", sa.Integer, sa.ForeignKey("users.id", name="fk_files_wall_id")),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id", name="fk_files_message_id")),
        sa.Column("post_id", sa.Integer, sa.ForeignKey("posts.id", name="fk_files_post_id")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("thumbnail_size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("detached_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_owner_id", "files", ["owner_id"])
    _create_partial("message_id", "message_id IS NOT NULL")
    _create_partial("post_id", "post_id IS NOT NULL")
    _create_partial("detached_at", "detached_at IS NOT NULL")
    _create_partial("created_at", "message_id IS NULL AND post_id IS NULL")


def _create_partial(column: str, where: str) -> None:
    op.create_index(f"ix_files_{column}", "files", [column], sqlite_where=sa.text(where))
