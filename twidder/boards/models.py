"""Tables of boards, and the structs that leave the feature. Times in ms since the epoch, UTC."""

from __future__ import annotations

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from twidder.accounts import Author
from twidder.store import metadata

AUDIENCES = ("me", "room", "members")
TYPES = ("number", "text", "flag")
GONE = "gone"  # the type of a series that was deleted: its row stays, so that who was away learns of it
FRESHNESS = ("fresh", "late", "silent")  # and none, of series that promise no pace
TILES = ("number", "chart", "bars", "scoreboard", "gauge", "status", "text", "events", "poll", "table")
MINUTE, HOUR = 60_000, 3_600_000

boards = Table(
    "boards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),  # in addresses; never digits alone
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("owner_id", Integer, ForeignKey("users.id")),  # none for the one that is built in
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Column("deleted_by", Integer, ForeignKey("users.id")),  # who may take it back
    Column("audience", Text, nullable=False),  # of AUDIENCES
    Column("room_id", Integer, ForeignKey("rooms.id"), index=True),  # where it is embedded
    Column("tiles", Text, nullable=False),  # JSON: [Tile]
    Column("version", Integer, nullable=False),  # of the tiles: who arranges an older one is told
    Column("built_in", Boolean, nullable=False),  # Twidder's own statistics
    Column("updates", Boolean, nullable=False),  # its news are told by the updates gateway; of one board at most
    Column("link_hash", Text, unique=True),  # whoever has the link may look
    Column("link_expires_at", BigInteger),
    sqlite_autoincrement=True,
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("board_id", Integer, ForeignKey("boards.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("type", Text, nullable=False),  # of TYPES; that of its first value
    Column("unit", Text, nullable=False),
    Column("every_ms", BigInteger),  # it promises a value each so often
    Column("created_at", BigInteger, nullable=False),
    Column("value", Text, nullable=False),  # the newest one, as JSON
    Column("at", BigInteger, nullable=False),  # of the newest value, as its producer says
    Column("seen_at", BigInteger, nullable=False),  # when a value last came
    Column("freshness", Text),  # of FRESHNESS
    Column("seq", BigInteger, nullable=False),  # of the board, at its newest change
    Column("past_seq", BigInteger, nullable=False),  # … at the newest value that was not the newest in time: a backfill
    UniqueConstraint("board_id", "key"),
    Index("ix_series_board_id_seq", "board_id", "seq"),
    sqlite_autoincrement=True,
)

# Raw values. ``number`` for numbers and flags (0 or 1), ``text`` for texts.
points = Table(
    "points",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Double),
    Column("text", Text),
    sqlite_with_rowid=False,
)

# What numbers came to, by minute and by hour: kept longer than the values themselves.
rollups = Table(
    "rollups",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("step", Integer, primary_key=True, autoincrement=False),  # MINUTE | HOUR
    Column("at", BigInteger, primary_key=True, autoincrement=False),  # where it begins
    Column("count", Integer, nullable=False),
    Column("low", Double, nullable=False),
    Column("high", Double, nullable=False),
    Column("total", Double, nullable=False),
    Column("last", Double, nullable=False),
    sqlite_with_rowid=False,
)

producers = Table(
    "producers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("board_id", Integer, ForeignKey("boards.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_by", Integer, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    sqlite_autoincrement=True,
)

# Answers to pushes that carried an Idempotency-Key.
pushes = Table(
    "pushes",
    metadata,
    Column("producer_id", Integer, ForeignKey("producers.id"), primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("body_hash", LargeBinary, nullable=False),
    Column("answer", Text, nullable=False),  # JSON
    Column("at", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# Links by which phones become sensors, and the phones.
sensor_links = Table(
    "sensor_links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("board_id", Integer, ForeignKey("boards.id"), nullable=False, index=True),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("controls", Text, nullable=False),  # JSON: of motion, light, button, vote
    Column("poll", Text),  # the tile that is voted on
    Column("created_by", Integer, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    sqlite_autoincrement=True,
)
sensors = Table(
    "sensors",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("link_id", Integer, ForeignKey("sensor_links.id"), nullable=False),
    Column("number", Integer, nullable=False),  # of the board, from 1: its series are named by it
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("presses", Integer, nullable=False, server_default="0"),  # as it last counted them itself
    UniqueConstraint("link_id", "number"),
    sqlite_autoincrement=True,
)

votes = Table(
    "votes",
    metadata,
    Column("board_id", Integer, ForeignKey("boards.id"), primary_key=True, autoincrement=False),
    Column("tile", Text, primary_key=True),
    Column("voter", Text, primary_key=True),  # user:7 | sensor:3
    Column("option", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# How often others have looked at somebody's wall, by day (UTC).
wall_visits = Table(
    "wall_visits",
    metadata,
    Column("wall_id", Integer, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since the epoch
    Column("visits", Integer, nullable=False),
    sqlite_with_rowid=False,
)


class Tile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One tile. ``series``: keys, or beginnings of keys with a star (``score.*``). ``width`` of four columns,
    ``height`` of three rows. ``window``: seconds that charts and event lists look back. ``low``/``high``: the ends of a
    gauge, a bar or a chart; ``warn``/``bad``: from here on; when ``bad`` is the lesser of the two, less is worse.
    ``text``: Markdown of a text tile, the question of a poll. ``options``: of a poll."""

    id: str
    kind: str
    title: str = ""
    series: list[str] = []
    width: int = 1
    height: int = 1
    window: int = 3_600
    low: float | None = None
    high: float | None = None
    warn: float | None = None
    bad: float | None = None
    decimals: int | None = None
    area: bool = False
    text: str = ""
    options: list[str] = []


class Board(msgspec.Struct, frozen=True, omit_defaults=True):
    """A board as all who may see it do; ``$board`` of its state. ``public``: a link to it is in force."""

    id: int
    slug: str
    name: str
    description: str
    created_at: int
    audience: str
    tiles: list[Tile]
    version: int
    owner: Author | None = None
    room: int | None = None
    public: bool = False
    built_in: bool = False
    updates: bool = False


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A series as its board's state tells it. ``at``: the newest value's time, ``seen``: when a value last came;
    ``every``: ms; ``past``: grows when values came that are older than the newest."""

    value: float | str | bool
    at: int
    seen: int
    type: str
    unit: str = ""
    every: int | None = None
    freshness: str | None = None
    past: int = 0


class Votes(msgspec.Struct, frozen=True):
    """``$poll:TILE`` of a board's state: for each option how many."""

    votes: list[int]
