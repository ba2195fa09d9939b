"""Bringing a workspace's tables up to date: forward only, one transaction each, a verified copy kept first."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from reviewer.domain.errors import NotSaved, TooNew
from reviewer.storage import driver
from reviewer.storage.assets import migrations
from reviewer.storage.folders import sync_folder

logging.getLogger("alembic").setLevel(logging.WARNING)


def current(connection: Connection) -> str | None:
    """The revision that the tables are at; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this program writes."""
    head = _scripts(_config()).get_current_head()
    if head is None:
        raise FileNotFoundError("db/versions holds no revision")
    return head


def upgrade(connection: Connection, database: Path) -> None:
    """Bring the tables to the newest revision, in one transaction that an error or a crash undoes.

    A copy of the file is kept first as backups/before-REVISION-N.db, unless the database is empty. Raises TooNew for a newer one.
    """
    at, to = current(connection), newest()
    connection.rollback()
    if at == to:
        return
    config = _config()
    if at is not None and at not in {script.revision for script in _scripts(config).walk_revisions()}:
        raise TooNew(
            f"This workspace was made by a newer version (tables {at}, known {to}).", "Update Reviewer to open it; nothing was changed."
        )
    if at is not None:
        _keep_copy(database, to)
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(config, "head")
    connection.commit()


def _keep_copy(database: Path, revision: str) -> Path:
    """A copy by the backup API (a plain copy of a live database is none), checked and then named."""
    folder = database.parent / "backups"
    folder.mkdir(exist_ok=True)
    number = 1
    while (target := folder / f"before-{revision}-{number}.db").exists():
        number += 1
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    source, copy = driver.connect(database, read_only=True), driver.connect(partial)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise NotSaved(
                "Update not applied, nothing lost: the copy made before it is damaged.", "Check the disk, then try again.", "E113"
            )
    finally:
        copy.close()
        source.close()
    partial.rename(target)
    sync_folder(folder)
    return target


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
