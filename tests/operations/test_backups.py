"""Backups: whole, read back, rotated; a workspace made from one goes on in a new stream, and nothing acknowledged is lost."""

import errno
import resource
import shutil
from pathlib import Path

import pytest

from reviewer.domain.errors import Damaged, NotFound, NotSaved, Refused
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.formats.format import Options
from reviewer.operations import backups, importing, verifying
from reviewer.storage.workspace import Workspace
from tests import replicas, worlds


def restored(source: Path, folder: Path) -> Workspace:
    backups.restore(source, folder, SILENT)
    return Workspace.open(folder)


def test_a_backup_restores_to_the_same_state_and_goes_on_in_a_new_stream(workspace: Workspace, tmp_path: Path) -> None:
    worlds.label(workspace, worlds.waiting(workspace)[0])
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    again = backups.restore(made.path, tmp_path / "again", SILENT).value
    assert (again.entries, again.streams) == (made.entries, 1)
    there = Workspace.open(tmp_path / "again")
    assert verifying.verify(there, SILENT).value.ok
    with there.read() as reading:
        kinds = reading.rows("SELECT stream, count(*), max(kind) FROM entry GROUP BY stream ORDER BY count(*)")
    assert next(row[1:] for row in kinds) == (1, "stream_open")
    worlds.label(there, worlds.waiting(there)[0])
    worlds.label(workspace, worlds.waiting(workspace)[1])
    replicas.carry(there, workspace)
    replicas.carry(workspace, there)
    assert replicas.digest(there) == replicas.digest(workspace)
    with workspace.read() as reading:
        assert reading.row("SELECT count(*) FROM label") == (3,)
    there.close()


def test_what_was_acknowledged_after_the_backup_is_told_as_missing(workspace: Workspace, tmp_path: Path) -> None:
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    for item in worlds.waiting(workspace)[:3]:
        worlds.label(workspace, item)
    workspace.close()
    notices = backups.restore(made.path, tmp_path / "again", SILENT).value.notices
    assert "missing 3 records" in notices[0]


def test_a_backup_of_an_encrypted_workspace_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    sealed = Workspace.create(tmp_path / "sealed", member="Ada", passphrase="correct horse")
    made = backups.back_up(sealed, SILENT, target=tmp_path / "copy.db").value
    assert b"SQLite format" not in made.path.read_bytes()[:100]
    sealed.close()
    backups.restore(made.path, tmp_path / "again", SILENT, ask=lambda _folder: "correct horse")
    there = Workspace.open(tmp_path / "again", passphrase="correct horse")
    assert there.encrypted
    there.close()


def test_media_come_along(tmp_path: Path, real_data: Path) -> None:
    workspace = Workspace.create(tmp_path / "w", member="Ada")
    importing.import_files(workspace, SILENT, paths=[str(real_data / "inspect-ai")], options=Options())
    had = sorted(path.name for path in (workspace.folder / "media").rglob("*") if path.is_file())
    assert had
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    backups.restore(made.path, tmp_path / "again", SILENT)
    assert sorted(path.name for path in (tmp_path / "again" / "media").rglob("*") if path.is_file()) == had
    workspace.close()


def test_a_damaged_backup_is_refused_and_leaves_an_empty_folder(workspace: Workspace, tmp_path: Path) -> None:
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    content = bytearray(made.path.read_bytes())
    place = content.rindex(b'"kind":"campaign"')
    content[place + 9] ^= 1
    made.path.write_bytes(bytes(content))
    with pytest.raises(Damaged):
        backups.restore(made.path, tmp_path / "again", SILENT)
    assert list((tmp_path / "again").iterdir()) == []


@pytest.mark.parametrize("content", [b"{}", b"These are words. " * 1_000, bytes(100_000)])
def test_a_file_that_is_no_backup_is_called_that_and_not_a_damaged_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.db").write_bytes(content)
    with pytest.raises(Damaged, match="not a backup") as error:
        backups.restore(tmp_path / "file.db", tmp_path / "again", SILENT)
    assert "`reviewer backup`" in error.value.hint
    assert list((tmp_path / "again").iterdir()) == []


