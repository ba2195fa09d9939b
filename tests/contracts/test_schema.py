"""db/schema.sql, the migrations and storage.tables say the same. `python -m tests.contracts.test_schema` writes the text anew."""

import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import Integer, LargeBinary, Text
from sqlalchemy.types import Float

from reviewer.storage import assets, driver, migrations
from reviewer.storage.tables import VIEWS, metadata
from reviewer.storage.workspace import Workspace
from tests import worlds

_HEADER = (
    "-- What the migrations make, as text: for reading, and for comparing. Not run. Made by: python -m tests.contracts.test_schema\n\n"
)
_KINDS = {"INTEGER": Integer, "TEXT": Text, "BLOB": LargeBinary, "REAL": Float}


def schema_text(database: Path) -> str:
    """Every statement that made something, in order; what FTS5 makes for itself is left out."""
    connection = driver.connect(database, read_only=True)
    statements = [
        sql
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        if not name.startswith(("item_text_", "sqlite_"))
    ]
    connection.close()
    return (
        _HEADER
        + ";\n\n".join("\n".join(line.strip() if line.strip() == ")" else line for line in sql.splitlines()) for sql in statements)
        + ";\n"
    )


def test_the_schema_as_text_is_what_the_migrations_make(workspace: Workspace) -> None:
    assert (assets.migrations() / "schema.sql").read_text() == schema_text(workspace.folder / "reviewer.db")


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
        worlds.make(Path(folder) / "w").close()
        target = assets.migrations() / "schema.sql"
        target.write_text(schema_text(Path(folder) / "w" / "reviewer.db"))
        sys.stdout.write(f"{target}\n")
