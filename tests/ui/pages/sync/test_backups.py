"""Backups on the Sync page: by a key, by themselves where one is due, and told in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from reviewer.catalogue.settings import BACKUP_COUNT, BACKUP_HOURS, TIME_ZONE, Settings
from reviewer.domain.progress import SILENT
from reviewer.operations import backups, verifying
from reviewer.storage.backups import BackupFile
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.sync.backing_up import AGAIN_MS, FIRST_MS
from reviewer.ui.pages.sync.backups import line
from tests import worlds
from tests.ui import accessibility
from tests.ui.pages.sync.conftest import Sync, Syncing


@pytest.fixture
def ada(tmp_path: Path) -> Workspace:
    workspace = worlds.ready(tmp_path / "ada")
    workspace.close()
    return workspace


def files(workspace: Workspace) -> list[Path]:
    return sorted((workspace.folder / "backups").glob("auto-*.db"))


def said(person: Syncing) -> Callable[[], str]:
    return lambda: person.page.backups.accessibleDescription()


def test_a_backup_is_made_by_a_key_verified_and_listed(syncing: Sync, ada: Workspace, tmp_path: Path) -> None:
    person = syncing(ada)
    words = said(person)
    person.wait(lambda: "No backup yet." in words())
    assert accessibility.nameless(person.page.backups) == []
    person.press(Qt.Key.Key_K)
    person.wait(lambda: "read back in full" in words())
    [made] = files(ada)
    assert made.name in words()
    assert "reviewer restore FILE DIR" in words()
    person.wait(lambda: bool(person.banners()) and "A backup was made" in person.banners()[0])
    backups.restore(made, tmp_path / "again", SILENT)
    there = Workspace.open(tmp_path / "again")
    assert verifying.verify(there, SILENT).value.ok
    there.close()


def test_one_that_is_due_is_made_without_asking_and_not_again_while_it_is_new(syncing: Sync, ada: Workspace) -> None:
    person = syncing(ada)
    assert 0 < person.page.backing_up.wait_ms <= FIRST_MS * 1.05
    assert files(ada) == []
    person.page.backing_up.look()
    person.wait(lambda: len(files(ada)) == 1 and not person.page.backing_up.running)
    assert FIRST_MS < person.page.backing_up.wait_ms <= AGAIN_MS * 1.05  # Qt's timers are that coarse
    person.page.backing_up.look()
    person.qtbot.wait(500)
    assert len(files(ada)) == 1
    assert person.banners() == []


def test_none_is_made_by_itself_where_the_setting_says_never(syncing: Sync, ada: Workspace) -> None:
    person = syncing(ada, Settings({BACKUP_HOURS.key: 0, TIME_ZONE.key: "utc"}))
    person.page.backing_up.look()
    person.qtbot.wait(500)
    assert files(ada) == []
    person.wait(lambda: "None is made by itself." in said(person)())


def test_only_as_many_stay_as_the_setting_says(syncing: Sync, ada: Workspace) -> None:
    again = Workspace.open(ada.folder, surroundings=worlds.surroundings())
    for _ in range(3):
        backups.back_up(again, SILENT)
    again.close()
    old = files(ada)
    assert len(old) == 3
    person = syncing(ada, Settings({BACKUP_COUNT.key: 1}))
    person.press(Qt.Key.Key_K)
    person.wait(lambda: len(files(ada)) == 1 and not person.page.backing_up.running)
    assert files(ada)[0] not in old


def test_what_stops_a_backup_is_said_with_what_to_do(syncing: Sync, ada: Workspace) -> None:
    (ada.folder / "backups").write_text("a file where the folder should be")
    person = syncing(ada)
    person.page.backing_up.look()
    person.wait(lambda: bool(person.banners()))
    assert person.window.messages.banners()[0].says[0] == "bad"
    assert person.window.messages.banners()[0].says[2]
    assert not person.page.backing_up.running


def test_a_backup_can_be_stopped_and_nothing_of_it_stays(syncing: Sync, ada: Workspace) -> None:
    person = syncing(ada)
    person.window.jobs.begun.connect(lambda report: report.ticket.cancel())
    person.press(Qt.Key.Key_K)
    person.wait(lambda: not person.page.backing_up.running)
    assert list((ada.folder / "backups").glob("*")) == []
    assert person.page.backups.now.isEnabled()


def test_a_copy_of_which_nothing_is_known_is_called_not_verified() -> None:
    one = BackupFile(Path("reviewer-v1.db"), 1_790_000_000_000, 2_340_000, None, verified=False)
    assert line(one, 1_790_000_000_000, "utc") == "today 14:13 UTC, 2.3 MB, entries not counted, not verified: reviewer-v1.db"
