"""Encrypting from the window, and changing the passphrase: by keys, with a warning first, and back again until it is done."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from reviewer.catalogue.settings import WINDOW_PAGE, Settings
from reviewer.domain.errors import ReviewerError
from reviewer.domain.progress import SILENT, Progress, Ticket
from reviewer.operations import encrypting, verifying
from reviewer.storage import conversion, sealing
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.passphrase_dialogs import EncryptDialog, PassphraseDialog
from reviewer.ui.window import Window
from tests import worlds
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

LONG_MS = 30_000
OLD, NEW = "correct horse battery", "harbour violin seven lantern quartz"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A plain workspace, closed."""
    worlds.ready(tmp_path / "claims").close()
    return tmp_path / "claims"


@pytest.fixture
def window(plain: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """A window on it."""
    made = make_window(folder=plain, pages=PAGES, settings=Settings({WINDOW_PAGE.key: "explore"}))
    qtbot.waitUntil(lambda: not made.jobs.busy, timeout=LONG_MS)
    return made


def opened(qtbot: QtBot, window: Window, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(kind)), timeout=LONG_MS)
    [dialog] = [one for one in window.findChildren(kind) if one.isVisible()]
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG_MS)
    return dialog


def encrypt_dialog(qtbot: QtBot, window: Window) -> EncryptDialog:
    window.actions_of_page.fire("app.encrypt")
    dialog = opened(qtbot, window, EncryptDialog)
    assert isinstance(dialog, EncryptDialog)
    return dialog


def type_it(text: str, *, then: Qt.Key = Qt.Key.Key_Tab) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
    QTest.keyClick(field, then)


def fill(passphrase: str) -> None:
    """Both fields, past the box for the keyring, and the tick that nobody can bring it back: by keys alone."""
    type_it(passphrase)
    type_it(passphrase)
    type_it("")
    type_it("", then=Qt.Key.Key_Space)


def told(window: Window) -> list[str]:
    return [banner.says[1] for banner in window.messages.banners()]


def test_a_workspace_is_encrypted_by_keys_and_work_goes_on(window: Window, plain: Path, qtbot: QtBot) -> None:
    assert not window.actions_of_page.can_fire("app.passphrase")
    dialog = encrypt_dialog(qtbot, window)
    assert accessibility.nameless(dialog) == []
    assert encrypting.BEFORE in accessibility.names(dialog)
    assert dialog.main is not None
    assert not dialog.main.isEnabled()
    fill(NEW)
    assert dialog.main.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: told(window) == ["The workspace is encrypted."], timeout=LONG_MS)
    qtbot.waitUntil(lambda: not window.locking.covered, timeout=LONG_MS)
    assert window.actions_of_page.can_fire("app.lock")
    assert window.actions_of_page.can_fire("app.passphrase")
    assert not window.actions_of_page.can_fire("app.encrypt")
    assert not any(one.isVisible() for one in window.findChildren(EncryptDialog))
    window.jobs.close()
    assert not (plain / "reviewer.db").read_bytes().startswith(b"SQLite format 3")
    again = Workspace.open(plain, passphrase=NEW)
    assert verifying.verify(again, SILENT).value.ok
    again.close()


def test_what_is_not_twice_the_same_or_not_understood_or_too_short_cannot_be_set(window: Window, qtbot: QtBot) -> None:
    dialog = encrypt_dialog(qtbot, window)
    main, new = dialog.main, dialog.new
    assert main is not None
    said = []
    for first, again, known in (("short", "short", True), (NEW, NEW[:-1], True), (NEW, NEW, False)):
        new.first.setText(first)
        new.again.setText(again)
        new.known.setChecked(known)
        said.append(new._strength.text())
        assert not main.isEnabled()
    assert said[0].startswith("Too short.")
    assert said[1] == "The two are not the same yet."
    new.known.setChecked(True)
    assert main.isEnabled()
    new.first.setText("passwordpassword")
    new.again.setText("passwordpassword")
    assert new._strength.text().startswith("Easy to guess.")
    assert main.isEnabled(), "advice, and no more"
    dialog.reject()


