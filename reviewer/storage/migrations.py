"""Bringing a workspace's tables up to date: forward only, one transaction each, a verified copy kept first.

Alembic is loaded only where there is something to bring up to date: opening a workspace must not wait for it.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from reviewer.domain.chain import entry_hash
from reviewer.domain.errors import Damaged, NotSaved, TooNew
from reviewer.storage import assets, driver
from reviewer.storage.folders import sync_folder

if TYPE_CHECKING:
    from alembic.config import Config

COPIES_KEPT = 3


def current(connection: Connection) -> str | None:
    """The revision that the tables are at; None for an empty database. Raises Damaged for a database that is no workspace's."""
    tables = {name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables:
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if "alembic_version" in tables else None
    if found is None and tables != {"alembic_version"}:
        raise Damaged("The database is not one of a workspace.", "Name another folder with --workspace, or make one with `reviewer init`.")
    return None if found is None else str(found)


def newest() -> str:
    """The revision that this program writes."""
    return assets.revisions()[-1]


def upgrade(connection: Connection, database: Path) -> None:
    """Bring the tables to the newest revision, in one transaction that an error or a crash undoes.

    A copy of the file is kept first as backups/before-REVISION-N.db, unless the database is empty. Raises TooNew for a newer one,
    NotSaved with E113 where the update failed.
    """
    at, known = current(connection), assets.revisions()
    connection.rollback()
    if at == known[-1]:
        return
    if at is not None and at not in known:
        raise TooNew(
            f"This workspace was made by a newer version (tables {at}, known {known[-1]}).",
            "Update Reviewer to open it; nothing was changed.",
        )
    if at is not None:
        try:
            _keep_copy(database, known[-1])
        except OSError as error:
            raise NotSaved(
                f"Update not applied, nothing lost: no copy can be kept in {database.parent / 'backups'}.",
                "Make room, then try again.",
                "E113",
            ) from error
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        command.upgrade(config, "head")
        connection.commit()
    except Exception as error:
        connection.rollback()
        if at is None:
            raise
        raise NotSaved(
            "Update not applied, nothing lost.", f"Free space and try again; a copy lies in {database.parent / 'backups'}.", "E113"
        ) from error


def _keep_copy(database: Path, revision: str) -> Path:
    """A copy by the backup API (a plain copy of a live database is none), verified and then named; the newest few are kept."""
    folder = database.parent / "backups"
    folder.mkdir(exist_ok=True)
    number = 1 + max((_number(path) for path in folder.glob("before-*.db")), default=0)
    target = folder / f"before-{revision}-{number}.db"
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    try:
        source, copy = driver.connect(database, read_only=True), driver.connect(partial)
        try:
            source.execute("BEGIN")  # one view for the copy and for what it is compared with
            source.execute("SELECT 1 FROM sqlite_schema").fetchone()
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
            _verify_copy(source, copy)
        finally:
            copy.close()
            source.close()
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(folder)
    for old in sorted(folder.glob("before-*.db"), key=_number)[:-COPIES_KEPT]:
        old.unlink()
    return target


def _number(path: Path) -> int:
    text = path.stem.rpartition("-")[2]
    return int(text) if text.isdecimal() else 0


def _verify_copy(source: driver.Connection, copy: driver.Connection) -> None:
    """Raise NotSaved unless the copy is sound, and each entry of the source is in it with bytes that its hash names."""
    sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    entries = "SELECT hash, body FROM entry ORDER BY hash"
    there = copy.execute(entries)
    for name, _body in source.execute(entries):
        found = there.fetchone()
        sound = sound and found is not None and bytes(found[0]) == bytes(name) and entry_hash(bytes(found[1])) == bytes(name).hex()
    if not sound:
        raise NotSaved("Update not applied, nothing lost: the copy made before it is damaged.", "Check the disk, then try again.", "E113")


def _config() -> "Config":
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(assets.migrations()).replace("%", "%%"))
    return config
