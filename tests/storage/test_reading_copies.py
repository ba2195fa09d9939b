"""A workspace in a place that cannot be written: all of it is read, through a copy that goes again, and nothing is written anywhere."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import Busy, NotFound, NotSaved, ReviewerError
from reviewer.domain.events import Event, Revoke
from reviewer.domain.labels import Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import indexing, labelling, members, queues, searching, verifying
from reviewer.storage import driver, migrations, reading_copies
from reviewer.storage.first_screen import first_showing
from reviewer.storage.folders import can_be_written
from reviewer.storage.reading_copies import ReadingCopy
from reviewer.storage.workspace import Workspace
from tests import worlds
from tests.disks import disk_in_memory
from tests.storage.test_migrations import old as old
from tests.storage.test_migrations import second as second
from tests.unwritable import all_of, unwritable

_AS_NOBODY = """
import os, sys, tempfile
from pathlib import Path
import keyring, sqlalchemy.dialects.sqlite
from reviewer.domain.errors import NotSaved
from reviewer.storage.workspace import Workspace

config, folder, tempfile.tempdir = sys.argv[1:]
for path in (Path(config), *Path(config).rglob("*"), tempfile.tempdir):
    os.chown(path, 65534, 65534)
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
workspace = Workspace.open(Path(folder))
with workspace.read() as reading:
    print(workspace.reading_only, reading.rows("SELECT count(*) FROM label"))
try:
    with workspace.begin():
        print("written")
except NotSaved as error:
    print(error)
