"""db/schema.sql, the migrations and storage.tables say the same. `python -m tests.contracts.test_schema` writes the text anew."""

import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Integer, LargeBinary, Text, create_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import Float
from sqlcipher3 import dbapi2

from reviewer.storage import assets, driver, migrations
from reviewer.storage.tables import VIEWS, metadata
from reviewer.storage.workspace import Workspace
from tests import earlier

_HEADER = "-- What all migrations together make: a new workspace is laid from this. Made by: python -m tests.contracts.test_schema\n\n"
_FTS_SETTINGS = "item_text_config"
_KINDS = {"INTEGER": Integer, "TEXT": Text, "BLOB": LargeBinary, "REAL": Float}


def schema_text(connection: driver.Connection) -> str:
    """Every statement that made something, in order, and the rows that the tables begin with; what FTS5 makes for itself is left out."""
    made = [
        sql
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        if not name.startswith(("item_text_", "sqlite_"))
    ]
    rows = [f"INSERT INTO {table} VALUES ({', '.join(map(repr, row))})" for table, row in first_rows(connection) if table != _FTS_SETTINGS]
    settings = [(row[0], row[1]) for table, row in first_rows(connection) if table == _FTS_SETTINGS and row[0] != "version"]
    rows += [f"INSERT INTO item_text (item_text, rank) VALUES ({name!r}, {value!r})" for name, value in settings]
    tidy = ("\n".join(line.strip() if line.strip() == ")" else line for line in sql.splitlines()) for sql in (*made, *rows))
    return _HEADER + ";\n\n".join(tidy) + ";\n"


def first_rows(connection: driver.Connection) -> list[tuple[str, tuple[str | int, ...]]]:
    """Every row of every table, but those in which FTS5 keeps its index."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")]
    own = [name for name in tables if name == _FTS_SETTINGS or not name.startswith(("item_text", "sqlite_"))]
    return [(name, row) for name in own for row in connection.execute(f"SELECT * FROM {name}")]


def migrated_text(folder: Path) -> str:
    """The schema of a database that went through every migration."""
    with closing(earlier.gone_through(folder / "migrated.db", "head")) as connection:
        return schema_text(connection)


def test_the_schema_as_text_is_what_the_migrations_make(tmp_path: Path) -> None:
    assert (assets.migrations() / "schema.sql").read_text() == migrated_text(tmp_path)


def test_a_new_workspace_begins_as_the_migrations_would_make_it(tmp_path: Path) -> None:
    raw = driver.connect(tmp_path / "laid.db")
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: raw, poolclass=StaticPool)
    with closing(raw), engine.connect() as connection:
        assert migrations.upgrade(connection, tmp_path, seal=None)
        assert schema_text(raw) == migrated_text(tmp_path)


def test_the_tables_are_those_of_the_schema(workspace: Workspace) -> None:
    with workspace.read() as reading:
        names = {
            name
            for (name,) in reading.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("item_text_", "sqlite_", "alembic_"))
        }
    assert names == set(metadata.tables)


@pytest.mark.parametrize("name", sorted(set(metadata.tables) - {"item_text"}))
def test_a_table_has_the_columns_of_the_schema(workspace: Workspace, name: str) -> None:
    with workspace.read() as reading:
        made = reading.rows(f"PRAGMA table_info({name})")
        strict = reading.row("SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name = ?", (name,))
    table = metadata.tables[name]
    assert strict == (1,)
    assert [column for _, column, *_ in made] == [column.name for column in table.columns]
    for (_, _, kind, required, default, key), column in zip(made, table.columns, strict=True):
        assert isinstance(column.type, _KINDS[kind]), column
        assert bool(key) == column.primary_key, column
        assert (default is not None) == (column.server_default is not None), column
        assert key or bool(required) == (not column.nullable), column


def test_views_are_emptied_children_first() -> None:
    places = {table.name: place for place, table in enumerate(VIEWS)}
    for table in VIEWS:
        for key in table.foreign_keys:
            assert places[table.name] < places[key.column.table.name]


def test_the_newest_revision_is_the_one_of_a_fresh_workspace(workspace: Workspace) -> None:
    with workspace.read() as reading:
        assert reading.row("SELECT version_num FROM alembic_version") == (migrations.newest(),)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        target = assets.migrations() / "schema.sql"
        target.write_text(migrated_text(Path(folder)))
        sys.stdout.write(f"{target}\n")