def test_until_it_is_done_it_can_be_cancelled_and_nothing_has_changed(
    window: Window, plain: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, go_on = threading.Event(), threading.Event()
    real = conversion._copy

    def held(*arguments: object) -> None:
        at_work.set()
        assert go_on.wait(30)
        real(*arguments)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr(conversion, "_copy", held)
    dialog = encrypt_dialog(qtbot, window)
    fill(NEW)
    assert dialog.main is not None
    dialog.main.click()
    qtbot.waitUntil(at_work.is_set, timeout=LONG_MS)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible(), "it closes once the work has stopped"
    go_on.set()
    qtbot.waitUntil(lambda: told(window) == ["The workspace was not encrypted; nothing was changed."], timeout=LONG_MS)
    assert window.actions_of_page.can_fire("app.encrypt")
    assert conversion.state(plain) is conversion.State.PLAIN
    window.jobs.close()
    again = Workspace.open(plain)
    assert not again.encrypted
    again.close()


def test_a_workspace_that_somebody_else_has_open_is_left_as_it_is_and_opens_again(window: Window, plain: Path, qtbot: QtBot) -> None:
    other = Workspace.open(plain)
    with other.read():
        dialog = encrypt_dialog(qtbot, window)
        fill(NEW)
        assert dialog.main is not None
        dialog.main.click()
        qtbot.waitUntil(lambda: "Somebody else has this workspace open." in dialog._error.text(), timeout=LONG_MS)
        assert dialog.new.isEnabled()
        assert conversion.state(plain) is conversion.State.PLAIN
    other.close()
    dialog.reject()
    window.go("explore")
    qtbot.waitUntil(lambda: window.actions_of_page.can_fire("app.encrypt"))


@pytest.fixture
def sealed_window(plain: Path, make_window: MakeWindow, qtbot: QtBot) -> Window:
    """A window on an encrypted workspace, unlocked."""
    encrypting.encrypt_workspace(plain, SILENT, passphrase=OLD)
    sealing._failed.clear()
    made = make_window(folder=plain, pages=PAGES, settings=Settings({WINDOW_PAGE.key: "explore"}))
    qtbot.waitUntil(lambda: made.opening.is_locked, timeout=LONG_MS)
    made.opening.unlock(OLD)
    qtbot.waitUntil(lambda: not made.locking.covered, timeout=LONG_MS)
    return made


def test_the_passphrase_is_changed_by_who_knows_the_present_one(sealed_window: Window, plain: Path, qtbot: QtBot) -> None:
    sealed_window.actions_of_page.fire("app.passphrase")
    dialog = opened(qtbot, sealed_window, PassphraseDialog)
    assert isinstance(dialog, PassphraseDialog)
    assert accessibility.nameless(dialog) == []
    qtbot.waitUntil(dialog.present.isVisible)
    type_it("not the passphrase")
    fill(NEW)
    assert dialog.main is not None
    dialog.main.click()
    qtbot.waitUntil(lambda: "[E111]" in dialog._error.text(), timeout=LONG_MS)
    with pytest.raises(ReviewerError):
        Workspace.open(plain, passphrase=NEW)
    sealing._failed.clear()
    dialog.present.setText(OLD)
    dialog.main.click()
    qtbot.waitUntil(lambda: told(sealed_window) == ["The passphrase was changed."], timeout=LONG_MS)
    sealing._failed.clear()
    again = Workspace.open(plain, passphrase=NEW)
    again.close()
    with pytest.raises(ReviewerError):
        Workspace.open(plain, passphrase=OLD)


def test_progress_beyond_the_point_of_no_return_is_told_and_does_not_stop() -> None:
    seen: list[Progress] = []
    ticket = Ticket(seen.append)
    ticket.cancel()
    ticket.tell(1, 2, "Removing what lay in clear")
    assert seen == [(1, 2, "Removing what lay in clear")]
