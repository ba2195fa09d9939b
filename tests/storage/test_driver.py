"""A connection has the settings that keep the promises, or there is none; errors say whose fault it is."""

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from reviewer.domain.errors import Busy, Damaged, NotSaved, ReviewerError
from reviewer.storage import driver

IN_FORCE = {
    "journal_mode": "wal", "synchronous": 2, "fullfsync": 1, "checkpoint_fullfsync": 1, "foreign_keys": 1, "trusted_schema": 0,
    "cell_size_check": 1, "mmap_size": 0, "secure_delete": 1,
}  # fmt: skip


KEY = "5a" * 32


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize(("name", "value"), IN_FORCE.items())
def test_a_setting_is_in_force(tmp_path: Path, name: str, value: object, key: str | None) -> None:
    connection = driver.connect(tmp_path / "x.db", key=key)
    assert connection.execute(f"PRAGMA {name}").fetchone() == (value,)
    connection.close()


@pytest.mark.parametrize(("key", "size"), [(None, 4096), (KEY, 8192)], ids=["plain", "encrypted"])
def test_a_new_file_has_pages_of_its_kind(tmp_path: Path, key: str | None, size: int) -> None:
    connection = driver.connect(tmp_path / "x.db", key=key)
    connection.execute("CREATE TABLE t (x)")
    assert int(connection.execute("PRAGMA page_size").fetchone()[0]) == size
    connection.close()


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_a_file_that_came_with_larger_pages_opens_and_keeps_them(tmp_path: Path, key: str | None) -> None:
    first = dbapi2.connect(str(tmp_path / "x.db"), isolation_level=None)
    if key is not None:
        first.execute(f"PRAGMA key = \"x'{key}'\"").fetchall()
        first.execute("PRAGMA cipher_page_size = 8192").fetchall()
    first.execute("PRAGMA page_size = 8192")
    first.execute("CREATE TABLE t (x)")
    first.execute("INSERT INTO t VALUES (1)")
    first.close()
    connection = driver.connect(tmp_path / "x.db", key=key)
    connection.execute("INSERT INTO t VALUES (2)")
    connection.execute("VACUUM")
    assert connection.execute("SELECT x FROM t").fetchall() == [(1,), (2,)]
    assert int(connection.execute("PRAGMA page_size").fetchone()[0]) == 8192
    connection.close()


@pytest.mark.parametrize("key", [None, "5b" * 32], ids=["no key", "another key"])
@pytest.mark.parametrize("read_only", [True, False])
def test_without_its_key_an_encrypted_database_is_not_read_and_stays_as_it_is(
    tmp_path: Path, key: str | None, read_only: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    connection = driver.connect(tmp_path / "x.db", key=KEY)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES ('known text of a table')")
    connection.close()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Damaged):
        driver.connect(tmp_path / "x.db", key=key, read_only=read_only)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert b"known text" not in before["x.db"]
    assert capfd.readouterr() == ("", "")  # the driver itself would write a log
    again = driver.connect(tmp_path / "x.db", key=KEY)
    assert again.execute("SELECT x FROM t").fetchone() == ("known text of a table",)
    again.close()


def test_a_key_does_not_open_a_plain_database(tmp_path: Path) -> None:
    connection = driver.connect(tmp_path / "x.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(Damaged):
        driver.connect(tmp_path / "x.db", key=KEY)


@pytest.mark.parametrize("value", [b"", b"\x00\xff", None], ids=repr)
def test_what_the_driver_does_not_bind_by_itself_has_an_adapter_and_is_bound_as_it_is(tmp_path: Path, value: object) -> None:
    assert (type(value), dbapi2.PrepareProtocol) in dbapi2.adapters
    connection = driver.connect(tmp_path / "x.db")
    assert connection.execute("SELECT ?, typeof(?)", (value, value)).fetchone() == (value, "null" if value is None else "blob")
    connection.close()


def test_sqlite_is_new_enough() -> None:
    assert dbapi2.sqlite_version_info >= driver.MINIMUM


def test_an_older_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "MINIMUM", (99, 0, 0))
    with pytest.raises(driver.CannotStart) as error:
        driver.connect(tmp_path / "x.db")
    assert error.value.code == "E105"
    assert not (tmp_path / "x.db").exists()


def test_a_place_where_a_setting_does_not_hold_is_refused() -> None:
    with pytest.raises(driver.CannotStart, match="journal_mode is memory"):
        driver.connect(Path(":memory:"))


def test_a_read_only_connection_changes_nothing(tmp_path: Path) -> None:
    driver.connect(tmp_path / "x.db").close()
    connection = driver.connect(tmp_path / "x.db", read_only=True)
    with pytest.raises(dbapi2.Error) as error:
        connection.execute("CREATE TABLE t (x)")
    assert driver.translated(error.value).code == "E103"
    connection.close()


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(NotSaved) as error:
        driver.connect(tmp_path / "none" / "x.db")
    assert error.value.code == "E103"


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all" * 1_000)
    with pytest.raises(Damaged) as error:
        driver.connect(tmp_path / "x.db")
    assert error.value.code == "E106"


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("database or disk is full", NotSaved, "E101"),
        ("disk I/O error", NotSaved, "E102"),
        ("attempt to write a readonly database", NotSaved, "E103"),
        ("unable to open database file", NotSaved, "E103"),
        ("database is locked", Busy, "E104"),
        ("database disk image is malformed", Damaged, "E106"),
        ("file is not a database", Damaged, "E106"),
    ],
)
def test_an_error_of_disk_or_file_becomes_two_sentences(text: str, kind: type[ReviewerError], code: str) -> None:
    error = driver.translated(dbapi2.OperationalError(text))
    assert isinstance(error, kind)
    assert error.code == code
    assert error.what.endswith(".")
    assert error.hint.endswith(".")


def test_an_error_of_ours_is_a_bug_and_stays_one() -> None:
    with pytest.raises(dbapi2.OperationalError):
        driver.translated(dbapi2.OperationalError("no such column: verdikt"))
