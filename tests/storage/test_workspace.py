"""One replica: made, opened, read consistently, and changed in one transaction at a time."""

import json
import logging
import os
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlcipher3 import dbapi2

from reviewer.domain.changes import Changes
from reviewer.domain.errors import Busy, Damaged, NotFound, NotSaved, Refused
from reviewer.domain.events import Event, Skip
from reviewer.domain.progress import SILENT
from reviewer.operations import members
from reviewer.storage import campaigns, driver, keys, tables
from reviewer.storage.workspace import Surroundings, Workspace
from tests import worlds


def count(workspace: Workspace, table: str) -> int:
    with workspace.read() as reading:
        return int(reading.rows(f"SELECT count(*) FROM {table}")[0][0])


def test_a_new_workspace_has_its_first_member_a_lead_and_a_key_outside_of_it(tmp_path: Path, own_home: Path) -> None:
    workspace = worlds.make(tmp_path / "w")
    assert (workspace.me.name, workspace.me.role) == ("Ada", "lead")
    assert workspace.key_file is not None
    assert workspace.key_file.is_relative_to(own_home)
    assert workspace.key_file.stat().st_mode & 0o777 == 0o600
    assert count(workspace, "entry") == 1
    workspace.close()
    opened = Workspace.open(tmp_path / "w")
    assert opened.me == workspace.me
    opened.close()


@pytest.mark.parametrize("left", ["reviewer.db", "notes.txt"])
def test_a_workspace_is_not_made_where_something_lies(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_text("mine")
    with pytest.raises((Refused, Damaged)):
        worlds.make(tmp_path)
    assert (tmp_path / left).read_text() == "mine"


def test_a_workspace_is_not_made_twice(tmp_path: Path) -> None:
    worlds.make(tmp_path / "w").close()
    with pytest.raises(Refused, match="holds a workspace already"):
        worlds.make(tmp_path / "w")


def test_making_one_that_was_interrupted_can_be_done_again(tmp_path: Path) -> None:
    # What is left by a kill between making the tables and the first entry.
    half = Workspace(tmp_path / "w", surroundings=worlds.surroundings())
    (tmp_path / "w").mkdir()
    half.migrate()
    half.close()
    with pytest.raises(NotFound, match="never finished"):
        Workspace.open(tmp_path / "w")
    workspace = worlds.make(tmp_path / "w")
    assert count(workspace, "entry") == 1
    workspace.close()


def test_an_empty_database_file_was_never_finished_either(tmp_path: Path) -> None:
    (tmp_path / "reviewer.db").touch()
    worlds.make(tmp_path).close()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\nb" * 40, "\u202e"])
def test_a_member_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        Workspace.create(tmp_path / "w", member=name)
    assert not (tmp_path / "w").exists()


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a workspace"):
        Workspace.open(tmp_path)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "reviewer.db").write_bytes(os.urandom(8192))
    with pytest.raises(Damaged):
        Workspace.open(tmp_path)


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    raw = driver.connect(tmp_path / "reviewer.db")
    raw.execute("CREATE TABLE theirs (x)")
    raw.close()
    with pytest.raises(Damaged, match="not one of a workspace"):
        Workspace.open(tmp_path)
    raw = driver.connect(tmp_path / "reviewer.db")
    assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    raw.close()


