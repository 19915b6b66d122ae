"""Brings the schema up to date, by Alembic, in one transaction: a crash leaves the old schema or the new one."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from twidder.errors import ConfigError

logging.getLogger("alembic").setLevel(logging.WARNING)


def upgrade(engine: Engine) -> None:
    """Raises ConfigError when the database was made by a newer Twidder."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise ConfigError(
                f"The database was made by a newer Twidder (schema {current}). Start that one, or restore a backup."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