workspace.close()
"""


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go. Nothing may be left there at the end."""
    place = tmp_path / "room"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A workspace with three labels, closed."""
    with closing(worlds.ready(tmp_path / "w")) as workspace:
        for item in worlds.waiting(workspace)[:3]:
            worlds.label(workspace, item, rationale="Because.")
    return tmp_path / "w"


def labels_in(workspace: Workspace) -> int:
    with workspace.read() as reading:
        found = reading.row("SELECT count(*) FROM label")
    assert found is not None
    return int(found[0])


def test_it_is_read_and_says_so_and_the_copy_goes_when_it_is_closed(labelled: Path, room: Path) -> None:
    with unwritable(labelled):
        assert not can_be_written(labelled)
        assert first_showing(labelled) is None  # the window opens it first
        with closing(Workspace.open(labelled)) as workspace:
            [place] = room.iterdir()
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
            assert workspace.reading_only
            assert (workspace.folder, workspace.database.parent) == (labelled, place)
            [told] = workspace.take_notices()
            assert str(told) == "This place cannot be written. Opened for reading only. [E103]"
            assert labels_in(workspace) == 3
            assert len(worlds.waiting(workspace)) == 9
            assert workspace.changed_elsewhere() == workspace.changed_elsewhere()
            assert verifying.verify(workspace, SILENT).value.problems == ()
        assert list(room.iterdir()) == []
    assert can_be_written(labelled)


def test_whatever_writes_is_refused_and_nothing_of_it_is_kept(labelled: Path, room: Path) -> None:
    with unwritable(labelled), closing(Workspace.open(labelled)) as workspace:
        shown = queues.next_items(workspace, SILENT, campaign="C", limit=1).value[0]
        opinion = Opinion(verdict="compliant", rationale="Because.")
        for write in (
            lambda: worlds.label(workspace, shown.id),
            lambda: labelling.save_draft(workspace, SILENT, campaign=shown.campaign, item=shown.id, opinion=opinion),
            lambda: labelling.undo_label(workspace, SILENT),
            lambda: members.add_members(workspace, SILENT, names=["Ben"]),
            lambda: verifying.verify(workspace, SILENT, rebuild=True),
            lambda: workspace.upkeep().__enter__(),
        ):
            with pytest.raises(NotSaved) as error:
                write()
            assert str(error.value) == "This place cannot be written. [E103]"
            assert error.value.hint == "It is opened for reading only; copy the folder to a place that you may write to."
        assert labels_in(workspace) == 3
    with closing(Workspace.open(labelled)) as workspace:
        assert not workspace.reading_only
        assert workspace.take_notices() == []
        worlds.label(workspace, worlds.waiting(workspace)[0])
        assert labels_in(workspace) == 4


def test_no_entry_can_be_signed_in_the_copy_even_by_what_may_write_there(labelled: Path) -> None:
    with unwritable(labelled), closing(Workspace.open(labelled)) as workspace:
        with workspace.read() as reading:
            [entry] = reading.rows("SELECT count(*) FROM entry")
        with workspace.begin(cached=True) as work:
            work.set_fact("noted", "here")
            with pytest.raises(NotSaved):
                work.record(Event("revoke", Revoke(DeviceId("ab" * 32), ())))
        with workspace.read() as reading:
            assert reading.rows("SELECT count(*) FROM entry") == [entry]
            assert reading.fact("noted") == "here"


def test_what_only_the_log_holds_is_read(tmp_path: Path) -> None:
    with closing(worlds.ready(tmp_path / "live")) as workspace:
        worlds.label(workspace, worlds.waiting(workspace)[0])
        shutil.copytree(tmp_path / "live", tmp_path / "cut", ignore=shutil.ignore_patterns("*-shm"))  # as after a power cut
    with closing(driver.connect(tmp_path / "live" / "reviewer.db")) as connection:
        assert connection.execute("SELECT count(*) FROM label").fetchone() == (1,)
    assert (tmp_path / "cut" / "reviewer.db-wal").stat().st_size > 0
    with unwritable(tmp_path / "cut"), closing(Workspace.open(tmp_path / "cut")) as workspace:
        assert labels_in(workspace) == 1
        assert verifying.verify(workspace, SILENT).value.ok


def test_an_encrypted_one_is_copied_as_it_lies(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    Workspace.create(sealed, member="Ada", passphrase="correct horse battery").close()
    with closing(Workspace.open(sealed, passphrase="correct horse battery")) as workspace:
        worlds.put_in(workspace, [worlds.run_of(1)])
    with unwritable(sealed):
        with pytest.raises(ReviewerError) as error:
            Workspace.open(sealed)
        assert error.value.code == "E111"
        with closing(Workspace.open(sealed, passphrase="correct horse battery")) as workspace:
            assert searching.search(workspace, SILENT, text="refund").value.rows
            assert b"SQLite format" not in workspace.database.read_bytes()
            assert workspace.database.read_bytes() == (sealed / "reviewer.db").read_bytes()


def test_an_older_one_is_brought_up_to_date_in_the_copy(old: Path, second: Path) -> None:
    with unwritable(old):
        told: list[tuple[int, int, str]] = []
        with closing(Workspace.open(old, step=lambda *one: told.append(one))) as workspace:
            assert labels_in(workspace) == 3
            with workspace.read() as reading:
                assert reading.row("SELECT version_num FROM alembic_version") == ("9001",)
        assert told
    with closing(driver.connect(old / "reviewer.db", read_only=True)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() != (migrations.newest(),)


def test_words_find_what_an_import_left_without_them(tmp_path: Path) -> None:
    with closing(worlds.make(tmp_path / "w")) as workspace:
        worlds.put_in(workspace, [worlds.run_of(n) for n in range(5)], findable=False)
    with unwritable(tmp_path / "w"), closing(Workspace.open(tmp_path / "w")) as workspace:
        assert indexing.items_behind(workspace, SILENT).value == 5
        assert len(searching.search(workspace, SILENT, text="order").value.rows) == 5
        assert indexing.items_behind(workspace, SILENT).value == 0
    with closing(Workspace.open(tmp_path / "w")) as workspace:
        assert indexing.items_behind(workspace, SILENT).value == 5


def test_an_older_copy_is_read_and_does_not_go_on_in_a_new_stream(labelled: Path, tmp_path: Path) -> None:
    shutil.copytree(labelled, tmp_path / "older")
    with closing(Workspace.open(labelled)) as workspace:
        worlds.label(workspace, worlds.waiting(workspace)[0])
    with unwritable(tmp_path / "older"), closing(Workspace.open(tmp_path / "older")) as workspace:
        assert [one.code for one in workspace.take_notices()] == ["E103"]
        assert labels_in(workspace) == 3


def test_a_disk_without_room_for_the_copy_is_said_and_nothing_is_left(
    labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk_in_memory(tmp_path / "small", "200k") as small:
        monkeypatch.setattr(tempfile, "tempdir", str(small))
        with unwritable(labelled):
            with pytest.raises(NotSaved) as error:
                Workspace.open(labelled)
            assert list(small.iterdir()) == []
        assert error.value.code == "E101"
        assert error.value.what == "The copy to be read, in your temporary folder, was not written: the disk is full."


def test_where_there_is_no_temporary_folder_that_is_said(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with unwritable(labelled):
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", None)
            patch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(labelled)])
            with pytest.raises(NotSaved) as error:
                Workspace.open(labelled)
        assert error.value.code == "E103"
        assert error.value.what.startswith("The copy to be read, in your temporary folder, cannot be written: No usable")


def test_what_somebody_writes_meanwhile_is_copied_whole(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_copies, "_AT_ONCE", 16 << 10)
    began: list[int] = []
    with closing(Workspace.open(labelled)) as other:
        waits = worlds.waiting(other)

        def meanwhile(done: int, total: int, _what: str) -> None:
            assert done <= total
            if len(began) < 3:
                began.append(done)
                for item in waits[:2]:
                    worlds.label(other, item, rationale="x" * 9_000)
                    waits.remove(item)
                    with other.upkeep() as rows:
                        rows.row("PRAGMA wal_checkpoint(TRUNCATE)")  # the log begins anew

        copy = ReadingCopy(labelled, meanwhile)
        assert began
        with closing(Workspace(labelled, copy=copy)) as workspace:
            with workspace.read() as reading:
                assert reading.row("PRAGMA integrity_check") == ("ok",)
            assert labels_in(workspace) == 3 + 2 * len(began) == labels_in(other)


def test_where_somebody_writes_all_the_while_it_is_told_to_wait(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_copies, "_AT_ONCE", 16 << 10)
    with closing(Workspace.open(labelled)) as other:

        def meanwhile(_done: int, _total: int, _what: str) -> None:
            with other.begin() as work:
                work.set_fact("noted", str(other.surroundings.now_ms()))
            with other.upkeep() as rows:
                rows.row("PRAGMA wal_checkpoint(TRUNCATE)")

        with pytest.raises(Busy) as error:
            ReadingCopy(labelled, meanwhile)
    assert error.value.code == "E104"


@pytest.fixture
def open_to_all(labelled: Path) -> Iterator[Path]:
    """A folder that everybody finds the way to, with the workspace, the settings and keys of whoever opens it, and room."""
    place = Path(tempfile.mkdtemp(prefix="reviewer-tests-", dir="/tmp"))  # pytest's own folders are closed to others
    place.chmod(0o755)
    shutil.copytree(labelled, place / "w")
    shutil.copytree(os.environ["REVIEWER_CONFIG"], place / "config")
    (place / "room").mkdir()
    yield place
    shutil.rmtree(place)


def test_another_user_reads_it_without_the_right_to_write(open_to_all: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT ROOT: nobody else can be become")
    folder, config, room = (open_to_all / name for name in ("w", "config", "room"))
    monkeypatch.setenv("REVIEWER_CONFIG", str(config))
    before = all_of(folder)
    arguments = [sys.executable, "-c", _AS_NOBODY, str(config), str(folder), str(room)]
    said = subprocess.run(arguments, check=False, capture_output=True, text=True, timeout=60)
    assert (said.stderr, said.returncode) == ("", 0)
    assert said.stdout == "True [(3,)]\nThis place cannot be written. [E103]\n"
    assert all_of(folder) == before
    assert list(room.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_copy_and_what_is_in_use_stays(labelled: Path, room: Path) -> None:
    code = (
        "import sys, tempfile; from pathlib import Path; from reviewer.storage.workspace import Workspace; tempfile.tempdir = sys.argv[2]\n"
        "workspace = Workspace.open(Path(sys.argv[1])); print(workspace.database.parent, flush=True); sys.stdin.read(); workspace.close()"
    )
    with unwritable(labelled):
        arguments = [sys.executable, "-c", code, str(labelled), str(room)]
        others = [subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        killed, alive = (Path(other.stdout.readline().strip()) for other in others if other.stdout is not None)
        others[0].kill()
        others[0].communicate()
        assert set(room.iterdir()) == {killed, alive}
        for place in (killed, alive):
            os.utime(place, (0, 0))  # long ago
        with closing(Workspace.open(labelled)) as workspace:
            assert set(room.iterdir()) == {alive, workspace.database.parent}
        others[1].communicate()
        assert others[1].returncode == 0


def test_a_database_that_cannot_be_read_either_is_named(labelled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_mode: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(NotFound) as error:
            ReadingCopy(labelled, migrations.quietly)
    assert "cannot be read: Permission denied." in error.value.what
