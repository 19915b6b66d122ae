"""Pair-Up: rounds, rosters, teams, labs with their places, draws and queues; PINs, and what a session is good for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("scope", sa.Text, nullable=False, server_default=""))
    _rounds()
    _places()
    _draws()


def _rounds() -> None:
    op.create_table(
        "pins",
        sa.Column(
            "user_id",
            sa.Integer,
            sa.ForeignKey("users.id", name="fk_pins_user_id"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("pin_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_pins"),
    )
    op.create_table(
        "pairup_rounds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column(
            "created_by", sa.Integer, sa.ForeignKey("users.id", name="fk_pairup_rounds_created_by"), nullable=False
        ),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("deleted_at", sa.BigInteger),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("opens_at", sa.BigInteger),
        sa.Column("closes_at", sa.BigInteger),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("size_min", sa.Integer, nullable=False),
        sa.Column("size_max", sa.Integer, nullable=False),
        sa.Column("alone", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("confirm", sa.Boolean, nullable=False),
        sa.Column("open_registration", sa.Boolean, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("drawn_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_rounds"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_pairup_rounds_default", "pairup_rounds", ["is_default"], unique=True, sqlite_where=sa.text("is_default")
    )
    op.create_table(
        "pairup_teams",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_teams_round_id"), nullable=False
        ),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_teams"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_teams_round_id", "pairup_teams", ["round_id"])
    op.create_table(
        "pairup_entries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_entries_round_id"), nullable=False
        ),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("firstname", sa.Text, nullable=False),
        sa.Column("familyname", sa.Text, nullable=False),
        sa.Column("preferred", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("cohort", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_pairup_entries_user_id")),
        sa.Column("code_hash", sa.Text),
        sa.Column("code_until", sa.BigInteger),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_entries_team_id")),
        sa.Column("looking", sa.Boolean, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("assign_me", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_entries"),
        sa.UniqueConstraint("code_hash", name="uq_pairup_entries_code_hash"),
        sa.UniqueConstraint("round_id", "number", name="uq_pairup_entries_round_id_number"),
        sa.UniqueConstraint("round_id", "user_id", name="uq_pairup_entries_round_id_user_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_entries_team_id", "pairup_entries", ["team_id"])
    op.create_index("ix_pairup_entries_user_id", "pairup_entries", ["user_id"])
    op.create_table(
        "pairup_invitations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id",
            sa.Integer,
            sa.ForeignKey("pairup_rounds.id", name="fk_pairup_invitations_round_id"),
            nullable=False,
        ),
        sa.Column(
            "from_id",
            sa.Integer,
            sa.ForeignKey("pairup_entries.id", name="fk_pairup_invitations_from_id"),
            nullable=False,
        ),
        sa.Column(
            "to_id", sa.Integer, sa.ForeignKey("pairup_entries.id", name="fk_pairup_invitations_to_id"), nullable=False
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_invitations"),
        sa.UniqueConstraint("from_id", "to_id", name="uq_pairup_invitations_from_id_to_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_invitations_to_id", "pairup_invitations", ["to_id"])
    op.create_table(
        "pairup_notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "entry_id",
            sa.Integer,
            sa.ForeignKey("pairup_entries.id", name="fk_pairup_notices_entry_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_notices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_notices_entry_id", "pairup_notices", ["entry_id", "id"])
    op.create_table(
        "pairup_audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_audit_round_id"), nullable=False
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id", name="fk_pairup_audit_by_id")),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_audit_round_id", "pairup_audit", ["round_id", "id"])


def _places() -> None:
    op.create_table(
        "pairup_labs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_labs_round_id"), nullable=False
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_labs"),
        sa.UniqueConstraint("round_id", "name", name="uq_pairup_labs_round_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_labs_round_id", "pairup_labs", ["round_id"])
    op.create_table(
        "pairup_places",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_places_round_id"), nullable=False
        ),
        sa.Column(
            "lab_id", sa.Integer, sa.ForeignKey("pairup_labs.id", name="fk_pairup_places_lab_id"), nullable=False
        ),
        sa.Column("starts_at", sa.BigInteger, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("team_id", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_places_team_id")),
        sa.Column("held_by", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_places_held_by")),
        sa.Column("held_until", sa.BigInteger),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.CheckConstraint("team_id IS NULL OR held_by IS NULL", name="taken_or_held"),
        sa.CheckConstraint("(held_by IS NULL) = (held_until IS NULL)", name="held_until"),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_places"),
        sa.UniqueConstraint("held_by", name="uq_pairup_places_held_by"),
        sa.UniqueConstraint("team_id", name="uq_pairup_places_team_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_pairup_places_held_until", "pairup_places", ["held_until"], sqlite_where=sa.text("held_until IS NOT NULL")
    )
    op.create_index("ix_pairup_places_lab_id", "pairup_places", ["lab_id"])
    op.create_index("ix_pairup_places_round_id", "pairup_places", ["round_id"])
    op.create_table(
        "pairup_waiting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "lab_id", sa.Integer, sa.ForeignKey("pairup_labs.id", name="fk_pairup_waiting_lab_id"), nullable=False
        ),
        sa.Column(
            "team_id", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_waiting_team_id"), nullable=False
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_waiting"),
        sa.UniqueConstraint("lab_id", "team_id", name="uq_pairup_waiting_lab_id_team_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_waiting_team_id", "pairup_waiting", ["team_id"])
    op.create_table(
        "pairup_swaps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_swaps_round_id"), nullable=False
        ),
        sa.Column(
            "from_team", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_swaps_from_team"), nullable=False
        ),
        sa.Column(
            "from_place",
            sa.Integer,
            sa.ForeignKey("pairup_places.id", name="fk_pairup_swaps_from_place"),
            nullable=False,
        ),
        sa.Column(
            "to_team", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_swaps_to_team"), nullable=False
        ),
        sa.Column(
            "to_place", sa.Integer, sa.ForeignKey("pairup_places.id", name="fk_pairup_swaps_to_place"), nullable=False
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_swaps"),
        sa.UniqueConstraint("from_team", "to_team", name="uq_pairup_swaps_from_team_to_team"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_swaps_to_team", "pairup_swaps", ["to_team"])
    op.create_table(
        "pairup_calls",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "round_id", sa.Integer, sa.ForeignKey("pairup_rounds.id", name="fk_pairup_calls_round_id"), nullable=False
        ),
        sa.Column("lab_id", sa.Integer, sa.ForeignKey("pairup_labs.id", name="fk_pairup_calls_lab_id"), nullable=False),
        sa.Column(
            "team_id", sa.Integer, sa.ForeignKey("pairup_teams.id", name="fk_pairup_calls_team_id"), nullable=False
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("called_at", sa.BigInteger),
        sa.Column("called_by", sa.Integer, sa.ForeignKey("users.id", name="fk_pairup_calls_called_by")),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("done_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_pairup_calls"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pairup_calls_lab_id", "pairup_calls", ["lab_id"])
    op.create_index(
        "ix_pairup_calls_open", "pairup_calls", ["team_id"], unique=True, sqlite_where=sa.text("done_at IS NULL")
    )


def _draws() -> None:
    op.create_table(
        "pairup_rankings",
        sa.Column(
            "team_id",
            sa.Integer,
            sa.ForeignKey("pairup_teams.id", name="fk_pairup_rankings_team_id"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("rank", sa.Integer, nullable=False, autoincrement=False),
        sa.Column(
            "place_id",
            sa.Integer,
            sa.ForeignKey("pairup_places.id", name="fk_pairup_rankings_place_id"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("team_id", "rank", name="pk_pairup_rankings"),
        sa.UniqueConstraint("team_id", "place_id", name="uq_pairup_rankings_team_id_place_id"),
    )
    op.create_table(
        "pairup_draws",
        sa.Column(
            "round_id",
            sa.Integer,
            sa.ForeignKey("pairup_rounds.id", name="fk_pairup_draws_round_id"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_pairup_draws"),
    )
