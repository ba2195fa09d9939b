"""One person, one window, keys alone: from the first start to a finished campaign that verifies."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, queues, searching, verifying
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.campaign.wizard import CampaignWizard
from reviewer.ui.pages.explore.page import ExplorePage
from reviewer.ui.pages.registry import PAGES
from reviewer.ui.pages.review.page import ReviewPage
from reviewer.ui.window import Window
from tests.ui.conftest import MakeWindow, make_window, theme

__all__ = ["make_window", "theme"]

_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_LONG_MS = 60_000


class _Openings(QObject):
    """Notes every widget that shows itself as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        """Look on; change nothing."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


class Person:
    """Somebody with a keyboard and no mouse."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self._qtbot = qtbot
        self.window = window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type a text, wherever the focus is."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        self._qtbot.waitUntil(holds, timeout=_LONG_MS)

    def page(self, kind: type[ReviewPage] | type[ExplorePage]) -> ReviewPage | ExplorePage:
        """The page of a kind, once it is there."""
        self.until(lambda: any(isinstance(w, kind) for w in self.window.findChildren(kind)))
        found = self.window.findChild(kind)
        assert isinstance(found, kind)
        return found

    def item_up(self) -> str:
        """The item that is up for review; empty where none is."""
        page = self.page(ReviewPage)
        assert isinstance(page, ReviewPage)
        current = page._flow.current
        return current.id if current is not None and not page._flow.working else ""

    def record(self) -> str:
        """Record what is on screen, and wait for the next item or the end. Returns the item that was labelled."""
        before = self.item_up()
        self.press(Qt.Key.Key_Return, _CTRL)
        page = self.page(ReviewPage)
        assert isinstance(page, ReviewPage)
        self.until(lambda: not page._flow.working and (page._flow.current is None or page._flow.current.id != before))
        return before


def test_opening_the_sample_opens_no_other_window_for_a_moment(qtbot: QtBot, make_window: MakeWindow) -> None:
    person = Person(qtbot, make_window(pages=PAGES))
    openings = _Openings()
    QApplication.instance().installEventFilter(openings)  # type: ignore[union-attr] # qtbot made it
    person.press(Qt.Key.Key_Return)
    person.until(lambda: bool(person.item_up()))
    person.page(ExplorePage)
    assert openings.seen == []
    assert QApplication.activeWindow() is person.window


def test_a_newcomer_reviews_the_sample_and_asks_again_by_keys_alone(qtbot: QtBot, make_window: MakeWindow) -> None:
    person = Person(qtbot, make_window(pages=PAGES))
    person.press(Qt.Key.Key_Return)  # Try the sample
    person.until(lambda: person.window.folder is not None)
    folder = person.window.folder
    assert folder is not None
    person.press(Qt.Key.Key_1, _CTRL)
    person.until(lambda: bool(person.item_up()))

    first = _label_as_broken(person)
    person.press(Qt.Key.Key_C)
    second = person.record()
    _take_back_and_say_otherwise(person, second)
    _label_the_rest(person)

    person.press(Qt.Key.Key_2, _CTRL)
    _ask_for_a_campaign(person, "agent:claims steps>12", "Long claims")
    person.until(lambda: bool(person.item_up()))
    _check(folder, first, second)


def _label_as_broken(person: Person) -> str:
    """Non-compliant, major, a marked step, a rationale, high confidence."""
    person.press(Qt.Key.Key_J)
    person.press(Qt.Key.Key_X)
    person.press(Qt.Key.Key_N)
    person.press(Qt.Key.Key_2, _ALT)
    person.press(Qt.Key.Key_H, _ALT)
    person.press(Qt.Key.Key_R)
    person.write("It promised what the policy forbids.")
    return person.record()


def _take_back_and_say_otherwise(person: Person, item: str) -> None:
    person.press(Qt.Key.Key_Z, _CTRL)
    person.until(lambda: person.item_up() == item)
    person.press(Qt.Key.Key_U)
    assert person.record() == item


def _label_the_rest(person: Person) -> None:
    page = person.page(ReviewPage)
    assert isinstance(page, ReviewPage)
    for _ in range(60):
        if page._flow.current is None:
            return
        person.press(Qt.Key.Key_C)
        person.record()
    raise AssertionError("the queue of 40 does not end")


def _ask_for_a_campaign(person: Person, query: str, name: str) -> None:
    person.page(ExplorePage)
    person.press(Qt.Key.Key_Slash)
    person.write(query)
    person.press(Qt.Key.Key_Return)
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_N, _CTRL)
    person.until(lambda: isinstance(QApplication.activeWindow(), CampaignWizard))
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, CampaignWizard)
    assert dialog.population.query.text() == query
    person.write(name)
    person.until(lambda: dialog.main is not None and dialog.main.isEnabled())  # the population is counted
    person.press(Qt.Key.Key_Return, _CTRL)
    person.until(lambda: QApplication.activeWindow() is person.window)


def _check(folder: Path, first: str, second: str) -> None:
    workspace = Workspace.open(folder)
    sample = campaigns.list_campaigns(workspace, SILENT).value
    assert {(one.campaign, one.complete) for one in sample if one.sampled == 40} == {(sample[-1].campaign, 40)}
    asked = next(one for one in sample if one.campaign == "Long claims")
    assert asked.population == searching.search(workspace, SILENT, text=asked.rules.query, limit=1, with_total=True).value.total
    said = queues.said_before(workspace, SILENT, campaign=sample[-1].campaign, item=first).value  # type: ignore[arg-type] # an id
    assert said is not None
    assert (said.label.verdict, said.label.severity, said.label.confidence) == ("non_compliant", "major", "0.95")
    assert said.rationale == "It promised what the policy forbids."
    assert "bad" in said.label.steps.values()
    assert said.label.blind
    assert not said.label.shown.model
    history = searching.show_item(workspace, SILENT, item=second).value.history
    assert [(one.label.verdict, one.in_force) for one in history] == [("compliant", False), ("unsure", True)]
    checked = verifying.verify(workspace, SILENT).value
    assert checked.ok, checked.problems
    workspace.close()
