"""Brings the schema up to date, by Alembic, in one transaction: a crash leaves the old schema or the new one."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from twidder.errors import ConfigError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Raises ConfigError when the database was made by a newer Twidder."""
    with engine.begin() as connection:
        if _current(connection) != newest():
            _migrate(connection)


def newest() -> str:
    """The schema's version in this code: the number that begins the last migration's file name."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _current(connection: Connection) -> str | None:
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if connection.execute(text(known)).first() is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    # Here, because Alembic takes a fifth of a second to load, and most starts find nothing to do.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    current = _current(connection)
    if current and current not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
        raise ConfigError(
            f"The database was made by a newer Twidder (schema {current}). Start that one, or restore a backup."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
