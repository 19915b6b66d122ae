"""The index of texts, reports and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("place_id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_texts"),
        sa.UniqueConstraint("kind", "item_id", name="uq_texts_kind_item_id"),
    )
    op.execute(
        "INSERT INTO texts (id, kind, item_id, place_id, author_id, body)"
        " SELECT created_at * 1024 + (id * 2 + 1) % 1024, 'post', id, wall_id, author_id, text"
        " FROM posts WHERE deleted_at IS NULL ON CONFLICT DO NOTHING"
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        op.execute("CREATE INDEX ix_texts_words ON texts USING gin (to_tsvector('simple', body))")
    _moderation()


def _sqlite_index() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE text_index USING fts5(body, place_id, author_id, content = 'texts', content_rowid = 'id',"
        " columnsize = 0, tokenize = 'unicode61 remove_diacritics 2')"
    )
    op.execute("INSERT INTO text_index (text_index) VALUES ('rebuild')")


def _moderation() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id", name="fk_reports_by_id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("about_id", sa.Integer, sa.ForeignKey("users.id", name="fk_reports_about_id"), nullable=False),
        sa.Column("place_id", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("handled_by", sa.Integer, sa.ForeignKey("users.id", name="fk_reports_handled_by")),
        sa.Column("handled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("by_id", "kind", "item_id", name="uq_reports_by_id_kind_item_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_state_id", "reports", ["state", "id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id", name="fk_audit_by_id")),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("rooms.id", name="fk_audit_room_id")),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_audit_user_id")),
        sa.Column("item", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_room_id_id", "audit", ["room_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
            )
