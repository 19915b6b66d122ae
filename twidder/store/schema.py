"""The tables that the store itself needs. Features hang theirs on the same ``metadata``."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# head: the seq of the newest event. A topic without a row has had none.
topics = Table("topics", metadata, Column("topic", Text, primary_key=True), Column("head", BigInteger, nullable=False))

events = Table(
    "events",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),  # JSON, UTF-8: what goes on the wire, unread on the way
    Index(
        "ix_events_boards",
        "topic",
        "seq",
        sqlite_where=text("event >= 'board.' AND event < 'board/'"),
    ),  # few of a room's events, to be found when a board is deleted
    sqlite_with_rowid=False,
)

settings = Table("settings", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
