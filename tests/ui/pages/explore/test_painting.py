"""What is found is painted once, and nothing is made or asked for again that is there already."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from reviewer.storage.workspace import Workspace
from tests.runs import filled_workspace
from tests.ui.pages.explore.conftest import LONG_MS, Explore, Exploring

_MORE_THAN_A_PAGE = 130


class _Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt
        self.count += event.type() == QEvent.Type.Paint
        return False


def _chips(person: Exploring) -> list[QPushButton]:
    return [each for each in person.page.findChildren(QPushButton) if each.property("kind") == "chip" and each.isVisible()]


def test_the_first_page_of_a_search_is_painted_once(explore: Explore, tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "ws", _MORE_THAN_A_PAGE)
    try:
        person = explore(workspace)
        paints = _Paints()
        person.table.viewport().installEventFilter(paints)
        begun: list[int] = []
        person.listing.begun.connect(lambda _looked: begun.append(paints.count))
        listed: list[int] = []
        person.listing.listed.connect(lambda _looked: listed.append(paints.count))
        for text in ("steps>0", "agent:*", "-agent:nobody"):
            person.field.put(text)
            person.wait()
        assert len(begun) == len(listed) == 3
        assert [after - before for before, after in zip(begun, listed, strict=True)] == [1, 1, 1]
    finally:
        workspace.close()


def test_rows_that_stay_as_they_are_when_everything_is_listed_are_not_said_to_have_changed(explore: Explore, tmp_path: Path) -> None:
    workspace = filled_workspace(tmp_path / "ws", _MORE_THAN_A_PAGE)
    try:
        person = explore(workspace)
        changed: list[object] = []
        person.listing.dataChanged.connect(lambda *where: changed.append(where))
        person.search("agent:*")
        assert person.listing.rowCount() == _MORE_THAN_A_PAGE
        assert changed == []
    finally:
        workspace.close()


def test_enter_searches_at_once(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.press(Qt.Key.Key_Slash)
    asked: list[str] = []
    person.field.asked.connect(asked.append)
    QTest.keyClicks(person.field, "word0")
    assert asked == []  # it might go on
    QTest.keyClick(person.field, Qt.Key.Key_Return)
    assert asked == ["word0"]
    person.wait()


def test_chips_stay_from_search_to_search_and_each_takes_out_what_it_says_now(explore: Explore, workspace: Workspace) -> None:
    person = explore(workspace)
    person.search("agent:shop -label:compliant steps>0")
    before = _chips(person)
    assert [chip.text() for chip in before] == ["agent: shop", "not compliant", "steps > 0"]
    person.search("steps>1 agent:shop")
    QApplication.processEvents()
    after = _chips(person)
    assert [chip.text() for chip in after] == ["steps > 1", "agent: shop"]
    assert after == before[:2]
    after[1].click()
    person.wait()
    assert person.field.text() == "steps>1"
    person.qtbot.waitUntil(lambda: [chip.text() for chip in _chips(person)] == ["steps > 1"], timeout=LONG_MS)
    person.search("a b c d")
    assert [chip.text() for chip in _chips(person)] == ["a", "b", "c", "d"]
    assert [chip.accessibleName() for chip in _chips(person)] == [f"Take out: {word}" for word in "abcd"]
