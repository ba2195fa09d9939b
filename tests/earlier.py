"""A workspace as an earlier version of the program left it: today's, with its tables taken back to a revision that the migrations know."""

from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from reviewer.storage import driver, migrations

Shape = dict[tuple[str, str], frozenset[str]]  # (type, name) of what stands in a schema, with the columns of a table


def take_back(folder: Path, revision: str) -> None:
    """Drop from a closed workspace what later revisions brought, rows and all. Raises AssertionError where that is not what they did."""
    scratch = folder / "empty.db"
    wanted = _shape_of(gone_through(scratch, revision))
    connection = driver.connect(folder / "reviewer.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    for kind, name in _shape_of(connection).keys() - wanted.keys():
        if kind in ("index", "table") and not name.startswith("sqlite_"):
            connection.execute(f"DROP {kind} IF EXISTS {name}")
    for (kind, name), columns in _shape_of(connection).items():
        for column in columns - wanted[kind, name]:
            connection.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
    assert _shape_of(connection) == wanted
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    for path in folder.glob("empty.db*"):
        path.unlink()


def gone_through(database: Path, revision: str) -> driver.Connection:
    """A new database whose tables went through all revisions up to this one."""
    raw = driver.connect(database)
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as connection:
        migrations.go_through(connection, revision)
        connection.commit()
    return raw


def _shape_of(connection: driver.Connection) -> Shape:
    found = {}
    for kind, name in connection.execute("SELECT type, name FROM sqlite_schema").fetchall():
        columns = connection.execute("SELECT name FROM pragma_table_xinfo(?)", (name,)).fetchall() if kind == "table" else []
        found[kind, name] = frozenset(column for (column,) in columns)
    return found
