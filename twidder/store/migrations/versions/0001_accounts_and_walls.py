"""Accounts, walls and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "topics",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", name="pk_topics"),
    )
    op.create_table(
        "events",
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("topic", "seq", name="pk_events"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("firstname", sa.Text, nullable=False),
        sa.Column("familyname", sa.Text, nullable=False),
        sa.Column("gender", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identities",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_identities_user_id"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_identities"),
    )
    op.create_index("ix_identities_user_id", "identities", ["user_id"])
    op.create_table(
        "sessions",
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_sessions_user_id"), nullable=False),
        sa.Column("sid", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_sessions"),
        sa.UniqueConstraint("sid", name="uq_sessions_sid"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_table(
        "ended_sessions",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_ended_sessions_user_id"), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text),
        sa.PrimaryKeyConstraint("token_hash", name="pk_ended_sessions"),
    )
    op.create_index("ix_ended_sessions_user_id_at", "ended_sessions", ["user_id", "at"])
    op.create_table(
        "links",
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_links_user_id")),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_links"),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("wall_id", sa.Integer, sa.ForeignKey("users.id", name="fk_posts_wall_id"), nullable=False),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("users.id", name="fk_posts_author_id"), nullable=False),
        sa.Column("cid", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("deleted_by", sa.Integer, sa.ForeignKey("users.id", name="fk_posts_deleted_by")),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("author_id", "cid", name="uq_posts_author_id_cid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_posts_wall_id_id", "posts", ["wall_id", "id"])
    op.create_index("ix_posts_deleted_at", "posts", ["deleted_at"], sqlite_where=sa.text("deleted_at IS NOT NULL"))