def test_a_workspace_opens_as_the_member_named(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Ben"])
    ben = workspace.as_member("Ben")
    assert ben.me.name == "Ben"
    ben.close()
    with pytest.raises(NotFound) as error:
        workspace.as_member("Cleo")
    assert "Ada, Ben" in error.value.hint


def test_a_machine_without_the_key_says_so(workspace: Workspace) -> None:
    assert workspace.key_file is None or workspace.key_file.exists()
    for file in (Path(os.environ["REVIEWER_CONFIG"]) / "keys").iterdir():
        file.unlink()
    again = Workspace.open(workspace.folder)
    with pytest.raises(keys.Locked):
        worlds.label(again, worlds.waiting(again)[0])
    again.close()


def test_an_error_rolls_everything_back(workspace: Workspace) -> None:
    before = count(workspace, "entry"), count(workspace, "blob")
    item = worlds.waiting(workspace)[0]

    def fail() -> None:
        with workspace.begin() as work:
            work.keep_note("secret")
            work.record(Event("skip", Skip(campaigns.named(work, "C").state.hash, item)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (count(workspace, "entry"), count(workspace, "blob")) == before


def test_readers_see_nothing_before_the_commit_and_keep_their_view_after_it(workspace: Workspace) -> None:
    with workspace.read() as early:
        assert early.row("SELECT count(*) FROM label") == (0,)
        item = worlds.waiting(workspace)[0]
        with workspace.begin() as work:
            work.run("UPDATE fact SET value = '99' WHERE name = 'items'")
            with workspace.read() as other:
                assert other.fact("items") == "12"
        worlds.label(workspace, item)
        assert early.row("SELECT count(*) FROM label") == (0,)
        assert early.fact("items") == "12"
    with workspace.read() as late:
        assert late.row("SELECT count(*) FROM label") == (1,)


def test_nothing_is_changed_through_a_reading(workspace: Workspace) -> None:
    for _ in range(12):  # every connection of the pool
        with pytest.raises(NotSaved) as error, workspace.read() as reading:
            reading.rows("UPDATE fact SET value = '0'")
        assert error.value.code == "E103"
    with workspace.read() as reading:
        assert reading.fact("items") == "12"


@pytest.mark.parametrize("statement", ["UPDATE entry SET seq = seq + 100", "DELETE FROM entry"])
def test_no_statement_changes_or_removes_an_entry(workspace: Workspace, statement: str) -> None:
    with pytest.raises(dbapi2.IntegrityError, match="entries are never"), workspace.begin() as work:
        work.run(statement)


def test_core_and_plain_sql_share_a_transaction(workspace: Workspace) -> None:
    with workspace.begin() as work:
        work.run("INSERT INTO fact VALUES ('x', '1')")
        assert work.connection.execute(select(tables.fact.c.value).where(tables.fact.c.name == "x")).scalar_one() == "1"
        work.connection.execute(tables.fact.insert().values(name="y", value="2"))
    with workspace.read() as reading:
        assert (reading.fact("x"), reading.fact("y")) == ("1", "2")
        assert reading.connection.execute(select(func.count()).select_from(tables.item)).scalar_one() == 12

    def fail() -> None:
        with workspace.begin() as work:
            work.connection.execute(tables.fact.insert().values(name="z", value="3"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with workspace.read() as reading:
        assert reading.fact("z") is None


def test_what_another_process_wrote_moves_a_number_and_what_this_one_wrote_does_not(workspace: Workspace) -> None:
    before = workspace.changed_elsewhere()
    items = worlds.waiting(workspace)
    worlds.label(workspace, items[0])
    for _ in range(5):
        with workspace.read() as reading:
            reading.fact("items")
    assert workspace.changed_elsewhere() == before
    other = Workspace.open(workspace.folder, surroundings=worlds.surroundings(seed=9))
    worlds.label(other, items[1])
    other.close()
    assert workspace.changed_elsewhere() != before


def test_a_writer_that_waits_too_long_is_told_who_is_busy(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_BUSY_MS", 50)
    other = Workspace.open(workspace.folder)
    item = worlds.waiting(workspace)[0]
    with workspace.begin() as work:
        work.set_fact("x", "1")
        with pytest.raises(Busy) as error:
            worlds.label(other, item)
    assert error.value.code == "E104"
    worlds.label(other, item)
    other.close()


def test_a_blob_is_kept_once_and_read_by_its_name(workspace: Workspace) -> None:
    with workspace.begin() as work:
        name = work.keep_blob(b"content")
        assert work.keep_blob(b"content") == name
        assert work.blob(name) == b"content"
        with pytest.raises(NotFound):
            work.blob("0" * 64)


def test_recording_says_which_kinds_of_thing_moved(workspace: Workspace) -> None:
    with workspace.begin() as work:
        before = work.changes
        work.record(Event("skip", Skip(campaigns.named(work, "C").state.hash, worlds.waiting(workspace)[0])))
        assert (before, work.changes) == (Changes.NONE, Changes.QUEUE)


def test_many_threads_read_while_one_writes(workspace: Workspace) -> None:
    items = worlds.waiting(workspace)
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                with workspace.read() as reading:
                    labels, shown = reading.row("SELECT count(*) FROM label"), reading.row("SELECT labels FROM campaign")
                    assert labels == shown
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for item in items:
        worlds.label(workspace, item)
    stop.set()
    for reader in readers:
        reader.join()
    assert errors == []


def test_who_reads_next_has_the_connection_of_who_read_last_with_all_that_it_knows(workspace: Workspace) -> None:
    with workspace.read(), workspace.read(), workspace.read():
        pass
    used = set()
    for _ in range(4):
        with workspace.read() as reading:
            used.add(id(reading.connection.connection.driver_connection))
    assert len(used) == 1


def test_twenty_failed_writes_do_not_use_up_the_connections(workspace: Workspace) -> None:
    item = worlds.waiting(workspace)[0]
    for _ in range(20):
        workspace._doubtful = True  # as after a write that the disk did not take
        worlds.label(workspace, item)
    with workspace.read() as a, workspace.read() as b, workspace.read() as c:
        assert a.fact("items") == b.fact("items") == c.fact("items")


@pytest.mark.parametrize(("ends", "said"), [(KeyboardInterrupt(), False), (RuntimeError("it broke"), True)])
def test_ctrl_c_while_a_connection_closes_is_told_by_whoever_catches_it_alone(
    workspace: Workspace, ends: BaseException, said: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closing(connection: object) -> None:
        raise ends

    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in the program: what nobody handles is printed
    with workspace.read():
        monkeypatch.setattr(workspace._engine.dialect, "do_terminate", closing)
        monkeypatch.setattr(workspace._engine.dialect, "do_close", closing)
    with pytest.raises(KeyboardInterrupt) if isinstance(ends, KeyboardInterrupt) else nullcontext():
        workspace._engine.dispose()
    monkeypatch.undo()
    assert ("Traceback" in capsys.readouterr().err) is said


def test_the_steady_clock_and_the_time_zone_are_those_of_the_machine() -> None:
    system = Surroundings()
    assert abs(system.now_ms() / 1000 - time.time()) < 5
    assert system.steady_ms() <= system.steady_ms()
    assert system.time_zone()[0] in "+-"
    assert len(system.entropy(32)) == 32


def test_members_of_this_machine_are_in_the_order_of_their_coming(workspace: Workspace) -> None:
    members.add_members(workspace, SILENT, names=["Aaron", "Zoe"])
    with workspace.read() as reading:
        assert len(json.loads(reading.fact("devices_here") or "")) == 3
    again = Workspace.open(workspace.folder)
    assert again.me.name == "Ada"
    again.close()
