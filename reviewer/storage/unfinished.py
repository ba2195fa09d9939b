"""A workspace that was begun and never got its first entry: making it was interrupted. It is told from one that holds something."""

from contextlib import suppress
from pathlib import Path

from sqlcipher3 import dbapi2

from reviewer.domain.errors import ReviewerError
from reviewer.storage import driver, sealing
from reviewer.storage.folders import DATABASE, SEAL


def lies_in(folder: Path, seal: "sealing.Seal | None") -> bool:
    """Whether one lies in the folder. One that waits to join is none."""
    if not (folder / DATABASE).is_file():
        return False
    with suppress(ReviewerError, dbapi2.Error):
        connection = driver.connect(folder / DATABASE, key=None if seal is None else seal.database_key)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not tables:
                return True
            return {"entry", "item", "fact"} <= tables and all(
                connection.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone() is None
                for rows in ("entry", "item", "fact WHERE name = 'joining'")
            )
        finally:
            connection.close()
    return False


def clear(folder: Path, passphrase: str | None) -> None:
    """Take it away where one lies in the folder."""
    try:
        seal = sealing.unlock(folder, passphrase)
    except ReviewerError:  # whose it is cannot be told: it stays
        return
    if lies_in(folder, seal):
        remove(folder)


def remove(folder: Path) -> None:
    """Take away a database and its seal."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", SEAL):
        (folder / name).unlink(missing_ok=True)
