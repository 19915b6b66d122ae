"""Boards, their values, producers, sensors and votes; visits to walls."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _boards()
    _values()
    _producers()
    _sensors()
    _counts()
    of_boards = sa.text("event >= 'board.' AND event < 'board/'")
    op.create_index("ix_events_boards", "events", ["topic", "seq"], sqlite_where=of_boards)


def _boards() -> None:
    op.create_table(
        "boards",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("users.id", name="fk_boards_owner_id")),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("deleted_by", sa.Integer, sa.ForeignKey("users.id", name="fk_boards_deleted_by")),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_boards_room_id")),
        sa.Column("tiles", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("built_in", sa.Boolean, nullable=False),
        sa.Column("updates", sa.Boolean, nullable=False),
        sa.Column("link_hash", sa.Text),
        sa.Column("link_expires_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
        sa.UniqueConstraint("slug", name="uq_boards_slug"),
        sa.UniqueConstraint("link_hash", name="uq_boards_link_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_boards_room_id", "boards", ["room_id"])
    op.execute(
        "INSERT INTO boards (slug, name, description, created_at, audience, tiles, version, built_in, updates)"
        " SELECT 'statistics', 'Statistics', 'What happens here, as it happens.',"
        " COALESCE((SELECT MIN(created_at) FROM users), 0), 'members', '[]', 1, TRUE, FALSE"
    )


def _values() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, sa.ForeignKey("boards.id", name="fk_series_board_id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("every_ms", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("freshness", sa.Text),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("past_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.UniqueConstraint("board_id", "key", name="uq_series_board_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_board_id_seq", "series", ["board_id", "seq"])
    op.create_table(
        "points",
        sa.Column("series_id", sa.Integer, sa.ForeignKey("series.id", name="fk_points_series_id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("number", sa.Double),
        sa.Column("text", sa.Text),
        sa.PrimaryKeyConstraint("series_id", "at", name="pk_points"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups",
        sa.Column("series_id", sa.Integer, sa.ForeignKey("series.id", name="fk_rollups_series_id"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("low", sa.Double, nullable=False),
        sa.Column("high", sa.Double, nullable=False),
        sa.Column("total", sa.Double, nullable=False),
        sa.Column("last", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("series_id", "step", "at", name="pk_rollups"),
        sqlite_with_rowid=False,
    )


def _producers() -> None:
    op.create_table(
        "producers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, sa.ForeignKey("boards.id", name="fk_producers_board_id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("created_by", sa.Integer, sa.ForeignKey("users.id", name="fk_producers_created_by"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_producers"),
        sa.UniqueConstraint("token_hash", name="uq_producers_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_producers_board_id", "producers", ["board_id"])
    op.create_table(
        "pushes",
        sa.Column(
            "producer_id", sa.Integer, sa.ForeignKey("producers.id", name="fk_pushes_producer_id"), nullable=False
        ),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("producer_id", "key", name="pk_pushes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pushes_at", "pushes", ["at"])


def _sensors() -> None:
    op.create_table(
        "sensor_links",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("board_id", sa.Integer, sa.ForeignKey("boards.id", name="fk_sensor_links_board_id"), nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("controls", sa.Text, nullable=False),
        sa.Column("poll", sa.Text),
        sa.Column(
            "created_by", sa.Integer, sa.ForeignKey("users.id", name="fk_sensor_links_created_by"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_sensor_links"),
        sa.UniqueConstraint("secret_hash", name="uq_sensor_links_secret_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sensor_links_board_id", "sensor_links", ["board_id"])
    op.create_table(
        "sensors",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("link_id", sa.Integer, sa.ForeignKey("sensor_links.id", name="fk_sensors_link_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("presses", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_sensors"),
        sa.UniqueConstraint("token_hash", name="uq_sensors_token_hash"),
        sa.UniqueConstraint("link_id", "number", name="uq_sensors_link_id_number"),
        sqlite_autoincrement=True,
    )


def _counts() -> None:
    op.create_table(
        "votes",
        sa.Column("board_id", sa.Integer, sa.ForeignKey("boards.id", name="fk_votes_board_id"), nullable=False),
        sa.Column("tile", sa.Text, nullable=False),
        sa.Column("voter", sa.Text, nullable=False),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("board_id", "tile", "voter", name="pk_votes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wall_visits",
        sa.Column("wall_id", sa.Integer, sa.ForeignKey("users.id", name="fk_wall_visits_wall_id"), nullable=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("wall_id", "day", name="pk_wall_visits"),
        sqlite_with_rowid=False,
    )
