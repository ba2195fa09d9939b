"""An encrypted workspace in the window: nothing shows before its passphrase; it locks by key and by itself, and goes on where it was."""

import gc
import os
import weakref
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import LOCK_AFTER, WINDOW_PAGE, Settings
from reviewer.domain.progress import SILENT
from reviewer.operations import encrypting
from reviewer.storage import sealing
from reviewer.storage.workspace import Workspace
from reviewer.ui.lock_panel import LockPanel
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.pages.sync.arrival_dialog import ArrivalDialog
from reviewer.ui.palette import Palette
from reviewer.ui.window import Window
from tests import worlds
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

PASSPHRASE = "correct horse battery"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """An encrypted workspace with a campaign of twelve items, closed."""
    worlds.ready(tmp_path / "claims").close()
    encrypting.encrypt_workspace(tmp_path / "claims", SILENT, passphrase=PASSPHRASE)
    sealing._failed.clear()
    return tmp_path / "claims"


@pytest.fixture
def locked(sealed: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """A window on it that asks for the passphrase."""
    window = make_window(folder=sealed, pages=PAGES, settings=Settings({WINDOW_PAGE.key: "review"}))
    qtbot.waitUntil(lambda: waits(window))
    return window


def panel(window: Window) -> LockPanel:
    return cast(LockPanel, window.findChild(LockPanel))


def field(window: Window) -> QLineEdit:
    return cast(QLineEdit, panel(window).findChild(QLineEdit))


def waits(window: Window) -> bool:
    """Whether a passphrase can be typed."""
    return field(window).isVisible() and not field(window).isReadOnly()


def open_files(folder: Path) -> list[str]:
    """The files of a workspace that this process has open."""
    return [name for name in map(os.path.realpath, Path("/proc/self/fd").iterdir()) if name.startswith(str(folder))]


def said(window: Window) -> str:
    return panel(window)._said.text()


def give(window: Window, passphrase: str) -> None:
    QTest.keyClicks(field(window), passphrase)
    QTest.keyClick(field(window), Qt.Key.Key_Return)


def review(window: Window, qtbot: QtBot) -> ReviewPage:
    """The Review page, once it shows an item."""
    qtbot.waitUntil(lambda: window.current_page == "review" and not window.locking.covered)
    page = cast(ReviewPage, window._pages["review"])
    qtbot.waitUntil(lambda: page._flow.current is not None)
    return page


def test_nothing_shows_before_the_passphrase_and_then_the_queue(locked: Window, qtbot: QtBot) -> None:
    assert locked.locking.covered
    assert field(locked).hasFocus()
    assert not any(page.isVisible() for page in locked._pages.values())
    assert not locked.messages.isVisible()
    for action in ("app.palette", "app.import", "app.explore", "app.lock", "review.compliant"):
        assert not locked.actions_of_page.can_fire(action)
    assert locked.actions_of_page.can_fire("app.quit")
    assert accessibility.nameless(panel(locked)) == []
    assert accessibility.out_of_reach(panel(locked)) == []
    give(locked, PASSPHRASE)
    page = review(locked, qtbot)
    assert page.isVisible()
    assert field(locked).text() == ""
    assert locked.actions_of_page.can_fire("app.lock")


def test_a_bundle_that_comes_while_it_is_locked_is_shown_once_it_is_open(locked: Window, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "kit.rvb").write_bytes(b"not one")
    locked.arriving.show_bundle(tmp_path / "kit.rvb")
    qtbot.wait(200)
    assert locked.findChildren(ArrivalDialog) == []
    give(locked, PASSPHRASE)
    qtbot.waitUntil(lambda: bool(locked.findChildren(ArrivalDialog)))
    [dialog] = locked.findChildren(ArrivalDialog)
    qtbot.waitUntil(lambda: dialog.said == {"error": "E201"})
    dialog.reject()


def test_a_wrong_passphrase_is_said_and_waited_for(locked: Window, qtbot: QtBot) -> None:
    give(locked, "not the passphrase")
    qtbot.waitUntil(lambda: "The next try counts in 1 s." in said(locked))
    assert said(locked).startswith("Cannot unlock this workspace.")
    assert not waits(locked)
    QTest.keyClick(field(locked), Qt.Key.Key_Return)  # pressed once too often, it leads nowhere
    assert locked.locking.covered
    qtbot.waitUntil(lambda: waits(locked), timeout=3_000)
    assert field(locked).hasFocus()
    give(locked, PASSPHRASE)
    review(locked, qtbot)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="what is open is read from /proc")
