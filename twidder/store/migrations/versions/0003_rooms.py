"""Rooms, direct messages, guests, follows, handles."""

import sqlalchemy as sa
from alembic import op

from twidder.accounts.handles import free_handle
from twidder.clock import now_ms

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("users", sa.Column("handle", sa.Text))
    op.add_column("users", sa.Column("wall_audience", sa.Text, nullable=False, server_default="members"))
    op.add_column("users", sa.Column("write_to_me", sa.Text, nullable=False, server_default="known"))
    _give_handles()
    op.create_index("ix_users_handle", "users", ["handle"], unique=True)
    op.create_table(
        "follows",
        sa.Column("follower_id", sa.Integer, sa.ForeignKey("users.id", name="fk_follows_follower_id"), nullable=False),
        sa.Column("followed_id", sa.Integer, sa.ForeignKey("users.id", name="fk_follows_followed_id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name="pk_follows"),
    )
    op.create_index("ix_follows_followed_id", "follows", ["followed_id"])
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created_by", sa.Integer, sa.ForeignKey("users.id", name="fk_rooms_created_by")),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("archived_at", sa.BigInteger),
        sa.Column("slow_seconds", sa.Integer, nullable=False),
        sa.Column("knock", sa.Boolean, nullable=False),
        sa.Column("gateways", sa.Boolean, nullable=False),
        sa.Column("link_hash", sa.Text),
        sa.Column("link_expires_at", sa.BigInteger),
        sa.Column("dm_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("name_key", name="uq_rooms_name_key"),
        sa.UniqueConstraint("link_hash", name="uq_rooms_link_hash"),
        sa.UniqueConstraint("dm_key", name="uq_rooms_dm_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guests",
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_guests_user_id"), nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_guests_room_id"), nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("sid", sa.Text),
        sa.Column("token_hash", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("user_id", name="pk_guests"),
        sa.UniqueConstraint("sid", name="uq_guests_sid"),
        sa.UniqueConstraint("token_hash", name="uq_guests_token_hash"),
    )
    op.create_index("ix_guests_room_id_name_key", "guests", ["room_id", "name_key"])
    op.create_index("ix_guests_expires_at", "guests", ["expires_at"], sqlite_where=sa.text("expires_at IS NOT NULL"))
    op.create_table(
        "room_members",
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_room_members_room_id"), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_room_members_user_id"), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("read_seq", sa.BigInteger, nullable=False),
        sa.Column("muted_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "user_id", name="pk_room_members"),
    )
    op.create_index("ix_room_members_user_id", "room_members", ["user_id"])
    op.create_index("ix_room_members_room_id_state", "room_members", ["room_id", "state"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_messages_room_id"), nullable=False),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("users.id", name="fk_messages_author_id"), nullable=False),
        sa.Column("cid", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("posted_seq", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("edited_at", sa.BigInteger),
        sa.Column("reply_to", sa.Integer, sa.ForeignKey("messages.id", name="fk_messages_reply_to")),
        sa.Column("mentions", sa.Text, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("deleted_by", sa.Integer, sa.ForeignKey("users.id", name="fk_messages_deleted_by")),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("author_id", "cid", name="uq_messages_author_id_cid"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_room_id_id", "messages", ["room_id", "id"])
    op.create_index("ix_messages_room_id_posted_seq", "messages", ["room_id", "posted_seq"])
    op.create_index("ix_messages_room_id_created_at", "messages", ["room_id", "created_at"])
    op.create_index(
        "ix_messages_deleted_at",
        "messages",
        ["deleted_at"],
        sqlite_where=sa.text("deleted_at IS NOT NULL AND text <> ''"),
    )
    op.create_table(
        "message_versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "message_id",
            sa.Integer,
            sa.ForeignKey("messages.id", name="fk_message_versions_message_id"),
            nullable=False,
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_versions"),
    )
    op.create_index("ix_message_versions_message_id", "message_versions", ["message_id"])
    op.create_table(
        "reactions",
        sa.Column(
            "message_id", sa.Integer, sa.ForeignKey("messages.id", name="fk_reactions_message_id"), nullable=False
        ),
        sa.Column("emoji", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_reactions_user_id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "emoji", "user_id", name="pk_reactions"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_notices_user_id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id", name="fk_notices_by_id"), nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_notices_room_id")),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id", name="fk_notices_message_id")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("read_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_user_id_id", "notices", ["user_id", "id"])
    _first_room()


def _give_handles() -> None:
    """Everybody gets one from the first name, as ``accounts.handles`` gives it to newcomers."""
    users, taken = sa.table("users", sa.column("id"), sa.column("firstname"), sa.column("handle")), set[str]()
    connection = op.get_bind()
    for row in connection.execute(sa.select(users.c.id, users.c.firstname).order_by(users.c.id)).all():
        handle = free_handle(row.firstname, taken.__contains__)
        taken.add(handle)
        connection.execute(users.update().where(users.c.id == row.id).values(handle=handle))


def _first_room() -> None:
    """Everybody's room, which the courses' chat clients find without a name; whoever is here already is in it."""
    now = now_ms()
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO rooms (id, kind, name, name_key, description, created_at, slow_seconds, knock, gateways)"
            " VALUES (1, 'walkin', 'general', 'general', 'Everybody is here.', :now, 0, :no, :yes)"
        ),
        {"now": now, "no": False, "yes": True},
    )
    connection.execute(
        sa.text(
            "INSERT INTO room_members (room_id, user_id, role, state, level, joined_at, read_seq, muted_until)"
            " SELECT 1, id, CASE role WHEN 'owner' THEN 'owner' ELSE 'member' END, 'in', 'all', :now, 0, 0 FROM users"
            " WHERE closed_at IS NULL"
        ),
        {"now": now},
    )
