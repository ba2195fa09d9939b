"""Bringing a workspace's tables up to date: forward only, one transaction, a verified copy kept first, the views made anew at the end.

An empty database is given the tables of db/schema.sql, which is what all revisions together make: a new workspace need not go through them
one by one. Alembic is loaded only where there is something to bring up to date: opening a workspace must not wait for it.
"""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from reviewer.domain.chain import entry_hash
from reviewer.domain.errors import Damaged, NotSaved, ReviewerError, TooNew
from reviewer.storage import assets, backups, driver, replay
from reviewer.storage.backups import Step
from reviewer.storage.folders import DATABASE
from reviewer.storage.media import Media
from reviewer.storage.rows import ChangingRows

if TYPE_CHECKING:
    from reviewer.storage.sealing import Seal


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


def quietly(_done: int, _total: int, _what: str) -> None:
    """Nobody watches."""


def upgrade(connection: Connection, folder: Path, *, seal: "Seal | None", keep_copy: bool = True, step: Step = quietly) -> bool:
    """Bring the tables of a workspace to the newest revision, in one transaction that an error or a crash undoes.

    Returns whether there was need. step: told of each unit of what takes long, and of nothing where there is no need.

    The views are then made anew: tables that a revision brings show what earlier entries say. A copy is kept first as
    backups/before-REVISION-N.db, unless the database is empty. seal: of an encrypted one, which the copy is sealed under too.
    Raises TooNew for a newer one, NotSaved with E113 where the update failed.
    """
    at, known = current(connection), assets.revisions()
    connection.rollback()
    if at == known[-1]:
        return False
    if at is not None and at not in known:
        raise TooNew(
            f"This workspace was made by a newer version (tables {at}, known {known[-1]}).",
            "Update Reviewer to open it; nothing was changed.",
        )
    if at is None:
        _lay(connection)
        return True
    copy = None
    if keep_copy:
        try:
            copy = _keep_copy(folder, known[-1], seal, step)
        except (OSError, dbapi2.Error, ReviewerError) as error:
            raise _not_applied(f"no copy can be kept in {folder / backups.FOLDER}") from error
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        go_through(connection, "head")
        _renew(connection, copy, step)
        connection.commit()
    except Exception as error:
        connection.rollback()
        raise _not_applied("" if copy is None else f"a copy lies in {copy.parent}") from error
    return True


def go_through(connection: Connection, revision: str) -> None:
    """Take the tables from revision to revision up to this one, inside the open transaction."""
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(assets.migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _lay(connection: Connection) -> None:
    """The tables of a new workspace, with the few rows that they begin with, in one transaction."""
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        if current(connection) is not None:  # somebody opened it while it was being made, and laid them
            connection.rollback()
            return
        for statement in _statements((assets.migrations() / "schema.sql").read_text(encoding="utf-8")):
            connection.exec_driver_sql(statement)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, as SQLite takes them: those of a trigger are part of it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if dbapi2.complete_statement(statement):
            yield statement
            statement = ""


def _not_applied(more: str) -> NotSaved:
    hint = "Free space or check the disk, and try again"
    return NotSaved("Update not applied, nothing lost.", f"{hint}; {more}." if more else f"{hint}.", "E113")


def _renew(connection: Connection, copy: Path | None, step: Step) -> None:
    raw = connection.connection.driver_connection
    assert isinstance(raw, dbapi2.Connection)
    rows = ChangingRows(raw)
    replay.rebuild(rows, step, check=False)
    if copy is not None:
        entries = rows.row("SELECT count(*) FROM entry")
        assert entries is not None
        backups.note(rows, copy, int(entries[0]), copy.stat().st_mtime_ns // 1_000_000)


def _keep_copy(folder: Path, revision: str, seal: "Seal | None", step: Step) -> Path:
    """A backup of the workspace as it is, verified and then named; the newest few are kept."""
    (folder / backups.FOLDER).mkdir(exist_ok=True)
    target, key = backups.name_before(folder, revision), None if seal is None else seal.database_key
    with backups.partial_copy(target) as partial, closing(driver.connect(folder / DATABASE, key=key, read_only=True)) as source:
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_schema").fetchone()  # from here on it shows what was there before the copy
        backups.copy(folder / DATABASE, Media(folder, seal), partial, step)
        with closing(driver.connect(partial, key=key)) as copy:
            _verify_copy(source, copy)
        backups.put_in_place(folder, seal, partial, target)
    backups.rotate(folder, backups.BEFORE, keep=backups.KEPT, budget_bytes=backups.BUDGET_MB * 1_000_000)
    return target


def _verify_copy(source: driver.Connection, copy: driver.Connection) -> None:
    """Raise NotSaved unless the copy is sound, and each entry of the source is in it with bytes that its hash names."""
    sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for (name,) in source.execute("SELECT hash FROM entry"):
        found = copy.execute("SELECT body FROM entry WHERE hash = ?", (name,)).fetchone()
        sound = sound and found is not None and entry_hash(bytes(found[0])) == bytes(name).hex()
    if not sound:
        raise NotSaved("The copy is not what was copied.", "Check the disk, then try again.", "E102")