def test_locking_keeps_the_draft_and_unlocking_comes_back_to_the_item(locked: Window, qtbot: QtBot, sealed: Path) -> None:
    give(locked, PASSPHRASE)
    page = review(locked, qtbot)
    QTest.keyClick(page._bench.pane.view, Qt.Key.Key_N)
    page._bench.form.rationale.setPlainText("Begun before it was locked.")
    shown = page._shown_id()
    workspace = locked.jobs._holder._workspace
    assert workspace is not None
    assert workspace.seal is not None
    seal = weakref.ref(workspace.seal)
    del workspace
    assert open_files(sealed)
    locked.actions_of_page.fire("app.lock")
    assert locked.locking.covered
    assert not page.isVisible()
    qtbot.waitUntil(lambda: not open_files(sealed))

    def is_forgotten() -> bool:
        gc.collect()
        return seal() is None

    qtbot.waitUntil(is_forgotten)
    give(locked, PASSPHRASE)
    again = review(locked, qtbot)
    assert (again, again._shown_id()) == (page, shown)
    assert again._bench.form.rationale.toPlainText() == "Begun before it was locked."
    opened = Workspace.open(sealed, passphrase=PASSPHRASE)
    with opened.read() as reading:
        assert reading.row("SELECT count(*) FROM draft") == (1,)
    opened.close()
    assert locked.messages.banners() == []


def test_what_lies_over_the_window_goes_too_and_comes_back(locked: Window, qtbot: QtBot) -> None:
    give(locked, PASSPHRASE)
    review(locked, qtbot)
    locked.actions_of_page.fire("app.palette")
    palette = cast(Palette, locked.findChild(Palette))
    qtbot.waitUntil(palette.isVisible)
    locked.locking.lock()
    assert not palette.isVisible()
    give(locked, PASSPHRASE)
    review(locked, qtbot)
    qtbot.waitUntil(palette.isVisible)
    palette.reject()


def test_left_alone_it_locks_and_a_key_puts_that_off(locked: Window, qtbot: QtBot) -> None:
    give(locked, PASSPHRASE)
    review(locked, qtbot)
    idle = locked.locking._idle
    assert idle.isActive()
    assert idle.interval() == LOCK_AFTER.default * 60_000
    handle = locked.windowHandle()
    idle.setTimerType(Qt.TimerType.PreciseTimer)
    idle.start()
    for _ in range(2):
        qtbot.wait(20)
        before = idle.remainingTime()
        assert before < idle.interval()
        QTest.keyClick(handle, Qt.Key.Key_Shift)
        assert idle.remainingTime() > before, "a key begins the wait anew"
        assert not locked.locking.covered
    with qtbot.waitSignal(locked.opening.locked, timeout=20_000):
        idle.start(1)
    assert locked.locking.covered


def test_never_is_never(sealed: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    settings = Settings({WINDOW_PAGE.key: "review", LOCK_AFTER.key: 0})
    window = make_window(folder=sealed, pages=PAGES, settings=settings)
    qtbot.waitUntil(lambda: waits(window))
    give(window, PASSPHRASE)
    review(window, qtbot)
    assert not window.locking._idle.isActive()


def test_what_the_environment_or_keyring_opens_is_not_asked_for(
    sealed: Path, make_window: MakeWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_PASSPHRASE", PASSPHRASE)
    window = make_window(folder=sealed, pages=PAGES, settings=Settings({WINDOW_PAGE.key: "review"}))
    assert not waits(window)
    review(window, qtbot)


def test_one_can_go_away_from_a_locked_workspace(locked: Window, qtbot: QtBot) -> None:
    other = next(button for button in panel(locked).findChildren(QPushButton) if button.text() == "Another workspace")
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: locked.current_page == "start")
    assert not locked.locking.covered
    assert locked.folder is None
    assert not locked.actions_of_page.can_fire("app.lock")


def test_going_to_an_encrypted_workspace_covers_the_window_and_going_on_to_a_plain_one_uncovers_it(
    sealed: Path, tmp_path: Path, make_window: MakeWindow, qtbot: QtBot
) -> None:
    worlds.ready(tmp_path / "plain").close()
    window = make_window(folder=tmp_path / "plain", pages=PAGES, settings=Settings({WINDOW_PAGE.key: "review"}))
    review(window, qtbot)
    window.open_workspace(sealed)
    assert window.locking.covered
    qtbot.waitUntil(lambda: waits(window))
    window.open_workspace(sealed)
    assert waits(window)
    give(window, PASSPHRASE)
    review(window, qtbot)
    assert window.locking._idle.isActive()
    window.open_workspace(tmp_path / "plain")
    review(window, qtbot)
    assert not window.locking._idle.isActive()


def test_a_plain_workspace_has_no_lock(tmp_path: Path, make_window: MakeWindow, qtbot: QtBot) -> None:
    worlds.ready(tmp_path / "plain").close()
    window = make_window(folder=tmp_path / "plain", pages=PAGES, settings=Settings({WINDOW_PAGE.key: "review"}))
    review(window, qtbot)
    assert not window.actions_of_page.can_fire("app.lock")
    window.locking.lock()
    assert not window.locking.covered
    assert not window.locking._idle.isActive()