def test_a_damaged_workspace_makes_no_backup(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.begin() as work:
        work.run("UPDATE label SET verdict = 'unsure'")
        work.run("UPDATE campaign SET labels = 7")
    with pytest.raises(Damaged, match="does not verify"):
        backups.back_up(workspace, SILENT, target=tmp_path / "copy.db")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_cancelled_backup_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    ticket = Ticket(lambda progress: None)
    ticket.cancel()
    with pytest.raises(Cancelled):
        backups.back_up(workspace, ticket, target=tmp_path / "copy.db")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_the_newest_stay_within_their_number_and_their_budget(workspace: Workspace) -> None:
    for _ in range(5):
        backups.back_up(workspace, SILENT, keep=3)
    listed = backups.list_backups(workspace, SILENT).value
    assert len(listed) == 3
    assert all(one.verified and one.entries for one in listed)
    assert [one.made_ms for one in listed] == sorted((one.made_ms for one in listed), reverse=True)
    backups.back_up(workspace, SILENT, keep=3, budget_mb=0)
    assert len(backups.list_backups(workspace, SILENT).value) == 1


def test_one_is_due_when_the_newest_is_too_old(workspace: Workspace) -> None:
    settings = {"keep": 3, "budget_mb": 100}
    assert backups.back_up_if_due(workspace, SILENT, hours=0, **settings).value is None
    assert backups.back_up_if_due(workspace, SILENT, hours=1, **settings).value is not None
    assert backups.back_up_if_due(workspace, SILENT, hours=1, **settings).value is None
    for _ in range(4_000):
        workspace.surroundings.now_ms()
    assert backups.back_up_if_due(workspace, SILENT, hours=1, **settings).value is not None


def test_a_plain_copy_of_a_folder_in_use_is_no_backup_and_a_backup_is(workspace: Workspace, tmp_path: Path) -> None:
    worlds.label(workspace, worlds.waiting(workspace)[0])
    shutil.copyfile(workspace.folder / "reviewer.db", tmp_path / "plain.db")  # what was committed lies beside it, in the WAL
    with pytest.raises((Damaged, Refused, NotFound)):
        backups.restore(tmp_path / "plain.db", tmp_path / "again", SILENT)


def test_a_disk_that_is_full_meanwhile_leaves_nothing_in_the_way_of_the_next_try(workspace: Workspace, tmp_path: Path) -> None:
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(NotSaved):
            backups.restore(made.path, tmp_path / "again", SILENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    restored(made.path, tmp_path / "again").close()


def test_a_backup_that_one_may_not_read_is_named_and_not_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "copy.db"
    source.write_bytes(b"")

    def refused(path: Path, mode: str = "r") -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refused)  # root, as whom tests may run, may read everything
    with pytest.raises(NotFound, match="cannot be read: Permission denied"):
        backups.restore(source, tmp_path / "again", SILENT)
    assert not (tmp_path / "again").exists()


def test_a_file_in_the_place_of_the_folder_is_refused_and_stays(workspace: Workspace, tmp_path: Path) -> None:
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    (tmp_path / "file").write_text("keep")
    with pytest.raises(NotSaved, match="cannot be written"):
        backups.restore(made.path, tmp_path / "file", SILENT)
    assert (tmp_path / "file").read_text() == "keep"


@pytest.mark.parametrize("there", ["a file", "a workspace"])
def test_nothing_is_restored_over_what_is_there(workspace: Workspace, tmp_path: Path, there: str) -> None:
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    folder = workspace.folder if there == "a workspace" else tmp_path
    with pytest.raises(Refused, match="not empty"):
        backups.restore(made.path, folder, SILENT)


def test_verification_tells_what_an_older_copy_lacks_and_what_nobody_has_signed_for(workspace: Workspace, tmp_path: Path) -> None:
    alone = verifying.verify(workspace, SILENT).value
    assert (alone.unwitnessed, alone.notes) == (alone.entries, ())
    made = backups.back_up(workspace, SILENT, target=tmp_path / "copy.db").value
    worlds.label(workspace, worlds.waiting(workspace)[0])
    workspace.close()
    there = restored(made.path, tmp_path / "again")
    found = verifying.verify(there, SILENT).value
    assert found.ok
    assert [note.what for note in found.notes] == [
        f"This machine had written it up to record {alone.entries + 1}; here it ends at {alone.entries}. [E108]"
    ]
    there.close()
