"""The time that a label gives: of the item in view, in a window that is worked in."""

from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.registry import PAGES
from tests.ui.conftest import MakeWindow
from tests.ui.pages.review.conftest import Review, Reviewing

_A_WHILE_MS = 120


def _runs(person: Reviewing) -> bool:
    before = person.page._clock.ms
    person.qtbot.wait(_A_WHILE_MS)
    return person.page._clock.ms > before


def _activate(person: Reviewing, window: QWidget) -> None:
    with person.qtbot.waitActive(window):
        window.activateWindow()


def test_the_clock_stands_while_another_page_is_shown_and_goes_on_afterwards(
    qtbot: QtBot, make_window: MakeWindow, workspace: Workspace
) -> None:
    window = make_window(folder=workspace.folder, pages=PAGES)
    person = Reviewing(qtbot, window, window.go("review"), workspace)  # type: ignore[arg-type] # it is the Review page
    qtbot.waitUntil(lambda: bool(person.item))
    _activate(person, person.window)
    assert _runs(person)
    item, gathered = person.item, person.page._clock.ms
    person.window.go("explore")
    assert not _runs(person)
    person.window.go("review")
    assert _runs(person)
    assert person.item == item
    assert person.page._clock.ms >= gathered + _A_WHILE_MS - 20  # what was gathered before counts


def test_the_clock_stands_while_another_window_has_the_keys(review: Review, workspace: Workspace, qtbot: QtBot) -> None:
    person = review(workspace)
    _activate(person, person.window)
    assert _runs(person)
    beside = QDialog()
    qtbot.addWidget(beside)
    beside.show()
    _activate(person, beside)
    assert not _runs(person)
    beside.close()
    _activate(person, person.window)
    assert _runs(person)


def test_each_item_begins_at_nothing(review: Review, workspace: Workspace) -> None:
    person = review(workspace)
    _activate(person, person.window)
    person.qtbot.wait(4 * _A_WHILE_MS)
    before = person.page._clock.ms
    person.page._clock.start()
    assert person.page._clock.ms < before
    person.page._clock.start(9_000)  # as its draft says
    assert person.page._clock.ms >= 9_000
