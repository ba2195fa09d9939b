"""What is found is painted once, and nothing is made or asked for again that is there already."""

import threading
from array import array
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from reviewer.domain.changes import Outcome
from reviewer.domain.progress import Ticket
from reviewer.storage.searches import Order
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.explore import fetching
from tests.runs import filled_workspace
from tests.ui.pages.explore.conftest import Explore, Exploring
from tests.ui.pages.person import LONG_MS

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


class _Slow:
    """The real listing of everything, which does not begin before it is let go or stopped."""

    def __init__(self) -> None:
        self._list = fetching.every
        self.tickets: list[Ticket] = []
        self.let_go = threading.Event()

    def every(self, workspace: Workspace, ticket: Ticket, *, text: str, order: Order) -> "Outcome[array[int]]":
        self.tickets.append(ticket)
        while not (ticket.cancelled or self.let_go.wait(0.01)):
            pass
        return self._list(workspace, ticket, text=text, order=order)


def test_a_list_that_nobody_waits_for_any_more_is_stopped_and_taken_up_again_where_the_next_search_fails(
    explore: Explore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, slow = filled_workspace(tmp_path / "ws", _MORE_THAN_A_PAGE), _Slow()
    try:
        person = explore(workspace)
        monkeypatch.setattr(fetching, "every", slow.every)
        person.field.put("agent:*")
        person.qtbot.waitUntil(lambda: len(slow.tickets) == 1, timeout=LONG_MS)
        person.field.put("agent:nobody")
        assert slow.tickets[0].cancelled
        person.qtbot.waitUntil(lambda: person.heading == f"0 of {_MORE_THAN_A_PAGE} items", timeout=LONG_MS)
        person.field.put("steps>0")
        person.qtbot.waitUntil(lambda: len(slow.tickets) == 2, timeout=LONG_MS)
        person.field.put("a " * 65)
        person.qtbot.waitUntil(lambda: len(slow.tickets) == 3, timeout=LONG_MS)
        slow.let_go.set()
        person.qtbot.waitUntil(lambda: person.listing.rowCount() == _MORE_THAN_A_PAGE, timeout=LONG_MS)
        assert slow.tickets[1].cancelled
        assert not slow.tickets[2].cancelled
    finally:
        slow.let_go.set()
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
