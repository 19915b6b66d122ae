"""The schema in the database is the schema in the code."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from twidder.config import Limits
from twidder.errors import ConfigError
from twidder.store import metadata, migrate, open_store
from twidder.walls import models as walls_models


def _open(path: Path) -> None:
    open_store(path, Limits(), lambda _batch: None).close()


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The index of texts is a virtual table; what it keeps itself in is SQLite's affair."""
    return not (kind == "table" and name is not None and name.startswith("text_index"))


def test_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    """A migrated database and the tables in the code do not differ."""
    assert walls_models.posts.metadata is metadata
    _open(tmp_path / "a.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_is_known_without_alembic(tmp_path: Path) -> None:
    """By its file's name; a start that finds it in the database does not load Alembic."""
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    assert migrate.newest() == ScriptDirectory.from_config(config).get_current_head()
    _open(tmp_path / "a.db")
    code = f"""if True:
        import pathlib, sys
        from twidder.config import Limits
        from twidder.store import open_store
        open_store(pathlib.Path({str(tmp_path / "a.db")!r}), Limits(), lambda batch: None).close()
        assert "sqlalchemy" in sys.modules
        assert "alembic" not in sys.modules"""
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True, timeout=60)


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """The second start finds its schema and its epoch as they were."""
    epochs = []
    for _ in range(2):
        _open(tmp_path / "a.db")
        with sqlite3.connect(tmp_path / "a.db") as database:
            epochs.append(database.execute("SELECT value FROM settings WHERE key = 'epoch'").fetchone())
        database.close()
    assert epochs[0] == epochs[1]


def test_a_newer_database_is_refused_by_its_version(tmp_path: Path) -> None:
    """A database of a later Twidder is left alone, and its version is named."""
    _open(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(ConfigError, match="9999"):
        _open(tmp_path / "a.db")


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\0" * 50])
def test_a_broken_database_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    """What is no database is named, and not overwritten."""
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be opened"):
        _open(path)
    assert path.read_bytes() == content
