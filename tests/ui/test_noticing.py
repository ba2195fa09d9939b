"""What a workspace noticed is shown in the window, all of it; and the question how it came to this machine is answered by keys."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.domain.errors import ReviewerError
from reviewer.storage import machines, streams
from reviewer.storage.workspace import Workspace
from reviewer.ui.machine_dialog import MachineDialog
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.window import Window
from tests import worlds
from tests.ui import accessibility
from tests.ui.conftest import MakeWindow

LONG_MS = 20_000


def told(window: Window) -> list[tuple[str, str]]:
    return [banner.says[1:] for banner in window.messages.banners()]


def entries(folder: Path) -> int:
    workspace = Workspace.open(folder)
    with workspace.read() as reading:
        number = int(reading.rows("SELECT count(*) FROM entry")[0][0])
    workspace.close()
    return number


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A copy of a workspace that went on afterwards."""
    ada = worlds.ready(tmp_path / "ada")
    ada.close()
    shutil.copytree(tmp_path / "ada", tmp_path / "older")
    later = Workspace.open(tmp_path / "ada", surroundings=worlds.surroundings(seed=3))
    worlds.label(later, worlds.waiting(later)[0])
    later.close()
    return tmp_path / "older"


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace, its settings and its keys on another machine."""
    worlds.ready(tmp_path / "ada").close()
    monkeypatch.setattr(machines, "system_id", lambda: "another installation")
    return tmp_path / "ada"


def test_an_older_copy_is_told_with_both_sentences(qtbot: QtBot, make_window: MakeWindow, older: Path) -> None:
    window = make_window(folder=older, pages=PAGES)
    qtbot.waitUntil(lambda: bool(told(window)), timeout=LONG_MS)
    [(what, hint)] = told(window)
    assert what.startswith("This is an older copy (missing 1 record known from this machine).")
    assert what.endswith("[E108]")
    assert hint.startswith("Sync, or apply a bundle")


def test_a_workspace_that_noticed_nothing_says_nothing(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    worlds.ready(tmp_path / "ada").close()
    window = make_window(folder=tmp_path / "ada", pages=PAGES)
    qtbot.wait(1_500)
    assert told(window) == []
    assert not window.findChildren(MachineDialog)


def test_none_of_many_notices_is_lost_and_later_ones_come_too(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.ready(tmp_path / "ada").close()
    wanted = [f"Number {number}. [E210]" for number in range(5)]
    opened = Workspace.open

    def opening(folder: Path, **more: object) -> Workspace:
        workspace = opened(folder, **more)  # type: ignore[arg-type] # handed on
        workspace.notices.extend(ReviewerError(f"Number {number}.", "Do this.", "E210") for number in range(5))
        return workspace

    monkeypatch.setattr(Workspace, "open", opening)
    window = make_window(folder=tmp_path / "ada", pages=PAGES)
    qtbot.waitUntil(lambda: len(told(window)) == 3, timeout=LONG_MS)
    seen = set()
    while told(window):
        seen.add(told(window)[0][0])
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert sorted(seen) == wanted


def dialog_of(qtbot: QtBot, window: Window) -> MachineDialog:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(MachineDialog)), timeout=LONG_MS)
    [dialog] = [one for one in window.findChildren(MachineDialog) if one.isVisible()]
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG_MS)
    return dialog


def settled(window: Window) -> Callable[[], bool]:
    return lambda: any(banner.says[0] == "ok" for banner in window.messages.banners())


@pytest.mark.parametrize(("key", "opened"), [(Qt.Key.Key_M, 0), (Qt.Key.Key_R, 1)])
def test_the_answer_is_given_by_a_key_and_then_writing_is_possible(
    qtbot: QtBot, make_window: MakeWindow, moved: Path, key: Qt.Key, opened: int
) -> None:
    before = entries(moved)
    window = make_window(folder=moved, pages=PAGES)
    dialog = dialog_of(qtbot, window)
    assert accessibility.nameless(dialog) == []
    assert dialog.accessibleName() == "This workspace was used on another machine."
    QTest.keyClick(QApplication.focusWidget() or dialog, key)
    qtbot.waitUntil(settled(window), timeout=LONG_MS)
    assert len(told(window)) == 1
    window.jobs.close()
    workspace = Workspace.open(moved, surroundings=worlds.surroundings(seed=5))
    assert not workspace.elsewhere
    worlds.label(workspace, worlds.waiting(workspace)[0])
    with workspace.read() as reading:
        assert len(list(streams.own(reading))) == 1
        assert len(reading.rows("SELECT DISTINCT stream FROM entry")) == 1 + opened
    workspace.close()
    assert entries(moved) == before + 1 + opened


def test_without_an_answer_reading_works_and_nothing_is_written_and_it_can_be_answered_later(
    qtbot: QtBot, make_window: MakeWindow, moved: Path
) -> None:
    before = entries(moved)
    window = make_window(folder=moved, pages=PAGES)
    QTest.keyClick(dialog_of(qtbot, window), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(MachineDialog)))
    [(what, hint)] = told(window)
    assert what.endswith("[E109]")
    assert hint == "Reading works as usual."
    assert entries(moved) == before
    window.messages.banners()[0].findChildren(QPushButton)[0].click()
    QTest.keyClick(dialog_of(qtbot, window), Qt.Key.Key_M)
    qtbot.waitUntil(settled(window), timeout=LONG_MS)


def test_a_copy_gets_new_keys_and_a_request_by_keys_alone(qtbot: QtBot, make_window: MakeWindow, moved: Path, tmp_path: Path) -> None:
    before = entries(moved)
    window = make_window(folder=moved, pages=PAGES)
    dialog = dialog_of(qtbot, window)
    QTest.keyClick(dialog, Qt.Key.Key_C)
    assert dialog.main is not None
    assert dialog.main.accessibleName() == "Make new keys"
    assert accessibility.nameless(dialog) == []
    field = QApplication.focusWidget()
    assert field is dialog.request
    QTest.keyClicks(field, str(tmp_path / "Mr. Crum.json"))  # the letters of the answers are letters here
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(settled(window), timeout=LONG_MS)
    assert window.current_page == "sync"
    assert [what for what, _ in told(window)] == [f"New keys were made; the request is in {tmp_path / 'Mr. Crum.json'}."]
    window.jobs.close()
    assert entries(moved) == before
    workspace = Workspace.open(moved)
    assert (workspace.me.waiting, workspace.elsewhere) == (True, False)
    workspace.close()


def test_a_copy_may_be_decided_later(qtbot: QtBot, make_window: MakeWindow, moved: Path) -> None:
    window = make_window(folder=moved, pages=PAGES)
    dialog = dialog_of(qtbot, window)
    QTest.keyClick(dialog, Qt.Key.Key_C)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.wait(300)
    window.jobs.close()
    workspace = Workspace.open(moved)
    assert workspace.elsewhere
    workspace.close()
