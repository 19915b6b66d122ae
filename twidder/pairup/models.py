"""Tables of Pair-Up. A place of limited number is a row: what there is no row for cannot be given away."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from twidder.store import metadata

MODES = ("fcfs", "draw")
NAMES = ("everyone", "staff")

rounds = Table(
    "pairup_rounds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_by", Integer, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Column("is_default", Boolean, nullable=False),  # the one that the course's own client talks to
    Column("mode", Text, nullable=False),  # one of MODES
    Column("opens_at", BigInteger),  # none: from the beginning
    Column("closes_at", BigInteger),  # none: not by itself
    Column("zone", Text, nullable=False),  # IANA name: what times without an offset mean, and exports show
    Column("size_min", Integer, nullable=False),
    Column("size_max", Integer, nullable=False),
    Column("alone", Text, nullable=False),  # JSON list: cohorts whose students may be alone
    Column("names", Text, nullable=False),  # one of NAMES: who is told who holds a place
    Column("confirm", Boolean, nullable=False),  # whether a partner confirms a place
    Column("open_registration", Boolean, nullable=False),  # the seed's: a number alone claims its entry
    Column("secret", Text, nullable=False),  # hex; of the draw, published with it
    Column("drawn_at", BigInteger),
    Index("ix_pairup_rounds_default", "is_default", unique=True, sqlite_where=text("is_default")),
    sqlite_autoincrement=True,
)

teams = Table(
    "pairup_teams",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("locked", Boolean, nullable=False),  # by staff: its members change nothing
    sqlite_autoincrement=True,
)

entries = Table(
    "pairup_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False),
    Column("number", Text, nullable=False),  # the student number, folded
    Column("firstname", Text, nullable=False),
    Column("familyname", Text, nullable=False),
    Column("preferred", Text, nullable=False),  # the name that they go by, or empty
    Column("email", Text, nullable=False),
    Column("cohort", Text, nullable=False),
    Column("user_id", Integer, ForeignKey("users.id"), index=True),  # who has claimed it
    Column("code_hash", Text, unique=True),  # of the invitation code, until it is used or …
    Column("code_until", BigInteger),  # … too old
    Column("team_id", Integer, ForeignKey("pairup_teams.id"), index=True),
    Column("looking", Boolean, nullable=False),
    Column("about", Text, nullable=False),
    Column("assign_me", Boolean, nullable=False),  # the seed's: staff may put me with somebody
    UniqueConstraint("round_id", "number"),
    UniqueConstraint("round_id", "user_id"),
    sqlite_autoincrement=True,
)

labs = Table(
    "pairup_labs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("minutes", Integer, nullable=False),  # that a place lasts
    UniqueConstraint("round_id", "name"),
    sqlite_autoincrement=True,
)

places = Table(
    "pairup_places",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False, index=True),
    Column("lab_id", Integer, ForeignKey("pairup_labs.id"), nullable=False, index=True),
    Column("starts_at", BigInteger, nullable=False),
    Column("kept", Boolean, nullable=False),  # back, by staff: nobody takes it
    Column("team_id", Integer, ForeignKey("pairup_teams.id"), unique=True),  # whose it is
    Column("held_by", Integer, ForeignKey("pairup_teams.id"), unique=True),  # for whom it waits until …
    Column("held_until", BigInteger),
    Column("fence", Integer, nullable=False),  # counts its holders: who confirms names the one it was
    CheckConstraint("team_id IS NULL OR held_by IS NULL", name="taken_or_held"),
    CheckConstraint("(held_by IS NULL) = (held_until IS NULL)", name="held_until"),
    Index("ix_pairup_places_held_until", "held_until", sqlite_where=text("held_until IS NOT NULL")),
    sqlite_autoincrement=True,
)

invitations = Table(
    "pairup_invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False),
    Column("from_id", Integer, ForeignKey("pairup_entries.id"), nullable=False),
    Column("to_id", Integer, ForeignKey("pairup_entries.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("from_id", "to_id"),
    sqlite_autoincrement=True,
)

waiting = Table(
    "pairup_waiting",
    metadata,
    Column("id", Integer, primary_key=True),  # their order
    Column("lab_id", Integer, ForeignKey("pairup_labs.id"), nullable=False),
    Column("team_id", Integer, ForeignKey("pairup_teams.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("lab_id", "team_id"),
    sqlite_autoincrement=True,
)

# An offer: ``from_team`` gives ``from_place`` for ``to_place`` of ``to_team``.
swaps = Table(
    "pairup_swaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False),
    Column("from_team", Integer, ForeignKey("pairup_teams.id"), nullable=False),
    Column("from_place", Integer, ForeignKey("pairup_places.id"), nullable=False),
    Column("to_team", Integer, ForeignKey("pairup_teams.id"), nullable=False, index=True),
    Column("to_place", Integer, ForeignKey("pairup_places.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("from_team", "to_team"),
    sqlite_autoincrement=True,
)

rankings = Table(
    "pairup_rankings",
    metadata,
    Column("team_id", Integer, ForeignKey("pairup_teams.id"), primary_key=True, autoincrement=False),
    Column("rank", Integer, primary_key=True, autoincrement=False),  # 1 is best
    Column("place_id", Integer, ForeignKey("pairup_places.id"), nullable=False),
    UniqueConstraint("team_id", "place_id"),
)

draws = Table(
    "pairup_draws",
    metadata,
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),  # JSON, as it is published
    Column("at", BigInteger, nullable=False),
)

# Of a lab's queue. Who has been seen stays, for the estimate.
calls = Table(
    "pairup_calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False),
    Column("lab_id", Integer, ForeignKey("pairup_labs.id"), nullable=False, index=True),
    Column("team_id", Integer, ForeignKey("pairup_teams.id"), nullable=False),
    Column("kind", Text, nullable=False),  # ready | help
    Column("at", BigInteger, nullable=False),
    Column("turn", Integer, nullable=False),  # the lowest is next
    Column("called_at", BigInteger),
    Column("called_by", Integer, ForeignKey("users.id")),
    Column("misses", Integer, nullable=False),
    Column("done_at", BigInteger),
    Index("ix_pairup_calls_open", "team_id", unique=True, sqlite_where=text("done_at IS NULL")),
    sqlite_autoincrement=True,
)

# What concerns one student. ``data``: JSON, ids and names; with ``text`` for a message of staff.
notices = Table(
    "pairup_notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", Integer, ForeignKey("pairup_entries.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_pairup_notices_entry_id", "entry_id", "id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "pairup_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", Integer, ForeignKey("pairup_rounds.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by_id", Integer, ForeignKey("users.id")),  # none: the clock
    Column("act", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Index("ix_pairup_audit_round_id", "round_id", "id"),
    sqlite_autoincrement=True,
)
